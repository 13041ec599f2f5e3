"""LAB-CUSTODY: the way of a sample from the coal to the laboratory."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, Outcome, Severity, check
from emitters.checks.laboratory.dates import test_cells
from emitters.checks.support import make_hit, outside_rows, plant_default_effect
from emitters.facts import CheckContext
from emitters.outside import OutsideRow

P = "check.LAB-CUSTODY."


@check(
    "LAB-CUSTODY",
    name=_("样品流转不完整"),
    family=Family.LABORATORY,
    level="L3",
    outcomes={
        "A": Outcome(Severity.CRITICAL, "document", _("{month_list}月样品交接记录不完整或缺失。")),
        "B": Outcome(
            Severity.CRITICAL,
            "document",
            _("{month_list}月样品从{cities}寄出，不是本单位所在市{city}。"),
        ),
        "C": Outcome(
            Severity.CRITICAL, "document", _("封签编号{seals}用于不止一个月份或机组的样品。")
        ),
        "D": Outcome(
            Severity.CRITICAL,
            "document",
            _("{month_list}月留存样质量不足{mass}g或留样期不足{days}日。"),
        ),
        "E": Outcome(
            Severity.CRITICAL,
            "document",
            _("{month_list}月缩分样未按每日煤量缩分，或份数少于运行日数。"),
        ),
    },
    basis=_(
        "煤样粒度不大于3mm、质量不少于700g、密封留存；月缩分样按每日用煤量等比例缩分（核查技术指南）"
    ),
    what=_("逐月查交接记录、寄出城市、封签编号、留样质量与期限、日缩分份数。"),
    why=_("发现在别处（如由咨询机构）制作的样品。"),
    explain=_("已登记的集中送样点；封签更换记录；采制样记录。"),
    ask=_("快递单、封签照片、采制样影像、留样柜台账。"),
    parameters=("mass", "retention_days", "share_days", "missing_share"),
)
def custody(ctx: CheckContext) -> Iterator[Hit]:
    """Each month's sample by its papers."""
    rows = outside_rows(ctx, "custody")
    city = str(ctx.report.basic.get("所在市") or "").strip()
    gaps = [r for r in rows if r["complete"] == "否"]
    missing = _missing(ctx, rows)
    if gaps or missing:
        yield _hit(ctx, "A", gaps, extra=missing)
    elsewhere = [r for r in rows if city and r["posted_city"] and r["posted_city"] != city]
    if elsewhere:
        cities = list(dict.fromkeys(str(r["posted_city"]) for r in elsewhere))
        yield _hit(ctx, "B", elsewhere, cities=cities, city=city)
    seals = Counter(str(r["seal_no"]) for r in rows if r["seal_no"])
    twice = [s for s, n in seals.items() if n > 1]
    if twice:
        yield _hit(ctx, "C", [r for r in rows if str(r["seal_no"]) in twice], seals=twice)
    mass, days = ctx.p(P + "mass"), ctx.p(P + "retention_days")
    poor = [r for r in rows if _poorly_kept(r, mass, days)]
    if poor:
        yield _hit(ctx, "D", poor, mass=mass, days=days)
    uneven = [r for r in rows if r["proportional"] == "否" or _few_shares(ctx, r)]
    if uneven:
        yield _hit(ctx, "E", uneven)


def _missing(ctx: CheckContext, rows: tuple[OutsideRow, ...]) -> list[int]:
    """Tested months without any record, where most months have one."""
    tested = {t.month for t in ctx.report.tests if t.month}
    known = {int(r["month"]) for r in rows if r["month"]}
    missing = sorted(tested - known)
    return missing if len(missing) <= ctx.p(P + "missing_share") * len(tested) else []


def _poorly_kept(row: OutsideRow, mass: float, days: int) -> bool:
    until, sampled = row["retained_until"], row["sampled"]
    short = isinstance(until, date) and isinstance(sampled, date) and (until - sampled).days < days
    return short or (row["mass_g"] is not None and row["mass_g"] < mass)


def _few_shares(ctx: CheckContext, row: OutsideRow) -> bool:
    """Fewer daily shares in the composite than days on which the generator burnt coal."""
    if row["increments"] is None or not row["month"]:
        return False
    days = {
        d.day
        for g in ctx.report.generators
        if row["generator"] in (None, "", g.number)
        for d in ctx.report.daily_by_month.get((g.number, int(row["month"])), ())
        if d.coal_t
    }
    return bool(row["increments"] < ctx.p(P + "share_days") * len(days))


def _hit(
    ctx: CheckContext,
    letter: str,
    rows: list[OutsideRow],
    *,
    extra: list[int] | None = None,
    **values: Any,
) -> Hit:
    months = {int(r["month"]) for r in rows if r["month"]} | set(extra or ())
    concerned: Callable[[int | None], bool] = months.__contains__
    return make_hit(
        letter,
        months=months,
        cells=test_cells([t for t in ctx.report.tests if concerned(t.month)], "sample_no"),
        direction=Direction.FAVOURABLE,
        t_co2=plant_default_effect(ctx, "", months),
        root="lab-sample",
        rows=[
            {**{k: v for k, v in r.values.items() if v is not None}, "place": r.place} for r in rows
        ],
        **values,
    )
