"""Group E: the year against the unit's own earlier years.

Emission per output has four factors: heat rate, carbon per heat, oxidation and the definition of
output. Whoever cheats on fuel shows up in one of them, so each is followed by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.support import (
    ALL_MONTHS,
    DEFAULT,
    HUNDRED,
    ZERO,
    annual,
    default_cc,
    has_event,
    make_hit,
    ratio,
    rounded,
)
from emitters.facts import CheckContext, FuelUse, Generator, ReportFacts

P = "check.HIS-YOY."


@dataclass(frozen=True)
class Year:
    """What a generator's year comes to. Ratios are None when their inputs are missing.

    `heat_rate` GJ/MWh of the power part, `load` and `own_use` in percent, `heat_share` fraction of
    the fuel heat that the heat sold took, `cc` tC/GJ of measured months of the main fuel, `of` %,
    `ncv` GJ/t, `vdaf` %.
    """

    year: int
    hours: Decimal
    load: Decimal | None
    heat_share: Decimal
    heat_rate: Decimal | None
    own_use: Decimal | None
    cc: Decimal | None
    of: Decimal | None
    ncv: Decimal | None
    ncv_default: bool
    carbon_default: bool
    vdaf: Decimal | None
    back_pressure: bool


@dataclass
class _Sums:
    """Running sums over the fuel months of a generator."""

    heat: Decimal = ZERO
    coal: Decimal = ZERO
    coal_heat: Decimal = ZERO
    carbon: Decimal = ZERO
    carbon_heat: Decimal = ZERO
    oxidised: Decimal = ZERO
    defaults: int = 0


def _add_month(ctx: CheckContext, year: int, use: FuelUse, month: int, sums: _Sums) -> None:
    fc, ncv = use.value("fc", month), use.value("ncv", month)
    if not fc or not ncv:
        return
    heat = fc * ncv
    sums.heat += heat
    sums.oxidised += heat * (use.value("of", month) or ZERO)
    if use.fuel in ("燃煤", "天然气"):
        sums.coal += fc
        sums.coal_heat += heat
        c_ar, cc = use.value("c_ar", month), use.value("cc", month)
        default = DEFAULT in (use.method("c_ar"), use.method("cc"))
        if default or cc in default_cc(ctx, year, month):
            sums.defaults += 1
        elif c_ar:
            sums.carbon += fc * c_ar
            sums.carbon_heat += heat


def _volatiles(report: ReportFacts, number: str) -> Decimal | None:
    values = [
        HUNDRED * t.vad / (HUNDRED - t.mad - t.aad)
        for t in report.tests
        if t.generator in ("", number)
        and t.vad is not None
        and t.mad is not None
        and t.aad is not None
        and t.mad + t.aad < HUNDRED
    ]
    return sum(values, ZERO) / len(values) if values else None


def year_of(ctx: CheckContext, report: ReportFacts, generator: Generator) -> Year:
    """The generator's year from facts alone, so that past years need no accounts."""
    sums = _Sums()
    for use in generator.fuels:
        for month in ALL_MONTHS:
            _add_month(ctx, report.year, use, month, sums)
    gen, sup = annual(generator, "gen"), annual(generator, "sup")
    heat, hours = annual(generator, "heat") or ZERO, annual(generator, "hours") or ZERO
    for_heat = heat / ctx.p(P + "heat_efficiency")
    power_heat = sums.heat - for_heat
    full = (generator.capacity_mw or ZERO) * hours
    return Year(
        year=report.year,
        hours=hours,
        load=HUNDRED * gen / full if gen and full else None,
        heat_share=for_heat / sums.heat if sums.heat else ZERO,
        heat_rate=power_heat / gen if gen and power_heat > 0 else None,
        own_use=HUNDRED * (1 - sup / gen) if gen and sup else None,
        cc=ratio(sums.carbon, sums.carbon_heat),
        of=ratio(sums.oxidised, sums.heat),
        ncv=ratio(sums.coal_heat, sums.coal),
        ncv_default=any(u.method("ncv") == DEFAULT for u in generator.fuels if u.fuel == "燃煤"),
        carbon_default=sums.defaults > 0,
        vdaf=_volatiles(report, generator.number),
        back_pressure=generator.cooling == "背压",
    )


