"""Carbon against heat, month by month: a carbon figure edited without its heat leaves the line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log
from statistics import median
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import FuelAccount, GeneratorAccount
from emitters.checks.own.carbon import (
    PARAMETERS,
    character_of,
    coal_year,
    other_coal,
    other_coal_years,
)
from emitters.checks.own.composition import Composition, fired_coals
from emitters.checks.own.months import OwnMonth
from emitters.checks.own.robust import scatter, shown
from emitters.checks.support import HUNDRED, ZERO, band_key, make_hit, rounded
from emitters.facts import CheckContext

P = "check.PHY-C-NCV-RESID."


@check(
    "PHY-C-NCV-RESID",
    name=_("月度元素碳偏离碳热关系"),
    family=Family.PHYSICS,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "physics",
            _(
                "机组{generator}{month_list}月单位热值含碳量比本机组其余月份平均低{change}%，干燥无灰基碳低{carbon_daf}个百分点，其他煤质指标未变。"
            ),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "physics",
            _(
                "机组{generator}{rank}{month_list}月收到基碳低于同煤种碳热回归{largest}个百分点（允许{limit}个百分点）。"
            ),
        ),
        "C": Outcome(
            Severity.INFO,
            "physics",
            _("机组{generator}{month_list}月元素碳偏离碳热关系（个别月份，或煤质指标同时变化）。"),
        ),
    },
    basis=_(
        "同一煤种收到基碳与低位发热量近似线性（已发表回归均方根误差约0.8个百分点）；校核目录 PHY-C-NCV-RESID"
    ),
    what=_(
        "逐月单位热值含碳量与本机组全年中位数比较，离散取本机组各年较小者；同时比较干燥无灰基碳。另按煤种回归 碳(%)＝a＋b×低位发热量 计算残差。"
    ),
    why=_("发现部分月份只改碳、不改热的检测结果。"),
    explain=_("该月煤源变化的采购台账和煤质报告、检测机构的复检结果。"),
    ask=_("该月元素碳检测原始记录、检测机构留底、留存样复测。"),
    parameters=(
        "month",
        "month_sigmas",
        "carbon_daf",
        "carbon_daf_sigmas",
        "carbon_daf_scatter",
        "alone",
        "alone_sigmas",
        "few_months",
        "regression",
        "regression_months",
        *PARAMETERS,
    ),
)
def carbon_months(ctx: CheckContext) -> Iterator[Hit]:
    """Months off the unit's own line, and off the line of the rank."""
    seen = False
    for account in ctx.accounts.generators:
        coal = account.coal
        year = coal_year(ctx, ctx.report.year, account.number) if coal is not None else None
        if coal is None or year is None:
            continue
        seen = True
        others = [y.scatter for y in other_coal_years(ctx, account.number)]
        spread = min([year.scatter, *others])
        yield from _own_hits(ctx, account, coal, year.months, spread)
        yield from _rank_hits(ctx, account, coal, year.months)
    if not seen:
        raise NotRun(_("实测元素碳的燃煤月份不足。"))


@dataclass(frozen=True, slots=True)
class _Month:
    """A month's deviation: `ratio` ln(cc / median of the year), `carbon` ash-free points from the
    median (None without a test)."""

    month: OwnMonth
    ratio: float
    carbon: float | None


def _by_month(coals: Sequence[Composition]) -> Mapping[int, Composition]:
    """The test of each month that has one only."""
    months = [c.test.month for c in coals]
    return {c.test.month: c for c in coals if c.test.month and months.count(c.test.month) == 1}


def _deviations(months: Sequence[OwnMonth], tests: Mapping[int, Composition]) -> list[_Month]:
    level = median(m.cc or 0.0 for m in months)
    carbons = {n: c.daf("carbon") or 0.0 for n, c in tests.items()}
    middle = median(carbons.values()) if carbons else 0.0
    return [
        _Month(
            m,
            log((m.cc or level) / level),
            carbons[m.month] - middle if m.month in carbons else None,
        )
        for m in months
    ]


