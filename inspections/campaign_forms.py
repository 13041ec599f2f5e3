"""What the pages of campaigns ask for."""

import re
from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.params.regions import REGION_CHOICES
from carbonwatch.web.forms import StepForm
from emitters.layouts import INDUSTRIES
from emitters.models import EmittingUnit
from inspections.campaign_query import UnitQuery
from inspections.forms import FIRST_YEAR, UnitChoice
from inspections.inspection_forms import InspectionForm
from inspections.models import Audience, Campaign, CampaignKind, Questionnaire
from inspections.services.campaign_batches import waiting_for_inspection, waiting_for_self
from inspections.services.campaigns import STAGES

MOST_CODES = 5000


def _text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class CampaignForm(StepForm):
    """What a campaign is, its stages, and the conditions of its list."""

    title = forms.CharField(label=_("名称"), max_length=120)
    kind = forms.ChoiceField(
        label=_("类型"),
        choices=CampaignKind.choices,
        widget=forms.RadioSelect,
        initial=CampaignKind.FULL,
    )
    year = forms.IntegerField(label=_("实施年度"), min_value=FIRST_YEAR, max_value=2100)
    basis = forms.CharField(
        label=_("实施依据"),
        max_length=2000,
        widget=_text(3),
        help_text=_("文件名称、文号和要求。"),
    )
    self_until = forms.DateField(label=_("自查期限"), required=False, widget=forms.DateInput())
    inspect_until = forms.DateField(label=_("检查期限"), required=False, widget=forms.DateInput())
    rectify_until = forms.DateField(label=_("整改期限"), widget=forms.DateInput())
    sum_until = forms.DateField(label=_("总结期限"), widget=forms.DateInput())
    first_period = forms.BooleanField(
        label=_("首个履约周期（2019–2020年度）的发电单位"),
        required=False,
        help_text=_("以下条件同时满足的单位列入名单；都不填写时为全部重点排放单位。"),
    )
    cities = forms.MultipleChoiceField(
        label=_("所在市"),
        choices=REGION_CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    industries = forms.MultipleChoiceField(
        label=_("行业代码"),
        choices=[(code, code) for code in INDUSTRIES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    codes = forms.CharField(
        label=_("自选单位"),
        required=False,
        max_length=MOST_CODES * 20,
        widget=_text(4),
        help_text=_("统一社会信用代码，每行一个。"),
    )

    def __init__(self, *args: Any, campaign: Campaign | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = timezone.localdate().year
        if campaign is not None:
            query = UnitQuery.of(campaign.query)
            known = {n: getattr(campaign, n) for n in ("title", "kind", "year", "basis", *STAGES)}
            known |= query.stored() | {"codes": "\n".join(query.codes)}
            for name, value in known.items():
                self.fields[name].initial = value

    def facts(self) -> dict[str, Any]:
        """For the service: stages and query as its own things."""
        facts = super().facts()
        facts["stages"] = {name: facts.pop(name) for name in STAGES}
        codes = re.split(r"[\s,，;；、]+", facts.pop("codes").strip().upper())
        facts["query"] = UnitQuery(
            first_period=facts.pop("first_period"),
            cities=tuple(facts.pop("cities")),
            industries=tuple(facts.pop("industries")),
            codes=tuple(dict.fromkeys(filter(None, codes))),
        )
        return facts


class CloseCampaignForm(StepForm):
    """The summing-up."""

    summary = forms.CharField(
        label=_("总结"),
        max_length=8000,
        widget=_text(8),
        help_text=_("完成情况、主要问题、整改成效和下一步措施。"),
    )


class ReasonForm(StepForm):
    """Why a unit leaves the list."""

    reason = forms.CharField(
        label=_("调整原因"),
        max_length=2000,
        widget=_text(4),
        help_text=_("写明事实和依据，由另一人批准。"),
    )


class ExtendForm(ReasonForm):
    """Why, and until when."""

    extended_to = forms.DateField(label=_("延期至"), widget=forms.DateInput())
    field_order = ["extended_to", "reason"]


class AddForm(ReasonForm):
    """Which unit comes onto the list, and why."""

    unit = UnitChoice(label=_("重点排放单位"), queryset=EmittingUnit.objects.none())
    field_order = ["unit", "reason"]

    def __init__(self, *args: Any, actor: Actor, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = campaign.units.exclude(status="removed").values("unit")
        units = EmittingUnit.objects.visible_to(actor).exclude(pk__in=inside)
        self.fields["unit"].queryset = units.select_related("organisation").order_by(  # type: ignore[attr-defined]
            "organisation__city", "organisation__name"
        )

    def facts(self) -> dict[str, Any]:
        """For the service: the unit is its id."""
        facts = super().facts()
        facts["unit_id"] = facts.pop("unit").pk
        return facts


class DayForm(forms.Form):
    """The day of which a campaign is shown."""

    on = forms.DateField(label=_("截至日期"), required=False, widget=forms.DateInput())

    def clean_on(self) -> Any:
        """Not a day to come."""
        day = self.cleaned_data["on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("不能晚于今天。"))
        return day


class _CityForm(StepForm):
    """Which city's units; only those that wait are counted."""

    city = forms.ChoiceField(label=_("所在市"), required=False)

    def offer(self, waiting: QuerySet) -> None:
        """The cities with units that wait."""
        counts = dict(waiting.order_by().values_list("city").annotate(n=Count("pk")))
        every = gettext("全部（%(n)s 家）") % {"n": sum(counts.values())}
        cities = [(c, f"{label}（{counts[c]}）") for c, label in REGION_CHOICES if c in counts]
        self.fields["city"].choices = [("", every), *cities]  # type: ignore[attr-defined]


class SelfStartForm(_CityForm):
    """Which questionnaire a city's units are asked to answer."""

    questionnaire = forms.ModelChoiceField(
        label=_("自查问卷"), queryset=Questionnaire.objects.none()
    )
    field_order = ["questionnaire", "city"]

    def __init__(self, *args: Any, actor: Actor, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = Questionnaire.objects.visible_to(actor)
        self.fields["questionnaire"].queryset = known.filter(  # type: ignore[attr-defined]
            status="published", audience=Audience.UNIT
        )
        self.offer(waiting_for_self(campaign, actor))

    def facts(self) -> dict[str, Any]:
        """For the service: the questionnaire is its id."""
        facts = super().facts()
        facts["questionnaire_id"] = facts.pop("questionnaire").pk
        return facts


class PlanForm(_CityForm, InspectionForm):
    """Who inspects a city's units, when and how; the campaign says the rest."""

    field_order = ["city", "manner", "planned_on"]

    def __init__(self, *args: Any, actor: Actor, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        for name in ("unit", "kind", "year", "reason"):
            del self.fields[name]
        self.offer(waiting_for_inspection(campaign, actor))

    def facts(self) -> dict[str, Any]:
        """For the service: the entries of the register."""
        facts = StepForm.facts(self)
        facts["inspectors"] = [facts.pop(name).pk for name in ("first", "second")]
        return facts
