"""The unit's heat rate against its own normal: coal that was burnt but not reported shows here."""

from collections.abc import Iterator
from math import exp, expm1
from statistics import mean, stdev
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.own.events import TOPICS, declares
from emitters.checks.own.heat_rate import (
    MOST_SCATTER,
    PARAMETERS,
    HeatRate,
    Shift,
    heat_rate_of,
    year_shift,
)
from emitters.checks.own.months import own_months
from emitters.checks.own.robust import shown
from emitters.checks.support import ZERO, make_hit
from emitters.facts import CheckContext

P = "check.CON-HEATRATE-MODEL."


@check(
    "CON-HEATRATE-MODEL",
    name=_("热耗偏离本机组正常水平"),
    family=Family.CONSISTENCY,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "history",
            _(
                "机组{generator}{month_list}月单位发电燃料热量比本机组同负荷、同供热水平低{change}%（允许{limit}%），其余月份正常。"
            ),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "history",
            _(
                "机组{generator}全年单位发电燃料热量折算到同负荷、同供热为{now}GJ/MWh，比{base_year}年{before}GJ/MWh低{change}%，超过允许值{limit}%，未申报可以解释的事项。"
            ),
        ),
        "C": Outcome(
            Severity.CRITICAL,
            "statistics",
            _(
                "机组{generator}各月发电（供电）热耗几乎不变（变异系数{scatter}%），负荷变化{load_range}个百分点却不影响热耗，需要说明燃料量是否由固定煤耗倒推。"
            ),
        ),
        "D": Outcome(
            Severity.INFO,
            "history",
            _(
                "机组{generator}单位发电燃料热量较{base_year}年变化{change}%（{before}→{now}GJ/MWh，已折算；方向不利、已申报事项或在说明范围内）。"
            ),
        ),
        "E": Outcome(
            Severity.INFO,
            "history",
            _("机组{generator}{month_list}月单位发电燃料热量偏离本机组正常水平{change}%。"),
        ),
        "F": Outcome(
            Severity.INFO,
            "history",
            _(
                "机组{generator}单位发电燃料热量较{base_year}年低{change}%（{before}→{now}GJ/MWh，已折算），在允许的{limit}%之内，仅用于排序。"
            ),
        ),
    },
    basis=_(
        "核查技术指南：能耗、负荷与产量的关系应合理；校核目录 CON-HEATRATE-MODEL；§11.2（负荷每降10个百分点热耗升2%～3%）"
    ),
    what=_(
        "以本机组报告年度及相邻年度各月拟合 ln(燃料热量÷发电量)＝年度水平＋b·ln(负荷)＋c·供热比电＋d·供热比电²（稳健回归），比较年度水平和逐月残差。"
    ),
    why=_("发现全年或部分月份少报燃煤、多报电量，以及由目标煤耗倒推燃料量。"),
    explain=_("通流改造、大修的验收和性能试验报告，供热方式变化，计量表计更换与校验记录。"),
    ask=_("逐日入炉煤台账、皮带秤校验记录、电能表抄表记录、检修与技改档案。"),
    parameters=(
        "shift",
        "sigmas",
        "drift_sigmas",
        "event_cap",
        "month",
        "month_sigmas",
        "few_months",
        "flat_scatter",
        "flat_load",
        "flat_months",
        *PARAMETERS,
        TOPICS,
    ),
)
def heat_rate_model(ctx: CheckContext) -> Iterator[Hit]:
    """Year level, single months and flatness of each unit's heat rate."""
    seen = False
    for account in ctx.accounts.generators:
        model = heat_rate_of(ctx, account.number)
        if model is None:
            continue
        seen = True
        shift = year_shift(ctx, model)
        if shift is not None:
            yield from _shift_hits(ctx, account, model, shift)
        yield from _month_hits(ctx, account, model)
        yield from _flat_hits(ctx, account)
    if not seen:
        raise NotRun(_("运行月份、燃料热量或发电量不足，无法拟合热耗。"))


def _cells(account: GeneratorAccount) -> list[str]:
    row = account.coal or (account.fuels[0] if account.fuels else None)
    return [row.use.series["fc"].cell()] if row and "fc" in row.use.series else []


def _rows(model: HeatRate, year: int) -> list[dict[str, Any]]:
    """The months of a year with what the model expects, so that each can be redone."""
    return [
        {
            "month": m.month,
            "fuel_gj": shown(m.fuel, 0),
            "gen": shown(m.gen, 1),
            "load": shown(100 * m.load, 2),
            "heat_per_power": shown(m.heat_per_power, 3),
            "rate": shown(m.rate, 3),
            "expected": shown(m.rate / exp(r), 3),
        }
        for m, r in model.of_year(year)
    ]


def shift_limit(ctx: CheckContext, shift: Shift) -> float:
    """What a year may fall by itself (ln)."""
    return max(float(ctx.p(P + "shift")) / 100, float(ctx.p(P + "sigmas")) * shift.error)


