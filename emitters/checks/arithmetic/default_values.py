"""ARI-DEFAULT-VALUES."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, Outcome, Severity, check
from emitters.calc import rounding
from emitters.calc.accounts import FuelAccount, GeneratorAccount
from emitters.calc.fuels import fuel_default
from emitters.checks.support import DEFAULT, default_effect, make_hit, takes_mean
from emitters.facts import MONTHS, CheckContext, FuelUse

ZERO = Decimal(0)
NAMES = {
    "ncv": _("收到基低位发热量"),
    "c_ar": _("收到基元素碳含量"),
    "cc": _("单位热值含碳量"),
}
Off = dict[int, tuple[Decimal, Decimal]]  # month -> reported, list value


def coal_defaults(ctx: CheckContext) -> tuple[Decimal, ...]:
    """Carbon per heat that may stand for unmeasured coal in the year: the value in force, the one of
    unconventional coal, or the candidates while the value of the year is unknown. First = usual."""
    year = ctx.report.year
    found = [
        ctx.params.maybe(k, year) for k in ("coal.default_cc", "coal.default_cc_unconventional")
    ]
    candidates = ctx.params.maybe("coal.default_cc.candidates", year) or []
    return tuple(v for v in (*found, *candidates) if v is not None)


def is_default_month(use: FuelUse, month: int, allowed: tuple[Decimal, ...]) -> bool:
    """The row is declared as default, or the month carries the default (workbook rule)."""
    declared = DEFAULT in (use.method("cc"), use.method("c_ar"))
    return declared or use.value("cc", month) in allowed


def _coal_list_months(ctx: CheckContext, use: FuelUse) -> Off:
    """Declared default months whose carbon per heat is no default of the year."""
    off: Off = {}
    allowed = coal_defaults(ctx)
    for month in MONTHS:
        shown = use.value("cc", month)
        if not allowed or shown is None or not use.value("fc", month):
            continue
        declared = DEFAULT in (use.method("cc"), use.method("c_ar"))
        if declared and shown not in allowed and not takes_mean(ctx, use, month):
            off[month] = (shown, allowed[0])
    return off


def _product_months(ctx: CheckContext, use: FuelUse, *, coal: bool) -> Off:
    """Default months whose as-received carbon is not ncv × cc."""
    off: Off = {}
    allowed = coal_defaults(ctx) if coal else ()
    for month in MONTHS:
        ncv, cc, c_ar = (use.value(c, month) for c in ("ncv", "cc", "c_ar"))
        if ncv is None or cc is None or c_ar is None or not use.value("fc", month):
            continue
        if is_default_month(use, month, allowed) if coal else use.method("cc") == DEFAULT:
            # The shown digits of ncv (3) and c_ar (4) are all the leeway there is.
            slack = Decimal("0.0005") * cc + Decimal("0.00005")
            if abs(c_ar - ncv * cc) > slack:
                off[month] = (c_ar, rounding.carbon_as_received(ncv * cc))
    return off


def _table_months(ctx: CheckContext, use: FuelUse, code: str) -> Off:
    known = fuel_default(ctx.params, use.fuel, date(ctx.report.year, 1, 1))
    if known is None or use.method(code) != DEFAULT:
        return {}
    allowed = [known.value[code], *known.value.get(f"{code}_also", [])]
    row = use.get(code)
    return {
        m: (v, allowed[0])
        for m, v in (row.filled() if row else ())
        if use.value("fc", m) and v not in allowed
    }


def _ncv_months(ctx: CheckContext, use: FuelUse) -> Off:
    row = use.get("ncv")
    if row is None or row.method != DEFAULT:
        return {}
    off: Off = {}
    for month, shown in row.filled():
        listed = ctx.params.maybe("coal.default_ncv", date(ctx.report.year, month, 1))
        if listed is not None and shown != listed and use.value("fc", month):
            off[month] = (shown, listed)
    return off


def _effect(fuel: FuelAccount, code: str, off: Off) -> Decimal:
    """tCO2 by which the list value would change emissions (positive: more)."""
    total = ZERO
    for month, (shown, listed) in off.items():
        entry = fuel[month]
        if entry and entry.t_co2 and shown:
            total += entry.t_co2 * (listed - shown) / shown
    return total if code in NAMES else ZERO


def _list_hits(ctx: CheckContext, account: GeneratorAccount, fuel: FuelAccount) -> Iterator[Hit]:
    use = fuel.use
    if fuel.is_coal:
        found = {
            "cc": _coal_list_months(ctx, use),
            "c_ar": _product_months(ctx, use, coal=True),
            "ncv": _ncv_months(ctx, use),
        }
    else:
        found = {
            "ncv": _table_months(ctx, use, "ncv"),
            "cc": _table_months(ctx, use, "cc"),
            "c_ar": _product_months(ctx, use, coal=False),
        }
    for code, off in found.items():
        row = use.get(code)
        if not off or row is None:
            continue
        effect = _effect(fuel, code, off)
        yield make_hit(
            "A",
            generator=account.number,
            months=off,
            cells=[row.cell(m) for m in off],
            direction=Direction.FAVOURABLE if effect > 0 else Direction.UNFAVOURABLE,
            t_co2=abs(effect),
            root=f"default:{use.fuel}",
            fuel=use.fuel,
            field=str(NAMES[code]),
            reported=[p[0] for p in off.values()],
            listed=[p[1] for p in off.values()],
        )


def _without_test(ctx: CheckContext, account: GeneratorAccount) -> Iterator[Hit]:
    """Measured carbon without a carbon test of that month."""
    coal = account.coal
    row = coal.use.get("c_ar") if coal else None
    if coal is None or row is None:
        return
    allowed = coal_defaults(ctx)
    months = [
        m
        for m, value in row.filled()
        if value
        and coal.use.value("fc", m)
        and not is_default_month(coal.use, m, allowed)
        and not any(
            t.car is not None or t.cad is not None for t in ctx.report.tests_of(account.number, m)
        )
        and not takes_mean(ctx, coal.use, m)
    ]
    if months:
        yield make_hit(
            "B",
            generator=account.number,
            months=months,
            cells=[row.cell(m) for m in months],
            direction=Direction.FAVOURABLE,
            t_co2=default_effect(ctx, account, months),
            root="untested",
            reported=[row[m] for m in months],
            listed=(allowed or ("",))[0],
        )


@check(
    "ARI-DEFAULT-VALUES",
    name=_("缺省值使用"),
    family=Family.ARITHMETIC,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.FATAL, "impossible",
            _("{generator}机组{fuel}{month_list}月{field}填报{reported}，应采用缺省值或由缺省值计算的{listed}。"),
        ),
        "B": Outcome(
            Severity.FATAL, "document",
            _("{generator}机组{month_list}月采用实测元素碳{reported} tC/t，但没有当月检测记录；按缺省值{listed} tC/GJ核算多排放{t_co2} tCO2。"),
        ),
    },
    basis=_("核算指南及当年通知：未实测或检测不符合要求的燃煤单位热值含碳量取缺省值；2021—2022年度实测月份不少于3个月的，缺失月份取实测月份算术平均值。"),
    what=_("声明为缺省值的参数与当年缺省值表逐月比对，收到基元素碳与低位发热量×单位热值含碳量比对；实测月份须有当月煤样检测记录。"),
    why=_("发现规避惩罚性缺省值、自行设定缺省值和无检测的“实测值”。"),
    explain=_("补充当月检测报告；无法补充的按缺省值更正。"),
    ask=_("调取检测报告原件及样品流转记录。"),
)  # fmt: skip
def default_values(ctx: CheckContext) -> Iterator[Hit]:
    """Defaults as listed for the year; measured values backed by tests."""
    for account in ctx.accounts.generators:
        for fuel in account.fuels:
            yield from _list_hits(ctx, account, fuel)
        yield from _without_test(ctx, account)
