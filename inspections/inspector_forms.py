"""What the pages of the register of inspectors ask for."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Membership
from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.web.forms import StepForm
from emitters.models import EmittingUnit
from inspections.forms import UnitChoice
from inspections.models import ConflictReason
from inspections.models.inspectors import ABLE


class PostChoice(forms.ModelChoiceField):
    """Posts that inspect, by person and organisation; one query."""

    def label_from_instance(self, obj: Any) -> str:
        """Who, and where."""
        return f"{obj.user.name}（{obj.organisation.name}）"


class CertificateForm(StepForm):
    """What a certificate says."""

    certificate = forms.CharField(
        label=_("执法证号"), max_length=40, help_text=_("与所持行政执法证一致。")
    )
    valid_from = forms.DateField(label=_("有效期起"), widget=forms.DateInput())
    valid_to = forms.DateField(label=_("有效期止"), widget=forms.DateInput())
    speciality = forms.CharField(
        label=_("专业特长"),
        max_length=120,
        required=False,
        help_text=_("如燃煤计量、煤质检测、热工、会计。"),
    )


class InspectorForm(CertificateForm):
    """Who enters the register, with which certificate."""

    post = PostChoice(
        label=_("执法人员"),
        queryset=Membership.objects.none(),
        help_text=_("列出尚未在册的、岗位有权实施检查的人员。"),
    )
    field_order = ["post"]

    def __init__(self, *args: Any, posts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """For the service: the post is its id."""
        facts = super().facts()
        facts["membership_id"] = facts.pop("post").pk
        return facts


def posts_to_enter(actor: Actor) -> Any:
    """The posts whose holders the actor may still enter."""
    posts = Membership.objects.filter(
        role__in=ABLE, until=None, user__is_active=True, organisation__active=True
    ).exclude(user=actor.user)
    if actor.kind != OrgKind.PROVINCE:
        posts = posts.filter(organisation=actor.organisation)
    listed = posts.filter(user__inspector_entries__status="listed")
    return (
        posts.exclude(pk__in=listed.values("pk"))
        .select_related("user", "organisation")
        .order_by("organisation__city", "user__name", "pk")
    )


class RenewForm(CertificateForm):
    """A new certificate or a correction, and why."""

    note = forms.CharField(
        label=_("原因"), max_length=300, help_text=_("如到期换证、遗失补证、更正登记错误。")
    )


class ConflictForm(StepForm):
    """From which unit an inspector must keep away, why and for how long."""

    unit = UnitChoice(label=_("重点排放单位"), queryset=EmittingUnit.objects.none())
    reason = forms.ChoiceField(label=_("回避情形"), choices=ConflictReason.choices)
    since = forms.DateField(label=_("起始日期"), widget=forms.DateInput())
    until = forms.DateField(
        label=_("终止日期"),
        required=False,
        widget=forms.DateInput(),
        help_text=_("尚未终止的留空。"),
    )
    note = forms.CharField(
        label=_("说明"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("仅名录管理人员和本人可见。"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = EmittingUnit.objects.visible_to(actor).select_related("organisation")
        self.fields["unit"].queryset = units.order_by("organisation__city", "organisation__name")  # type: ignore[attr-defined]
        self.fields["since"].initial = timezone.localdate()

    def facts(self) -> dict[str, Any]:
        """For the service: the unit is its id."""
        facts = super().facts()
        facts["unit_id"] = facts.pop("unit").pk
        return facts


class ConflictEndForm(StepForm):
    """Until when it held, and why no longer."""

    until = forms.DateField(label=_("终止日期"), widget=forms.DateInput())
    note = forms.CharField(
        label=_("终止原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
