"""HIS-YOY: a year's own use, heat and heating value against the unit's own other years.

Heat rate and carbon per heat have checks of their own (CON-HEATRATE-MODEL, PHY-C-NCV-BIAS); what they
do not name and is large enough to be told stands here.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.allowances import allowances_gained, net_supply_counts
from emitters.checks.consistency.four_factor import (
    KGCE_PER_GJ,
    heat_excused,
    heat_fuel_limit,
    other_years,
)
from emitters.checks.consistency.four_factor import P as HEAT
from emitters.checks.own import output as own_output
from emitters.checks.own.events import TOPICS, declares
from emitters.checks.own.output import Step, heat_fuel_step, own_use_step
from emitters.checks.own.robust import shown
from emitters.checks.support import DEFAULT, HUNDRED, ZERO, annual, make_hit
from emitters.facts import CheckContext, Generator, ReportFacts

P = "check.HIS-YOY."


@check(
    "HIS-YOY",
    name=_("同比变化缺少说明"),
    family=Family.HISTORY,
    level="L2",
    outcomes={
        "C": Outcome(
            Severity.CRITICAL,
            "history",
            _(
                "机组{generator}厂用电率折算到同负荷、同供热比为{now}%，比{base_year}年{before}%低，超过允许值{limit}个百分点，未申报原因。"
            ),
        ),
        "D": Outcome(
            Severity.INFO,
            "history",
            _("机组{generator}较往年有较大变化：{changes}（方向不利、已申报，或不影响配额）。"),
        ),
    },
    basis=_("核查技术指南：排放量、发电量、供热量同比变化应有说明；校核目录 CON-FOUR-FACTOR"),
    what=_("厂用电率（折算到同负荷、同供热比）、单位供热燃料、缺省月份热值与本机组相邻年度比较。"),
    why=_("发现压低厂用电、改变分摊口径等做法，并记录较大的变化。"),
    explain=_("改造验收报告、供热用户与计量点变化、分摊方法变更的批准文件、规则变化。"),
    ask=_("厂用电计量台账、热量表台账与供热结算单、日热值化验记录。"),
    parameters=(
        "own_use",
        "own_use_sigmas",
        "ncv",
        HEAT + "heat_fuel",
        HEAT + "heat_sigmas",
        HEAT + "event_cap",
        *own_output.PARAMETERS,
        TOPICS,
    ),
)
def year_on_year(ctx: CheckContext) -> Iterator[Hit]:
    """Each generator against its own other years."""
    seen = False
    for account in ctx.accounts.generators:
        others = other_years(ctx, account.number)
        if not others:
            continue
        seen = True
        told: list[dict[str, Any]] = []
        yield from _own_use_hits(ctx, account, told)
        _tell_heat_fuel(ctx, account, told)
        _tell_heating_value(ctx, account, others, told)
        if told:
            yield _told_hit(account, told)
    if not seen:
        raise NotRun(_("没有本机组相邻年度的报告可供比较。"))


def _cells(account: GeneratorAccount, *codes: str) -> list[str]:
    rows = (account.generator.production.get(code) for code in codes)
    return [row.cell() for row in rows if row]


def _told_hit(account: GeneratorAccount, told: Sequence[dict[str, Any]]) -> Hit:
    return make_hit(
        "D",
        generator=account.number,
        cells=_cells(account, "gen"),
        root="year-on-year",
        changes="；".join(f"{t['unit']} {t['before']}→{t['now']}" for t in told),
        details=list(told),
    )


def _own_use_hits(
    ctx: CheckContext, account: GeneratorAccount, told: list[dict[str, Any]]
) -> Iterator[Hit]:
    """Own use counts while net supply earns the allowances."""
    step = own_use_step(ctx, account.number)
    if step is None:
        return
    limit = max(float(ctx.p(P + "own_use")) / 100, float(ctx.p(P + "own_use_sigmas")) * step.error)
    if abs(step.change) <= limit:
        return
    values = _step_values("厂用电率", "%", step, limit)
    declared = declares(ctx, ctx.report, "heat_rate")
    if step.change > 0 or declared or not net_supply_counts(ctx):
        told.append(values)
        return
    supplied = annual(account.generator, "sup") or ZERO
    generated = annual(account.generator, "gen") or ZERO
    yield make_hit(
        "C",
        generator=account.number,
        cells=_cells(account, "sup", "gen"),
        direction=Direction.FAVOURABLE,
        t_allowance=allowances_gained(
            ctx, account, output=supplied + generated * shown(step.change, 6)
        ),
        root="own-use",
        **values,
    )


def _step_values(factor: str, unit: str, step: Step, limit: float) -> dict[str, Any]:
    return {
        "factor": factor,
        "unit": unit,
        "base_year": step.base_year,
        "before": shown(100 * step.before, 3),
        "now": shown(100 * step.now, 3),
        "limit": shown(100 * limit, 2),
        "std_error": shown(100 * step.error, 3),
    }


def _tell_heat_fuel(
    ctx: CheckContext, account: GeneratorAccount, told: list[dict[str, Any]]
) -> None:
    """Fuel charged to a GJ of heat that rose, or fell for a declared reason."""
    step = heat_fuel_step(ctx, account.number)
    if step is None or abs(step.change) <= heat_fuel_limit(ctx, step):
        return
    if step.change > 0 or heat_excused(ctx, step):
        told.append(
            {
                "factor": "供热煤耗",
                "unit": "kgce/GJ",
                "base_year": step.base_year,
                "before": shown(KGCE_PER_GJ * step.before, 2),
                "now": shown(KGCE_PER_GJ * step.now, 2),
            }
        )


def _tell_heating_value(
    ctx: CheckContext,
    account: GeneratorAccount,
    others: Sequence[tuple[ReportFacts, Generator]],
    told: list[dict[str, Any]],
) -> None:
    """Heating value counts where carbon is heat times the default. Coal itself varies that much: the
    heat rate decides whether heat is missing."""
    coal = account.coal
    if coal is None or DEFAULT not in (coal.use.method("c_ar"), coal.use.method("cc")):
        return
    now = _heating_value(account.generator)
    known = {r.year: value for r, g in others if (value := _heating_value(g)) is not None}
    if now is None or not known:
        return
    base_year = min(known, key=lambda y: abs(y - ctx.report.year))
    if abs(1 - now / known[base_year]) > ctx.p(P + "ncv") / HUNDRED:
        told.append(
            {
                "factor": "收到基低位发热量",
                "unit": "GJ/t",
                "base_year": base_year,
                "before": shown(known[base_year], 3),
                "now": shown(now, 3),
            }
        )


def _heating_value(generator: Generator) -> Decimal | None:
    """The coal's heating value of the year weighted by consumption, GJ/t."""
    use = next((f for f in generator.fuels if f.fuel == "燃煤"), None)
    if use is None:
        return None
    pairs = [(use.value("fc", m) or ZERO, use.value("ncv", m)) for m in range(1, 13)]
    weight = sum((fc for fc, ncv in pairs if ncv), ZERO)
    return sum((fc * ncv for fc, ncv in pairs if ncv), ZERO) / weight if weight else None