def _low(ctx: CheckContext, found: Sequence[_Month], spread: float) -> list[_Month]:
    """Months whose carbon is low for their heat; ash-free carbon has to agree where it is tested."""
    known = [f.carbon for f in found if f.carbon is not None]
    noise = max(scatter(known), float(ctx.p(P + "carbon_daf_scatter")))
    carbon = max(float(ctx.p(P + "carbon_daf")), float(ctx.p(P + "carbon_daf_sigmas")) * noise)
    with_carbon = max(float(ctx.p(P + "month")) / 100, float(ctx.p(P + "month_sigmas")) * spread)
    alone = max(float(ctx.p(P + "alone")) / 100, float(ctx.p(P + "alone_sigmas")) * spread)
    return [
        f
        for f in found
        if (f.carbon is None and f.ratio < -alone)
        or (f.carbon is not None and f.carbon < -carbon and f.ratio < -with_carbon)
    ]


def _own_hits(
    ctx: CheckContext,
    account: GeneratorAccount,
    coal: FuelAccount,
    months: Sequence[OwnMonth],
    spread: float,
) -> Iterator[Hit]:
    tests = _by_month(fired_coals(ctx, ctx.report.year, account.number))
    found = _deviations(months, tests)
    low = _low(ctx, found, spread)
    if not low:
        return
    chosen = [f.month.month for f in low]
    kind = _kind_gap(tests, chosen)
    asked = len(low) >= int(ctx.p(P + "few_months")) and not other_coal(ctx, kind)
    carbons = [f.carbon for f in low if f.carbon is not None]
    hidden = sum(
        ((coal[f.month.month].t_co2 or ZERO) * shown(-f.ratio, 6) for f in low),  # type: ignore[union-attr]
        ZERO,
    )
    yield make_hit(
        "A" if asked else "C",
        generator=account.number,
        months=chosen,
        cells=[coal.use.series["c_ar"].cell(m) for m in chosen],
        direction=Direction.FAVOURABLE,
        t_co2=hidden if asked else ZERO,
        root="carbon",
        change=shown(-100 * sum(f.ratio for f in low) / len(low), 2),
        carbon_daf=shown(-sum(carbons) / len(carbons), 2) if carbons else "—",
        scatter=shown(100 * spread, 2),
        kind={name: shown(value, 2) for name, value in kind.items()},
        readings=[_evidence(f, tests) for f in found],
    )


def _kind_gap(tests: Mapping[int, Composition], chosen: Sequence[int]) -> dict[str, float]:
    """How other results of the chosen months differ from those of the rest."""
    inside = character_of([c for n, c in tests.items() if n in chosen], 1)
    outside = character_of([c for n, c in tests.items() if n not in chosen], 1)
    return {name: value - outside[name] for name, value in inside.items() if name in outside}


def _evidence(found: _Month, tests: Mapping[int, Composition]) -> dict[str, Any]:
    test = tests.get(found.month.month)
    return {
        "month": found.month.month,
        "cc": shown(found.month.cc, 5),
        "from_median": shown(100 * found.ratio, 2),
        "carbon_daf": shown(test.daf("carbon"), 2) if test else None,
    }


def _rank_hits(
    ctx: CheckContext, account: GeneratorAccount, coal: FuelAccount, months: Sequence[OwnMonth]
) -> Iterator[Hit]:
    """Residuals from the published line of the rank; blends with gangue have no line."""
    line = ctx.p(P + "regression").get(band_key(account.generator, coal))
    if line is None:
        return
    limit = line["sigmas"] * line["rmse"]
    low: dict[int, Decimal] = {}
    for entry in months:
        reported = coal[entry.month]
        if reported is None or not reported.c_ar or not reported.ncv:
            continue
        residual = HUNDRED * reported.c_ar - (line["intercept"] + line["slope"] * reported.ncv)
        if residual < -limit:
            low[entry.month] = residual
    if len(low) < int(ctx.p(P + "regression_months")):
        return
    hidden = sum(
        ((coal[m].t_co2 or ZERO) * -r / (HUNDRED * coal[m].c_ar) for m, r in low.items()),  # type: ignore[union-attr,operator]
        ZERO,
    )
    yield make_hit(
        "B",
        generator=account.number,
        months=low,
        cells=[coal.use.series["c_ar"].cell(m) for m in low],
        direction=Direction.FAVOURABLE,
        t_co2=hidden,
        root="carbon",
        rank=coal.use.rank,
        largest=rounded(-min(low.values())),
        limit=rounded(limit),
        line=line,
        readings=[
            {
                "month": m,
                "c_percent": HUNDRED * coal[m].c_ar,  # type: ignore[union-attr,operator]
                "ncv": coal[m].ncv,  # type: ignore[union-attr]
                "residual": rounded(r),
            }
            for m, r in low.items()
        ],
    )
