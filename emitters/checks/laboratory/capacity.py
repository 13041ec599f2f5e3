"""LAB-CAPACITY: what a laboratory can have tested in a day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.laboratory.dates import effect, test_cells
from emitters.checks.laboratory.register import report_key
from emitters.checks.support import make_hit, outside_rows
from emitters.facts import CheckContext, CoalTest
from emitters.outside import OutsideRow

P = "check.LAB-CAPACITY."


@check(
    "LAB-CAPACITY",
    name=_("检测量超出检测能力"),
    family=Family.LABORATORY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "source",
            _("{month_list}月检测当日，同一台仪器登记了{count}份检测，超过每日上限{limit}份。"),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "source",
            _("{month_list}月检测的检测人（{operators}）当日在不同地点均有检测登记。"),
        ),
        "C": Outcome(
            Severity.CRITICAL,
            "document",
            _("{month_list}月检测没有原始记录编号，而该机构其他检测均有。"),
        ),
        "D": Outcome(
            Severity.CRITICAL,
            "source",
            _("{month_list}月检测的原始记录（{files}）与另一日期的检测共用。"),
        ),
    },
    basis=_(
        "检验检测机构监督管理办法：原始记录应当真实、可追溯；一台碳氢仪每日约可完成30份平行测定；"
        "校核目录 LAB-CAPACITY"
    ),
    what=_("按检测机构登记统计每台仪器每日检测份数、检测人当日地点、原始记录编号。"),
    why=_("发现没有实际检测的报告。"),
    explain=_("多通道仪器的说明、同城多场所交接记录、原始记录补录审批。"),
    ask=_("仪器使用日志、原始数据文件（含时间戳）、检测人考勤。"),
    parameters=("per_day", "file_share"),
)
def capacity(ctx: CheckContext) -> Iterator[Hit]:
    """The days on which this report's tests were made, among all that the register holds."""
    rows = outside_rows(ctx, "lab_register", any_year=True)
    tests = {report_key(t): t for t in ctx.report.tests if t.report_no.strip()}
    own = [(tests[key], r) for r in rows if (key := _key(r)) in tests]
    if not own:
        raise NotRun(_("检测机构登记没有覆盖报告中的检测。"))
    yield from _too_many(ctx, rows, own)
    yield from _two_places(ctx, rows, own)
    yield from _without_file(ctx, rows, own)
    yield from _shared_file(ctx, rows, own)


Own = list[tuple[CoalTest, OutsideRow]]


def _key(row: OutsideRow) -> tuple[str, str]:
    return str(row["laboratory"]).strip(), str(row["report_no"]).strip()


def _too_many(ctx: CheckContext, rows: Iterable[OutsideRow], own: Own) -> Iterator[Hit]:
    made: dict[tuple[str, str, date], set[str]] = defaultdict(set)
    for r in rows:
        if r["instrument"] and r["tested"]:
            made[_key(r)[0], r["instrument"], r["tested"]].add(_key(r)[1])
    limit = ctx.p(P + "per_day")
    busy = {k: len(v) for k, v in made.items() if len(v) > limit}
    found = [(t, r) for t, r in own if (_key(r)[0], r["instrument"], r["tested"]) in busy]
    if found:
        yield _hit(ctx, "A", found, count=max(busy.values()), limit=limit)


def _two_places(ctx: CheckContext, rows: Iterable[OutsideRow], own: Own) -> Iterator[Hit]:
    places: dict[tuple[str, str, date], set[str]] = defaultdict(set)
    for r in rows:
        if r["operator"] and r["place"] and r["tested"]:
            places[_key(r)[0], r["operator"], r["tested"]].add(r["place"])
    found = [
        (t, r) for t, r in own if len(places[_key(r)[0], r["operator"] or "", r["tested"]]) > 1
    ]
    if found:
        operators = list(dict.fromkeys(str(r["operator"]) for _t, r in found))
        yield _hit(ctx, "B", found, operators=operators)


def _without_file(ctx: CheckContext, rows: Iterable[OutsideRow], own: Own) -> Iterator[Hit]:
    """Where the laboratory names a raw record as a rule, a test without one stands out."""
    by_lab: dict[str, list[bool]] = defaultdict(list)
    for r in rows:
        by_lab[_key(r)[0]].append(bool(r["raw_file"]))
    usual = {lab for lab, has in by_lab.items() if sum(has) >= ctx.p(P + "file_share") * len(has)}
    found = [(t, r) for t, r in own if not r["raw_file"] and _key(r)[0] in usual]
    if found:
        yield _hit(ctx, "C", found)


def _shared_file(ctx: CheckContext, rows: Iterable[OutsideRow], own: Own) -> Iterator[Hit]:
    """One run of an instrument holds many samples, but of one day."""
    days: dict[tuple[str, str], set[date]] = defaultdict(set)
    for r in rows:
        if r["raw_file"] and r["tested"]:
            days[_key(r)[0], r["raw_file"]].add(r["tested"])
    found = [(t, r) for t, r in own if len(days[_key(r)[0], r["raw_file"] or ""]) > 1]
    if found:
        yield _hit(
            ctx, "D", found, files=list(dict.fromkeys(str(r["raw_file"]) for _t, r in found))
        )


def _hit(ctx: CheckContext, letter: str, found: Own, **values: Any) -> Hit:
    tests = [t for t, _r in found]
    return make_hit(
        letter,
        months=[t.month for t in tests if t.month],
        cells=test_cells(tests, "tested", "tester"),
        direction=Direction.FAVOURABLE,
        t_co2=effect(ctx, tests),
        root="lab-capacity",
        tests=[
            {
                "report_no": t.report_no,
                "tested": r["tested"],
                "instrument": r["instrument"],
                "operator": r["operator"],
                "place": r["place"],
                "raw_file": r["raw_file"],
                "source": r.place,
            }
            for t, r in found
        ],
        **values,
    )
