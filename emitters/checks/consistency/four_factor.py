"""Year on year in four factors: heat rate, carbon per heat, oxidation, definition of output.

Emission per output has no others, so whoever cheats on fuel or output moves one of them. A factor that
another check names by itself is not named again here: this one adds up the weak ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import expm1, log, log1p

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.allowances import allowances_gained
from emitters.checks.consistency.heat_rate import explained, shift_limit
from emitters.checks.own import carbon as own_carbon
from emitters.checks.own import heat_rate as own_heat_rate
from emitters.checks.own import output as own_output
from emitters.checks.own.events import TOPICS, declares
from emitters.checks.own.months import near_years, own_months
from emitters.checks.own.output import Step, heat_fuel_step, own_use_step
from emitters.checks.own.robust import shown
from emitters.checks.physics.carbon_bias import carbon_limit
from emitters.checks.support import ZERO, annual, make_hit
from emitters.facts import CheckContext, Generator, ReportFacts

P = "check.CON-FOUR-FACTOR."
KGCE_PER_GJ = 34.12


@check(
    "CON-FOUR-FACTOR",
    name=_("四因子同比变化缺少说明"),
    family=Family.CONSISTENCY,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "history",
            _(
                "机组{generator}每供1GJ热分摊燃料折合{now}kgce，比{base_year}年{before}低{change}%，超过{limit}%：供热量偏高，或燃料量减少而供热比未变。"
            ),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "history",
            _(
                "机组{generator}热耗（{heat_rate}%）与单位热值含碳量（{carbon}%）较往年各自变化不大，但同向有利，合计{change}%，超过{limit}%。"
            ),
        ),
        "C": Outcome(
            Severity.INFO,
            "history",
            _(
                "机组{generator}每供1GJ热分摊燃料折合{now}kgce，比{base_year}年{before}低{change}%，在允许的{limit}%之内，仅用于排序。"
            ),
        ),
    },
    basis=_("核查技术指南：排放量、发电量、供热量同比变化应有说明；校核目录 CON-FOUR-FACTOR"),
    what=_(
        "单位产量排放＝热耗×单位热值含碳量×碳氧化率×产量口径，取对数分解与本机组相邻年度比较；热耗、碳各自在允许范围内而同向有利的合并判断；供热单位燃料单独比较。"
    ),
    why=_("发现分散在几个参数里的小幅调整，以及虚报供热量。"),
    explain=_("改造验收报告、供应商变更合同、供热用户与计量点变化、分摊方法变更的批准文件。"),
    ask=_("技改与性能试验报告、热量表台账与供热结算单、厂用电计量台账、日热值化验记录。"),
    parameters=(
        "sum",
        "sigmas",
        "share_sigmas",
        "heat_fuel",
        "heat_sigmas",
        "drift_sigmas",
        "event_cap",
        *own_carbon.PARAMETERS,
        *own_heat_rate.PARAMETERS,
        *own_output.PARAMETERS,
        TOPICS,
    ),
)
def four_factor(ctx: CheckContext) -> Iterator[Hit]:
    """Each generator's factors against its own other years."""
    seen = False
    for account in ctx.accounts.generators:
        if not other_years(ctx, account.number):
            continue
        seen = True
        yield from _sum_hits(ctx, account)
        yield from _heat_fuel_hits(ctx, account)
    if not seen:
        raise NotRun(_("没有本机组相邻年度的报告可供比较。"))


def other_years(ctx: CheckContext, number: str) -> list[tuple[ReportFacts, Generator]]:
    """The generator in the reports of near years."""
    near = near_years(ctx, int(ctx.p(own_output.P + "reach")))
    return [(r, g) for r in near if (g := r.generator(number))]


def _cells(account: GeneratorAccount, *codes: str) -> list[str]:
    rows = (account.generator.production.get(code) for code in codes)
    return [row.cell() for row in rows if row]


@dataclass(frozen=True, slots=True)
class _Factor:
    """ln change against the base year (negative: less emission for the same output), its error, and
    whether another check accuses it."""

    base_year: int
    change: float
    error: float
    accused: bool


def _heat_rate_factor(ctx: CheckContext, account: GeneratorAccount) -> _Factor | None:
    model = own_heat_rate.heat_rate_of(ctx, account.number)
    shift = own_heat_rate.year_shift(ctx, model) if model is not None else None
    if shift is None or explained(ctx, shift):
        return None
    accused = -shift.change > shift_limit(ctx, shift)
    return _Factor(shift.base_year, shift.change, shift.error, accused)


def _carbon_factor(ctx: CheckContext, account: GeneratorAccount) -> _Factor | None:
    """None where the laboratory's carbon speaks against an edit, or another coal explains the fall."""
    now = own_carbon.coal_year(ctx, ctx.report.year, account.number)
    others = own_carbon.other_coal_years(ctx, account.number) if now is not None else []
    if now is None or not others:
        return None
    seen = own_carbon.change(ctx, now, others)
    letter, limit = carbon_limit(ctx, seen)
    if letter != "A":
        return None
    accused = -seen.carbon_per_heat > limit
    return _Factor(seen.base.year, log1p(seen.carbon_per_heat), seen.error, accused)


