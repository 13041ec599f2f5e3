"""FRM-UNIT-REGISTRY."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc import allocation
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.support import make_hit
from emitters.facts import CheckContext

ZERO = Decimal(0)
ATTRIBUTES = {
    "category": _("机组类别"),
    "product": _("产品类型"),
    "capacity_mw": _("装机容量"),
    "boiler": _("锅炉类型"),
    "pressure": _("压力参数"),
    "cooling": _("冷却方式"),
    "commissioned": _("投产日期"),
}


def _differences(account: GeneratorAccount, known: Mapping[str, object]) -> list[str]:
    generator = account.generator
    return [
        name
        for name in ATTRIBUTES
        if known.get(name) not in (None, "") and getattr(generator, name) != known[name]
    ]


def _gain(
    ctx: CheckContext, account: GeneratorAccount, known: Mapping[str, object], names: list[str]
) -> Decimal:
    """Allowances that the reported attributes bring over the registered ones, in t."""
    if account.allowance_t is None:
        return ZERO
    attributes: dict[str, Any] = {name: known[name] for name in names}
    registered = replace(account.generator, **attributes)
    year = ctx.report.year
    given = allocation.drivers(registered, account.fuels, ctx.params, year)
    amount, _parts = allocation.allowance(registered, given, ctx.params, year)
    return ZERO if amount is None else account.allowance_t - amount


@check(
    "FRM-UNIT-REGISTRY",
    name=_("机组属性一致性"),
    family=Family.ARITHMETIC,
    level="L3",
    outcomes={
        "A": Outcome(Severity.CRITICAL, "cross", _("{generator}机组填报属性与登记不一致（依次为填报、登记）：{differences}。")),
        "B": Outcome(
            Severity.CRITICAL, "cross",
            _("{generator}机组填报属性与登记不一致（依次为填报、登记）：{differences}；按登记属性核算配额少{gain} t。"),
        ),
    },
    basis=_("配额分配方案的机组类别划分；机组登记信息或上一版已受理报告。"),
    what=_("机组类别、产品类型、装机容量、锅炉类型、压力参数、冷却方式、投产日期与登记逐项比对；以登记值重新计算配额，配额 = 填报属性配额 − 登记属性配额。"),
    why=_("发现虚报机组类别、循环流化床、装机容量接近400 MW的取舍以及冷却方式。"),
    explain=_("提供改造批复、验收文件和生效月份。"),
    ask=_("调取排污许可证、电力业务许可证和改造验收文件。"),
)  # fmt: skip
def unit_registry(ctx: CheckContext) -> Iterator[Hit]:
    """Attributes as known outside the report."""
    if not ctx.registry:
        raise NotRun(_("没有机组登记信息或以往报告可供比对"))
    for account in ctx.accounts.generators:
        known = ctx.registry.get(account.number)
        names = _differences(account, known) if known else []
        if not known or not names:
            continue
        gain = _gain(ctx, account, known, names)
        cells = account.generator.cells
        yield make_hit(
            "B" if gain > 0 else "A",
            generator=account.number,
            cells=[cells[n] for n in names if n in cells],
            direction=Direction.FAVOURABLE if gain > 0 else Direction.UNKNOWN,
            t_allowance=gain,
            root="attributes",
            gain=max(gain, ZERO),
            differences={
                str(ATTRIBUTES[n]): [getattr(account.generator, n), known[n]] for n in names
            },
        )
