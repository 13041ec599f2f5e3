"""A full-coverage campaign over the units of the first period, its units in many states."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from emitters.models import EmittingUnit
from emitters.simulator import Plant
from enforcement.demo.clock import Clock
from enforcement.demo.people import Cast, city_login
from inspections import services
from inspections.campaign_query import UnitQuery
from inspections.models import Campaign, CampaignUnit, Inspector, Questionnaire

BASIS = "省双碳工作领导小组办公室专项行动方案：对首个履约周期发电单位全部检查一遍，不留死角。"
STATES = ("reviewed", "clean", "rectifying", "on-site", "included", "extended", "removed")
"""In turn; units whose self-inspection is under way stay in that state."""
BEGAN, ASKED = 45, 14  # days ago
TEAM = 2
REMOVED = "机组已全部关停，设备拆除，企业正在办理注销；由市局现场核实。"
EXTENDED = "计划检修期间无法开展现场检查，申请延至检修结束。"


def run(
    units: Mapping[int, EmittingUnit], plants: Mapping[int, Plant], cast: Cast, now: datetime,
    rng: Random,
) -> Campaign:  # fmt: skip
    """Drawn up, frozen and started some weeks ago; every city has done some of its part since."""
    campaign = _started(cast, Clock(now - timedelta(days=BEGAN), now, rng))
    clock = Clock(now - timedelta(days=ASKED), now, rng)
    _ask(campaign, cast, clock)
    for turn, index in enumerate(sorted(units)):
        row = campaign.units.filter(unit=units[index]).first()
        if row is not None:
            own = Clock(clock.at, now, Random(f"campaign/{index}"))  # noqa: S311
            _Place(row, plants[index], cast, own).bring(STATES[turn % len(STATES)])
    return campaign


def _started(cast: Cast, clock: Clock) -> Campaign:
    first = timezone.localdate(clock.at)
    days = {"self_until": 30, "inspect_until": 75, "rectify_until": 110, "sum_until": 130}
    campaign = services.campaign_make(
        title="首个履约周期发电行业碳排放数据质量全覆盖检查", kind="full",
        year=first.year, basis=BASIS, query=UnitQuery(first_period=True),
        stages={name: first + timedelta(days=n) for name, n in days.items()},
        actor=cast["province-supervisor"], now=clock.later(),
    )  # fmt: skip
    approver = cast["province-approver"]
    services.campaign_freeze(campaign.pk, note="名单已核对。", actor=approver, now=clock.later(1))
    supervisor = cast["province-supervisor"]
    return services.campaign_start(campaign.pk, actor=supervisor, now=clock.later(1))


def _ask(campaign: Campaign, cast: Cast, clock: Clock) -> None:
    """Those who have been asked already count; nobody is asked twice."""
    sent = Questionnaire.objects.filter(status="published").order_by("-pk").first()
    if sent is not None:
        services.campaign_self_start(
            campaign.pk, questionnaire_id=sent.pk, actor=cast["province-supervisor"],
            now=clock.later(),
        )  # fmt: skip


class _Place:
    """One unit of the list on its way."""

    def __init__(self, row: CampaignUnit, plant: Plant, cast: Cast, clock: Clock) -> None:
        self.row, self.cast, self.clock = row, cast, clock
        self.bureau = city_login(plant.city_code)

    def bring(self, state: str) -> None:
        """To the turn's state, by the services that people use."""
        if state in ("clean", "rectifying", "on-site"):
            self._inspect(state)
        elif state in ("extended", "removed"):
            self._change(state)

    def _inspect(self, state: str) -> None:
        first = self.cast[f"{self.bureau}-inspector"]
        at = self.clock.later(2)
        fit = Inspector.objects.fit_on(timezone.localdate(at), self.row.unit)
        team = fit.filter(organisation=first.organisation)
        if team.count() < TEAM:  # one of the bureau's two keeps away from this unit
            return
        inspection = services.inspection_make(
            unit_id=self.row.unit_id, kind="planned", manner="desk", year=self.row.campaign.year,
            reason=self.row.campaign.title, planned_on=timezone.localdate(at),
            inspectors=list(team.values_list("pk", flat=True)),
            campaign_unit_id=self.row.pk, actor=first, now=at,
        )  # fmt: skip
        services.inspection_begin(inspection.pk, actor=first, now=self.clock.later(1))
        if state == "on-site":
            return
        services.inspection_sign(inspection.pk, actor=first, now=self.clock.later(1))
        outcome = "clean" if state == "clean" else "problems"
        text = "未发现数据质量问题。" if state == "clean" else "发现问题，已登记，须责令改正。"
        if state == "rectifying":
            services.finding_register(
                unit_id=self.row.unit_id, year=self.row.campaign.year, inspection_id=inspection.pk,
                title="入炉煤计量台账有缺页", description="抽查的入炉煤计量台账缺三日记录。",
                finding_class="data", severity="general", actor=first, now=self.clock.later(),
            )  # fmt: skip
        services.inspection_conclude(
            inspection.pk, outcome=outcome, conclusion=text, actor=first, now=self.clock.later(1)
        )
        chief = self.cast[f"{self.bureau}-chief"]
        services.inspection_approve(inspection.pk, actor=chief, now=self.clock.later(1))

    def _change(self, state: str) -> None:
        due = timezone.localdate(self.row.campaign.due_at) - timedelta(days=20)
        removed = state == "removed"
        change = services.campaign_change_propose(
            campaign_id=self.row.campaign_id, unit_id=self.row.unit_id,
            kind="remove" if removed else "extend", reason=REMOVED if removed else EXTENDED,
            extended_to=None if removed else due,
            actor=self.cast[f"{self.bureau}-inspector"], now=self.clock.later(2),
        )  # fmt: skip
        approver = self.cast["province-approver"]
        services.campaign_change_approve(
            change.pk, note="同意。", actor=approver, now=self.clock.later(1)
        )
