"""PHY-HEAT-CAPACITY."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.comparison import accounts_of, cells, reported, scaled_gain, scope
from emitters.checks.facilities import Facility, facilities
from emitters.checks.support import ALL_MONTHS, ZERO, annual, make_hit, month_days, ratio, rounded
from emitters.facts import CheckContext

CODE = "check.PHY-HEAT-CAPACITY."
HOURS_PER_DAY = 24
BACK_PRESSURE = "背压"


def _rated(ctx: CheckContext) -> dict[str, tuple[Decimal, str]]:
    """Permitted heat output in GJ/h and its place, by generator; under the empty number when boilers
    without a generator share in it, or when one generator has no figure of its own."""
    given = [f for f in facilities(ctx) if f.heat_capacity]
    selling = [a.number for a in ctx.accounts.generators if annual(a.generator, "heat")]
    own = {n: [f for f in given if f.number == n] for n in selling}
    if all(own.values()) and all(f.number for f in given):
        return {n: _sum(found) for n, found in own.items()}
    return {"": _sum(given)} if given and all(own.values()) else {}


def _sum(found: Sequence[Facility]) -> tuple[Decimal, str]:
    return (
        sum((f.heat_capacity or ZERO for f in found), ZERO),
        "；".join(f.place for f in found),
    )


def _months(ctx: CheckContext, number: str, rated: Decimal) -> Iterator[dict[str, Any]]:
    """Months with heat: what the permitted output could give in the running hours.

    The plant's boilers stand for each other, so its hours are those of the longest-running unit.
    """
    heat = reported(ctx, "heat", number)
    for month in ALL_MONTHS:
        hours = [a.generator.value("hours", month) or ZERO for a in accounts_of(ctx, number)]
        if not heat.get(month) or not any(hours):
            continue
        calendar = Decimal(month_days(ctx.report.year, month) * HOURS_PER_DAY)
        most = rated * (max(hours) if number else calendar)
        yield {
            "month": month,
            "heat": heat[month],
            "most": rounded(most),
            "ratio": heat[month] / most,
        }


def _over(ctx: CheckContext, number: str, rated: Decimal, place: str) -> Iterator[Hit]:
    usual, reality = ctx.p(CODE + "limits")
    found = list(_months(ctx, number, rated))
    over = [line for line in found if line["ratio"] > usual]
    if not over:
        return
    worst = max(line["ratio"] for line in over)
    extra = sum((line["heat"] - line["most"] for line in over), ZERO)
    whole = sum(reported(ctx, "heat", number).values(), ZERO)
    months = [line["month"] for line in over]
    yield make_hit(
        "B" if worst > reality else "A",
        generator=number,
        scope=scope(number),
        months=months,
        cells=cells(ctx, "heat", months, number),
        direction=Direction.FAVOURABLE,
        t_allowance=scaled_gain(ctx, number, heat=1 - extra / whole),
        root="heat",
        capacity=rated,
        worst=rounded(worst, 3),
        limit=reality if worst > reality else usual,
        place=place,
        rows=[line | {"ratio": rounded(line["ratio"], 3)} for line in over],
    )


def _per_mwh(ctx: CheckContext, account: GeneratorAccount) -> Iterator[Hit]:
    """Heat for each MWh above what the kind of turbine can give over a year."""
    generator = account.generator
    kind = BACK_PRESSURE if generator.cooling == BACK_PRESSURE else "抽凝"
    rate = ratio(annual(generator, "heat"), annual(generator, "gen"))
    if generator.is_gas or rate is None or rate <= ctx.p(CODE + "per_mwh")[kind]:
        return
    limit = ctx.p(CODE + "per_mwh")[kind]
    yield make_hit(
        "C",
        generator=account.number,
        cells=[generator.production[c].cell() for c in ("heat", "gen")],
        direction=Direction.FAVOURABLE,
        t_allowance=scaled_gain(ctx, account.number, heat=limit / rate),
        root="heat",
        kind=kind,
        rate=rounded(rate),
        limit=limit,
    )


@check(
    "PHY-HEAT-CAPACITY",
    name=_("供热能力上限"),
    family=Family.PHYSICS,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL, "physics",
            _("（{scope}）{month_list}月供热量达到许可供热能力{capacity} GJ/h×运行小时数的{worst}倍，超过{limit}倍。"),
        ),
        "B": Outcome(
            Severity.FATAL, "impossible",
            _("（{scope}）{month_list}月供热量达到许可供热能力{capacity} GJ/h×运行小时数的{worst}倍，超过{limit}倍，不可能实现。"),
        ),
        "C": Outcome(
            Severity.CRITICAL, "physics",
            _("{generator}机组（{kind}）全年供热量与发电量之比{rate} GJ/MWh，高于同类机组上限{limit} GJ/MWh。"),
        ),
    },
    basis=_("排污许可证载明的供热能力；校核目录 PHY-HEAT-CAPACITY、§11.3。"),
    what=_("逐月供热量 ÷（许可供热能力 × 运行小时数）；全年供热量 ÷ 发电量与机组型式上限比较。"),
    why=_("发现虚报供热量。"),
    explain=_("提供辅助锅炉、蓄热装置、外部热源的独立计量和供热改造验收文件。"),
    ask=_("调取汽轮机抽汽设计参数、供热首站铭牌、辅助锅炉台账。"),
    parameters=("limits", "per_mwh"),
)  # fmt: skip
def heat_capacity(ctx: CheckContext) -> Iterator[Hit]:
    """Heat against the permitted output and the kind of turbine."""
    selling = [a for a in ctx.accounts.generators if annual(a.generator, "heat")]
    if not selling:
        raise NotRun(_("没有供热量。"))
    rated = _rated(ctx)
    hits = [hit for account in selling for hit in _per_mwh(ctx, account)]
    if not rated and not hits:
        raise NotRun(_("排污许可没有供热能力。"))
    yield from hits
    for number, (capacity, place) in rated.items():
        yield from _over(ctx, number, capacity, place)