def explained(ctx: CheckContext, shift: Shift) -> bool:
    """Whether a declared change of this or of the base year can explain a fall of this size."""
    declared = shift.parted or declares(ctx, ctx.report, "heat_rate")
    return declared and -shift.change <= float(ctx.p(P + "event_cap")) / 100


def _shift_hits(
    ctx: CheckContext, account: GeneratorAccount, model: HeatRate, shift: Shift
) -> Iterator[Hit]:
    limit = shift_limit(ctx, shift)
    lower = shift.change < 0
    letter = "B" if lower and not explained(ctx, shift) else "D"
    if abs(shift.change) <= limit:
        if letter != "B" or -shift.change <= float(ctx.p(P + "drift_sigmas")) * shift.error:
            return
        letter = "F"  # too small to ask about; several of them rank a plant before others
    yield make_hit(
        letter,
        generator=account.number,
        cells=_cells(account),
        direction=Direction.FAVOURABLE if lower else Direction.UNFAVOURABLE,
        t_co2=account.t_burn * shown(expm1(-shift.change), 6) if letter in "BF" else ZERO,
        root="heat-rate",
        base_year=shift.base_year,
        now=shown(exp(model.levels[ctx.report.year].value), 3),
        before=shown(exp(model.levels[shift.base_year].value), 3),
        change=shown(abs(100 * expm1(shift.change)), 2),
        limit=shown(100 * limit, 2),
        std_error=shown(100 * shift.error, 2),
        scatter=shown(100 * model.sigma, 2),
        load_slope=shown(model.load_slope, 3),
        levels={str(y): shown(exp(v.value), 3) for y, v in model.levels.items()},
        readings=_rows(model, ctx.report.year),
    )


def _month_hits(ctx: CheckContext, account: GeneratorAccount, model: HeatRate) -> Iterator[Hit]:
    """Months far from the year's own line. One alone may be a reading taken a day late."""
    now = ctx.report.year
    limit = max(
        float(ctx.p(P + "month")) / 100, float(ctx.p(P + "month_sigmas")) * _scatter(ctx, model)
    )
    wide = {m.month: r for m, r in model.of_year(now) if abs(r) > limit}
    low = {m: r for m, r in wide.items() if r < 0}
    asked = low if len(low) >= int(ctx.p(P + "few_months")) else {}
    rest = {m: r for m, r in wide.items() if m not in asked}
    for letter, chosen in (("A", asked), ("E", rest)):
        if not chosen:
            continue
        hidden = sum(
            ((account.t_month[m - 1] or ZERO) * shown(expm1(-r), 6) for m, r in chosen.items()),
            ZERO,
        )
        use = account.coal or account.fuels[0]
        yield make_hit(
            letter,
            generator=account.number,
            months=chosen,
            cells=[use.use.series["fc"].cell(m) for m in chosen],
            direction=Direction.FAVOURABLE if asked else _direction(chosen),
            t_co2=hidden if letter == "A" else ZERO,
            root="heat-rate",
            change=shown(100 * abs(sum(chosen.values()) / len(chosen)), 2),
            limit=shown(100 * limit, 2),
            scatter=shown(100 * model.sigma, 2),
            readings=_rows(model, now),
        )


def _scatter(ctx: CheckContext, model: HeatRate) -> float:
    """The months' scatter, but not what the asked months themselves bring into it."""
    return min(model.sigma, float(ctx.p(MOST_SCATTER)) / 100)


def _direction(residuals: dict[int, float]) -> Direction:
    if all(r < 0 for r in residuals.values()):
        return Direction.FAVOURABLE
    return Direction.UNFAVOURABLE if all(r > 0 for r in residuals.values()) else Direction.UNKNOWN


def _flat_hits(ctx: CheckContext, account: GeneratorAccount) -> Iterator[Hit]:
    """A boiler that does not feel its load: the fuel was worked out from a fixed rate."""
    own = own_months(ctx, ctx.report.year, account.number)
    loads = [m.load for m in own]
    if len(own) < int(ctx.p(P + "flat_months")):
        return
    moved = 100 * (max(loads) - min(loads))
    found = {
        "gen": [m.fuel * (1 - m.ratio) / m.gen for m in own],
        "sup": [m.fuel * (1 - m.ratio) / (m.gen * (1 - m.own_use)) for m in own if m.own_use],
    }
    flat = {name: 100 * stdev(v) / mean(v) for name, v in found.items() if len(v) == len(own)}
    basis = min(flat, key=lambda name: flat[name])
    if moved < float(ctx.p(P + "flat_load")) or flat[basis] >= float(ctx.p(P + "flat_scatter")):
        return
    yield make_hit(
        "C",
        generator=account.number,
        months=[m.month for m in own],
        cells=_cells(account),
        root="heat-rate-flat",
        scatter=shown(flat[basis], 3),
        load_range=shown(moved, 1),
        basis=basis,
        readings=[
            {
                "month": m.month,
                "load": shown(100 * m.load, 2),
                "power_rate": shown(rate, 4),
                "fuel_gj": shown(m.fuel, 0),
                "heat_ratio": shown(100 * m.ratio, 2),
            }
            for m, rate in zip(own, found[basis], strict=True)
        ],
    )