def _corrected(ctx: CheckContext, year: Year) -> Decimal | None:
    """Heat rate at the reference load and without heat sold, to compare years.

    Steam that is extracted for heat spares its condenser loss, so the power part improves with the
    heat share; a back-pressure turbine has no such loss to spare.
    """
    if year.heat_rate is None or year.load is None:
        return None
    gap = max(ctx.p(P + "load_base") - year.load, ZERO)
    deep = max(ctx.p(P + "load_low") - year.load, ZERO)
    at_load = 1 + ctx.p(P + "load_slope") * gap + ctx.p(P + "load_slope_low") * deep
    slope = ZERO if year.back_pressure else ctx.p(P + "share_slope")
    share = 1 - slope * min(year.heat_share, Decimal("0.9"))
    return year.heat_rate / (at_load * share)


@check(
    "HIS-YOY",
    name=_("同比变化缺少说明"),
    family=Family.HISTORY,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "history",
            _(
                "机组{generator}折算供电热耗较{base_year}年下降（{before}→{now}GJ/MWh），相当于少用燃料{change}%，超过{limit}%，未申报改造等事项。"
            ),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "history",
            _(
                "机组{generator}热耗、单位热值含碳量、碳氧化率较{base_year}年合计向有利方向变化{change}%，超过{limit}%。"
            ),
        ),
        "C": Outcome(
            Severity.CRITICAL,
            "history",
            _(
                "机组{generator}厂用电率或缺省月份热值较{base_year}年向有利方向变化（{before}→{now}），未申报原因。"
            ),
        ),
        "D": Outcome(
            Severity.INFO,
            "history",
            _(
                "机组{generator}较{base_year}年有较大变化：{changes}（方向不利、已申报事项或煤种已变）。"
            ),
        ),
        "E": Outcome(
            Severity.CRITICAL,
            "history",
            _(
                "机组{generator}全年单位热值含碳量{now}tC/GJ，较本机组往年平均{before}下降{change}%，超过{limit}%。"
            ),
        ),
    },
    basis=_(
        "核查技术指南：排放量、发电量、供热量同比变化应有说明；"
        "校核目录 CON-FOUR-FACTOR、PHY-C-NCV-BIAS"
    ),
    what=_(
        "热耗（按负荷和供热份额折算）、实测单位热值含碳量、碳氧化率、厂用电率、供热份额、热值与本机组前两年内比较。"
    ),
    why=_("发现全年少报煤量、全年压低含碳量等逐月看不出的做法。"),
    explain=_("改造验收报告、供应商或矿点变更合同、供热用户变化、规则变化。"),
    ask=_("技改立项与性能试验报告、分矿点采购台账、同矿其他用户检测值、供热合同。"),
    parameters=(
        "years",
        "factor",
        "carbon",
        "carbon_high",
        "sum",
        "own_use",
        "own_use_load",
        "own_use_share",
        "heat_share",
        "ncv",
        "vdaf",
        "event_cap",
        "min_hours",
        "load_slope",
        "load_base",
        "load_low",
        "load_slope_low",
        "share_slope",
        "share_doubt",
        "heat_efficiency",
    ),
)
def year_on_year(ctx: CheckContext) -> Iterator[Hit]:
    """Each generator against its own latest years within reach."""
    reach = int(ctx.p(P + "years"))
    past = [h for h in ctx.history if 0 < ctx.report.year - h.year <= reach]
    seen = False
    for account in ctx.accounts.generators:
        before = [
            year_of(ctx, h, g) for h in past if (g := h.generator(account.number)) is not None
        ]
        if before:
            seen = True
            now = year_of(ctx, ctx.report, account.generator)
            yield from _compared(ctx, account, now, before)
    if not seen:
        raise NotRun(_("没有本单位前两年内的报告可供比较。"))


