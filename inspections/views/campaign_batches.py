"""Beginning self-inspections or inspections of a city's units of a campaign by one click."""

from typing import Any

from django.contrib import messages
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.refusals import GuardFailed, WrongState
from carbonwatch.web.forms import StepForm
from carbonwatch.web.pages import FormPage
from inspections.campaign_forms import PlanForm, SelfStartForm
from inspections.models import Campaign
from inspections.services import campaign_inspections_plan, campaign_self_start
from inspections.services.campaign_batches import Batch


class _Batch(FormPage):
    """What both share: the campaign, and what is said afterwards."""

    abstract = True
    permission = Perm.CAMPAIGN_WORK
    template_name = "inspections/campaign_change_propose.html"

    @cached_property
    def campaign(self) -> Campaign:
        """The running campaign, through scope."""
        campaign: Campaign = Campaign.objects.visible_to(self.actor).one(pk=self.kwargs["pk"])
        if campaign.status != "running":
            raise WrongState(_("专项行动不在实施中。"))
        return campaign

    def build_form(self, *args: Any) -> StepForm:
        """Who waits is the actor's."""
        return self.form_class(*args, actor=self.actor, campaign=self.campaign)

    def extra_context(self) -> dict[str, Any]:
        """What it is about."""
        return {"campaign": self.campaign}

    def said(self, batch: Batch) -> Batch:
        """How many were taken on, and how many wait for the next click."""
        text = gettext("已办理 %(done)s 家，还有 %(left)s 家等待办理。")
        messages.success(self.request, text % {"done": batch.done, "left": batch.left})
        return batch


class CampaignSelfStart(_Batch):
    """发起自查."""

    permission = Perm.CAMPAIGN_WORK
    form_class = SelfStartForm
    title = _("发起自查")
    intro = _("尚未开始自查的单位收到问卷；已收到同一问卷的，原有填写内容计入本专项行动。")
    submit = _("发起自查")

    def build_form(self, *args: Any) -> StepForm:
        """Only where the campaign has that stage."""
        if self.campaign.self_until is None:
            raise GuardFailed(_("本专项行动没有自查阶段。"))
        return super().build_form(*args)

    def save(self, form: StepForm) -> Batch:
        """Call the service."""
        return self.said(
            campaign_self_start(
                self.campaign.pk, **form.facts(), actor=self.actor, now=timezone.now()
            )
        )


class CampaignPlan(_Batch):
    """安排检查."""

    permission = Perm.INSPECTION_PLAN
    form_class = PlanForm
    title = _("安排检查")
    intro = _(
        "为尚未安排检查的单位逐家安排，由同样两名检查人员实施；检查清单按各单位情况自动形成。"
    )
    submit = _("安排")

    def save(self, form: StepForm) -> Batch:
        """Call the service."""
        return self.said(
            campaign_inspections_plan(
                self.campaign.pk, **form.facts(), actor=self.actor, now=timezone.now()
            )
        )
