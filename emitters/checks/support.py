"""What the checks of groups B to F ask of the facts and accounts again and again."""

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import wraps
from math import fsum, sqrt
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.utils.translation import gettext as _

from carbonwatch.checks.registry import Direction, Hit, NotRun
from emitters.calc.accounts import FuelAccount, FuelMonth, GeneratorAccount
from emitters.facts import COAL, MONTHS, CheckContext, FuelUse, Generator, ReportFacts
from emitters.outside import KINDS, OutsideRow

ALL_MONTHS = tuple(MONTHS)
ZERO = Decimal(0)
HUNDRED = Decimal(100)
CO2_PER_CARBON = Decimal(44) / 12
DEFAULT = "缺省值"
CFB = "循环流化床"
UNCONVENTIONAL = "非常规燃煤"
Asked = ParamSpec("Asked")
Found = TypeVar("Found")


def remembered(
    function: Callable[Concatenate[CheckContext, Asked], Found],
) -> Callable[Concatenate[CheckContext, Asked], Found]:
    """Worked out once for each context, as several checks ask the same; arguments are hashable."""

    @wraps(function)
    def ask(ctx: CheckContext, *args: Asked.args, **kwargs: Asked.kwargs) -> Found:
        key = (function, args, tuple(kwargs.items()))
        if key not in ctx.memory:
            ctx.memory[key] = function(ctx, *args, **kwargs)
        found: Found = ctx.memory[key]
        return found

    return ask


def rounded(value: Decimal, places: int = 2) -> Decimal:
    """Half up to that many decimals, for evidence and tonnes at stake."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def make_hit(
    letter: str,
    *,
    generator: str = "",
    months: Iterable[int] = (),
    cells: Iterable[str] = (),
    direction: Direction = Direction.UNKNOWN,
    t_co2: Decimal = ZERO,
    t_allowance: Decimal = ZERO,
    root: str = "",
    **values: Any,
) -> Hit:
    """A `Hit` whose values also hold `generator` and `month_list` for its sentence."""
    in_order = tuple(sorted(set(months)))
    return Hit(
        letter,
        cells=tuple(cells),
        generator=generator,
        months=in_order,
        direction=direction,
        t_co2=rounded(max(t_co2, ZERO)),
        t_allowance=rounded(max(t_allowance, ZERO)),
        values={"generator": generator, "month_list": "、".join(map(str, in_order)), **values},
        root=root,
    )


def month_days(year: int, month: int) -> int:
    """Days of a month."""
    return monthrange(year, month)[1]


def month_end(year: int, month: int) -> date:
    """Last day of a month."""
    return date(year, month, month_days(year, month))


def ratio(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """part / whole, None when either is missing or the whole is zero."""
    return part / whole if part is not None and whole else None


def annual(generator: Generator, code: str) -> Decimal | None:
    """Sum of the months of a production row, else its annual figure, None when not reported."""
    row = generator.production.get(code)
    if row is None:
        return None
    return row.total if any(v is not None for v in row.months) else row.annual


def heat_share(account: GeneratorAccount) -> Decimal:
    """供热比 of the year as a fraction; zero when no heat is reported."""
    row = account.generator.production.get("heat_ratio")
    return (row.annual or ZERO) / HUNDRED if row else ZERO


def load_factor(account: GeneratorAccount) -> Decimal | None:
    """负荷系数 of the year in percent, from generation, capacity and hours."""
    generator = account.generator
    gen, hours = annual(generator, "gen"), annual(generator, "hours")
    if gen is None or not hours or not generator.capacity_mw:
        return None
    return HUNDRED * gen / (generator.capacity_mw * hours)


def burning_months(fuel: FuelAccount) -> Iterator[tuple[int, FuelMonth]]:
    """Months in which the fuel was burnt."""
    return ((m, x) for m, x in enumerate(fuel.months, 1) if x is not None and x.fc > 0)


def deviation(values: Sequence[float]) -> float:
    """Standard deviation of a sample of at least two; the one of the standard library calculates in
    fractions and takes twenty times as long."""
    mean = fsum(values) / len(values)
    return sqrt(fsum((v - mean) ** 2 for v in values) / (len(values) - 1))


@remembered
def default_cc(ctx: CheckContext, year: int, month: int) -> set[Decimal]:
    """Carbon per heat values that stand for unmeasured coal in that month."""
    on = date(year, month, 1)
    found = (ctx.params.maybe(k, on) for k in ("coal.default_cc", "coal.default_cc_unconventional"))
    return {v for v in found if v is not None}


def takes_mean(ctx: CheckContext, use: FuelUse, month: int) -> bool:
    """RY2021–22: a month without a valid test takes the arithmetic mean of the measured ones.

    The notice does not say whether of carbon per heat or per tonne, so either counts. A test that
    came too late may be listed for the month all the same.
    """
    rule = ctx.params.maybe("coal.missing_months", ctx.report.year)
    if not rule or not use.value("fc", month):
        return False
    tested = {
        t.month
        for t in ctx.report.tests
        if t.generator in ("", use.generator) and t.car is not None
    }
    return any(
        _is_mean(use, month, name, places, tested, rule["min_measured_months"])
        for name, places in (("cc", 5), ("c_ar", 4))
    )


def _is_mean(
    use: FuelUse, month: int, name: str, places: int, tested: Collection[int | None], least: Decimal
) -> bool:
    """Whether a month's value is the mean of the other tested months."""
    value = use.value(name, month)
    others = [v for m in tested if m and (v := use.value(name, m)) and v != value]
    if not value or len(others) < least:
        return False
    return rounded(sum(others, ZERO) / len(others), places) == rounded(value, places)


