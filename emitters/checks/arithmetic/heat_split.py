"""ARI-HEAT-SPLIT."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc import allocation, rounding
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.support import annual, make_hit, rounded
from emitters.facts import MONTHS, CheckContext

CODE = "check.ARI-HEAT-SPLIT."
ZERO, HUNDRED = Decimal(0), Decimal(100)
NAMES = {"ratio": _("供热比"), "coal": _("煤（气）耗"), "carbon": _("碳排放强度")}
LOWER = {"A": "D", "B": "E", "C": "F"}  # from 2023 the ratio is auxiliary: one step lower


@dataclass(frozen=True)
class Side:
    """The figures of a month or the year that the split has to reconcile."""

    whole: Decimal  # B: tce, or 万Nm3 for gas units
    carbon: Decimal
    output: Decimal | None
    heat: Decimal
    ratio: Decimal | None  # fraction
    b_power: Decimal | None
    b_heat: Decimal | None
    i_power: Decimal | None
    i_heat: Decimal | None


def _side(ctx: CheckContext, account: GeneratorAccount, month: int | None) -> Side | None:
    generator = account.generator
    net = ctx.p("guideline.net_supply", month or 1)

    def value(code: str) -> Decimal | None:
        row = generator.production.get(code)
        return None if row is None else row.annual if month is None else row[month]

    if generator.is_gas:
        entries = (
            [f[month] for f in account.fuels if f.use.fuel == generator.main_fuel] if month else []
        )
        whole = sum((e.fc for e in entries if e), ZERO)
        if month is None:
            whole = sum((f.fc for f in account.fuels if f.use.fuel == generator.main_fuel), ZERO)
    else:
        heat = account.heat_gj if month is None else account.heat_gj_month[month - 1]
        whole = heat / ctx.p("constant.tce_gj")
    carbon = account.t_co2 if month is None else account.t_month[month - 1]
    ratio, heat_out = value("heat_ratio"), value("heat")
    if not whole or not heat_out or carbon is None:
        return None
    return Side(
        whole, carbon, value("sup" if net else "gen"), heat_out,
        None if ratio is None else ratio / HUNDRED,
        value("b_power"), value("b_heat"), value("i_power"), value("i_heat"),
    )  # fmt: skip


_HALF = {3: Decimal("0.0005"), 4: Decimal("0.00005")}


def _half(value: Decimal, decimals: int) -> Decimal:
    """Half of the last digit shown; a spreadsheet drops zeros, so never coarser than the guideline."""
    return min(rounding.half_unit(value), _HALF[decimals])


def _slack(side: Side, power: Decimal, heat: Decimal, decimals: int) -> Decimal:
    """What the shown digits of two rates allow in output × rate + heat × rate."""
    output = side.output or ZERO
    return output * _half(power, decimals) + side.heat * _half(heat, decimals)


def _gaps(side: Side) -> Iterator[tuple[str, Decimal, Decimal]]:
    """(test, relative gap, gap that the shown digits explain)."""
    if side.ratio is not None and side.b_heat is not None:
        slack = side.heat * _half(side.b_heat, 3) / side.whole + Decimal("0.00005")
        yield "ratio", side.heat * side.b_heat / side.whole - side.ratio, slack
    if side.output and side.b_power is not None and side.b_heat is not None:
        total = side.output * side.b_power + side.heat * side.b_heat
        slack = _slack(side, side.b_power, side.b_heat, 3) / side.whole
        yield "coal", total / side.whole - 1, slack
    if side.output and side.i_power is not None and side.i_heat is not None and side.carbon:
        total = side.output * side.i_power + side.heat * side.i_heat
        slack = _slack(side, side.i_power, side.i_heat, 4) / side.carbon
        yield "carbon", total / side.carbon - 1, slack


def _line(side: Side, test: str) -> str:
    """The arithmetic of a test with its numbers, then the reported figure."""
    if test == "ratio" and side.b_heat is not None and side.ratio is not None:
        implied = rounded(side.heat * side.b_heat / side.whole * HUNDRED)
        coal = rounded(side.whole)
        return f"{side.heat} × {side.b_heat} / {coal} = {implied}% ≠ {side.ratio * HUNDRED}%"
    power, heat = (side.b_power, side.b_heat) if test == "coal" else (side.i_power, side.i_heat)
    total = (side.output or ZERO) * (power or ZERO) + side.heat * (heat or ZERO)
    whole = rounded(side.whole if test == "coal" else side.carbon)
    return f"{side.output} × {power} + {side.heat} × {heat} = {rounded(total)} ≠ {whole}"


def _allowance_effect(ctx: CheckContext, account: GeneratorAccount, side: Side) -> Decimal:
    """Allowances that the reported ratio brings over the implied one (to 2022; later none)."""
    if side.ratio is None or side.b_heat is None or account.allowance_t is None:
        return ZERO
    implied = side.heat * side.b_heat / side.whole * HUNDRED
    given = allocation.drivers(account.generator, account.fuels, ctx.params, ctx.report.year)
    amount, _parts = allocation.allowance(
        account.generator, replace(given, heat_ratio=implied), ctx.params, ctx.report.year
    )
    return ZERO if amount is None else account.allowance_t - amount


def _letter(ctx: CheckContext, letter: str) -> str:
    return letter if ctx.p("guideline.net_supply", 12) else LOWER[letter]


def _balance(ctx: CheckContext, account: GeneratorAccount) -> Iterator[Hit]:
    off: dict[str, dict[int | None, tuple[Decimal, str]]] = {}
    limit = ctx.p(CODE + "share")
    for month in (*MONTHS, None):
        side = _side(ctx, account, month)
        for test, gap, slack in _gaps(side) if side else ():
            if side and abs(gap) - slack > limit:
                off.setdefault(test, {})[month] = (abs(gap) - slack, _line(side, test))
    year = _side(ctx, account, None)
    for test, found in off.items():
        gain = (
            _allowance_effect(ctx, account, year)
            if year and None in found and test == "ratio"
            else ZERO
        )
        worst = max(gap for gap, _line in found.values())
        rows = account.generator.production
        code = {"ratio": "heat_ratio", "coal": "b_power", "carbon": "i_power"}[test]
        yield make_hit(
            _letter(ctx, "B" if worst > ctx.p(CODE + "reality_share") else "A"),
            generator=account.number,
            months=[m for m in found if m],
            cells=[rows[code].cell(m) for m in found],
            direction=Direction.FAVOURABLE
            if gain > 0
            else Direction.UNFAVOURABLE
            if gain < 0
            else Direction.UNKNOWN,
            t_allowance=abs(gain),
            root="split",
            test=str(NAMES[test]),
            lines=[line for _gap, line in found.values()],
            worst_pct=rounded(worst * 100),
        )


def _unmoved_ratio(ctx: CheckContext, account: GeneratorAccount) -> Iterator[Hit]:
    """Heat per unit of coal up by more than 5 % on last year while the ratio stands still."""
    last = next((r for r in reversed(ctx.history) if r.year == ctx.report.year - 1), None)
    before = last.generator(account.number) if last else None
    if before is None:
        return
    row, old = account.generator.production.get("heat_ratio"), before.production.get("heat_ratio")
    ratio, ratio_0 = (row.annual if row else None), (old.annual if old else None)
    heat, heat_0 = annual(account.generator, "heat"), annual(before, "heat")
    fuel = sum(
        (f.use.series["fc"].total for f in account.fuels if f.is_coal and "fc" in f.use.series),
        ZERO,
    )
    fuel_0 = sum(
        (u.series["fc"].total for u in before.fuels if u.fuel == "燃煤" and "fc" in u.series), ZERO
    )
    if not (ratio and ratio_0 and heat and heat_0 and fuel and fuel_0):
        return
    growth, moved = heat / fuel / (heat_0 / fuel_0) - 1, abs(ratio / ratio_0 - 1)
    if growth > ctx.p(CODE + "heat_growth") and moved < ctx.p(CODE + "ratio_still"):
        yield make_hit(
            _letter(ctx, "C"),
            generator=account.number,
            cells=[row.cell()] if row else [],
            direction=Direction.FAVOURABLE,
            root="split",
            heat=heat,
            heat_before=heat_0,
            growth_pct=rounded(growth * 100),
            ratio=ratio,
            ratio_before=ratio_0,
        )


_OFF = _("{generator}机组{test}分摊不平衡（{period}）：{lines}；最大偏差{worst_pct}%。")
_FLAT = _(
    "{generator}机组单位燃煤供热量比上年增加{growth_pct}%（{heat_before}→{heat} GJ），供热比却未变（{ratio_before}%→{ratio}%）。"
)


@check(
    "ARI-HEAT-SPLIT",
    name=_("热电分摊"),
    family=Family.ARITHMETIC,
    level="L0",
    outcomes={
        "A": Outcome(Severity.CRITICAL, "impossible", _OFF),
        "B": Outcome(Severity.FATAL, "impossible", _OFF),
        "C": Outcome(Severity.CRITICAL, "history", _FLAT),
        "D": Outcome(Severity.INFO, "impossible", _OFF),
        "E": Outcome(Severity.CRITICAL, "impossible", _OFF),
        "F": Outcome(Severity.INFO, "history", _FLAT),
    },
    basis=_("核算指南：供热比、煤耗、碳排放强度之间的换算；2023年度起为辅助参数，严重程度降一级。"),
    what=_("供热量×供热煤耗÷标准煤耗量 = 供热比；电量×发（供）电煤耗 + 供热量×供热煤耗 = 标准煤耗量；电量×强度 + 供热量×强度 = 排放量。超过0.5%须说明，超过2%不可受理（2023年度起降一级）。"),
    why=_("发现以高供热量取得供热配额、又以低供热比少修正供电配额。"),
    explain=_("提供供热比计算表；锅炉以外的热源单独说明。"),
    ask=_("核对供热计量和供热比计算过程。"),
    parameters=("share", "reality_share", "heat_growth", "ratio_still"),
)  # fmt: skip
def heat_split(ctx: CheckContext) -> Iterator[Hit]:
    """Both sides of the split of coal and carbon between power and heat."""
    if all(_side(ctx, account, None) is None for account in ctx.accounts.generators):
        raise NotRun(_("没有供热数据"))
    for account in ctx.accounts.generators:
        yield from _balance(ctx, account)
        yield from _unmoved_ratio(ctx, account)
