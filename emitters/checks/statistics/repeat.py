"""STA-REPEAT-TUPLE: rows of a month that occur twice."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.support import make_hit
from emitters.facts import CheckContext, Generator
from emitters.population import MONTH_GROUPS, MonthRef, TwinIndex, month_refs

TUPLE = "check.STA-REPEAT-TUPLE."
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
