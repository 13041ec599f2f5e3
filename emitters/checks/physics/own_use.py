"""PHY-OWNUSE-RATE: a unit's own use of power against its class, and against its load."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.allowances import allowances_gained, net_supply_counts
from emitters.checks.own.months import OwnMonth, near_years, own_months
from emitters.checks.own.robust import robust_fit, shown
from emitters.checks.physics.unit import class_row
from emitters.checks.support import HUNDRED, ZERO, annual, heat_share, make_hit, rounded
from emitters.facts import CheckContext, Generator

P = "check.PHY-OWNUSE-RATE."
CLASSES = "check.PHY-BSUP-CLASS.classes"


@check(
    "PHY-OWNUSE-RATE",
    name=_("厂用电率与机组类型不符"),
    family=Family.PHYSICS,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "physics",
            _("机组{generator}（{unit_class}）厂用电率{rate}%，低于同类机组常见下限{usual_low}%。"),
        ),
        "B": Outcome(
            Severity.FATAL,
            "physics",
            _(
                "机组{generator}（{unit_class}）厂用电率{rate}%，超出可能范围{reality_low}%～{reality_high}%。"
            ),
        ),
        "C": Outcome(
            Severity.INFO,
            "statistics",
            _(
                "机组{generator}负荷变化{load_range}个百分点，厂用电率却随负荷升高而升高（每百分点{slope}个百分点）。"
            ),
        ),
        "D": Outcome(
            Severity.INFO,
            "physics",
            _(
                "机组{generator}（{unit_class}）厂用电率{rate}%，在同类机组常见范围{usual_low}%～{usual_high}%之外（当年不影响配额，或方向不利）。"
            ),
        ),
        "E": Outcome(
            Severity.CRITICAL,
            "physics",
            _(
                "机组{generator}（{unit_class}）厂用电率{rate}%，超出可能范围{reality_low}%～{reality_high}%（供电量当年为辅助参数）。"
            ),
        ),
    },
    basis=_("校核目录§11.2机组合理范围；2022年度以前配额按供电量计算，其后供电量为辅助参数"),
    what=_(
        "厂用电率＝1−供电量÷发电量，与机组等级常见范围及可能范围比较；热电联产的下限按供热比折减，上限放宽；"
        "各月厂用电率对负荷、供热比回归：固定部分使负荷越低厂用电率越高，相反的提示。"
    ),
    why=_("发现压低厂用电、虚增供电量。"),
    explain=_("汽动给水泵等设备配置、脱硫脱硝投运、厂用电计量点与外供电说明、热电分摊方法。"),
    ask=_("厂用电计量台账、主接线与计量点图、上网电量结算单。"),
    parameters=(
        CLASSES, "margin", "heat_add", "air_add", "back_pressure", "gas", "reality", "min_hours",
        "slope_months", "slope_load", "slope",
    ),
)  # fmt: skip
def own_use_rate(ctx: CheckContext) -> Iterator[Hit]:
    """Own use of the year against the class, of the months against their load."""
    seen = False
    for account in ctx.accounts.generators:
        judged = _judged(ctx, account)
        if judged is not None:
            seen = True
            yield from _band_hits(ctx, account, judged)
            yield from _load_hits(ctx, account)
    if not seen:
        raise NotRun(_("没有供电量，或运行时间短、机组不在等级表内，无法判断厂用电率。"))


def _usual(ctx: CheckContext, account: GeneratorAccount) -> tuple[str, Decimal, Decimal] | None:
    """Name of the class with the usual range in %."""
    generator = account.generator
    if generator.is_gas:
        return "燃气", *ctx.p(P + "gas")
    if generator.cooling == "背压":
        return "背压", *ctx.p(P + "back_pressure")
    row = class_row(ctx, generator)
    if row is None:
        return None
    low, high = row["own_use"]
    if generator.cooling == "空冷":
        high += ctx.p(P + "air_add")
    if generator.is_chp:  # what pumps heat is not own use of power
        low *= 1 - heat_share(account)
        high += ctx.p(P + "heat_add")
    return row["name"], low, high


def _judged(ctx: CheckContext, account: GeneratorAccount) -> dict[str, Any] | None:
    gen, sup, hours = (annual(account.generator, c) for c in ("gen", "sup", "hours"))
    usual = _usual(ctx, account)
    if not gen or not sup or not hours or hours < ctx.p(P + "min_hours") or usual is None:
        return None
    name, low, high = usual
    reality = ctx.p(P + "reality")
    return {
        "unit_class": name,
        "rate": rounded(HUNDRED * (1 - sup / gen)),
        "usual_low": rounded(low),
        "usual_high": rounded(high),
        "reality_low": reality[0],
        "reality_high": reality[1],
        "generation": gen,
        "net_supply": sup,
    }


def _band_hits(
    ctx: CheckContext, account: GeneratorAccount, judged: dict[str, Any]
) -> Iterator[Hit]:
    rate, margin, counts = judged["rate"], ctx.p(P + "margin"), net_supply_counts(ctx)
    low, high = judged["usual_low"] - margin, judged["usual_high"] + margin
    if not judged["reality_low"] <= rate <= judged["reality_high"]:
        letter = "B" if counts else "E"
    elif not low <= rate <= high:
        letter = "A" if rate < low and counts else "D"
    else:
        return
    less = max(judged["usual_low"] - rate, ZERO)
    output = judged["generation"] * (HUNDRED - judged["usual_low"]) / HUNDRED
    yield make_hit(
        letter,
        generator=account.number,
        cells=_cells(account.generator),
        direction=Direction.FAVOURABLE if less and counts else Direction.UNKNOWN,
        t_allowance=allowances_gained(ctx, account, output=output) if less and counts else ZERO,
        root="own-use",
        **judged,
    )


def _cells(generator: Generator) -> list[str]:
    return [row.cell() for c in ("sup", "gen") if (row := generator.production.get(c))]


def _readings(ctx: CheckContext, number: str) -> list[OwnMonth]:
    years = (ctx.report.year, *(r.year for r in near_years(ctx, 3)))
    return [m for y in years for m in own_months(ctx, y, number) if m.own_use is not None]


def _load_hits(ctx: CheckContext, account: GeneratorAccount) -> Iterator[Hit]:
    """Part of the own use is the same at any load, so its share rises when the load falls."""
    months = _readings(ctx, account.number)
    loads = [100 * m.load for m in months]
    if len(months) < ctx.p(P + "slope_months") or max(loads) - min(loads) <= ctx.p(
        P + "slope_load"
    ):
        return
    slope, error = _slope(months)
    if slope - 2 * error <= float(ctx.p(P + "slope")):
        return
    yield make_hit(
        "C",
        generator=account.number,
        cells=_cells(account.generator),
        root="own-use-load",
        load_range=shown(max(loads) - min(loads), 1),
        slope=shown(slope, 4),
        std_error=shown(error, 4),
        readings=[
            {
                "year": m.year,
                "month": m.month,
                "load": shown(100 * m.load, 2),
                "rate": shown(100 * (m.own_use or 0), 3),
            }
            for m in months
        ],
    )


def _slope(months: Sequence[OwnMonth]) -> tuple[float, float]:
    """Own use (points) per point of load at the same heat share, with its standard error."""
    columns = [np.ones(len(months)), np.array([m.load for m in months])]
    share = np.array([m.ratio for m in months])
    if float(share.max() - share.min()) > 0.01:
        columns.append(share - share.mean())
    fit = robust_fit(np.column_stack(columns), np.array([m.own_use or 0.0 for m in months]))
    return float(fit.beta[1]), float(fit.covariance[1, 1]) ** 0.5