def _fall(now: Decimal | None, before: Decimal | None) -> Decimal:
    """Relative fall in percent (negative: a rise); zero when not comparable."""
    return HUNDRED * (1 - now / before) if now is not None and before else ZERO


def _compared(
    ctx: CheckContext, account: GeneratorAccount, now: Year, before: list[Year]
) -> Iterator[Hit]:
    last = max(before, key=lambda y: y.year)
    carbon = _carbon_change(now, before)
    rate = _rate_change(ctx, now, last)
    of = _fall(now.of, last.of)
    told: list[dict[str, Any]] = []
    accused = list(_carbon_hits(ctx, account, now, before, carbon, told))
    accused += _rate_hits(ctx, account, now, last, rate, told)
    declared = has_event(ctx) and rate <= ctx.p(P + "event_cap")
    total = carbon + of + (ZERO if declared else rate)
    if not accused and total > ctx.p(P + "sum"):
        accused.append(
            _hit("B", account, last, total, ctx.p(P + "sum"), "four-factor", heat_rate=rate,
                 carbon=carbon, oxidation=of)
        )  # fmt: skip
    accused += _side_hits(ctx, account, now, last, told)
    yield from accused
    if told:
        yield make_hit(
            "D",
            generator=account.number,
            cells=_cells(account, "gen"),
            root="year-on-year",
            base_year=last.year,
            changes="；".join(f"{t['factor']} {t['before']}→{t['now']}" for t in told),
            details=told,
        )


def _cells(account: GeneratorAccount, code: str) -> list[str]:
    row = account.generator.production.get(code)
    return [row.cell()] if row else []


def _hit(
    letter: str,
    account: GeneratorAccount,
    last: Year,
    change: Decimal,
    limit: Decimal,
    root: str,
    **values: Any,
) -> Hit:
    """A favourable change in percent of the year's fuel emissions."""
    coal = account.coal
    cells = [coal.use.series["c_ar"].cell()] if root == "carbon" and coal else []
    return make_hit(
        letter,
        generator=account.number,
        cells=cells or _cells(account, "gen"),
        direction=Direction.FAVOURABLE,
        t_co2=account.t_burn * change / (HUNDRED - change) if change < HUNDRED else ZERO,
        root=root,
        base_year=last.year,
        change=rounded(change),
        limit=limit,
        **values,
    )


def _carbon_mean(before: list[Year]) -> Decimal | None:
    known = [y.cc for y in before if y.cc is not None]
    return sum(known, ZERO) / len(known) if known else None


def _carbon_change(now: Year, before: list[Year]) -> Decimal:
    return _fall(now.cc, _carbon_mean(before))


def _carbon_hits(
    ctx: CheckContext,
    account: GeneratorAccount,
    now: Year,
    before: list[Year],
    change: Decimal,
    told: list[dict[str, Any]],
) -> Iterator[Hit]:
    """Carbon per heat of measured months; a different coal explains some, but not any, change."""
    limit, high = ctx.p(P + "carbon"), ctx.p(P + "carbon_high")
    mean = _carbon_mean(before)
    if mean is None or now.cc is None or abs(change) <= limit:
        return
    values = {"now": rounded(now.cc, 5), "before": rounded(mean, 5)}
    volatiles = [y.vdaf for y in before if y.vdaf is not None]
    changed_coal = (
        now.vdaf is not None
        and bool(volatiles)
        and abs(now.vdaf - sum(volatiles, ZERO) / len(volatiles)) > ctx.p(P + "vdaf")
    )
    explained = (changed_coal or has_event(ctx)) and change <= high
    if change > 0 and not explained:
        last = max(before, key=lambda y: y.year)
        years = {str(y.year): rounded(y.cc, 5) for y in before if y.cc is not None}
        yield _hit("E", account, last, change, limit, "carbon", years=years, **values)
    else:
        told.append({"factor": "tC/GJ", **values})


