"""STA-ONE-DIRECTION: many small deviations that all help the enterprise."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from math import comb
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.allowances import net_supply_counts
from emitters.checks.own import carbon, heat_rate, output
from emitters.checks.support import (
    HUNDRED,
    ZERO,
    annual,
    burning_months,
    daily_weighted,
    make_hit,
)
from emitters.facts import COAL, CheckContext

P = "check.STA-ONE-DIRECTION."
Measure = Callable[[CheckContext], Decimal | None]


class Signal(NamedTuple):
    """A deviation in percent (points for moisture), positive when it helps the enterprise."""

    name: str
    title: Any
    value: Decimal


@check(
    "STA-ONE-DIRECTION",
    name=_("各项偏差均有利于企业"),
    family=Family.STATISTICS,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "statistics",
            _("{count}项独立偏差中{favourable}项有利于企业（偶然概率{chance}%）：{signs}。"),
        ),
        "B": Outcome(
            Severity.INFO,
            "statistics",
            _("{count}项独立偏差中{favourable}项有利于企业（偶然概率{chance}%）：{signs}。"),
        ),
    },
    basis=_("无意的误差方向不定；校核目录 STA-ONE-DIRECTION（二项分布）"),
    what=_(
        "盘点、样品水分、外检热值、碳热比、热耗、供热煤耗、厂用电率与往年或台账之差，及与电网、热力、在线监测、"
        "统计、发票之差；每类只计一次，过小的不计；按二项分布计算全部（或几乎全部）同向的概率。"
    ),
    why=_("发现每项都在允许范围内、合起来偏向一方的系统性调整。"),
    explain=_("共同原因的说明（如一台衡器偏差）；各项偏差的原始记录。"),
    ask=_("各项偏差涉及的计量器具校准记录、结算单、盘点记录。"),
    parameters=(
        "notice",
        "usual",
        "chance",
        "chance_told",
        *carbon.PARAMETERS,
        *heat_rate.PARAMETERS,
        *output.PARAMETERS,
    ),
)
def one_direction(ctx: CheckContext) -> Iterator[Hit]:
    """Signs of independent deviations, one of each kind."""
    signals = list(_signals(ctx))
    favourable = sum(1 for s in signals if s.value > 0)
    chance = sum(comb(len(signals), k) for k in range(favourable, len(signals) + 1))
    probability = chance / 2 ** len(signals)
    if 2.0 ** -len(signals) > ctx.p(P + "chance_told"):
        raise NotRun(_("可比较的独立偏差不足七项。"))
    if probability > ctx.p(P + "chance_told"):
        return
    yield make_hit(
        "A" if probability <= ctx.p(P + "chance") else "B",
        direction=Direction.FAVOURABLE,
        root="direction",
        count=len(signals),
        favourable=favourable,
        chance=f"{100 * probability:.2f}",
        signs={str(s.title): f"{s.value:+.2f}" for s in signals},
    )


def _signals(ctx: CheckContext) -> Iterator[Signal]:
    """What is large enough to have a sign, beyond what is usual (losses between plant and customer)."""
    notice, usual = ctx.p(P + "notice"), ctx.p(P + "usual")
    for name, (title, measure) in SIGNALS.items():
        value = measure(ctx)
        if value is not None:
            value -= usual.get(name, ZERO)
            if abs(value) >= notice[name]:
                yield Signal(name, title, value)


def _stocktake(ctx: CheckContext) -> Decimal | None:
    """Coal written off at stocktakes, % of use."""
    ledger = ctx.report.stock(COAL)
    adjusted, used = (ledger.series.get(c) if ledger else None for c in ("adj", "used"))
    if adjusted is None or used is None or not used.total:
        return None
    return -HUNDRED * adjusted.total / used.total


def _moisture(ctx: CheckContext) -> Decimal | None:
    """Moisture of the tests above that of the daily ledger, points."""
    gaps = [
        test.mt - daily
        for a in ctx.accounts.generators
        for month, _entry in (burning_months(a.coal) if a.coal else ())
        for test in ctx.report.tests_of(a.number, month)
        if test.mt is not None and (daily := daily_weighted(ctx, a.number, month, "mt")) is not None
    ]
    return _mean(gaps)


def _outside_heat(ctx: CheckContext) -> Decimal | None:
    """Own heating value above the tested one, %: a poorer sample has less carbon."""
    gaps = [
        HUNDRED * (entry.ncv - test.qnetar) / entry.ncv
        for a in ctx.accounts.generators
        for month, entry in (burning_months(a.coal) if a.coal else ())
        for test in ctx.report.tests_of(a.number, month)
        if entry.ncv and test.qnetar is not None
    ]
    return _mean(gaps)


def _mean(values: list[Decimal]) -> Decimal | None:
    return sum(values, ZERO) / len(values) if values else None


def _own(measure: Callable[[CheckContext, str], float | None]) -> Measure:
    """Mean over generators of a comparison with the unit's own other years, in percent."""

    def mean(ctx: CheckContext) -> Decimal | None:
        found = (measure(ctx, a.number) for a in ctx.accounts.generators)
        return _mean([Decimal(f"{100 * value:.4f}") for value in found if value is not None])

    return mean


