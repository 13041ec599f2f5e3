"""FRM-UNIT-SLIP."""

import math
from collections.abc import Iterator
from decimal import Decimal
from statistics import median

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.support import make_hit
from emitters.facts import MONTHS, CheckContext, Generator, ReportFacts, Series

CODE = "check.FRM-UNIT-SLIP."
FUEL = {
    "fc": _("燃料消耗量"),
    "ncv": _("收到基低位发热量"),
    "c_ar": _("收到基元素碳含量"),
    "cc": _("单位热值含碳量"),
}
# Heat follows the seasons: it has no usual month (see ARI-HEAT-SPLIT).
PRODUCTION = {
    "gen": _("发电量"),
    "sup": _("供电量"),
    "e_unit": _("机组二氧化碳排放量"),
}
PER_HOUR = {"fc", "gen", "sup", "e_unit"}
FACTORS = {
    "10": 10.0, "100": 100.0, "1000": 1000.0, "4.1868": 4.1868, "29.3076": 29.3076, "3.6": 3.6, "7": 7.0,
    "44/12": 44 / 12,
}  # fmt: skip
Key = tuple[str, str]  # fuel name (empty for production), parameter


def _rows(generator: Generator, fuels: set[str]) -> Iterator[tuple[Key, Series]]:
    for use in generator.fuels:
        if use.fuel not in fuels:
            continue
        yield from (((use.fuel, c), row) for c in FUEL if (row := use.get(c)) is not None)
    yield from (
        (("", c), row) for c in PRODUCTION if (row := generator.production.get(c)) is not None
    )


def _main_fuels(ctx: CheckContext, number: str) -> set[str]:
    """Fuels with a real share of the heat. What is burnt to start up comes and goes by itself."""
    account = ctx.accounts.of(number)
    if account is None:
        return set()
    least = ctx.p(CODE + "min_heat_share") * account.heat_gj
    return {f.use.fuel for f in account.fuels if f.heat_gj > least}


def _levels(generator: Generator, key: Key, row: Series, min_hours: float) -> dict[int, float]:
    """Comparable values by month: amounts per running hour, other quantities as they are. Months of
    start-up or outage are left out."""
    levels = {}
    for month in MONTHS:
        hours, value = generator.value("hours", month), row[month]
        if value and hours and hours > min_hours and value > 0:
            levels[month] = float(value / hours) if key[1] in PER_HOUR else float(value)
    return levels


def _past(
    history: tuple[ReportFacts, ...], year: int, number: str, key: Key, min_hours: float
) -> list[float]:
    """The same quantity of the two years before (24 months)."""
    values: list[float] = []
    for report in history:
        generator = report.generator(number) if year - 2 <= report.year < year else None
        for found, row in _rows(generator, {key[0]}) if generator else ():
            if generator and found == key:
                values += _levels(generator, key, row, min_hours).values()
    return values


def _slip(ratio: float, near: float) -> str:
    """The factor that explains the ratio, empty when none does."""
    for name, factor in FACTORS.items():
        if abs(ratio / factor - 1) <= near:
            return name
        if abs(ratio * factor - 1) <= near:
            return f"1/{name}" if "/" not in name else "12/44"
    return ""


def _found(
    levels: dict[int, float], past: list[float], ctx: CheckContext
) -> Iterator[tuple[int, float, str]]:
    least, spread = int(ctx.p(CODE + "min_values")), float(ctx.p(CODE + "max_spread"))
    min_log, near = float(ctx.p(CODE + "min_log")), float(ctx.p(CODE + "near"))
    usual = median(past or levels.values()) if levels else 0.0
    for month, value in levels.items():
        # Without one value a median moves by half a rank: far from suspicious stays so.
        if abs(math.log10(value / usual)) < min_log / 2:
            continue
        base = past if len(past) >= least else [v for m, v in levels.items() if m != month]
        if len(base) < least:
            continue
        middle = median(base)
        # A quantity that wanders by itself proves nothing.
        if median(abs(math.log10(v / middle)) for v in base) > spread:
            continue
        ratio = value / middle
        if abs(math.log10(ratio)) > min_log:
            name = _slip(ratio, near)
            if name:
                yield month, ratio, name


def _hit(
    ctx: CheckContext,
    generator: Generator,
    key: Key,
    row: Series,
    found: list[tuple[int, float, str]],
) -> Hit:
    fuel, code = key
    lowered = found[0][1] < 1
    months = [m for m, _r, _n in found]
    account = ctx.accounts.of(generator.number)
    amount = Decimal(0)
    if account and code in ("fc", "c_ar", "ncv", "cc", "e_unit"):
        for month, ratio, _name in found:
            amount += (account.t_month[month - 1] or Decimal(0)) * abs(
                Decimal(str(round(1 / ratio, 6))) - 1
            )
    helps = lowered if code not in ("gen", "sup") else not lowered
    return make_hit(
        "A",
        generator=generator.number,
        months=months,
        cells=[row.cell(m) for m in months],
        direction=Direction.FAVOURABLE if helps else Direction.UNFAVOURABLE,
        t_co2=amount,
        root=f"slip:{fuel}{code}",
        fuel=fuel,
        field=str(FUEL.get(code) or PRODUCTION[code]),
        reported=[row[m] for m in months],
        ratio=[Decimal(str(round(r, 4))) for _m, r, _n in found],
        factor=sorted({n for _m, _r, n in found}),
    )


@check(
    "FRM-UNIT-SLIP",
    name=_("单位或数量级错误"),
    family=Family.ARITHMETIC,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL, "impossible",
            _("{generator}机组{period}{fuel}{field}填报为{reported}，是自身常见水平的{ratio}倍，接近换算系数{factor}，疑为单位或数量级错误。"),
        ),
    },
    basis=_("核算指南规定的计量单位；常见换算系数（10的幂、4.1868、29.3076、3.6、7、44/12）。"),
    what=_("各数值与自身前24个月（不足时与当年其他月份）中位数相比；消耗量和产量按每运行小时比较；比值的常用对数绝对值大于0.3且与换算系数相差不超过3%的提示。"),
    why=_("发现录入错误以及千卡与兆焦、吨与万吨、千瓦时与兆瓦时、二氧化碳与碳混用。"),
    explain=_("提供原始记录，说明计量单位和量值。"),
    ask=_("核对该月原始台账的计量单位。"),
    parameters=("min_heat_share", "min_hours", "min_values", "max_spread", "min_log", "near"),
)  # fmt: skip
def unit_slip(ctx: CheckContext) -> Iterator[Hit]:
    """A value that is off by a conversion factor."""
    min_hours = float(ctx.p(CODE + "min_hours"))
    compared = False
    for generator in ctx.report.generators:
        for key, row in _rows(generator, _main_fuels(ctx, generator.number)):
            levels = _levels(generator, key, row, min_hours)
            past = _past(ctx.history, ctx.report.year, generator.number, key, min_hours)
            compared = compared or bool(levels)
            found = list(_found(levels, past, ctx))
            if found:
                yield _hit(ctx, generator, key, row, found)
    if not compared:
        raise NotRun(_("没有运行小时数大于200的月份可供比较"))
