"""Campaigns: the list, one campaign with its units, drawing it up, its steps, its list as a file."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_tables2 import RequestConfig

from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.refusals import Missing, WrongState
from carbonwatch.web.export import download, table_response
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import PER_PAGE, DetailPage, FormPage, ListPage, Page, StepPage
from inspections.campaign_forms import CampaignForm, CloseCampaignForm, DayForm
from inspections.campaign_query import UnitQuery, canonical
from inspections.campaign_tables import (
    CampaignFilter,
    CampaignTable,
    CampaignUnitFilter,
    CampaignUnitTable,
)
from inspections.forms import NoteForm, OptionalNoteForm
from inspections.models import Campaign, CampaignUnit
from inspections.selectors.campaigns import draft_cities, list_of, progress_of
from inspections.services import (
    campaign_close,
    campaign_drop,
    campaign_edit,
    campaign_freeze,
    campaign_make,
    campaign_start,
)
from inspections.services.campaign_moves import INSPECTING

UNFROZEN = ("draft", "dropped")
WHOLE_LIST = (OrgKind.PROVINCE, OrgKind.ECOLOGY, OrgKind.DRC)
"""Who sees every unit of a list, and so may take it away as it was hashed."""


class CampaignList(ListPage):
    """专项行动."""

    permission = Perm.CAMPAIGN_VIEW
    model = Campaign
    table_class = CampaignTable
    filterset_class = CampaignFilter
    title = _("专项行动")
    intro = _("按条件形成名单，由另一人批准后固定；名单内每家单位在任何一天都只处于一种状态。")
    empty = _("没有符合条件的专项行动。")
    actions = (
        (_("拟订专项行动"), "inspections:campaign-new", Perm.CAMPAIGN_PLAN),
        (_("名单和期限调整"), "inspections:campaign-changes", Perm.INSPECTION_VIEW),
    )
    file_name = "campaigns"


class CampaignDetail(DetailPage):
    """One campaign: the query and its hash, progress on a day, cities side by side, its units."""

    permission = Perm.CAMPAIGN_VIEW
    model = Campaign
    related = ("proposed_by", "approved_by", "closed_by")
    template_name = "inspections/campaign.html"
    step_url = "inspections:campaign-step"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or its list of units as a workbook."""
        if request.GET.get("export") == "xlsx":
            self.object = self.get_object()
            table = self._units()["table"]
            return table_response(table, f"campaign-{self.object.pk}")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Draft: what the query finds. Frozen: progress and units."""
        context = super().get_context_data(**kwargs)
        campaign: Campaign = self.object
        office = self.actor.kind in WHOLE_LIST
        context |= {"words": UnitQuery.of(campaign.query).words() if office else []}
        context["office"] = office
        if campaign.status in UNFROZEN:
            context["preview"] = draft_cities(campaign)
            context["may_edit"] = campaign.status == "draft" and self.actor.may(Perm.CAMPAIGN_PLAN)
            return context
        form = DayForm(self.request.GET or None)
        day = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
        now = timezone.now()
        progress = progress_of(campaign, self.actor, day or timezone.localdate(now), now)
        context |= {"day_form": form, "progress": progress, **self._units()}
        open_now = campaign.status in ("frozen", "running")
        context["may_work"] = open_now and self.actor.may(Perm.CAMPAIGN_WORK)
        context["batches"] = self._batches(campaign)
        return context

    def _batches(self, campaign: Campaign) -> list[tuple[object, str]]:
        """What can be begun for a city's units at once."""
        known = (
            (_("发起自查"), "campaign-self", Perm.CAMPAIGN_WORK, campaign.self_until),
            (_("安排检查"), "campaign-inspect", Perm.INSPECTION_PLAN, campaign.kind in INSPECTING),
        )
        running = campaign.status == "running"
        return [
            (label, reverse(f"inspections:{name}", args=[campaign.pk]))
            for label, name, perm, fits in known
            if running and fits and self.actor.may(perm)
        ]

    def _units(self) -> dict[str, Any]:
        rows = CampaignUnit.objects.visible_to(self.actor).filter(campaign=self.object)
        query = self.request.GET or None
        filterset = CampaignUnitFilter(query, queryset=rows, request=self.request)
        table = CampaignUnitTable(filterset.qs, request=self.request)
        export = self.request.GET.get("export") == "xlsx"
        paginate: Any = False if export else {"per_page": PER_PAGE, "silent": True}
        RequestConfig(self.request, paginate=paginate).configure(table)
        return {"filterset": filterset, "table": table}


class CampaignNew(FormPage):
    """Drawing up a campaign."""

    permission = Perm.CAMPAIGN_PLAN
    form_class = CampaignForm
    title = _("拟订专项行动")
    intro = _("保存后预览名单；由另一人核对并批准后，名单固定，并公布其 SHA-256 校验值。")
    submit = _("保存并预览名单")

    def save(self, form: StepForm) -> Campaign:
        """Call the service."""
        return campaign_make(**form.facts(), actor=self.actor, now=timezone.now())


class CampaignEdit(CampaignNew):
    """Drawing it up anew."""

    permission = Perm.CAMPAIGN_PLAN
    title = _("修改专项行动")

    @cached_property
    def campaign(self) -> Campaign:
        """The draft, through scope."""
        campaign: Campaign = Campaign.objects.visible_to(self.actor).one(pk=self.kwargs["pk"])
        if campaign.status != "draft":
            raise WrongState(_("名单已固定，不能再改。需要增减单位的，请提出调整。"))
        return campaign

    def build_form(self, *args: Any) -> StepForm:
        """Filled with what stands."""
        return CampaignForm(*args, campaign=self.campaign)

    def save(self, form: StepForm) -> Campaign:
        """Call the service."""
        return campaign_edit(self.campaign.pk, **form.facts(), actor=self.actor, now=timezone.now())


class CampaignStep(StepPage):
    """Freeze, drop, start, close."""

    permission = Perm.CAMPAIGN_VIEW
    model = Campaign
    steps = {
        "freeze": (OptionalNoteForm, campaign_freeze),
        "drop": (NoteForm, campaign_drop),
        "start": (OptionalNoteForm, campaign_start),
        "close": (CloseCampaignForm, campaign_close),
    }


class CampaignFile(Page):
    """The list in the very form that was hashed: `sha256sum` of the file gives the shown value."""

    permission = Perm.CAMPAIGN_VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """For those who see all of it."""
        campaign: Campaign = Campaign.objects.visible_to(self.actor).one(pk=pk)
        if self.actor.kind not in WHOLE_LIST:
            raise Missing()
        return download(
            canonical(list_of(campaign)), f"campaign-{campaign.pk}.txt", "text/plain; charset=utf-8"
        )
