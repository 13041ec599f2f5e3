"""Rectifications that did not go straight: more time, sent back, climbed, come back, reopened."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random

from django.utils import timezone

from carbonwatch.accounts.models import Actor
from emitters.models import AnnualReport, EmittingUnit
from emitters.simulator import Plant
from enforcement.demo.clock import Clock, local, recent
from enforcement.demo.evidence import photograph
from enforcement.demo.findings import BASIS, Inspection, Story
from enforcement.demo.people import Cast, city_login, unit_login
from inspections import services
from inspections.models import Finding, FindingClass, Gravity
from inspections.selectors.rectification import tonnes_put_right
from inspections.services.rectification import corrections_of

Site = tuple[EmittingUnit, Plant]
DAY = timedelta(days=1)
CLAUSE = "《企业温室气体排放核算与报告指南 发电设施》燃煤采样、制样要求"
SCALE = Story(
    "皮带秤故障期间消耗量无记录",
    "1号皮带秤故障停用9日，其间入炉煤量由值班人员估计，无盘存核对。",
    "查明故障期间的消耗量，附盘存计算；修复皮带秤并完成校准。",
    FindingClass.DATA,
    Gravity.SERIOUS,
    t_co2=Decimal(410),
)
SAMPLES = Story(
    "入炉煤未按批次采样",
    "抽查两周入炉煤采样记录，有4日未按规定批次采样，缩分样由前一日样品替代。",
    "按规定批次采样，附一个月的采样、制样记录和现场照片。",
    FindingClass.QUALITY,
    Gravity.GENERAL,
    clause=CLAUSE,
)
LEDGER = Story(
    "煤样留存台账缺页",
    "煤样留存台账缺少两周记录，留样封条编号与台账不能对应。",
    "补齐台账并逐一核对留样，附样品间照片。",
    FindingClass.QUALITY,
    Gravity.GENERAL,
)
FORGED = Story(
    "检测原始记录与报告不一致",
    "元素碳检测原始记录的样品质量与检测报告不一致，涉及3份报告。",
    "更正检测报告，重新计算有关月份的排放量，附检测机构出具的更正说明。",
    FindingClass.DATA,
    Gravity.GRAVE,
    t_co2=Decimal(2600),
)
MEASURES = ("查明原因，提交情况说明。", "完成整改，提交现场照片。", "修订管理制度并组织培训。")


def rectify(
    sites: Sequence[Site], year: int, cast: Cast, now: datetime, rng: Random
) -> list[Finding]:
    """One of each kind, every one at another unit as far as there are enough."""
    stories = (_more_time, _sent_back, _climbed, _come_back, _opened_again, _visited, _twice)
    found = []
    for story, (unit, plant) in zip(stories, cycle(sites), strict=False):
        work = Inspection(unit, plant, year, cast, recent(20, now, rng))
        found.append(story(work, now, rng))
    return found


def settle(report: AnnualReport, plant: Plant, cast: Cast, clock: Clock) -> None:
    """Close what was put right, by the corrected report where a figure was wrong."""
    waiting = Finding.objects.filter(version__report=report, status="accepted")
    for finding in waiting.select_related("version"):
        if finding.reviewed_at is None:
            continue
        chance = Random(f"settle/{report.year}/{finding.title}")  # noqa: S311
        later = Clock(max(clock.at, finding.reviewed_at), clock.now, chance)
        if finding.correction_due:
            version = corrections_of(finding).order_by("-number").first()
            if version is None:
                continue
            services.finding_correct(
                finding.pk,
                version_id=version.pk,
                t_corrected=tonnes_put_right(finding) or Decimal(0),
                actor=cast[f"{unit_login(plant)}-filler"],
                now=later.later(1),
            )
        if finding.must_be_verified:
            _seen(finding, cast[f"{city_login(plant.city_code)}-inspector-2"], later)
        chief = cast[f"{city_login(plant.city_code)}-chief"]
        services.finding_close(finding.pk, note="同意销号。", actor=chief, now=later.later(2))


def _seen(finding: Finding, actor: Actor, clock: Clock) -> None:
    """Somebody has been there."""
    at = clock.later(2)
    services.finding_verify(
        finding.pk,
        visited_at=at,
        place="煤样制备间和档案室",
        note="现场核对原始记录，与整改答复和更正后的报告相符。",
        files=[photograph("现场核实照片.jpg")],
        actor=actor,
        now=at,
    )


def _visited(work: Inspection, now: datetime, rng: Random) -> Finding:
    work.clock = recent(50, now, rng)
    finding = work.run(FORGED, "accepted")
    _seen(finding, work.bureau("reviewer"), work.clock)
    return finding


def _twice(work: Inspection, now: datetime, rng: Random) -> Finding:
    """The same missing pages written down by two people, and made one finding."""
    kept, again = work.run(LEDGER, "confirmed"), work.run(LEDGER, "registered")
    merge = services.merge_propose(
        merged_id=again.pk,
        kept_id=kept.pk,
        reason="两次检查登记的是同一台账缺页。",
        actor=work.bureau("inspector"),
        now=work.clock.later(1),
    )
    services.merge_confirm(
        merge.pk, note="同意合并。", actor=work.bureau("reviewer"), now=work.clock.later(1)
    )
    return kept


def _ordered(work: Inspection, story: Story, days: int) -> Finding:
    """Found, confirmed, ordered with three measures that fall due one after another."""
    finding = work.run(story, "confirmed")
    at = work.clock.later(1)
    due_on = timezone.localdate(at) + days * DAY
    services.finding_order(
        finding.pk,
        demand=story.demand,
        due_on=due_on,
        basis=BASIS,
        measures=[
            services.Item(text, due_on - n * 3 * DAY)
            for n, text in zip((2, 1, 0), MEASURES, strict=True)
        ],
        actor=work.bureau("chief"),
        now=at,
    )
    services.finding_begin(
        finding.pk, actor=work.cast[f"{unit_login(work.plant)}-filler"], now=work.clock.later(1)
    )
    return finding


def _more_time(work: Inspection, now: datetime, rng: Random) -> Finding:
    finding = _ordered(work, SCALE, 20)
    at = work.clock.later(4)
    extension = services.extension_ask(
        finding.pk,
        wanted_on=timezone.localdate(at) + 30 * DAY,
        reason="皮带秤传感器须由厂家更换，备件预计三周后到货；其余措施已按期完成。",
        actor=work.cast[f"{unit_login(work.plant)}-filler"],
        now=at,
    )
    services.extension_grant(
        extension.pk,
        granted_on=extension.wanted_on,
        note="情况属实，同意延期一次。",
        actor=work.bureau("reviewer"),
        now=work.clock.later(2),
    )
    return finding


def _sent_back(work: Inspection, now: datetime, rng: Random) -> Finding:
    finding = _ordered(work, LEDGER, 30)
    first, second, _third = finding.measures.all()
    for measure in (first, second):
        services.measure_answer(
            measure.pk,
            text="已完成，材料附后。",
            files=[photograph("整改材料.jpg")],
            actor=work.cast[f"{unit_login(work.plant)}-filler"],
            now=work.clock.later(2),
        )
    at = work.clock.later(1)
    reviewer = work.bureau("reviewer")
    services.measure_accept(first.pk, note="属实。", actor=reviewer, now=at)
    services.measure_return(
        second.pk,
        note="照片看不清封条编号，请重拍。",
        due_on=timezone.localdate(at) + 10 * DAY,
        actor=reviewer,
        now=at,
    )
    return finding


def _climbed(work: Inspection, now: datetime, rng: Random) -> Finding:
    """Nothing was answered; the runs of the following weeks are made up for."""
    work.clock = recent(75, now, rng)
    finding = _ordered(work, FORGED, 12)
    if finding.due_on is None:
        return finding
    for days in (2, 9, 30):
        day = finding.due_on + days * DAY
        services.climb_ladder(min(local(day.year, day.month, day.day, 7, 30), now))
    return finding


def _come_back(work: Inspection, now: datetime, rng: Random) -> Finding:
    work.clock = recent(300, now, rng)
    work.run(SAMPLES, "closed")
    work.clock = recent(12, now, rng)
    return work.run(SAMPLES, "ordered")


def _opened_again(work: Inspection, now: datetime, rng: Random) -> Finding:
    work.clock = recent(110, now, rng)
    finding = work.run(LEDGER, "closed")
    work.clock = recent(9, now, rng)
    at = work.clock.later(1)
    services.finding_reopen(
        finding.pk,
        note="复查发现补记的台账与留样仍不能对应。",
        due_on=timezone.localdate(at) + 20 * DAY,
        measures=[services.Item("逐一核对留样封条与台账，提交核对表。")],
        actor=work.bureau("inspector-2"),
        now=at,
    )
    return finding