def is_measured(ctx: CheckContext, fuel: FuelAccount, month: int) -> bool:
    """Whether carbon of that month claims to be measured (not declared or equal to a default, not
    the mean of the measured months)."""
    if DEFAULT in (fuel.use.method("c_ar"), fuel.use.method("cc")):
        return False
    entry = fuel[month]
    if entry is None or entry.cc is None or not entry.c_ar:
        return False
    if not fuel.is_coal:
        return True
    default = entry.cc in default_cc(ctx, ctx.report.year, month)
    return not default and not takes_mean(ctx, fuel.use, month)


def carbon_per_heat(entry: FuelMonth) -> Decimal | None:
    """tC/GJ of a month by its carbon and heat, which decide; the reported ratio need not agree."""
    return rounded(entry.c_ar / entry.ncv, 5) if entry.c_ar and entry.ncv else None


def default_effect(ctx: CheckContext, account: GeneratorAccount, months: Iterable[int]) -> Decimal:
    """tCO2 by which emissions would rise if the coal of those months took the default (≥ 0)."""
    unconventional = account.generator.category == UNCONVENTIONAL
    total = ZERO
    for fuel in account.fuels:
        if not fuel.is_coal:
            continue
        for month in months:
            entry = fuel[month]
            if entry is None or not is_measured(ctx, fuel, month) or not entry.ncv or not entry.of:
                continue
            defaults = default_cc(ctx, ctx.report.year, month)
            if defaults and entry.c_ar is not None:
                cc = min(defaults) if unconventional else max(defaults)
                gap = max(ZERO, entry.ncv * cc - entry.c_ar)
                total += entry.fc * gap * entry.of / HUNDRED * CO2_PER_CARBON
    return total


def plant_default_effect(ctx: CheckContext, generator: str, months: Iterable[int]) -> Decimal:
    """`default_effect` of one generator, or of all when the number is empty (common tests)."""
    chosen = list(months)
    return sum(
        (
            default_effect(ctx, a, chosen)
            for a in ctx.accounts.generators
            if generator in ("", a.number)
        ),
        ZERO,
    )


def band_key(generator: Generator, fuel: FuelAccount) -> str:
    """Key of the plausible-range tables: rank of coal, name of other fuels.

    Unconventional and CFB units burn gangue, slime and their blends under any declared rank.
    """
    if fuel.use.fuel != COAL:
        return fuel.use.fuel
    if generator.category == UNCONVENTIONAL or generator.boiler == CFB:
        return UNCONVENTIONAL
    return fuel.use.rank


@remembered
def daily_weighted(ctx: CheckContext, number: str, month: int, name: str) -> Decimal | None:
    """Mean of a daily value (`ncv` | `mt`) weighted by that day's coal; None without rows."""
    weight = total = ZERO
    for row in ctx.report.daily_by_month.get((number, month), ()):
        value = getattr(row, name)
        if row.coal_t and value is not None:
            weight += row.coal_t
            total += row.coal_t * value
    return total / weight if weight else None


def outside_rows(ctx: CheckContext, kind: str, *, any_year: bool = False) -> tuple[OutsideRow, ...]:
    """Outside records of a kind for the reporting year (or of all time); `NotRun` without any."""
    known = ctx.outside
    rows: tuple[OutsideRow, ...] = ()
    if known is not None:
        rows = known.of(kind) if any_year else known.of_year(kind, ctx.report.year)
    if not rows:
        raise NotRun(_("没有部门数据：%(kind)s。") % {"kind": KINDS[kind].title})
    return rows


def declared_change(report: ReportFacts) -> str:
    """What a report declares of changes of production or operation; empty when nothing."""
    text = str(report.basic.get("生产经营变化说明") or "").strip()
    return "" if text in ("/", "-", "—") or text.startswith(("无", "未")) else text


def declares_event(report: ReportFacts) -> bool:
    """Whether a report declares a change of production or operation."""
    return bool(declared_change(report))


def has_event(ctx: CheckContext) -> bool:
    """Whether the report under check declares a change of production or operation."""
    return declares_event(ctx.report)
