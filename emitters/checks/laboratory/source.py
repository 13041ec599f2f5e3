"""LAB-SOURCE-RECON: reported tests against the laboratory's own register."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.laboratory.dates import effect, test_cells
from emitters.checks.laboratory.register import (
    ANALYSIS,
    Key,
    by_report,
    carbon_effect,
    carbon_received,
    report_key,
)
from emitters.checks.support import ZERO, make_hit, outside_rows, rounded
from emitters.facts import CheckContext, CoalTest
from emitters.outside import OutsideRow

P = "check.LAB-SOURCE-RECON."
# What carbon, and the right to use it, rest on; the rest may be a slip of the pen. Total moisture is
# the plant's own measurement, not the laboratory's.
DECIDING = frozenset(("month", "received", "tested", "issued", "mad", "had", "cad", "qgrad"))
DATES = ("received", "tested", "issued")


@dataclass(frozen=True)
class Deviation:
    """One field that the laboratory recorded otherwise."""

    field: str
    reported: Any
    registered: Any


@check(
    "LAB-SOURCE-RECON",
    name=_("检测报告与检测机构登记不符"),
    family=Family.LABORATORY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.FATAL,
            "source",
            _("{count}份检测报告（{numbers}）的{fields}与检测机构登记不一致。"),
        ),
        "B": Outcome(
            Severity.FATAL,
            "source",
            _("检测机构登记中没有{count}份检测报告（{numbers}）。"),
        ),
        "C": Outcome(
            Severity.FATAL,
            "source",
            _("检测机构登记中{count}份检测报告（{numbers}）的委托单位不是本单位。"),
        ),
        "D": Outcome(
            Severity.CRITICAL,
            "cross",
            _(
                "{count}份检测报告（{numbers}）的{fields}与检测机构登记不一致，不影响碳含量计算，可能为录入错误。"
            ),
        ),
        "E": Outcome(
            Severity.INFO,
            "cross",
            _("检测机构登记中另有本单位{count}份检测（{numbers}）未在报告中列出。"),
        ),
    },
    basis=_(
        "检验检测机构监督管理办法（市场监管总局令第39号）：检测机构应保存原始记录和报告并可追溯；"
        "校核目录 LAB-SOURCE-RECON"
    ),
    what=_(
        "按检测机构和报告编号，将月份、收样、检测、报告日期及各项检测值逐项与检测机构登记核对（更正重发的与任一版本相符即可）；"
        "只核对登记所覆盖的期间。"
    ),
    why=_("发现检测机构出具报告之后的一切改动，以及并不存在的报告。"),
    explain=_("检测机构更正重发函、登记补录说明；录入错误应更正。"),
    ask=_("检测机构报告台账、原始记录、委托合同和付款凭证；请检测机构书面确认。"),
    parameters=("tolerance", "tolerance_heat", "tolerance_days"),
)
def source_reconciliation(ctx: CheckContext) -> Iterator[Hit]:
    """Every test whose time the laboratory's register covers, field by field."""
    entries = by_report(outside_rows(ctx, "lab_register", any_year=True))
    covered = _covered(entries)
    tests = [t for t in ctx.report.tests if t.report_no.strip() and _is_covered(t, covered)]
    if not tests:
        raise NotRun(_("检测机构登记没有覆盖报告中的检测。"))
    found = {report_key(t): entries.get(report_key(t), []) for t in tests}
    yield from _unknown(ctx, [t for t in tests if not found[report_key(t)]])
    own: list[tuple[CoalTest, list[OutsideRow]]] = []
    foreign: list[tuple[CoalTest, list[OutsideRow]]] = []
    for test in tests:
        rows = found[report_key(test)]
        ours = [r for r in rows if r["client_code"] == ctx.report.credit_code]
        if rows:
            (own if ours else foreign).append((test, ours or rows))
    yield from _foreign(ctx, foreign)
    yield from _deviating(ctx, own)
    yield from _left_out(ctx, entries)


def _covered(entries: Mapping[Key, list[OutsideRow]]) -> Mapping[str, tuple[date, date]]:
    """First and last day of each laboratory's register."""
    days: dict[str, list[date]] = {}
    for (laboratory, _number), rows in entries.items():
        days.setdefault(laboratory, []).extend(
            d for r in rows for name in DATES if isinstance(d := r[name], date)
        )
    return {laboratory: (min(found), max(found)) for laboratory, found in days.items() if found}


def _is_covered(test: CoalTest, covered: Mapping[str, tuple[date, date]]) -> bool:
    span = covered.get(test.laboratory.strip())
    day = test.issued or test.tested or test.received
    return span is not None and day is not None and span[0] <= day <= span[1]


def _unknown(ctx: CheckContext, tests: list[CoalTest]) -> Iterator[Hit]:
    if tests:
        yield _paper_hit(ctx, "B", tests, [])


def _foreign(ctx: CheckContext, pairs: list[tuple[CoalTest, list[OutsideRow]]]) -> Iterator[Hit]:
    if pairs:
        places = [{"report_no": t.report_no, "register": rows[0].place} for t, rows in pairs]
        yield _paper_hit(ctx, "C", [t for t, _rows in pairs], places)


def _paper_hit(
    ctx: CheckContext, letter: str, tests: list[CoalTest], places: list[dict[str, Any]]
) -> Hit:
    return make_hit(
        letter,
        months=[t.month for t in tests if t.month],
        cells=test_cells(tests, "report_no"),
        direction=Direction.FAVOURABLE,
        t_co2=effect(ctx, tests),
        root="lab-source",
        count=len(tests),
        numbers="、".join(t.report_no for t in tests),
        places=places,
    )


