"""What the pages of tips ask for."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Membership
from carbonwatch.accounts.permissions import GRANTS, OrgKind, Perm
from carbonwatch.params.regions import REGION_CHOICES
from carbonwatch.web.forms import StepForm
from carbonwatch.web.uploads import MultiFileField
from emitters.models import EmittingUnit
from inspections.forms import FIRST_YEAR, PROOF_HELP, UnitChoice
from inspections.models import Finding, Inspection, Tip, TipOutcome, TipSubject

ABLE = [role for role, perms in GRANTS.items() if Perm.TIP_HANDLE in perms]


class TipForm(StepForm):
    """What a stranger tells. Few fields must be filled in; the browser keeps none of them."""

    subject = forms.ChoiceField(label=_("举报事项"), choices=TipSubject.choices)
    named = forms.CharField(
        label=_("被举报单位"),
        max_length=200,
        help_text=_("单位名称或统一社会信用代码；不清楚全称的，写明所在地和主要特征。"),
    )
    city = forms.ChoiceField(
        label=_("所在市"), choices=[("", _("不清楚")), *REGION_CHOICES], required=False
    )
    year = forms.IntegerField(
        label=_("涉及年度"),
        min_value=FIRST_YEAR,
        max_value=2100,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    text = forms.CharField(
        label=_("举报内容"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "时间、地点、经过、涉及的数据和人员，写清可以核查的事实。不想暴露身份的，请不要写只有您知道的细节。"
        ),
    )
    files = MultiFileField(label=_("附件"), required=False, help_text=PROOF_HELP)  # type: ignore[assignment]
    name = forms.CharField(
        label=_("姓名（选填）"),
        max_length=60,
        required=False,
        help_text=_("不填即为匿名举报，同样受理。"),
    )
    contact = forms.CharField(
        label=_("联系方式（选填）"),
        max_length=200,
        required=False,
        help_text=_("电话或电子邮箱，便于承办人核实。只有承办人能看到。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"

    def facts(self) -> dict[str, Any]:
        """For the service, with the form's key, which makes a double click harmless."""
        return {**super().facts(), "key": self.cleaned_data["_once"]}


class LookForm(StepForm):
    """Number and code."""

    number = forms.CharField(
        label=_("举报编号"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    code = forms.CharField(
        label=_("查询码"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class HandlerChoice(forms.ModelChoiceField):
    """People who may handle tips, with their body."""

    def label_from_instance(self, obj: Any) -> str:
        """Name and body."""
        return f"{obj.user.name}（{obj.organisation.name}）"


class AcceptForm(StepForm):
    """Who handles it."""

    handler = HandlerChoice(
        label=_("承办人"),
        queryset=Membership.objects.none(),
        help_text=_("只有承办人能查看举报人信息和附件。与被举报单位有利害关系的人员不得承办。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"].queryset = _handlers()  # type: ignore[attr-defined]


def _handlers() -> QuerySet[Membership]:
    posts = Membership.objects.filter(
        role__in=ABLE,
        until=None,
        user__is_active=True,
        organisation__active=True,
        organisation__kind__in=(OrgKind.PROVINCE, OrgKind.CITY),
    )
    return posts.select_related("user", "organisation").order_by(
        "organisation__kind", "organisation__city", "user__name", "pk"
    )


class ReassignForm(AcceptForm):
    """Who handles it from now on, and why."""

    note = forms.CharField(
        label=_("更换原因"), max_length=600, widget=forms.Textarea(attrs={"rows": 3})
    )


class DeclineForm(StepForm):
    """The reason, for the author."""

    reason = forms.CharField(
        label=_("不予受理的原因"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("举报人凭编号和查询码可以看到。"),
    )


class LinkForm(StepForm):
    """What it is tied to: a unit first, then inspections and findings of the units it is tied to."""

    unit_id = UnitChoice(
        label=_("重点排放单位"), queryset=EmittingUnit.objects.none(), required=False
    )
    inspection_id = forms.ModelChoiceField(
        label=_("检查"), queryset=Inspection.objects.none(), required=False
    )
    finding_id = forms.ModelChoiceField(
        label=_("问题"), queryset=Finding.objects.none(), required=False
    )

    def __init__(self, *args: Any, actor: Actor, tip_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = EmittingUnit.objects.visible_to(actor).select_related("organisation")
        tied = Tip.objects.visible_to(actor).filter(pk=tip_id).values("units")
        self._offer("unit_id", units.order_by("organisation__city", "organisation__name"))
        for name, model in (("inspection_id", Inspection), ("finding_id", Finding)):
            rows = model.objects.visible_to(actor).filter(unit__in=tied)  # type: ignore[attr-defined]
            if rows.exists():
                self._offer(name, rows.select_related("unit__organisation").order_by("-pk"))
            else:
                del self.fields[name]

    def _offer(self, name: str, rows: QuerySet) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """For the service: ids."""
        return {name: row.pk if row else None for name, row in super().facts().items()}


class FeedbackForm(StepForm):
    """What the author is told."""

    outcome = forms.ChoiceField(
        label=_("核实结果"), choices=TipOutcome.choices, widget=forms.RadioSelect
    )
    feedback = forms.CharField(
        label=_("反馈内容"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("举报人凭编号和查询码可以看到。不得写入举报人信息、他人隐私和商业秘密。"),
    )
