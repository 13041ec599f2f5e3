"""Carbon per heat of the year: small edits that no single month shows add up here."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import FuelAccount, GeneratorAccount
from emitters.checks.own.carbon import (
    PARAMETERS,
    Change,
    CoalYear,
    change,
    coal_year,
    other_coal,
    other_coal_years,
)
from emitters.checks.own.events import TOPICS, declares
from emitters.checks.own.robust import shown
from emitters.checks.support import ZERO, band_key, make_hit
from emitters.facts import CheckContext

P = "check.PHY-C-NCV-BIAS."


@check(
    "PHY-C-NCV-BIAS",
    name=_("年度单位热值含碳量偏低"),
    family=Family.PHYSICS,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "physics",
            _(
                "机组{generator}全年单位热值含碳量{now}tC/GJ，比{base_year}年{before}低{change}%，超过{limit}%；干燥无灰基碳变化{carbon_daf}个百分点，检测结果未显示煤种改变。"
            ),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "physics",
            _(
                "机组{generator}全年单位热值含碳量{now}tC/GJ，比{base_year}年{before}低{change}%，超出通常可以解释的{limit}%。"
            ),
        ),
        "C": Outcome(
            Severity.INFO,
            "peer",
            _(
                "机组{generator}全年单位热值含碳量{now}tC/GJ，低于{rank}常见下限{low}，没有本机组其他年度可供比较。"
            ),
        ),
        "D": Outcome(
            Severity.INFO,
            "history",
            _(
                "机组{generator}全年单位热值含碳量{now}tC/GJ，较{base_year}年{before}变化{change}%（方向不利、煤种已变、已申报，或碳元素检测值未变）。"
            ),
        ),
        "E": Outcome(
            Severity.CRITICAL,
            "physics",
            _(
                "机组{generator}全年单位热值含碳量{now}tC/GJ低于{rank}常见下限{low}，且检测热值比元素组成推算值高{heat_gap}%，碳元素检测值偏低。"
            ),
        ),
        "F": Outcome(
            Severity.INFO,
            "physics",
            _(
                "机组{generator}全年单位热值含碳量{now}tC/GJ，比{base_year}年{before}低{change}%，在允许的{limit}%之内，仅用于排序。"
            ),
        ),
    },
    basis=_("核查技术指南：单位热值含碳量应与煤种及往年一致；校核目录 PHY-C-NCV-BIAS、§11.1"),
    what=_(
        "全年单位热值含碳量＝Σ（消耗量×元素碳）÷Σ（消耗量×低位发热量），只计实测月份，与本机组相邻年度比较；干燥无灰基碳、挥发分、氢、硫、内水辅助判断是否换煤；没有其他年度时与煤种常见下限比较。"
    ),
    why=_("发现全年小幅压低元素碳的做法（逐月看不出）。"),
    explain=_(
        "供应商或矿点变更合同与分矿点采购台账、同矿其他用户的检测值、检测机构变化的比对试验。"
    ),
    ask=_("元素碳检测报告原件和检测机构留底、留存样复测、分矿点采购台账。"),
    parameters=(
        "drop",
        "sigmas",
        "drift_sigmas",
        "drift_carbon_daf",
        "drop_with_carbon",
        "carbon_daf",
        "moisture",
        "heat_gap",
        "high",
        "rank_low",
        "rank_heat_gap",
        *PARAMETERS,
        TOPICS,
    ),
)
def carbon_bias(ctx: CheckContext) -> Iterator[Hit]:
    """Each generator's measured coal against its own other years, else against its rank."""
    seen = False
    for account in ctx.accounts.generators:
        coal = account.coal
        now = coal_year(ctx, ctx.report.year, account.number) if coal is not None else None
        if coal is None or now is None:
            continue
        seen = True
        others = other_coal_years(ctx, account.number)
        if others:
            yield from _own_hits(ctx, account, coal, now, change(ctx, now, others))
        else:
            yield from _rank_hits(ctx, account, coal, now)
    if not seen:
        raise NotRun(_("实测元素碳的燃煤月份不足。"))


