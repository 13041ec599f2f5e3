"""Heat from composition: of a coal test, one number edited alone no longer fits the rest."""

from collections.abc import Iterator, Sequence
from statistics import StatisticsError, correlation, median
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import FuelAccount, GeneratorAccount
from emitters.checks.own.carbon import PARAMETERS, other_coal_years
from emitters.checks.own.composition import (
    FORMULAS,
    Composition,
    fired_coals,
    heat_gap,
    modelled_heat,
)
from emitters.checks.own.robust import scatter, shown
from emitters.checks.support import ZERO, make_hit
from emitters.facts import CheckContext

P = "check.PHY-CALORIFIC-MODEL."
Reading = tuple[Composition, float]


@check(
    "PHY-CALORIFIC-MODEL",
    name=_("检测热值与元素组成不符"),
    family=Family.PHYSICS,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "physics",
            _(
                "机组{generator}全年煤样检测的干基高位发热量比元素组成推算值高{gap}%（中位数，允许{limit}%），元素碳检测值可能偏低。"
            ),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "physics",
            _(
                "机组{generator}{month_list}月煤样检测的发热量与元素组成推算值之差偏离本机组正常水平{gap}个百分点（允许{limit}个百分点）。"
            ),
        ),
        "C": Outcome(
            Severity.INFO,
            "physics",
            _("机组{generator}全年煤样灰分与发热量不呈负相关（相关系数{correlation}）。"),
        ),
        "D": Outcome(
            Severity.INFO,
            "physics",
            _(
                "机组{generator}煤样检测的发热量与元素组成推算值相差{gap}%（个别检测、方向不利或与其他年度一致）。"
            ),
        ),
    },
    basis=_(
        "Channiwala–Parikh公式与Dulong公式（干基高位发热量）；核查技术指南：灰分与热值负相关；校核目录 PHY-CALORIFIC-MODEL"
    ),
    what=_(
        "由检测报告的碳、氢、硫、灰分（氧由差减，氮取常见值）按两式推算干基高位发热量，取平均与检测值比较；本机组全年中位偏差视为煤源特性，再看单次偏离。"
    ),
    why=_("发现只改元素碳（或只改热值）、其余数据照旧的检测报告。"),
    explain=_("高灰、高碳酸盐煤的专门检测，煤源特性的历年检测资料，检测机构复检结果。"),
    ask=_("检测机构原始记录（碳氢仪、量热仪打印记录）、留存样复测。"),
    parameters=(
        "year",
        "month",
        "month_sigmas",
        "ash",
        "own_offset",
        "tests",
        "few_tests",
        "ash_tests",
        "ash_spread",
        "ash_correlation",
        *PARAMETERS,
    ),
)
def calorific_model(ctx: CheckContext) -> Iterator[Hit]:
    """Tested heat against composition, over the year and by test."""
    seen = False
    for account in ctx.accounts.generators:
        if account.coal is None:
            continue
        coals = fired_coals(ctx, ctx.report.year, account.number)
        readings = [(c, gap) for c in coals if (gap := heat_gap(ctx, c)) is not None]
        if not readings:
            continue
        seen = True
        middle = median(gap for _c, gap in readings)
        if len(readings) >= int(ctx.p(P + "tests")):
            yield from _year_hits(ctx, account, account.coal, readings, middle)
            yield from _test_hits(ctx, account, readings, middle)
        yield from _ash_hits(ctx, account, readings)
    if not seen:
        raise NotRun(_("没有同时给出碳、氢、硫、灰分、水分和高位发热量的煤样检测。"))


def _looser(ctx: CheckContext, coals: Sequence[Composition]) -> int:
    """The formulas disagree at high ash: limits count double there."""
    return 2 if median(c.ash for c in coals) > float(ctx.p(P + "ash")) else 1


def _cells(readings: Sequence[Reading]) -> list[str]:
    return [
        c.test.cell(name) for c, _g in readings for name in ("cad", "qgrad") if name in c.test.cells
    ]


