"""CON-UNIT-SPLIT: figures that were parted between generators instead of metered."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import expm1
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc import allocation
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.own import heat_rate as own_heat_rate
from emitters.checks.own.events import TOPICS, declares
from emitters.checks.own.heat_rate import Shift, heat_rate_of, year_shift
from emitters.checks.own.robust import shown
from emitters.checks.support import ALL_MONTHS, ZERO, make_hit, rounded
from emitters.facts import CheckContext, Generator

P = "check.CON-UNIT-SPLIT."
QUANTITIES = {"fc": _("燃煤消耗量"), "own": _("厂用电量"), "heat": _("供热量")}


@check(
    "CON-UNIT-SPLIT",
    name=_("机组间按比例分摊"),
    family=Family.CONSISTENCY,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.INFO,
            "cross",
            _(
                "{quantities}在机组间的比例{month_list}月保持不变（{share}），系按比例分摊而非计量。"
            ),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "cross",
            _(
                "机组{generator}热耗较往年下降{fall}%，同厂机组{other}上升{rise}%，全厂基本不变：煤量由{unit_class}机组转记到另一类别机组。"
            ),
        ),
        "C": Outcome(
            Severity.INFO,
            "cross",
            _("机组{generator}热耗较往年下降{fall}%，同厂机组{other}上升{rise}%，全厂基本不变。"),
        ),
    },
    basis=_("核算指南：各机组分别计量，不能分机组计量的按质控方案分摊；校核目录 CON-UNIT-SPLIT"),
    what=_(
        "逐月计算各机组燃煤、厂用电、供热占全厂的比例，六个月以上四位小数相同的提示；按各机组自身热耗模型比较同厂机组此消彼长。"
    ),
    why=_("发现按比例分摊代替计量，以及在不同类别机组之间转移煤量。"),
    explain=_("质控方案中的分摊条款、皮带切换与分炉计量记录、机组检修记录。"),
    ask=_("分炉给煤机累计、皮带切换记录、厂用电分表、质控方案。"),
    parameters=(
        "places",
        "months",
        "sigmas",
        "each_sigmas",
        "rest",
        *own_heat_rate.PARAMETERS,
        TOPICS,
    ),
)
def unit_split(ctx: CheckContext) -> Iterator[Hit]:
    """Shares that stay the same, and heat rates that move against each other."""
    if len(ctx.accounts.generators) < 2:
        raise NotRun(_("只有一台机组。"))
    yield from _constant_hits(ctx)
    yield from _moved_hits(ctx)


def _amount(generator: Generator, name: str, month: int) -> Decimal | None:
    if name == "fc":
        values = [u.value("fc", month) for u in generator.fuels if u.fuel == "燃煤"]
        return sum((v for v in values if v is not None), ZERO) or None
    if name == "own":
        gen, sup = generator.value("gen", month), generator.value("sup", month)
        return gen - sup if gen and sup and gen > sup else None
    return generator.value("heat", month) or None


def _shares(ctx: CheckContext, name: str) -> dict[int, tuple[Decimal, ...]]:
    """Shares of the generators by month, where all of them have some."""
    places = int(ctx.p(P + "places"))
    found = {}
    for month in ALL_MONTHS:
        known = [a for g in ctx.report.generators if (a := _amount(g, name, month))]
        if len(known) == len(ctx.report.generators):
            total = sum(known, ZERO)
            found[month] = tuple(rounded(a / total, places) for a in known)
    return found


def _constant_hits(ctx: CheckContext) -> Iterator[Hit]:
    rows: dict[int, dict[str, object]] = {}
    names, shown_shares = [], []
    for name, title in QUANTITIES.items():
        shares = _shares(ctx, name)
        if not shares:
            continue
        usual, count = Counter(shares.values()).most_common(1)[0]
        if count < ctx.p(P + "months"):
            continue
        names.append(str(title))
        shown_shares.append("：".join(map(str, usual)))
        for month, share in shares.items():
            if share == usual:
                rows.setdefault(month, {"month": month})[name] = "：".join(map(str, share))
    if names:
        yield make_hit(
            "A",
            months=rows,
            root="unit-split",
            quantities="、".join(names),
            share="；".join(shown_shares),
            rows=[rows[m] for m in sorted(rows)],
        )


@dataclass(frozen=True, slots=True)
class _Moved:
    """A generator's heat rate against its own other years, with its class and fuel heat."""

    account: GeneratorAccount
    shift: Shift
    code: str

    @property
    def heat(self) -> float:
        return float(sum((h or ZERO for h in self.account.heat_gj_month), ZERO))


def _moved_hits(ctx: CheckContext) -> Iterator[Hit]:
    """Coal booked on a neighbour: one falls, the other rises, together they stay."""
    if declares(ctx, ctx.report, "heat_rate"):
        return
    known = [m for a in ctx.accounts.generators if (m := _moved(ctx, a)) is not None]
    if len(known) < 2 or len(known) < len(ctx.accounts.generators):
        return
    low, high = min(known, key=lambda m: m.shift.change), max(known, key=lambda m: m.shift.change)
    each = float(ctx.p(P + "each_sigmas"))
    gap = high.shift.change - low.shift.change
    error = (low.shift.error**2 + high.shift.error**2) ** 0.5
    rest = sum(m.shift.change * m.heat for m in known) / sum(m.heat for m in known)
    if (
        low.shift.change > -each * low.shift.error
        or high.shift.change < each * high.shift.error
        or gap < float(ctx.p(P + "sigmas")) * error
        or abs(rest) > float(ctx.p(P + "rest")) / 100
    ):
        return
    yield _moved_hit(low, high, rest)


def _moved(ctx: CheckContext, account: GeneratorAccount) -> _Moved | None:
    model = heat_rate_of(ctx, account.number)
    shift = year_shift(ctx, model) if model is not None else None
    split = ctx.params.get("allocation.class_split_mw", ctx.report.year)
    code = allocation.class_code(account.generator, account.fuels, split)
    return None if shift is None else _Moved(account, shift, code)


def _moved_hit(low: _Moved, high: _Moved, rest: float) -> Hit:
    use = low.account.coal
    values: dict[str, Any] = {
        "other": high.account.number,
        "fall": shown(-100 * expm1(low.shift.change), 2),
        "rise": shown(100 * expm1(high.shift.change), 2),
        "base_year": low.shift.base_year,
        "change": shown(100 * rest, 2),
        "unit_class": low.code,
    }
    moved = low.account.t_burn * shown(expm1(-low.shift.change), 6)
    classes = low.code != high.code
    return make_hit(
        "B" if classes else "C",
        generator=low.account.number,
        cells=[use.use.series["fc"].cell()] if use else [],
        direction=Direction.FAVOURABLE if classes else Direction.UNKNOWN,
        t_co2=moved if classes else ZERO,
        root="unit-split",
        **values,
    )
