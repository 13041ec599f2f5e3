"""CON-LOAD-CLIFF: a load factor just below the edge from which peak shaving earns allowances."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.allowances import allowances_gained
from emitters.checks.comparison import of_generator
from emitters.checks.consistency.standstill import Standstill
from emitters.checks.facilities import facilities
from emitters.checks.own.events import TOPICS, declares
from emitters.checks.support import (
    ALL_MONTHS,
    HUNDRED,
    ZERO,
    annual,
    load_factor,
    make_hit,
    month_days,
    rounded,
)
from emitters.facts import CheckContext

P = "check.CON-LOAD-CLIFF."
EDGE = "check.PEER-PILE-UP.edge"
HOURS_PER_DAY = 24


@check(
    "CON-LOAD-CLIFF",
    name=_("负荷系数贴近调峰修正界线"),
    family=Family.CONSISTENCY,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.INFO,
            "statistics",
            _(
                "机组{generator}负荷系数{load}%，在调峰修正界线{edge}%之下不足{near}个百分点，界线之差值配额{gain}t。"
            ),
        ),
        "B": Outcome(
            Severity.FATAL,
            "source",
            _(
                "机组{generator}填报负荷系数{load}%，低于调峰修正界线{edge}%；按{basis}复算为{recomputed}%，在界线之上，多得配额{gain}t。"
            ),
        ),
        "C": Outcome(
            Severity.CRITICAL,
            "history",
            _(
                "机组{generator}填报负荷系数{load}%，低于调峰修正界线{edge}%；按往年登记容量{registered}MW复算为{recomputed}%，在界线之上，未申报容量变更。"
            ),
        ),
    },
    basis=_("配额分配方案：调峰修正系数按负荷系数（出力系数）分段；校核目录 CON-LOAD-CLIFF"),
    what=_(
        "负荷系数＝发电量÷（装机容量×运行小时数），与当年调峰修正界线比较；以调度停运记录允许的最多小时数、排污许可证或往年登记的容量复算。"
    ),
    why=_("发现备用时间计入运行、虚报容量，使负荷系数跌到界线之下。"),
    explain=_("调度调峰记录、运行日志、机组容量核定文件。"),
    ask=_("调度运行日志、启停记录、铭牌与容量核定批复。"),
    parameters=("near", EDGE, TOPICS),
)
def load_cliff(ctx: CheckContext) -> Iterator[Hit]:
    """Each generator that lies below the edge and gains by it."""
    edge = ctx.p(EDGE)
    if edge is None:
        raise NotRun(_("当年配额方案没有调峰修正界线。"))
    seen = False
    for account in ctx.accounts.generators:
        load = load_factor(account)
        if load is None:
            continue
        seen = True
        gain = allowances_gained(ctx, account, load=edge) if load < edge else ZERO
        if gain > 0:
            yield from _below(ctx, account, _Edge(rounded(load), edge, gain))
    if not seen:
        raise NotRun(_("缺少发电量、装机容量或运行小时数。"))


@dataclass(frozen=True, slots=True)
class _Edge:
    """A load factor below the edge (both %), and the allowances that lie between."""

    load: Decimal
    edge: Decimal
    gain: Decimal


def _below(ctx: CheckContext, account: GeneratorAccount, seen: _Edge) -> Iterator[Hit]:
    found = _by_records(ctx, account) or _by_registry(ctx, account)
    if found is not None and found[1]["recomputed"] >= seen.edge:
        letter, values = found
    elif seen.edge - seen.load < ctx.p(P + "near"):
        letter, values = "A", {"near": ctx.p(P + "near")}
    else:
        return
    rows = (account.generator.production.get(c) for c in ("lf", "hours"))
    yield make_hit(
        letter,
        generator=account.number,
        cells=[row.cell() for row in rows if row],
        direction=Direction.UNKNOWN if letter == "A" else Direction.FAVOURABLE,
        t_allowance=ZERO if letter == "A" else seen.gain,  # many truly run there
        root="" if letter == "A" else f"hours:{account.number}",
        load=seen.load,
        edge=seen.edge,
        gain=rounded(seen.gain),
        **values,
    )


def _by_records(ctx: CheckContext, account: GeneratorAccount) -> tuple[str, dict[str, Any]] | None:
    """The load factor with the hours that dispatch leaves and the capacity of the permit."""
    generator, year = account.generator, ctx.report.year
    gen, hours = annual(generator, "gen"), annual(generator, "hours")
    capacity = generator.capacity_mw
    if not gen or not hours or not capacity:
        return None
    rows = ctx.outside.of("outage") if ctx.outside else ()
    still = Standstill.of(year, of_generator(rows, account.number))
    days = sum(month_days(year, m) - still.days(m) for m in ALL_MONTHS)
    most = Decimal(days * HOURS_PER_DAY)
    permit = next((f for f in facilities(ctx) if f.number == account.number), None)
    allowed = permit.capacity_mw if permit else None
    basis = []
    if still.spells and most < hours:
        hours = most
        basis.append(_("调度停运记录"))
    if allowed and allowed < capacity:
        capacity = allowed
        basis.append(_("排污许可证容量"))
    if not basis or not hours:
        return None
    return "B", {
        "basis": "、".join(str(b) for b in basis),
        "recomputed": rounded(HUNDRED * gen / (capacity * hours)),
        "hours": hours,
        "capacity": capacity,
    }


def _by_registry(ctx: CheckContext, account: GeneratorAccount) -> tuple[str, dict[str, Any]] | None:
    """The load factor with the capacity that was accepted before; an up-rating may be declared."""
    known = (ctx.registry or {}).get(account.number, {}).get("capacity_mw")
    gen, hours = annual(account.generator, "gen"), annual(account.generator, "hours")
    stated = account.generator.capacity_mw
    if not isinstance(known, Decimal) or not known or not stated or known >= stated:
        return None
    if not gen or not hours or declares(ctx, ctx.report, "heat_rate"):
        return None
    return "C", {
        "registered": known,
        "recomputed": rounded(HUNDRED * gen / (known * hours)),
    }
