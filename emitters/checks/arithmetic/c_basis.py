"""ARI-C-BASIS."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc import rounding
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.arithmetic.default_values import coal_defaults, is_default_month
from emitters.checks.support import daily_weighted, make_hit, takes_mean
from emitters.facts import MONTHS, CheckContext, CoalTest

CODE = "check.ARI-C-BASIS."
ZERO, HUNDRED = Decimal(0), Decimal(100)

Daily = dict[int, Decimal | None]  # month -> total moisture weighted by daily coal


def converted(test: CoalTest, mt: Decimal | None) -> Decimal | None:
    """F3: C_ar = C_ad × (100 − M_ar)/(100 − M_ad), tC/t; None without the three values."""
    if test.cad is None or test.mad is None or mt is None or test.mad >= HUNDRED:
        return None
    return test.cad * (HUNDRED - mt) / (HUNDRED - test.mad) / HUNDRED


def _wrong_conversions(ctx: CheckContext) -> Iterator[Hit]:
    for test in ctx.report.tests:
        right = converted(test, test.mt)
        if test.car is None or right is None or abs(test.car - right) <= ctx.p(CODE + "tolerance"):
            continue
        right = rounding.carbon_as_received(right)
        accounts = [a for a in ctx.accounts.generators if test.generator in ("", a.number)]
        fc = sum((_coal_used(a, test.month) for a in accounts), ZERO)
        yield make_hit(
            "A",
            generator=test.generator,
            months=[test.month] if test.month else [],
            cells=[test.cell(n) for n in ("cad", "mt", "mad", "car")],
            direction=Direction.FAVOURABLE if test.car < right else Direction.UNFAVOURABLE,
            t_co2=fc * abs(right - test.car) * 44 / 12,
            root="basis",
            report_no=test.report_no,
            reported=test.car,
            computed=right,
            formula=f"{test.cad}/100 × (100 − {test.mt})/(100 − {test.mad}) = {right}",
        )


def _coal_used(account: GeneratorAccount, month: int | None) -> Decimal:
    entry = account.coal[month] if account.coal and month else None
    return entry.fc if entry else ZERO


def _unlike_tests(ctx: CheckContext, account: GeneratorAccount, daily: Daily) -> Iterator[Hit]:
    """The month's carbon lies outside what its tests allow, with either moisture."""
    coal = account.coal
    row = coal.use.get("c_ar") if coal else None
    if coal is None or row is None:
        return
    off: dict[int, tuple[Decimal, Decimal]] = {}
    gap, slack, defaults = ZERO, ctx.p(CODE + "tolerance"), coal_defaults(ctx)
    for month in MONTHS:
        entry, reported = coal[month], row[month]
        if not entry or not entry.fc or reported is None:
            continue
        tests = ctx.report.tests_of(account.number, month)
        values = [v for t in tests for v in (t.car, converted(t, daily[month])) if v is not None]
        unmeasured = is_default_month(coal.use, month, defaults) or takes_mean(ctx, coal.use, month)
        if not values or unmeasured:
            continue
        if reported < min(values) - slack or reported > max(values) + slack:
            near = min(values, key=lambda v: abs(v - reported))
            off[month] = (reported, rounding.carbon_as_received(near))
            gap += entry.fc * (near - reported) * 44 / 12
    if off:
        yield make_hit(
            "C",
            generator=account.number,
            months=off,
            cells=[row.cell(m) for m in off],
            direction=Direction.FAVOURABLE if gap > 0 else Direction.UNFAVOURABLE,
            t_co2=abs(gap),
            root="basis",
            reported=[p[0] for p in off.values()],
            computed=[p[1] for p in off.values()],
        )


def _moisture(ctx: CheckContext, account: GeneratorAccount, by_month: Daily) -> Iterator[Hit]:
    """Total moisture used for the conversion against the plant's own daily tests."""
    off: dict[int, tuple[Decimal, Decimal, str]] = {}
    effect = ZERO
    for month in MONTHS:
        daily = by_month[month]
        for test in ctx.report.tests_of(account.number, month) if daily is not None else ():
            if test.mt is None or daily is None:
                continue
            gap = test.mt - daily
            if abs(gap) > ctx.p(CODE + "moisture_pt"):
                off[month] = (test.mt, rounding.moisture(daily), test.cell("mt"))
                entry = account.coal[month] if account.coal else None
                total = (entry.t_co2 if entry else None) or ZERO
                effect += total * ((HUNDRED - daily) / (HUNDRED - test.mt) - 1)
    if off:
        yield make_hit(
            "B",
            generator=account.number,
            months=off,
            cells=[cell for _a, _b, cell in off.values()],
            direction=Direction.FAVOURABLE if effect > 0 else Direction.UNFAVOURABLE,
            t_co2=abs(effect),
            root="moisture",
            used=[a for a, _b, _c in off.values()],
            daily=[b for _a, b, _c in off.values()],
            formula="Σ E × ((100 − Mar日均)/(100 − Mar换算) − 1)",
        )


@check(
    "ARI-C-BASIS",
    name=_("元素碳基准换算"),
    family=Family.ARITHMETIC,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.FATAL, "impossible",
            _("检测报告{report_no}（{period}）收到基元素碳{reported} tC/t，按{formula}应为{computed} tC/t。"),
        ),
        "B": Outcome(
            Severity.CRITICAL, "cross",
            _("{generator}机组{period}换算所用全水分{used}%，与每日检测按入炉煤量加权的{daily}%相差超过允许值，影响排放量{t_co2} tCO2。"),
        ),
        "C": Outcome(
            Severity.FATAL, "cross",
            _("{generator}机组{period}填报收到基元素碳{reported} tC/t，与当月检测结果{computed} tC/t不符。"),
        ),
    },
    basis=_("核算指南：C_ar = C_ad ×（100 − M_ar）/（100 − M_ad）；M_ad取检测报告，M_ar取每日全水分按煤量加权。"),
    what=_("按检测报告的空干基碳、空干基水分和全水分换算收到基碳，偏差超过0.0006 tC/t的提示；换算所用全水分与每日检测加权值相差超过0.3个百分点的提示。"),
    why=_("发现编造全水分、基准混用和改写元素碳。"),
    explain=_("提供检测报告原件、每日全水分原始记录和加权计算表。"),
    ask=_("向检测机构核对报告；抽查每日全水分原始记录。"),
    parameters=("tolerance", "moisture_pt"),
)  # fmt: skip
def c_basis(ctx: CheckContext) -> Iterator[Hit]:
    """Carbon from the air-dried to the as-received basis, and the moisture used for it."""
    if not ctx.report.tests:
        raise NotRun(_("没有煤样检测数据"))
    yield from _wrong_conversions(ctx)
    for account in ctx.accounts.generators:
        daily = {m: daily_weighted(ctx, account.number, m, "mt") for m in MONTHS}
        yield from _unlike_tests(ctx, account, daily)
        yield from _moisture(ctx, account, daily)
