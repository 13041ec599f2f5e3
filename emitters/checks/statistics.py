"""Group F: patterns. They rank, and never by themselves make a report unacceptable."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.support import (
    ALL_MONTHS,
    HUNDRED,
    ZERO,
    burning_months,
    is_measured,
    make_hit,
    rounded,
)
from emitters.facts import CheckContext, Generator
from emitters.population import MONTH_GROUPS, MonthRef, TwinIndex, month_refs

TUPLE = "check.STA-REPEAT-TUPLE."
SMOOTH = "check.STA-LOW-VARIANCE."
Twin = tuple[MonthRef, MonthRef, dict[str, Decimal]]
PRODUCED = ("gen", "heat", "hours")


@check(
    "STA-REPEAT-TUPLE",
    name=_("整行数值重复"),
    family=Family.STATISTICS,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "statistics",
            _("机组{generator}{month_list}月有{count}项数值与{uses}完全相同：{fields}。"),
        ),
    },
    basis=_("两个月三项以上自由数值全部相同的概率极低；单项相同很常见，不作判断（校核目录§13）"),
    what=_(
        "消耗量、热值、元素碳、发电量、供热量、运行小时六项中任意三项在两个月、两台机组或两家单位之间相同；缺省值、零值、整日小时数不计。"
    ),
    why=_("发现复制月份、复制机组或复制其他单位的数据。"),
    explain=_("录入错误应更正；共用煤场时仅热值与元素碳可以相同。"),
    ask=_("两个月份的原始台账、电能表和热量表抄表记录。"),
    parameters=("least",),
)
def repeat_tuple(ctx: CheckContext) -> Iterator[Hit]:
    """Rows of generator months that share three free values with another row."""
    refs = list(month_refs(ctx.report))
    if not refs:
        raise NotRun(_("没有三项以上可比较的月度数值。"))
    known, least = ctx.population, int(ctx.p(TUPLE + "least"))
    past = [m for h in ctx.history if not (known and known.knows(h)) for m in month_refs(h)]
    index = TwinIndex(MONTH_GROUPS, [*refs, *past])
    cases: dict[tuple[Any, ...], list[Twin]] = defaultdict(list)
    told: set[frozenset[Any]] = set()
    for ref in refs:
        found = list(index.twins(ref, least))
        if known is not None:
            others = known.months.twins(ref, least)
            found += [(o, s) for o, s in others if o.identity != ref.identity]
        for other, shared in found:
            pair = frozenset({(*r.identity, r.generator, r.month) for r in (ref, other)})
            if pair not in told:
                told.add(pair)
                cases[ref.generator, other.identity].append((ref, other, shared))
    for twins in cases.values():
        yield _tuple_hit(ctx, twins)


def _tuple_hit(ctx: CheckContext, twins: list[Twin]) -> Hit:
    """One result for all months that repeat rows of one other report."""
    first, twin, values = twins[0]
    generator = ctx.report.generator(first.generator)
    rows = [row for ref, other, _shared in twins for row in (ref, other)]
    where = "" if twin.credit_code == first.credit_code else f"{twin.unit_name} "
    return make_hit(
        "A",
        generator=first.generator,
        months=[r.month for r in rows if r.identity == first.identity],
        cells=[
            cell
            for ref, _other, shared in twins
            if generator is not None
            for cell in _value_cells(generator, ref.month, shared)
        ],
        root="repeat",
        count=len(values),
        uses="；".join(f"{where}{o.year}-{o.month:02d} {o.generator}" for _r, o, _s in twins),
        fields="、".join(f"{name}={value}" for name, value in values.items()),
        pairs=[
            {
                "month": ref.month,
                "credit_code": other.credit_code,
                "unit": other.unit_name,
                "other_year": other.year,
                "other_month": other.month,
                "shared": shared,
            }
            for ref, other, shared in twins
        ],
    )


def _value_cells(generator: Generator, month: int, shared: dict[str, Decimal]) -> Iterator[str]:
    main = next(iter(generator.fuels), None)
    for name in shared:
        fuel_row = main.get(name) if main else None
        row = generator.production.get(name) if name in PRODUCED else fuel_row
        if row is not None:
            yield row.cell(month)


@check(
    "STA-LOW-VARIANCE",
    name=_("月度数值波动过小"),
    family=Family.STATISTICS,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.INFO,
            "statistics",
            _("机组{generator}{fields}全年变异系数低于{limit}%。"),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "statistics",
            _("机组{generator}{fields}全年变异系数低于检测重复性水平{limit}%。"),
        ),
    },
    basis=_(
        "正常电厂月度热值、元素碳变异系数约1.3%～2.7%；低于0.3%小于检测自身重复性（校核目录§11.3、§13）"
    ),
    what=_("12个月收到基低位发热量、收到基元素碳、全水分、干基碳的变异系数；缺省值月份不计。"),
    why=_("发现编造检测值、一个煤样分装成12个月。"),
    explain=_("坑口单一煤层供煤的证明、同矿其他用户的波动。"),
    ask=_("逐日化验记录、矿方煤质报告、留存样复测。"),
    parameters=("low", "repeatability", "months"),
)
def low_variance(ctx: CheckContext) -> Iterator[Hit]:
    """Coefficients of variation of measured coal months."""
    least = ctx.p(SMOOTH + "months")
    seen = False
    for account in ctx.accounts.generators:
        variations = {
            name: _variation(values)
            for name, values in _columns(ctx, account).items()
            if len(values) >= least
        }
        seen = seen or bool(variations)
        yield from _smooth_hits(ctx, account, variations)
    if not seen:
        raise NotRun(_("实测元素碳的燃煤月份不足。"))


def _columns(ctx: CheckContext, account: GeneratorAccount) -> dict[str, list[Decimal]]:
    """Measured monthly values of the coal: as fired, and of the laboratory on dry basis."""
    coal = account.coal
    columns: dict[str, list[Decimal]] = {"ncv": [], "c_ar": [], "mt": [], "c_d": []}
    if coal is None:
        return columns
    measured = {m: x for m, x in burning_months(coal) if is_measured(ctx, coal, m)}
    for entry in measured.values():
        if entry.ncv and entry.c_ar:
            columns["ncv"].append(entry.ncv)
            columns["c_ar"].append(entry.c_ar)
    for month in ALL_MONTHS:
        tests = ctx.report.tests_of(account.number, month) if month in measured else []
        if len(tests) == 1:
            test = tests[0]
            if test.mt is not None:
                columns["mt"].append(test.mt)
            if test.cad is not None and test.mad is not None and test.mad < HUNDRED:
                columns["c_d"].append(test.cad * HUNDRED / (HUNDRED - test.mad))
    return columns


def _variation(values: Sequence[Decimal]) -> Decimal:
    """Coefficient of variation (sample) in percent."""
    mean = sum(values, ZERO) / len(values)
    spread = sum(((v - mean) ** 2 for v in values), ZERO) / (len(values) - 1)
    return HUNDRED * spread.sqrt() / mean if mean else HUNDRED


def _smooth_hits(
    ctx: CheckContext, account: GeneratorAccount, variations: dict[str, Decimal]
) -> Iterator[Hit]:
    low, floor = ctx.p(SMOOTH + "low"), ctx.p(SMOOTH + "repeatability")
    worse = {n: v for n, v in variations.items() if v < floor}
    shown = worse or {n: v for n, v in variations.items() if v < low}
    coal = account.coal
    if shown and coal is not None:
        yield make_hit(
            "B" if worse else "A",
            generator=account.number,
            cells=[coal.use.series["c_ar"].cell()],
            root="smooth",
            fields="、".join(f"{n} {rounded(v)}%" for n, v in shown.items()),
            limit=floor if worse else low,
            variations={n: rounded(v, 3) for n, v in variations.items()},
        )