def _sum_hits(ctx: CheckContext, account: GeneratorAccount) -> Iterator[Hit]:
    """Weak favourable changes of heat rate and carbon that add up. Oxidation follows a list of the
    year, any other value is named by PHY-OXIDATION."""
    rate, carbon = _heat_rate_factor(ctx, account), _carbon_factor(ctx, account)
    if rate is None or carbon is None or rate.accused or carbon.accused:
        return
    each = float(ctx.p(P + "share_sigmas"))
    if rate.change > -each * rate.error or carbon.change > -each * carbon.error:
        return
    total = -(rate.change + carbon.change)
    error = (rate.error**2 + carbon.error**2) ** 0.5
    limit = max(float(ctx.p(P + "sum")) / 100, float(ctx.p(P + "sigmas")) * error)
    if total <= limit:
        return
    coal = account.coal
    yield make_hit(
        "B",
        generator=account.number,
        cells=[*([coal.use.series["c_ar"].cell()] if coal else []), *_cells(account, "gen")],
        direction=Direction.FAVOURABLE,
        t_co2=account.t_burn * shown(expm1(total), 6),
        root="four-factor",
        heat_rate=shown(100 * expm1(rate.change), 2),
        carbon=shown(100 * expm1(carbon.change), 2),
        change=shown(-100 * expm1(-total), 2),
        limit=shown(100 * limit, 2),
        base_years=[rate.base_year, carbon.base_year],
        errors=[shown(100 * rate.error, 2), shown(100 * carbon.error, 2)],
        waterfall=_waterfall(ctx, account, rate, carbon),
    )


def _waterfall(
    ctx: CheckContext, account: GeneratorAccount, rate: _Factor, carbon: _Factor
) -> dict[str, Decimal]:
    """Log changes of all four factors, in %."""
    own_use = own_use_step(ctx, account.number)
    output = log((1 - own_use.before) / (1 - own_use.now)) if own_use else 0.0
    return {
        "heat_rate": shown(100 * rate.change, 2),
        "carbon": shown(100 * carbon.change, 2),
        "oxidation": shown(100 * _oxidation_change(ctx, account, rate.base_year), 2),
        "output": shown(100 * output, 2),
    }


def _oxidation_change(ctx: CheckContext, account: GeneratorAccount, base_year: int) -> float:
    base = next((r for r in ctx.history if r.year == base_year), None)
    before = _oxidation(base.generator(account.number)) if base else None
    now = _oxidation(account.generator)
    return log(now / before) if now and before else 0.0


def _oxidation(generator: Generator | None) -> float:
    """Oxidation of the year weighted by heat, %; zero when unknown."""
    heat = burnt = 0.0
    for use in generator.fuels if generator else ():
        for month in range(1, 13):
            fc, ncv, of = (use.value(code, month) for code in ("fc", "ncv", "of"))
            if fc and ncv and of:
                heat += float(fc * ncv)
                burnt += float(fc * ncv * of)
    return burnt / heat if heat else 0.0


def heat_fuel_limit(ctx: CheckContext, step: Step) -> float:
    """How far the fuel charged to a GJ of heat may move between years (share)."""
    return max(float(ctx.p(P + "heat_fuel")) / 100, float(ctx.p(P + "heat_sigmas")) * step.error)


def heat_excused(ctx: CheckContext, step: Step) -> bool:
    """Whether a declared event explains that heat takes less fuel."""
    declared = declares(ctx, ctx.report, "output") or declares(ctx, ctx.report, "heat_rate")
    return declared and -step.change <= float(ctx.p(P + "event_cap")) / 100


def _heat_fuel_hits(ctx: CheckContext, account: GeneratorAccount) -> Iterator[Hit]:
    """Fuel charged to a GJ of heat: boiler and pipes change little from year to year."""
    step = heat_fuel_step(ctx, account.number)
    if step is None:
        return
    limit = heat_fuel_limit(ctx, step)
    least = min(limit, float(ctx.p(P + "drift_sigmas")) * step.error)
    if -step.change <= least or heat_excused(ctx, step):
        return
    heat = annual(account.generator, "heat") or ZERO
    yield make_hit(
        "A" if -step.change > limit else "C",  # C: only ranks
        generator=account.number,
        cells=_cells(account, "heat", "heat_ratio"),
        direction=Direction.FAVOURABLE,
        t_allowance=allowances_gained(ctx, account, heat=heat * shown(1 + step.change, 6)),
        root="heat",
        change=shown(-100 * step.change, 2),
        limit=shown(100 * limit, 2),
        std_error=shown(100 * step.error, 2),
        heat=heat,
        readings=[
            {
                "month": m.month,
                "heat": shown(m.heat, 1),
                "heat_ratio": shown(100 * m.ratio, 2),
                "fuel_gj": shown(m.fuel, 0),
                "kgce_per_gj": shown(KGCE_PER_GJ * m.ratio * m.fuel / m.heat, 2),
            }
            for m in own_months(ctx, ctx.report.year, account.number)
            if m.heat
        ],
        base_year=step.base_year,
        before=shown(KGCE_PER_GJ * step.before, 2),
        now=shown(KGCE_PER_GJ * step.now, 2),
    )