def carbon_limit(ctx: CheckContext, seen: Change) -> tuple[str, float]:
    """Letter and limit (share): how far carbon per heat may fall depends on what else moved.

    Ash-free carbon that fell with it is an edit of carbon; unchanged carbon speaks for the heating
    value, unless a wetter sample took the carbon away.
    """
    high = float(ctx.p(P + "high")) / 100
    excused = declares(ctx, ctx.report, "coal") or other_coal(ctx, seen.kind)
    consistent = (seen.heat_gap or 0.0) < float(ctx.p(P + "heat_gap"))
    if excused and consistent:
        return "B", high
    plain = max(float(ctx.p(P + "drop")) / 100, float(ctx.p(P + "sigmas")) * seen.error)
    if seen.carbon_daf is None:
        return "A", plain
    if seen.carbon_daf <= -float(ctx.p(P + "carbon_daf")):
        return "A", float(ctx.p(P + "drop_with_carbon")) / 100
    wetter = (seen.moisture or 0.0) > float(ctx.p(P + "moisture"))
    return ("A", plain) if wetter else ("B", high)


def _drifts(ctx: CheckContext, seen: Change) -> bool:
    """Whether carbon per heat fell more than years do, and the laboratory's carbon with it, in coal
    that is not said or seen to be another."""
    if -seen.carbon_per_heat <= float(ctx.p(P + "drift_sigmas")) * seen.error:
        return False
    if declares(ctx, ctx.report, "coal") or other_coal(ctx, seen.kind):
        return False
    daf = seen.carbon_daf
    return daf is None or daf <= -float(ctx.p(P + "drift_carbon_daf"))


def _own_hits(
    ctx: CheckContext, account: GeneratorAccount, coal: FuelAccount, now: CoalYear, seen: Change
) -> Iterator[Hit]:
    letter, limit = carbon_limit(ctx, seen)
    fall = -seen.carbon_per_heat
    told = float(ctx.p(P + "drop")) / 100
    if fall <= limit and _drifts(ctx, seen):
        letter = "F"  # too small to ask about; several of them rank a plant before others
    elif fall <= limit:
        letter, limit = "D", max(told, float(ctx.p(P + "sigmas")) * seen.error)
    elif fall > float(ctx.p(P + "high")) / 100:
        letter, limit = "B", float(ctx.p(P + "high")) / 100
    if letter != "F" and abs(fall) <= limit:
        return
    accused = letter != "D"
    yield make_hit(
        letter,
        generator=account.number,
        cells=[coal.use.series["c_ar"].cell(), coal.use.series["ncv"].cell()],
        direction=Direction.FAVOURABLE if fall > 0 else Direction.UNFAVOURABLE,
        t_co2=coal.t_co2 * shown(fall / (1 - fall), 6) if accused else ZERO,
        root="carbon",
        base_year=seen.base.year,
        before=shown(seen.base.mean, 5),
        change=shown(100 * abs(fall), 2),
        limit=shown(100 * limit, 2),
        std_error=shown(100 * seen.error, 2),
        carbon_daf=_point(seen.carbon_daf),
        moisture=_point(seen.moisture),
        heat_gap=_point(seen.heat_gap),
        kind={name: shown(value, 2) for name, value in seen.kind.items()},
        **_year_values(now),
    )


def _point(value: float | None) -> Decimal | str:
    return "—" if value is None else shown(value, 2)


def _year_values(now: CoalYear) -> dict[str, Any]:
    return {
        "now": shown(now.mean, 5),
        "scatter": shown(100 * now.scatter, 2),
        "readings": [
            {
                "month": m.month,
                "coal": shown(m.coal, 2),
                "ncv": shown(m.coal_heat / m.coal, 3),
                "cc": shown(m.cc, 5),
            }
            for m in now.months
        ],
    }


def _rank_hits(
    ctx: CheckContext, account: GeneratorAccount, coal: FuelAccount, now: CoalYear
) -> Iterator[Hit]:
    low = ctx.p(P + "rank_low").get(band_key(account.generator, coal))
    if low is None or now.mean >= float(low):
        return
    gap = now.heat_gap
    supported = gap is not None and gap > float(ctx.p(P + "rank_heat_gap"))
    yield make_hit(
        "E" if supported else "C",
        generator=account.number,
        cells=[coal.use.series["c_ar"].cell(), coal.use.series["ncv"].cell()],
        direction=Direction.FAVOURABLE,
        t_co2=coal.t_co2 * (low / shown(now.mean, 6) - 1),
        root="carbon",
        rank=coal.use.rank,
        low=low,
        heat_gap=_point(gap),
        **_year_values(now),
    )
