"""FRM-UNIT-REGISTRY."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc import allocation
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.facilities import Facility, facilities
from emitters.checks.support import CFB, UNCONVENTIONAL, declares_event, make_hit
from emitters.facts import CheckContext, Generator

ZERO = Decimal(0)
CODE = "check.FRM-UNIT-REGISTRY."
ATTRIBUTES = {
    "category": _("机组类别"),
    "product": _("产品类型"),
    "capacity_mw": _("装机容量"),
    "boiler": _("锅炉类型"),
    "pressure": _("压力参数"),
    "cooling": _("冷却方式"),
    "commissioned": _("投产日期"),
}
PERMITTED = ("category", "capacity_mw", "boiler", "cooling")
LASTING = ("category", "capacity_mw", "boiler", "pressure", "cooling")
"""What only a rebuilt unit changes."""


@dataclass(frozen=True, slots=True)
class Known:
    """What one source knows of a generator: attributes as the report words them, and its place (empty
    for the registry) or the years of the enterprise's own earlier reports that say so."""

    attributes: Mapping[str, object]
    place: str = ""
    years: tuple[int, ...] = ()

    def differences(self, generator: Generator) -> list[str]:
        """Attributes that the report states otherwise."""
        return [
            name
            for name in ATTRIBUTES
            if self.attributes.get(name) not in (None, "")
            and getattr(generator, name) != self.attributes[name]
        ]


def _permitted(ctx: CheckContext, generator: Generator, facility: Facility) -> Known:
    """The permit's attributes; a capacity that differs by rounding only counts as the reported one."""
    attributes: dict[str, object] = {name: getattr(facility, name) for name in PERMITTED}
    mine, theirs = generator.capacity_mw, facility.capacity_mw
    if mine and theirs and abs(mine / theirs - 1) <= ctx.p(CODE + "capacity_share"):
        attributes["capacity_mw"] = mine
    return Known(attributes, facility.place)


def _reported_before(ctx: CheckContext, generator: Generator) -> Known:
    """Lasting attributes that an earlier report gave otherwise, with no event declared in the year
    from which on they read as they do now."""
    past = [
        (report, earlier)
        for report in ctx.history
        if report.year < ctx.report.year
        and (earlier := report.generator(generator.number)) is not None
    ]
    attributes: dict[str, object] = {}
    years: set[int] = set()
    for name in LASTING:
        other = [(r, g) for r, g in past if getattr(g, name) != getattr(generator, name)]
        if not other:
            continue
        last, was = other[-1]
        since = [r for r, _g in past if r.year > last.year]
        if not declares_event(since[0] if since else ctx.report):
            attributes[name] = getattr(was, name)
            years.add(last.year)
    return Known(attributes, years=tuple(sorted(years)))


def _sources(ctx: CheckContext, permitted: Sequence[Facility], generator: Generator) -> list[Known]:
    """The permit first: the registry may hold what an earlier report claimed, so it is not asked about
    what the permit confirms; then the enterprise's own earlier reports."""
    own = [f for f in permitted if f.is_generator and f.number == generator.number]
    found = [_permitted(ctx, generator, f) for f in own]
    confirmed = {
        name for k in found for name in PERMITTED if k.attributes[name] == getattr(generator, name)
    }
    before = _reported_before(ctx, generator)
    registered = Known((ctx.registry or {}).get(generator.number, {}))
    return [*found, *(_without(known, confirmed) for known in (before, registered))]


def _without(known: Known, names: Collection[str]) -> Known:
    return replace(known, attributes={n: v for n, v in known.attributes.items() if n not in names})


def _gain(ctx: CheckContext, account: GeneratorAccount, known: Known, names: list[str]) -> Decimal:
    """Allowances that the reported attributes bring over the known ones, in t."""
    if account.allowance_t is None:
        return ZERO
    attributes: dict[str, Any] = {name: known.attributes[name] for name in names}
    registered = replace(account.generator, **attributes)
    year = ctx.report.year
    given = allocation.drivers(registered, account.fuels, ctx.params, year)
    amount, _parts = allocation.allowance(registered, given, ctx.params, year)
    return ZERO if amount is None else account.allowance_t - amount