def _rate_change(ctx: CheckContext, now: Year, last: Year) -> Decimal:
    """Fall of the corrected heat rate, in percent of the fuel of power and heat together.

    What the change of heat share may add is taken off. The power part of a back-pressure unit is
    small, and so is what its heat rate can hide.
    """
    if min(now.hours, last.hours) < ctx.p(P + "min_hours"):
        return ZERO
    change = _fall(_corrected(ctx, now), _corrected(ctx, last)) * (1 - now.heat_share)
    doubt = ctx.p(P + "share_doubt") * abs(now.heat_share - last.heat_share)
    return max(change - doubt, ZERO) if change > 0 else min(change + doubt, ZERO)


def _same_unit(account: GeneratorAccount, now: Year) -> bool:
    """Not in its first full year: trial running burns more than later years do."""
    started = account.generator.commissioned
    return started is None or started.year < now.year - 1


def _rate_hits(
    ctx: CheckContext,
    account: GeneratorAccount,
    now: Year,
    last: Year,
    change: Decimal,
    told: list[dict[str, Any]],
) -> Iterator[Hit]:
    limit = ctx.p(P + "factor")
    if abs(change) <= limit:
        return
    now_rate, last_rate = _corrected(ctx, now), _corrected(ctx, last)
    values = {
        "now": rounded(now_rate, 3) if now_rate else None,
        "before": rounded(last_rate, 3) if last_rate else None,
        "load": [rounded(y.load) for y in (last, now) if y.load is not None],
        "heat_share": [rounded(y.heat_share, 4) for y in (last, now)],
    }
    explained = has_event(ctx) and change <= ctx.p(P + "event_cap")
    if change > 0 and not explained and _same_unit(account, now):
        yield _hit("A", account, last, change, limit, "heat-rate", **values)
    else:
        told.append({"factor": "GJ/MWh", **values})


def _own_use_doubt(ctx: CheckContext, now: Year, last: Year) -> Decimal:
    """Points by which own use falls by itself: at higher load, or with another heat share."""
    rise = max(now.load - last.load, ZERO) if now.load and last.load else ZERO
    moved = abs(now.heat_share - last.heat_share)
    return ctx.p(P + "own_use_load") * rise + ctx.p(P + "own_use_share") * moved


def _side_hits(
    ctx: CheckContext,
    account: GeneratorAccount,
    now: Year,
    last: Year,
    told: list[dict[str, Any]],
) -> Iterator[Hit]:
    """Own use counts while net supply earns allowances; heating value while carbon is defaulted.

    With measured carbon a lower heating value is only another coal.
    """
    net_supply = ctx.params.maybe("allocation.basis", ctx.report.year) == "net_supply"
    sides = (
        ("%", now.own_use, last.own_use, ctx.p(P + "own_use"), net_supply),
        ("GJ/t", now.ncv, last.ncv, None, now.carbon_default and not now.ncv_default),
        ("heat", now.heat_share, last.heat_share, ctx.p(P + "heat_share"), False),
    )
    for factor, value, base, limit, counts in sides:
        if value is None or not base:
            continue
        step = base - value if limit is not None else _fall(value, base)
        if factor == "%":
            step -= _own_use_doubt(ctx, now, last)
        if abs(step) <= (limit if limit is not None else ctx.p(P + "ncv")):
            continue
        values: dict[str, Any] = {
            "factor": factor,
            "now": rounded(value, 4),
            "before": rounded(base, 4),
        }
        if counts and step > 0 and not has_event(ctx):
            yield make_hit(
                "C",
                generator=account.number,
                cells=_cells(account, "sup"),
                direction=Direction.FAVOURABLE,
                root="own-use" if factor == "%" else "ncv:燃煤",
                base_year=last.year,
                **values,
            )
        else:
            told.append(values)