def _carbon(ctx: CheckContext, number: str) -> float | None:
    now = carbon.coal_year(ctx, ctx.report.year, number)
    others = carbon.other_coal_years(ctx, number)
    if now is None or not others:
        return None
    return -carbon.change(ctx, now, others).carbon_per_heat


def _heat_rate(ctx: CheckContext, number: str) -> float | None:
    model = heat_rate.heat_rate_of(ctx, number)
    shift = heat_rate.year_shift(ctx, model) if model is not None else None
    return None if shift is None else -shift.change


def _own_use(ctx: CheckContext, number: str) -> float | None:
    step = output.own_use_step(ctx, number) if net_supply_counts(ctx) else None
    return None if step is None else -step.change


def _heat_fuel(ctx: CheckContext, number: str) -> float | None:
    """Less fuel for a GJ of heat sold: heat is overstated, or its share of the fuel."""
    step = output.heat_fuel_step(ctx, number)
    return None if step is None else -step.change


def _sum(ctx: CheckContext, code: str) -> Decimal:
    return sum((annual(a.generator, code) or ZERO for a in ctx.accounts.generators), ZERO)


def _recorded(ctx: CheckContext, kind: str, name: str, **wanted: str) -> Decimal | None:
    """Sum of what others recorded in the year; None without records."""
    rows = ctx.outside.of_year(kind, ctx.report.year) if ctx.outside else ()
    values = [
        r[name] for r in rows if r[name] is not None and all(r[k] == v for k, v in wanted.items())
    ]
    return sum(values, ZERO) if values else None


def _more(reported: Decimal, recorded: Decimal | None) -> Decimal | None:
    """Reported above recorded, %."""
    return HUNDRED * (reported - recorded) / recorded if recorded and reported else None


def _less(reported: Decimal, recorded: Decimal | None) -> Decimal | None:
    value = _more(reported, recorded)
    return None if value is None else -value


def _burnt(ctx: CheckContext) -> Decimal:
    coals = (a.coal for a in ctx.accounts.generators if a.coal)
    return sum((entry.fc for c in coals for _m, entry in burning_months(c)), ZERO)


def _bought(ctx: CheckContext) -> Decimal:
    ledger = ctx.report.stock(COAL)
    return ledger.series["buy"].total if ledger and "buy" in ledger.series else ZERO


SIGNALS: dict[str, tuple[Any, Measure]] = {
    "stocktake": (_("盘点"), _stocktake),
    "moisture": (_("样品水分"), _moisture),
    "outside_heat": (_("外检热值"), _outside_heat),
    "carbon": (_("碳热比"), _own(_carbon)),
    "heat_rate": (_("热耗"), _own(_heat_rate)),
    "heat_fuel": (_("供热煤耗"), _own(_heat_fuel)),
    "own_use": (_("厂用电率"), _own(_own_use)),
    "grid": (
        _("电网"),
        lambda ctx: _more(_sum(ctx, "gen"), _recorded(ctx, "grid", "gen_mwh")),
    ),
    "heat": (
        _("热力结算"),
        lambda ctx: _more(_sum(ctx, "heat"), _recorded(ctx, "heat", "heat_gj")),
    ),
    "cems": (
        _("在线监测"),
        lambda ctx: _less(ctx.accounts.t_exact, _recorded(ctx, "cems", "co2_t")),
    ),
    "statistics": (
        _("统计"),
        lambda ctx: _less(_burnt(ctx), _recorded(ctx, "statistics", "amount", item="燃煤消耗量")),
    ),
    "invoice": (
        _("发票"),
        lambda ctx: _less(_bought(ctx), _recorded(ctx, "invoice", "tonnes")),
    ),
}
