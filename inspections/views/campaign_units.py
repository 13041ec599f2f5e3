"""The units of campaigns one by one, and the changes that two people make."""

from typing import Any

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.refusals import Missing
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import DetailPage, FormPage, ListPage, StepPage
from inspections.campaign_forms import AddForm, ExtendForm, ReasonForm
from inspections.campaign_tables import CampaignChangeFilter, CampaignChangeTable
from inspections.forms import NoteForm, OptionalNoteForm
from inspections.models import Campaign, CampaignChange, CampaignUnit, ChangeKind
from inspections.services import (
    campaign_change_approve,
    campaign_change_propose,
    campaign_change_refuse,
)
from inspections.services.campaign_changes import reject_change


class CampaignUnitDetail(DetailPage):
    """One unit in a campaign: its state, whose turn it is, what is bound to it, its history."""

    permission = Perm.CAMPAIGN_VIEW
    model = CampaignUnit
    related = ("campaign", "unit__organisation")
    template_name = "inspections/campaign_unit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The unit has no duties and steps of its own: `life` is left out."""
        context = super().get_context_data(**kwargs) | {"life": None}
        row: CampaignUnit = self.object
        office = self.actor.kind != OrgKind.UNIT
        running = row.campaign.status == "running"
        open_now = row.campaign.status in ("frozen", "running") and not row.ended
        changes = list(
            CampaignChange.objects.visible_to(self.actor)
            .filter(campaign=row.campaign_id, unit=row.unit_id)
            .select_related("unit__organisation", "proposed_by", "decided_by")
        )
        waiting = any(change.status == "proposed" for change in changes)
        context |= {
            "states": list(row.states.all()),
            "self_inspections": list(row.self_inspections.select_related("questionnaire")),
            "inspections": list(row.inspections.select_related("unit__organisation"))
            if office
            else [],
            "changes": changes,
            "may_change": open_now and not waiting and self.actor.may(Perm.CAMPAIGN_WORK),
            "may_plan": running and not row.ended and self.actor.may(Perm.INSPECTION_PLAN),
        }
        return context


class CampaignChangeList(ListPage):
    """Changes of lists and deadlines."""

    permission = Perm.INSPECTION_VIEW
    model = CampaignChange
    related = ("campaign", "unit__organisation", "proposed_by", "decided_by")
    table_class = CampaignChangeTable
    filterset_class = CampaignChangeFilter
    title = _("名单和期限调整")
    intro = _(
        "增加、移出单位或延长期限，由一人说明原因提出，另一人批准。移出的单位仍计入覆盖率的分母。"
    )
    empty = _("没有符合条件的调整。")
    file_name = "campaign-changes"


class CampaignChangeDetail(DetailPage):
    """One change: what, why, who."""

    permission = Perm.INSPECTION_VIEW
    model = CampaignChange
    related = ("campaign", "unit__organisation", "proposed_by", "decided_by")
    template_name = "inspections/campaign_change.html"
    step_url = "inspections:campaign-change-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the unit's place in the campaign, if it has one."""
        row = CampaignUnit.objects.filter(campaign=self.object.campaign, unit=self.object.unit)
        return super().get_context_data(**kwargs) | {"row": row.first()}


class CampaignChangeStep(StepPage):
    """Approve, refuse."""

    permission = Perm.INSPECTION_VIEW
    model = CampaignChange
    steps = {
        "approve": (OptionalNoteForm, campaign_change_approve),
        "refuse": (NoteForm, campaign_change_refuse),
    }


class _Propose(FormPage):
    """What the proposals of changes share."""

    abstract = True
    permission = Perm.CAMPAIGN_WORK
    intro = _("由另一人批准后生效；批准前名单和期限不变。")
    submit = _("提出")
    template_name = "inspections/campaign_change_propose.html"
    kind: ChangeKind

    @cached_property
    def row(self) -> CampaignUnit:
        """The unit's place, through scope; the reason when nothing can be changed now."""
        rows = CampaignUnit.objects.visible_to(self.actor)
        row: CampaignUnit = rows.select_related("campaign", "unit").one(pk=self.kwargs["pk"])
        reject_change(row.campaign, row.unit, self.kind)
        return row

    def build_form(self, *args: Any) -> StepForm:
        """Only where the change is possible."""
        self.row  # noqa: B018 - refuses before the form is shown
        return super().build_form(*args)

    def save(self, form: StepForm) -> CampaignChange:
        """Call the service."""
        return campaign_change_propose(
            campaign_id=self.row.campaign_id, unit_id=self.row.unit_id, kind=self.kind,
            **form.facts(), actor=self.actor, now=timezone.now(),
        )  # fmt: skip

    def extra_context(self) -> dict[str, Any]:
        """What it is about."""
        return {"campaign": self.row.campaign, "row": self.row}


class CampaignUnitExtend(_Propose):
    """A later deadline for one unit."""

    permission = Perm.CAMPAIGN_WORK
    form_class = ExtendForm
    title = _("提出延期")
    kind = ChangeKind.EXTEND


class CampaignUnitRemove(_Propose):
    """One unit leaves the list."""

    permission = Perm.CAMPAIGN_WORK
    form_class = ReasonForm
    title = _("提出移出名单")
    kind = ChangeKind.REMOVE


class CampaignUnitAdd(_Propose):
    """One more unit for the list."""

    permission = Perm.CAMPAIGN_WORK
    form_class = AddForm
    title = _("提出增加单位")
    kind = ChangeKind.ADD

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign, through scope."""
        campaign: Campaign = Campaign.objects.visible_to(self.actor).one(pk=self.kwargs["pk"])
        if campaign.status not in ("frozen", "running"):
            raise Missing()
        return campaign

    def build_form(self, *args: Any) -> StepForm:
        """The actor's units that are not in the list."""
        return AddForm(*args, actor=self.actor, campaign=self.campaign)

    def save(self, form: StepForm) -> CampaignChange:
        """Call the service."""
        return campaign_change_propose(
            campaign_id=self.campaign.pk, kind=self.kind, **form.facts(), actor=self.actor,
            now=timezone.now(),
        )  # fmt: skip

    def extra_context(self) -> dict[str, Any]:
        """What it is about."""
        return {"campaign": self.campaign}
