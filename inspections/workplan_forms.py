"""What the pages of work plans ask for."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.params.regions import REGION_CHOICES
from carbonwatch.web.forms import StepForm, dress
from inspections.forms import FIRST_YEAR
from inspections.models import RiskClass, WorkPlan
from inspections.models.workplans import QUARTERS

MOST = 999


class PlanTextForm(StepForm):
    """What a plan says in words."""

    title = forms.CharField(label=_("计划名称"), max_length=120)
    text = forms.CharField(
        label=_("计划正文"),
        max_length=20000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("总体要求、检查重点、组织保障等。"),
    )
    carbon_text = forms.CharField(
        label=_("碳排放数据检查"),
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("单列：检查对象、内容、方式和时间安排。"),
    )


class PlanNewForm(PlanTextForm):
    """For which year."""

    year = forms.IntegerField(label=_("计划年度"), min_value=FIRST_YEAR, max_value=2100)
    field_order = ["year", "title"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = timezone.localdate().year


def _name(city: str, quarter: int, risk: str) -> str:
    return f"{city}-{quarter}-{risk}"


class PlanForm(PlanTextForm):
    """The words, and a number for each city, quarter and risk class."""

    def __init__(self, *args: Any, plan: WorkPlan, **kwargs: Any) -> None:
        words = {"title": plan.title, "text": plan.text, "carbon_text": plan.carbon_text}
        super().__init__(*args, initial=words, **kwargs)
        held = {(q.city, q.quarter, q.risk): q.number for q in plan.quotas.all()}
        for city, city_name in REGION_CHOICES:
            for risk in RiskClass:
                for quarter in QUARTERS:
                    self.fields[_name(city, quarter, risk)] = forms.IntegerField(
                        label=_("%(city)s %(risk)s 第%(quarter)s季度")
                        % {"city": city_name, "risk": risk.label, "quarter": quarter},
                        min_value=0,
                        max_value=MOST,
                        required=False,
                        initial=held.get((city, quarter, risk)),
                    )
        dress(self)

    def words(self) -> list[forms.BoundField]:
        """The fields above the table."""
        return [self[name] for name in PlanTextForm.base_fields if name != "_once"]

    def rows(self) -> Iterator[tuple[object, object, list[forms.BoundField]]]:
        """City (at its first row), risk class, one field a quarter."""
        for city, city_name in REGION_CHOICES:
            for risk in RiskClass:
                yield city_name, risk.label, [self[_name(city, q, risk)] for q in QUARTERS]

    def facts(self) -> dict[str, Any]:
        """For the service: the numbers as one mapping."""
        facts = super().facts()
        quotas = {
            (city, quarter, str(risk)): facts.pop(_name(city, quarter, risk)) or 0
            for city, _city_name in REGION_CHOICES
            for quarter in QUARTERS
            for risk in RiskClass
        }
        return facts | {"quotas": quotas}
