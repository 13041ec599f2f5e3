"""LAB-MIX-HULL: the monthly composite among the coals that came in."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.laboratory.bases import of_row, of_test
from emitters.checks.laboratory.dates import COMPOSITE, test_cells
from emitters.checks.support import (
    ZERO,
    burning_months,
    make_hit,
    month_end,
    outside_rows,
    rounded,
)
from emitters.facts import CheckContext, CoalTest

P = "check.LAB-MIX-HULL."
Batch = tuple[date, Decimal, Mapping[str, Decimal]]  # day, t, values by basis


@check(
    "LAB-MIX-HULL",
    name=_("混样超出来煤范围"),
    family=Family.LABORATORY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "cross",
            _(
                "{month_list}月缩分样有两项以上指标超出同期入厂煤的范围（{outliers}），煤样可能不是该月入炉煤。"
            ),
        ),
    },
    basis=_(
        "缩分样是入炉煤的混合样，其干基、干燥无灰基指标应落在来煤最小值与最大值之间（计入再现性 R）；"
        "校核目录 LAB-MIX-HULL"
    ),
    what=_(
        "缩分样的干基灰分、全硫，干燥无灰基挥发分、氢、碳、热值，与当月及之前60日入厂煤各批次的[最小值－R，最大值＋R]比较。"
    ),
    why=_("发现并非该月入炉煤的煤样。"),
    explain=_("更早库存煤的取用记录、未列入批次台账的来煤及其化验单。"),
    ask=_("入厂煤批次化验单、采制样记录与影像、留存样复测。"),
    parameters=("window_days", "reproducibility", "outside", "batches", "coverage"),
)
def mix_hull(ctx: CheckContext) -> Iterator[Hit]:
    """Every monthly composite against the batches of its month and the weeks before."""
    rows = outside_rows(ctx, "receipt", any_year=True)
    inherent = _inherent(ctx)
    batches = [(r["day"], r["tonnes"] or ZERO, v) for r in rows if (v := of_row(r, inherent))]
    compared = False
    cases: list[tuple[CoalTest, dict[str, Any]]] = []
    for account in ctx.accounts.generators:
        for test, known in _composites(ctx, account, batches):
            compared = True
            outliers = _outliers(ctx, test, known)
            if len(outliers) >= ctx.p(P + "outside"):
                cases.append((test, outliers))
    if not compared:
        raise NotRun(_("入厂煤批次化验数据不足以与缩分样比较。"))
    if cases:
        yield make_hit(
            "A",
            months=[t.month for t, _o in cases if t.month],
            cells=[c for t, _o in cases for c in test_cells([t], "vad", "cad", "qgrad")],
            root="lab-sample",
            outliers=list(dict.fromkeys(name for _t, o in cases for name in o)),
            samples=[{"report_no": t.report_no, "month": t.month, **o} for t, o in cases],
        )


def _inherent(ctx: CheckContext) -> Decimal | None:
    """Usual air-dry moisture of the plant's tests, for batches that were analysed without it."""
    known = [t.mad for t in ctx.report.tests if t.mad is not None]
    return sum(known, ZERO) / len(known) if known else None


def _composites(
    ctx: CheckContext, account: GeneratorAccount, batches: list[Batch]
) -> Iterator[tuple[CoalTest, list[Batch]]]:
    """Composites for whose coal enough of what came in was analysed."""
    if account.coal is None:
        return
    for month, _entry in burning_months(account.coal):
        first = date(ctx.report.year, month, 1) - timedelta(days=int(ctx.p(P + "window_days")))
        last = month_end(ctx.report.year, month)
        known = [b for b in batches if first <= b[0] <= last]
        burnt = sum((_burnt(a, month) for a in ctx.accounts.generators), ZERO)
        enough = sum((t for _d, t, _v in known), ZERO) >= ctx.p(P + "coverage") * burnt
        if len(known) < ctx.p(P + "batches") or not enough:
            continue
        for test in ctx.report.tests_of(account.number, month):
            if test.kind == COMPOSITE:
                yield test, known


def _burnt(account: GeneratorAccount, month: int) -> Decimal:
    entry = account.coal[month] if account.coal else None
    return entry.fc if entry else ZERO


def _outliers(ctx: CheckContext, test: CoalTest, batches: list[Batch]) -> dict[str, Any]:
    found = {}
    values = of_test(test)
    for name, allowance in ctx.p(P + "reproducibility").items():
        range_of = [v[name] for _d, _t, v in batches if name in v]
        if name not in values or len(range_of) < ctx.p(P + "batches"):
            continue
        low, high = min(range_of) - allowance, max(range_of) + allowance
        if not low <= values[name] <= high:
            found[name] = {
                "sample": rounded(values[name]),
                "low": rounded(low),
                "high": rounded(high),
            }
    return found
