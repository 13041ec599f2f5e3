"""ARI-POWER-IDENTITY."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, Outcome, Severity, check
from emitters.calc import allocation
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.support import make_hit, rounded
from emitters.facts import MONTHS, CheckContext, Generator

CODE = "check.ARI-POWER-IDENTITY."
ZERO, HUNDRED = Decimal(0), Decimal(100)


def _over_supply(ctx: CheckContext, generator: Generator) -> Iterator[Hit]:
    """Net supply above generation: own use would be negative."""
    row = generator.production.get("sup")
    if row is None:
        return
    off: dict[int | None, tuple[Decimal, Decimal]] = {}
    for month in (*MONTHS, None):
        gen_row = generator.production.get("gen")
        gen = (gen_row.annual if month is None else gen_row[month]) if gen_row else None
        sup = row.annual if month is None else row[month]
        if gen and sup is not None and sup - gen > ctx.p(CODE + "supply_share") * gen:
            off[month] = (sup, gen)
    if off:
        worst = max((sup - gen) / gen for sup, gen in off.values())
        yield make_hit(
            "B" if worst > ctx.p(CODE + "supply_reality_share") else "A",
            generator=generator.number,
            months=[m for m in off if m],
            cells=[row.cell(m) for m in off],
            direction=Direction.FAVOURABLE,
            root="power",
            reported=[p[0] for p in off.values()],
            computed=[p[1] for p in off.values()],
            formula=_("供电量 = 发电量 − 厂用电量 ≤ 发电量"),
        )


def _identity(generator: Generator, month: int | None) -> tuple[Decimal, Decimal] | None:
    """Reported load factor and gen/(cap × hours), both in %."""
    rows = [generator.production.get(c) for c in ("lf", "gen", "hours")]
    if any(r is None for r in rows) or not generator.capacity_mw:
        return None
    shown, gen, hours = [(r.annual if month is None else r[month]) for r in rows if r is not None]
    if shown is None or gen is None or not hours:
        return None
    return shown, gen / (generator.capacity_mw * hours) * HUNDRED


def _allowance_gap(ctx: CheckContext, account: GeneratorAccount, shown: Decimal | None) -> Decimal:
    """Allowances that the reported load factor would bring over the recomputed one, t."""
    if account.allowance_t is None or shown is None:
        return ZERO
    given = allocation.drivers(account.generator, account.fuels, ctx.params, ctx.report.year)
    amount, _parts = allocation.allowance(
        account.generator, replace(given, load=shown), ctx.params, ctx.report.year
    )
    return ZERO if amount is None else amount - account.allowance_t


def _slack(generator: Generator, month: int | None) -> Decimal:
    """What the shown digits of generation (3), hours (2) and load factor (2) allow, in points."""
    row = generator.production["hours"]
    hours = row.annual if month is None else row[month]
    return Decimal("0.005") + (HUNDRED * Decimal("0.005") / hours if hours else ZERO)


def _load(ctx: CheckContext, account: GeneratorAccount) -> Iterator[Hit]:
    generator = account.generator
    off: dict[int | None, tuple[Decimal, Decimal]] = {}
    for month in (*MONTHS, None):
        pair = _identity(generator, month)
        if pair and abs(pair[0] - pair[1]) > ctx.p(CODE + "load_pt") + _slack(generator, month):
            off[month] = (pair[0], rounded(pair[1]))
    if not off:
        return
    worst = max(abs(a - b) for a, b in off.values())
    annual = generator.production["lf"].annual if None in off else None
    gain = _allowance_gap(ctx, account, annual)
    row = generator.production["lf"]
    yield make_hit(
        "D" if worst > ctx.p(CODE + "load_reality_pt") else "C",
        generator=generator.number,
        months=[m for m in off if m],
        cells=[row.cell(m) for m in off],
        direction=Direction.FAVOURABLE
        if gain > 0
        else Direction.UNKNOWN
        if not gain
        else Direction.UNFAVOURABLE,
        t_allowance=abs(gain),
        root="power",
        reported=[p[0] for p in off.values()],
        computed=[p[1] for p in off.values()],
        formula=_("发电量 ÷（装机容量 × 运行小时数）"),
        capacity=generator.capacity_mw,
        calendar_hours=sum(monthrange(ctx.report.year, m)[1] * 24 for m in MONTHS),
    )


@check(
    "ARI-POWER-IDENTITY",
    name=_("电量关系"),
    family=Family.ARITHMETIC,
    level="L0",
    outcomes={
        "A": Outcome(Severity.CRITICAL, "impossible", _("{generator}机组供电量{reported} MWh大于发电量{computed} MWh。")),
        "B": Outcome(Severity.FATAL, "impossible", _("{generator}机组供电量{reported} MWh大于发电量{computed} MWh，超过1%。")),
        "C": Outcome(
            Severity.CRITICAL, "impossible",
            _("{generator}机组负荷系数填报{reported}%，按{formula}为{computed}%，影响配额{t_allowance} t。"),
        ),
        "D": Outcome(
            Severity.FATAL, "impossible",
            _("{generator}机组负荷系数填报{reported}%，按{formula}为{computed}%，相差超过1个百分点，影响配额{t_allowance} t。"),
        ),
    },
    basis=_("核算指南：供电量 = 发电量 − 厂用电量；负荷系数 = 发电量 ÷（装机容量 × 运行小时数）。"),
    what=_("供电量不得大于发电量（0.1%以内为误差，1%以上不可受理）；负荷系数与复算值相差超过0.5个百分点须说明，超过1个百分点不可受理。"),
    why=_("发现虚增供电量和修饰负荷系数。"),
    explain=_("提供电量结算单、运行小时统计和容量核定文件。"),
    ask=_("核对电网结算电量和调度运行小时数。"),
    parameters=("supply_share", "supply_reality_share", "load_pt", "load_reality_pt"),
)  # fmt: skip
def power_identity(ctx: CheckContext) -> Iterator[Hit]:
    """Supply within generation; load factor from generation, capacity and hours."""
    for account in ctx.accounts.generators:
        yield from _over_supply(ctx, account.generator)
        yield from _load(ctx, account)
