"""ARI-NCV-BASIS."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.support import make_hit, rounded
from emitters.facts import CheckContext, CoalTest

CODE = "check.ARI-NCV-BASIS."
HUNDRED = Decimal(100)


def net_as_received(test: CoalTest) -> Decimal | None:
    """Qnet,ar = (Qgr,ad − 206·H_ad)(100 − Mt)/(100 − Mad) − 23·Mt, in J/g (constant pressure)."""
    if test.qgrad is None or test.had is None or test.mt is None or test.mad is None:
        return None
    if test.mad >= HUNDRED:
        return None
    dry = (HUNDRED - test.mt) / (HUNDRED - test.mad)
    return (test.qgrad * 1000 - 206 * test.had) * dry - 23 * test.mt


def _hit(generator: str, letter: str, rows: list[tuple[CoalTest, Decimal, Decimal]]) -> Hit:
    """One result for all tests of a generator; the arithmetic of the worst is written out."""
    test, computed, gap = max(rows, key=lambda row: abs(row[2]))
    return make_hit(
        letter,
        generator=generator,
        months=[t.month for t, _c, _g in rows if t.month],
        cells=[t.cell(n) for t, _c, _g in rows for n in ("mt", "qnetar")],
        direction=Direction.UNKNOWN,
        root="moisture",
        count=len(rows),
        report_no=test.report_no,
        reported=test.qnetar,
        computed=rounded(computed / 1000, 3),
        gap=rounded(gap, 0),
        gaps=[rounded(g, 0) for _t, _c, g in rows],
        formula=f"({test.qgrad}×1000 − 206×{test.had}) × (100 − {test.mt})/(100 − {test.mad})"
        f" − 23×{test.mt}",
    )


@check(
    "ARI-NCV-BASIS",
    name=_("发热量换算"),
    family=Family.ARITHMETIC,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL, "impossible",
            _("{generator}机组{period}{count}份检测报告的收到基低位发热量与换算值不符；相差最大的{report_no}填报{reported} GJ/t，按{formula}为{computed} GJ/t，相差{gap} J/g。"),
        ),
        "B": Outcome(
            Severity.FATAL, "impossible",
            _("{generator}机组{period}{count}份检测报告的收到基低位发热量与换算值不符，超出换算可能的误差；相差最大的{report_no}填报{reported} GJ/t，按{formula}为{computed} GJ/t，相差{gap} J/g。"),
        ),
    },
    basis=_("GB/T 213：Qnet,ar =（Qgr,ad − 206Had）×（100 − Mt）/（100 − Mad）− 23Mt。"),
    what=_("按检测报告的高位发热量、氢、水分换算收到基低位发热量；相差超过60 J/g的须说明，超过300 J/g的不可受理。"),
    why=_("发现以高位发热量充当低位、基准混用和重复扣减水分。"),
    explain=_("说明采用恒容或恒压换算，提供检测报告原件。"),
    ask=_("向检测机构核对换算过程和全水分来源。"),
    parameters=("tolerance_j_per_g", "reality_j_per_g"),
)  # fmt: skip
def ncv_basis(ctx: CheckContext) -> Iterator[Hit]:
    """Net heating value of every test from its gross value."""
    if not ctx.report.tests:
        raise NotRun(_("没有煤样检测数据"))
    found: dict[tuple[str, str], list[tuple[CoalTest, Decimal, Decimal]]] = {}
    for test in ctx.report.tests:
        computed = net_as_received(test)
        if computed is None or test.qnetar is None:
            continue
        gap = test.qnetar * 1000 - computed
        if abs(gap) > ctx.p(CODE + "tolerance_j_per_g"):
            letter = "B" if abs(gap) > ctx.p(CODE + "reality_j_per_g") else "A"
            found.setdefault((test.generator, letter), []).append((test, computed, gap))
    for (generator, letter), rows in found.items():
        yield _hit(generator, letter, rows)