def _deviating(ctx: CheckContext, pairs: list[tuple[CoalTest, list[OutsideRow]]]) -> Iterator[Hit]:
    """Grave where a field is concerned that carbon rests on, else a question."""
    grave: list[tuple[CoalTest, OutsideRow, list[Deviation]]] = []
    slight: list[tuple[CoalTest, OutsideRow, list[Deviation]]] = []
    for test, rows in pairs:
        versions = [(row, _deviations(ctx, test, row)) for row in rows]
        row, worst = min(versions, key=lambda pair: len(pair[1]))
        if worst:
            deciding = any(d.field in DECIDING for d in worst)
            (grave if deciding else slight).append((test, row, worst))
    if grave:
        yield _deviation_hit(ctx, "A", grave)
    if slight:
        yield _deviation_hit(ctx, "D", slight)


def _deviations(ctx: CheckContext, test: CoalTest, row: OutsideRow) -> list[Deviation]:
    found = []
    days = int(ctx.p(P + "tolerance_days"))
    for name in DATES:
        ours, theirs = getattr(test, name), row[name]
        if ours and isinstance(theirs, date) and abs((ours - theirs).days) > days:
            found.append(Deviation(name, ours, theirs))
    for name in ANALYSIS:
        ours, theirs = getattr(test, name), row[name]
        limit = ctx.p(P + ("tolerance_heat" if name == "qgrad" else "tolerance"))
        if ours is not None and theirs is not None and abs(ours - Decimal(theirs)) > limit:
            found.append(Deviation(name, ours, theirs))
    if test.month and row["month"] and test.month != int(row["month"]):
        found.append(Deviation("month", test.month, int(row["month"])))
    if test.sample_no.strip() and row["sample_no"] and test.sample_no.strip() != row["sample_no"]:
        found.append(Deviation("sample_no", test.sample_no, row["sample_no"]))
    return found


def _deviation_hit(
    ctx: CheckContext,
    letter: str,
    cases: list[tuple[CoalTest, OutsideRow, list[Deviation]]],
) -> Hit:
    hidden = sum((_hidden(ctx, test, row) for test, row, _found in cases), ZERO)
    dated = [t for t, _row, found in cases if {d.field for d in found} & {"month", *DATES}]
    if letter == "D":
        direction, tonnes = Direction.UNKNOWN, ZERO
    else:
        direction = Direction.UNFAVOURABLE if hidden < 0 and not dated else Direction.FAVOURABLE
        tonnes = max(abs(hidden), effect(ctx, dated))
    fields = list(dict.fromkeys(d.field for _t, _r, found in cases for d in found))
    return make_hit(
        letter,
        months=[t.month for t, _row, _found in cases if t.month],
        cells=[c for t, _row, found in cases for c in test_cells([t], *(d.field for d in found))],
        direction=direction,
        t_co2=tonnes,
        root="lab-source",
        count=len(cases),
        numbers="、".join(t.report_no for t, _row, _found in cases),
        fields=[str(FIELDS[name]) for name in fields],
        differences=[
            {
                "report_no": test.report_no,
                "field": d.field,
                "reported": d.reported,
                "registered": d.registered,
                "register": row.place,
            }
            for test, row, found in cases
            for d in found
        ],
    )


FIELDS = {
    "month": _("样品月份"),
    "sample_no": _("样品编号"),
    "received": _("收样日期"),
    "tested": _("检测日期"),
    "issued": _("报告日期"),
    "mt": _("全水分Mar"),
    "mad": _("空干基水分Mad"),
    "aad": _("空干基灰分Aad"),
    "vad": _("空干基挥发分Vad"),
    "stad": _("空干基全硫Stad"),
    "had": _("空干基氢Had"),
    "cad": _("空干基碳Cad"),
    "qgrad": _("空干基高位发热量Qgrad"),
}


def _hidden(ctx: CheckContext, test: CoalTest, row: OutsideRow) -> Decimal:
    """tCO2 by which the registered carbon exceeds the reported one (negative: falls short)."""
    true = carbon_received(row, test)
    if true is None or test.car is None:
        return ZERO
    return carbon_effect(ctx, test, rounded(true, 4) - test.car)


def _left_out(ctx: CheckContext, entries: Mapping[Key, list[OutsideRow]]) -> Iterator[Hit]:
    """Tests of this plant's samples of the year that the laboratory made and the report omits."""
    reported = {report_key(t) for t in ctx.report.tests}
    rows = [
        same[-1]
        for key, same in entries.items()
        if key not in reported
        and same[-1]["client_code"] == ctx.report.credit_code
        and _year_of(same[-1]) == ctx.report.year
    ]
    if rows:
        yield make_hit(
            "E",
            months=[int(r["month"]) for r in rows if r["month"]],
            root="lab-left-out",
            count=len(rows),
            numbers="、".join(str(r["report_no"]) for r in rows),
            places=[r.place for r in rows],
        )


def _year_of(row: OutsideRow) -> int | None:
    """The year of the sample: that of its receipt, or the year before for months still to come."""
    day = row["received"] or row["tested"] or row["issued"]
    if not isinstance(day, date):
        return None
    return day.year - 1 if row["month"] and int(row["month"]) > day.month else day.year
