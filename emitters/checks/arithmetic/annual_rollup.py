"""ARI-ANNUAL-ROLLUP."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, Outcome, Severity, check
from emitters.calc.accounts import FuelAccount
from emitters.checks.support import make_hit, rounded
from emitters.facts import CheckContext, Generator, Series

CODE = "check.ARI-ANNUAL-ROLLUP."
ZERO = Decimal(0)
SUMS = {
    "fc": (_("燃料消耗量"), 2),
    "e_fuel": (_("化石燃料燃烧排放量"), 2),
    "gen": (_("发电量"), 3),
    "sup": (_("供电量"), 3),
    "heat": (_("供热量"), 2),
    "hours": (_("运行小时数"), 2),
    "e_unit": (_("机组二氧化碳排放量"), 2),
    "buy_e": (_("购入使用电量"), 3),
    "e_buy": (_("购入使用电力排放量"), 2),
}
MEANS = {"ncv": (_("收到基低位发热量"), 3), "c_ar": (_("收到基元素碳含量"), 4)}
EMISSIONS = {"fc", "e_fuel", "e_unit", "c_ar", "ncv"}


@dataclass(frozen=True)
class Line:
    """A reported annual figure against the one its months or parts give."""

    fuel: str
    name: str
    code: str
    row: Series
    reported: Decimal
    computed: Decimal
    slack: Decimal
    simple: Decimal | None = None  # the unweighted mean, where one could have been used
    matters: bool = True  # whether emissions or allowances depend on it


def _sum_line(code: str, row: Series | None, fuel: str = "", floor: Decimal = ZERO) -> Line | None:
    if row is None or row.annual is None or any(v is None for v in row.months):
        return None
    name, decimals = SUMS[code]
    # Half a digit of twelve rounded months and one rounded sum.
    slack = max(Decimal(5).scaleb(-decimals - 1) * 13, floor)
    matters = code not in ("hours", "buy_e")
    return Line(fuel, str(name), code, row, row.annual, row.total, slack, matters=matters)


def _mean_line(fuel: FuelAccount, code: str) -> Line | None:
    row, computed = fuel.use.get(code), getattr(fuel, code)
    if row is None or row.annual is None or computed is None:
        return None
    shown = [v for m, v in row.filled() if fuel.use.value("fc", m)]
    name, decimals = MEANS[code]
    measured = fuel.use.method("cc") != "缺省值"
    return Line(
        fuel.use.fuel, str(name), code, row, row.annual, computed,
        # Half a digit of the annual figure and half of the monthly ones.
        Decimal(1).scaleb(-decimals),
        simple=rounded(sum(shown, ZERO) / len(shown), decimals) if shown else None,
        matters=code == "c_ar" or not measured,
    )  # fmt: skip


def _fuel_lines(ctx: CheckContext, fuel: FuelAccount) -> Iterator[Line | None]:
    # A year computed from rounded annual means may differ by what the recomputation allows.
    floor = max(ctx.p(CODE + "floor_t"), ctx.p(CODE + "emission_share") * fuel.t_co2)
    yield _sum_line("fc", fuel.use.get("fc"), fuel.use.fuel)
    yield _sum_line("e_fuel", fuel.use.get("e_fuel"), fuel.use.fuel, floor)
    yield from (_mean_line(fuel, code) for code in MEANS)


def _generator_lines(ctx: CheckContext, generator: Generator) -> Iterator[Line | None]:
    for code in ("gen", "sup", "heat", "hours", "e_unit", "buy_e", "e_buy"):
        row = generator.production.get(code) or generator.purchased.get(code)
        floor = ZERO
        if code == "e_unit" and row and row.annual:
            floor = max(ctx.p(CODE + "floor_t"), ctx.p(CODE + "emission_share") * row.annual)
        yield _sum_line(code, row, floor=floor)


def _plant_line(ctx: CheckContext) -> Line | None:
    """Plant total against the generators' reported annual totals."""
    row = ctx.report.plant_total
    parts = [
        g.production["e_unit"].annual for g in ctx.report.generators if "e_unit" in g.production
    ]
    if row is None or row.annual is None or len(parts) < len(ctx.report.generators):
        return None
    if any(p is None for p in parts):
        return None
    total = sum((p for p in parts if p is not None), ZERO)
    name = str(_("全部机组二氧化碳排放量"))
    return Line("", name, "e_unit", row, row.annual, total, Decimal("0.51"))


def _hit(ctx: CheckContext, number: str, line: Line, t_year: Decimal) -> Hit | None:
    gap = line.computed - line.reported
    if abs(gap) <= line.slack:
        return None
    share = abs(gap) / abs(line.computed) if line.computed else Decimal(1)
    grave = line.matters and share > ctx.p(CODE + "effect_share")
    emissions = line.code in EMISSIONS and line.matters
    effect = share * t_year if emissions else ZERO
    helps = (gap > 0) == (line.code not in ("gen", "sup", "heat"))
    return make_hit(
        "A" if grave else "B",
        generator=number,
        cells=[line.row.cell()],
        direction=(Direction.FAVOURABLE if helps else Direction.UNFAVOURABLE)
        if line.matters
        else Direction.UNKNOWN,
        t_co2=effect,
        root=f"rollup:{line.fuel}{line.code}",
        fuel=line.fuel,
        field=line.name,
        reported=line.reported,
        computed=line.computed,
        gap=gap,
        share_pct=rounded(share * 100, 3),
        simple="" if line.simple is None else line.simple,
        is_simple_mean=bool(line.simple is not None and line.simple == line.reported),
    )


@check(
    "ARI-ANNUAL-ROLLUP",
    name=_("加权与汇总"),
    family=Family.ARITHMETIC,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.FATAL, "impossible",
            _("{generator}{fuel}{field}全年填报{reported}，由各月（各机组）加权或汇总为{computed}，相差{share_pct}%，影响排放量或配额超过0.1%。"),
        ),
        "B": Outcome(
            Severity.CRITICAL, "impossible",
            _("{generator}{fuel}{field}全年填报{reported}，由各月（各机组）加权或汇总为{computed}，相差{share_pct}%。"),
        ),
    },
    basis=_("核算指南：年度低位发热量和元素碳含量以月度消耗量加权平均；年度数量为各月之和，全部机组为各机组之和。"),
    what=_("年度值 = Σ(FC×x)/ΣFC 或各月之和，超出填报小数位所能解释的偏差即提示；对排放量或配额的影响超过0.1%的不可受理。"),
    why=_("发现以算术平均代替加权平均和直接改写年度值。"),
    explain=_("提供年度加权计算表并更正。"),
    ask=_("核对年度汇总表与月度台账。"),
    parameters=("effect_share", "floor_t", "emission_share"),
)  # fmt: skip
def annual_rollup(ctx: CheckContext) -> Iterator[Hit]:
    """Annual figures from their months, the plant from its generators."""
    for account in ctx.accounts.generators:
        lines: list[tuple[Line | None, Decimal]] = []
        for fuel in account.fuels:
            lines += [(line, fuel.t_co2) for line in _fuel_lines(ctx, fuel)]
        lines += [(line, account.t_co2) for line in _generator_lines(ctx, account.generator)]
        for line, t_year in lines:
            hit = _hit(ctx, account.number, line, t_year) if line else None
            if hit:
                yield hit
    plant = _plant_line(ctx)
    hit = _hit(ctx, "", plant, ctx.accounts.t_exact) if plant else None
    if hit:
        yield hit