def _carbon_share(ctx: CheckContext, readings: Sequence[Reading], gap: float) -> float:
    """Share of the carbon that would close a heat gap (%): more carbon is less oxygen."""
    formulas = ctx.p(FORMULAS).values()
    per_point = sum(float(f["carbon"]) - float(f.get("oxygen", 0)) for f in formulas) / len(
        formulas
    )
    heat = median(modelled_heat(ctx, c)[1] for c, _g in readings)
    return gap / 100 * heat / per_point / median(c.carbon for c, _g in readings)


def _year_hits(
    ctx: CheckContext,
    account: GeneratorAccount,
    coal: FuelAccount,
    readings: Sequence[Reading],
    middle: float,
) -> Iterator[Hit]:
    limit = float(ctx.p(P + "year")) * _looser(ctx, [c for c, _g in readings])
    if abs(middle) <= limit:
        return
    gaps = [y.heat_gap for y in other_coal_years(ctx, account.number)]
    known = [g for g in gaps if g is not None]
    usual = len(known) > 1 and abs(middle - median(known)) <= float(ctx.p(P + "own_offset"))
    accused = middle > 0 and not usual
    share = _carbon_share(ctx, readings, middle)
    yield make_hit(
        "A" if accused else "D",
        generator=account.number,
        cells=_cells(readings),
        direction=Direction.FAVOURABLE if middle > 0 else Direction.UNFAVOURABLE,
        t_co2=coal.t_co2 * shown(share, 6) if accused else ZERO,
        root="carbon",
        gap=shown(middle, 2),
        limit=shown(limit, 2),
        other_years=[shown(g, 2) for g in known],
        readings=[_evidence(ctx, c, g) for c, g in readings],
    )


def _test_hits(
    ctx: CheckContext, account: GeneratorAccount, readings: Sequence[Reading], middle: float
) -> Iterator[Hit]:
    noise = scatter([g for _c, g in readings])
    looser = _looser(ctx, [c for c, _g in readings])
    limit = max(float(ctx.p(P + "month")) * looser, float(ctx.p(P + "month_sigmas")) * noise)
    wide = [(c, g) for c, g in readings if abs(g - middle) > limit]
    if not wide:
        return
    gaps = [g - middle for _c, g in wide]
    yield make_hit(
        "B" if len(wide) >= int(ctx.p(P + "few_tests")) else "D",
        generator=account.number,
        months=[c.test.month for c, _g in wide if c.test.month],
        cells=_cells(wide),
        direction=Direction.FAVOURABLE if min(gaps) > 0 else Direction.UNKNOWN,
        root="carbon",
        gap=shown(max(gaps, key=abs), 2),
        limit=shown(limit, 2),
        scatter=shown(noise, 2),
        readings=[_evidence(ctx, c, g) for c, g in wide],
    )


def _ash_hits(
    ctx: CheckContext, account: GeneratorAccount, readings: Sequence[Reading]
) -> Iterator[Hit]:
    """Ash displaces what burns: with enough spread the two must move against each other."""
    ash = [c.ash for c, _g in readings]
    if len(ash) < int(ctx.p(P + "ash_tests")) or max(ash) - min(ash) <= ctx.p(P + "ash_spread"):
        return
    try:
        found = correlation(ash, [c.gross or 0.0 for c, _g in readings])
    except StatisticsError:  # the heat never changes
        found = 0.0
    if found >= float(ctx.p(P + "ash_correlation")):
        yield make_hit(
            "C",
            generator=account.number,
            cells=_cells(readings),
            root="carbon",
            correlation=shown(found, 2),
            readings=[_evidence(ctx, c, g) for c, g in readings],
        )


def _evidence(ctx: CheckContext, coal: Composition, gap: float) -> dict[str, Any]:
    """The test on dry basis with each formula's heat."""
    formulas, mean = modelled_heat(ctx, coal)
    dry = {
        "c_d": coal.carbon,
        "h_d": coal.hydrogen,
        "s_d": coal.sulphur,
        "a_d": coal.ash,
        "n_d": coal.nitrogen,
        "o_d": coal.oxygen,
        "q_d": coal.gross,
    }
    return {
        "month": coal.test.month,
        "report_no": coal.test.report_no,
        **{name: shown(value, 3) for name, value in dry.items()},
        **{name: shown(heat, 3) for name, heat in formulas.items()},
        "modelled": shown(mean, 3),
        "gap": shown(gap, 2),
    }
