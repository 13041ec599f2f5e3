"""FRM-BOUNDARY-UNITS."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.fuels import combustion, fuel_default
from emitters.checks.comparison import unit_numbers
from emitters.checks.facilities import BOILER, Facility, facilities
from emitters.checks.support import ALL_MONTHS, ZERO, make_hit
from emitters.facts import CheckContext, StockLedger
from emitters.outside import KINDS

_OIL_AND_GAS = ("油", "气")


def _named(ctx: CheckContext) -> frozenset[int]:
    """Numbers of all generators that the report holds, those of merged units too."""
    return frozenset(n for g in ctx.report.generators for n in unit_numbers(g.number))


def _permitted(ctx: CheckContext, found: Sequence[Facility]) -> list[Facility]:
    """Permitted generators that could run the whole year."""
    first = date(ctx.report.year, 1, 1)
    return [f for f in found if f.is_generator and (f.since is None or f.since <= first)]


def _like_the_others(ctx: CheckContext, facility: Facility) -> Decimal:
    """tCO2 of a generator that emits, for its capacity, as those of the report."""
    capacity = sum((g.capacity_mw or ZERO for g in ctx.report.generators), ZERO)
    if not capacity or facility.capacity_mw is None:
        return ZERO
    return ctx.accounts.t_exact * facility.capacity_mw / capacity


def _unit_hits(ctx: CheckContext, units: Sequence[Facility]) -> Iterator[Hit]:
    """Generators that the report lacks: by number, or, where the permit gives none, by count."""
    known = _named(ctx)
    if all(f.numbers for f in units):
        for facility in units:
            if not facility.numbers & known:
                yield _unit_hit(ctx, "A", [facility])
        return
    spare = len(units) - max(len(ctx.report.generators), len(known))
    if spare > 0:
        yield _unit_hit(ctx, "E", units)


def _unit_hit(ctx: CheckContext, letter: str, units: Sequence[Facility]) -> Hit:
    return make_hit(
        letter,
        direction=Direction.FAVOURABLE if letter == "A" else Direction.UNKNOWN,
        t_co2=_like_the_others(ctx, units[0]) if letter == "A" else ZERO,
        root=f"boundary:{units[0].name}",
        facility=[f.name for f in units],
        kind=units[0].kind,
        capacity_mw=units[0].capacity_mw or "",
        fuel=units[0].fuel,
        count=len(units),
        reported=[g.number for g in ctx.report.generators],
        place=[f.place for f in units],
    )


def _boiler_hits(ctx: CheckContext, found: Sequence[Facility]) -> Iterator[Hit]:
    """Boilers beside the generators: whether the starting fuel is reported, what lies outside."""
    burnt = {use.fuel for g in ctx.report.generators for use in g.fuels}
    oil_or_gas = any(word in fuel for fuel in burnt for word in _OIL_AND_GAS)
    for facility in found:
        starts = "启动" in facility.kind
        if facility.is_generator or BOILER not in facility.kind or (starts and oil_or_gas):
            continue
        yield make_hit(
            "D" if starts else "C",
            root=f"boundary:{facility.name}",
            facility=facility.name,
            kind=facility.kind,
            fuel=facility.fuel,
            reported=sorted(burnt),
            place=facility.place,
        )


def _burnt(ctx: CheckContext, fuel: str) -> bool:
    return any(
        use.value("fc", m)
        for g in ctx.report.generators
        for use in g.fuels
        if use.fuel == fuel
        for m in ALL_MONTHS
    )


def _ledger_hits(ctx: CheckContext) -> Iterator[Hit]:
    """Fuels that the ledger buys or uses and no generator burns."""
    for ledger in ctx.report.stocks:
        used, bought = _total(ledger, "used"), _total(ledger, "buy")
        gone = used or (bought if not _total(ledger, "out") else ZERO)
        if not gone or _burnt(ctx, ledger.fuel):
            continue
        row = ledger.series.get("used") or ledger.series["buy"]
        months = [m for m, v in row.filled() if v]
        yield make_hit(
            "B",
            months=months,
            cells=[row.cell(m) for m in months],
            direction=Direction.FAVOURABLE,
            t_co2=_worth(ctx, ledger.fuel, gone),
            root=f"boundary:{ledger.fuel}",
            fuel=ledger.fuel,
            bought=bought,
            used=used,
            unit=row.unit,
        )


def _total(ledger: StockLedger, code: str) -> Decimal:
    row = ledger.series.get(code)
    return row.total if row else ZERO


def _worth(ctx: CheckContext, fuel: str, amount: Decimal) -> Decimal:
    """tCO2 of a fuel by the table of common fuels; zero for one that is not in it."""
    found = fuel_default(ctx.params, fuel, date(ctx.report.year, 1, 1))
    if found is None:
        return ZERO
    table = found.value
    return combustion(amount, table["ncv"] * table["cc"], table["of"])


@check(
    "FRM-BOUNDARY-UNITS",
    name=_("核算边界完整"),
    family=Family.ARITHMETIC,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.FATAL, "source",
            _("排污许可设施{facility}（{kind}，{capacity_mw} MW，{fuel}）不在填报机组（{reported}）之内。"),
        ),
        "B": Outcome(
            Severity.CRITICAL, "cross",
            _("购销存中{fuel}购入{bought} {unit}、消耗{used} {unit}，没有机组填报燃烧。"),
        ),
        "C": Outcome(
            Severity.INFO, "cross",
            _("排污许可设施{facility}（{kind}，{fuel}）不属于填报机组，请在边界说明中列明。"),
        ),
        "D": Outcome(
            Severity.INFO, "cross",
            _("排污许可设施{facility}（{kind}，{fuel}）燃油或燃气，报告没有油、气消耗量（填报燃料：{reported}）。"),
        ),
        "E": Outcome(
            Severity.CRITICAL, "cross",
            _("排污许可有{count}台机组（{facility}），多于填报机组（{reported}）；许可没有机组编号，须逐台说明。"),
        ),
    },
    basis=_("核算指南核算边界：发电设施的全部机组与燃料，含启动燃料；排污许可证登记设施；校核目录 FRM-BOUNDARY-UNITS。"),
    what=_("排污许可当年有效的机组按编号（没有编号的按台数）与填报机组比对；购销存有购入、消耗的燃料须有机组填报燃烧。漏报量按填报机组单位容量排放或燃料缺省值估算。"),
    why=_("发现漏报机组、锅炉和燃料。"),
    explain=_("提供机组停用、转让、归属其他法人的文件，或不在核算边界的说明。"),
    ask=_("现场核对设施铭牌与排污许可副本，调取油气采购和领用台账。"),
)  # fmt: skip
def boundary_units(ctx: CheckContext) -> Iterator[Hit]:
    """Facilities and fuels known elsewhere against those of the report."""
    found = facilities(ctx)
    hits = [
        *_unit_hits(ctx, _permitted(ctx, found)),
        *_boiler_hits(ctx, found),
        *_ledger_hits(ctx),
    ]
    if not found and not hits:
        raise NotRun(_("没有部门数据：%(kind)s。") % {"kind": KINDS["permit"].title})
    yield from hits
