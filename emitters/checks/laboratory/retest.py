"""LAB-RETEST: kept samples tested again elsewhere."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.laboratory.bases import of_row, of_test
from emitters.checks.laboratory.dates import test_cells
from emitters.checks.laboratory.register import carbon_effect, carbon_received
from emitters.checks.support import ZERO, make_hit, outside_rows, rounded
from emitters.facts import CheckContext, CoalTest
from emitters.outside import OutsideRow

P = "check.LAB-RETEST."
Case = tuple[CoalTest, OutsideRow, dict[str, Any]]


@check(
    "LAB-RETEST",
    name=_("留样复测结果不符"),
    family=Family.LABORATORY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "source",
            _(
                "{month_list}月留样复测与报告相差超限（干基碳最大{carbon}个百分点，热值最大{heat}GJ/t）。"
            ),
        ),
        "B": Outcome(
            Severity.FATAL,
            "source",
            _("{month_list}月留样复测干基碳与报告相差{carbon}个百分点，扣除灰分差异后仍超限。"),
        ),
    },
    basis=_("GB/T 476 碳的再现性约1.0个百分点、GB/T 213 热值再现性0.30MJ/kg；校核目录 LAB-RETEST"),
    what=_(
        "复测与报告按干基比较：碳超过1.0个百分点或热值超过0.30GJ/t；碳超过2.0个百分点且干燥无灰基也超过的为致命；"
        "留样超过6个月的按干燥无灰基比较，只作询问。"
    ),
    why=_("发现与留样不符的检测结果。"),
    explain=_("留样保存条件记录、复测样品缩分记录、再次仲裁检测。"),
    ask=_("其余留样的封存与仲裁检测；检测机构原始数据文件。"),
    parameters=("carbon", "carbon_high", "heat", "old_days"),
)
def retest(ctx: CheckContext) -> Iterator[Hit]:
    """Each retest against the report that it repeats."""
    rows = outside_rows(ctx, "retest")
    pairs = [(t, r) for r in rows for t in ctx.report.tests if _same(t, r)]
    compared = [(t, r, v) for t, r in pairs if (v := _difference(ctx, t, r))]
    if not compared:
        raise NotRun(_("没有可与报告比较的留样复测结果。"))
    for letter in ("A", "B"):
        found = [c for c in compared if _letter(ctx, c[2]) == letter]
        if found:
            yield _hit(ctx, letter, found)


def _same(test: CoalTest, row: OutsideRow) -> bool:
    return bool(row["report_no"]) and test.report_no.strip() == str(row["report_no"]).strip()


def _difference(ctx: CheckContext, test: CoalTest, row: OutsideRow) -> dict[str, Any]:
    """Reported minus retested on dry basis, and free of ash; empty when nothing can be compared."""
    first, again = of_test(test), of_row(row, test.mad)
    gaps = {n: rounded(first[n] - again[n], 3) for n in first if n in again}
    if "c_d" not in gaps and "q_d" not in gaps:
        return {}
    tested = row["tested"]
    age = (tested - test.issued).days if isinstance(tested, date) and test.issued else 0
    old = age > ctx.p(P + "old_days")
    basis = "daf" if old and {"c_daf", "q_daf"} & set(gaps) else "d"
    return {
        "report_no": test.report_no,
        "month": test.month,
        "old": old,
        "carbon": abs(gaps.get(f"c_{basis}", ZERO)),
        "heat": abs(gaps.get(f"q_{basis}", ZERO)),
        "gaps": gaps,
        "place": row.place,
    }


def _letter(ctx: CheckContext, values: dict[str, Any]) -> str:
    """Fatal only when the difference is in the coal's pure substance, not in the sample's ash."""
    high = ctx.p(P + "carbon_high")
    pure = abs(values["gaps"].get("c_daf", ZERO))
    if not values["old"] and values["carbon"] > high and pure > high:
        return "B"
    if values["carbon"] > ctx.p(P + "carbon") or values["heat"] > ctx.p(P + "heat"):
        return "A"
    return ""


def _hit(ctx: CheckContext, letter: str, cases: list[Case]) -> Hit:
    hidden = sum((_hidden(ctx, t, r) for t, r, _v in cases), ZERO)
    return make_hit(
        letter,
        months=[t.month for t, _r, _v in cases if t.month],
        cells=test_cells([t for t, _r, _v in cases], "cad", "qgrad"),
        direction=Direction.FAVOURABLE if hidden > 0 else Direction.UNFAVOURABLE,
        t_co2=abs(hidden),
        root="lab-retest",
        carbon=max(v["carbon"] for _t, _r, v in cases),
        heat=max(v["heat"] for _t, _r, v in cases),
        retests=[v for _t, _r, v in cases],
    )


def _hidden(ctx: CheckContext, test: CoalTest, row: OutsideRow) -> Decimal:
    """tCO2 by which the retested carbon exceeds the reported one."""
    true = carbon_received(row, test)
    return carbon_effect(ctx, test, true - test.car) if true is not None and test.car else ZERO