def _hit(ctx: CheckContext, account: GeneratorAccount, known: Known, names: list[str]) -> Hit:
    gain = _gain(ctx, account, known, names)
    cells = account.generator.cells
    letter = "D" if known.years else ("C" if known.place else "B") if gain > 0 else "A"
    return make_hit(
        letter,
        generator=account.number,
        cells=[cells[n] for n in names if n in cells],
        direction=Direction.FAVOURABLE if gain > 0 else Direction.UNKNOWN,
        t_allowance=gain,
        root="attributes",
        gain=max(gain, ZERO),
        place=known.place,
        years=list(known.years),
        differences={
            str(ATTRIBUTES[n]): [getattr(account.generator, n), known.attributes[n]] for n in names
        },
    )


def _contradicted(ctx: CheckContext, account: GeneratorAccount) -> Iterator[Hit]:
    """Gangue, slime and the like are poorer than this, unless a fluidised bed makes the class."""
    coal, limit = account.coal, ctx.p(CODE + "unconventional_ncv")
    generator = account.generator
    if coal is None or not coal.ncv or coal.ncv <= limit or generator.boiler in ("", CFB):
        return
    gain = _gain(ctx, account, Known({"category": "常规燃煤"}), ["category"])
    yield make_hit(
        "E",
        generator=account.number,
        cells=[generator.cells[n] for n in ("category", "boiler") if n in generator.cells],
        direction=Direction.FAVOURABLE,
        t_allowance=gain,
        root="attributes",
        boiler=generator.boiler,
        ncv=coal.ncv,
        limit=limit,
        gain=max(gain, ZERO),
    )


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
        "C": Outcome(
            Severity.CRITICAL, "source",
            _("{generator}机组填报属性与排污许可不一致（依次为填报、许可）：{differences}；按许可属性核算配额少{gain} t。"),
        ),
        "D": Outcome(
            Severity.CRITICAL, "document",
            _("{generator}机组填报属性与本单位{years}年度报告不一致（依次为填报、以往）：{differences}，变化当年未申报改造；按以往属性核算配额少{gain} t。"),
        ),
        "E": Outcome(
            Severity.CRITICAL, "physics",
            _("{generator}机组填报为非常规燃煤机组，但锅炉为{boiler}，全年入炉煤热值{ncv} GJ/t，高于煤矸石、煤泥的热值上限{limit} GJ/t；按常规燃煤核算配额少{gain} t。"),
        ),
    },
    basis=_("配额分配方案的机组类别划分；机组登记信息、排污许可证或上一版已受理报告。"),
    what=_("机组类别、产品类型、装机容量、锅炉类型、压力参数、冷却方式、投产日期与登记逐项比对，锅炉类型、冷却方式、装机容量及由燃料和锅炉推定的机组类别与排污许可逐项比对；机组类别、容量、锅炉、压力、冷却方式与本单位以往各年报告比对；非常规燃煤类别与锅炉类型、煤的热值比对；以已知属性重新计算配额，配额差 = 填报属性配额 − 已知属性配额。"),
    why=_("发现虚报机组类别、循环流化床、装机容量接近400 MW的取舍以及冷却方式。"),
    explain=_("提供改造批复、验收文件和生效月份。"),
    ask=_("调取排污许可证、电力业务许可证和改造验收文件。"),
    parameters=("capacity_share", "unconventional_ncv"),
)  # fmt: skip
def unit_registry(ctx: CheckContext) -> Iterator[Hit]:
    """Attributes as known outside the report."""
    permitted = facilities(ctx)
    claims = [a for a in ctx.accounts.generators if a.generator.category == UNCONVENTIONAL]
    known_outside = ctx.registry or ctx.history or any(f.number for f in permitted)
    if not known_outside and not claims:
        raise NotRun(_("没有机组登记信息、排污许可设施或以往报告可供比对"))
    for account in ctx.accounts.generators:
        known = next(
            (
                k
                for k in _sources(ctx, permitted, account.generator)
                if k.differences(account.generator)
            ),
            None,
        )
        if known is not None:
            yield _hit(ctx, account, known, known.differences(account.generator))
        elif account in claims and not any(f.number == account.number for f in permitted):
            yield from _contradicted(ctx, account)
