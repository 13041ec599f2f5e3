"""CON-METHOD-CHERRYPICK: which months are measured, and whether they are the better ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import mean

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import FuelAccount, GeneratorAccount
from emitters.checks.own.robust import shown
from emitters.checks.support import (
    DEFAULT,
    ZERO,
    burning_months,
    carbon_per_heat,
    default_cc,
    default_effect,
    deviation,
    is_measured,
    make_hit,
    takes_mean,
)
from emitters.facts import CheckContext

P = "check.CON-METHOD-CHERRYPICK."


@dataclass(frozen=True, slots=True)
class Months:
    """Burning months of a generator's coal by where the carbon comes from."""

    measured: tuple[int, ...]
    default: tuple[int, ...]
    mean: tuple[int, ...]

    @property
    def others(self) -> tuple[int, ...]:
        return tuple(sorted((*self.default, *self.mean)))


@check(
    "CON-METHOD-CHERRYPICK",
    name=_("择月实测"),
    family=Family.CONSISTENCY,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.INFO,
            "cross",
            _("机组{generator}{month_list}月采用缺省值，其余{count}个月实测（缺省使排放量增加）。"),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "cross",
            _(
                "机组{generator}未采用实测的{month_list}月自测热值平均{mean_other}GJ/t，比实测月份平均{mean_used}GJ/t低{sigmas}倍标准误：留用的可能是较好的月份。"
            ),
        ),
        "C": Outcome(
            Severity.INFO,
            "cross",
            _(
                "机组{generator}{month_list}月以其余{count}个实测月份的平均值代替，占排放量{share}%，仅用于排序。"
            ),
        ),
    },
    basis=_(
        "核算指南：元素碳应逐月检测；2021—2022年度实测不少于3个月的可用实测平均值；校核目录 CON-METHOD-CHERRYPICK"
    ),
    what=_(
        "列出实测、缺省和取平均值的月份；以本厂逐日自测热值比较实测月份与其余月份，热值低的煤单位热值含碳量偏高。"
    ),
    why=_("发现只保留较好的检测结果。"),
    explain=_("样品丢失、破损、逾期的检测机构函件和快递记录。"),
    ask=_("全年送检清单、检测机构受理登记、未采用月份的留存样复测。"),
    parameters=("sigmas", "least", "mean_share"),
)
def method_cherrypick(ctx: CheckContext) -> Iterator[Hit]:
    """Months without a result of their own against those with one."""
    seen = False
    for account in ctx.accounts.generators:
        coal = account.coal
        months = _months(ctx, coal) if coal is not None else None
        if coal is None or months is None or not months.measured:
            continue
        seen = True
        if months.others:
            yield from _hits(ctx, account, coal, months)
    if not seen:
        raise NotRun(_("没有实测元素碳的燃煤月份。"))


def _months(ctx: CheckContext, coal: FuelAccount) -> Months | None:
    if DEFAULT in (coal.use.method("c_ar"), coal.use.method("cc")):
        return None
    found: dict[str, list[int]] = {"measured": [], "default": [], "mean": []}
    for month, entry in burning_months(coal):
        if is_measured(ctx, coal, month):
            found["measured"].append(month)
        elif entry.cc in default_cc(ctx, ctx.report.year, month):
            found["default"].append(month)
        elif takes_mean(ctx, coal.use, month) and not ctx.report.tests_of(
            coal.use.generator, month
        ):
            found["mean"].append(month)
    return Months(*(tuple(found[k]) for k in ("measured", "default", "mean")))


def _hits(
    ctx: CheckContext, account: GeneratorAccount, coal: FuelAccount, months: Months
) -> Iterator[Hit]:
    worse = _worse(ctx, account, coal, months)
    if worse is not None:
        yield worse
    if months.default:
        yield make_hit(
            "A",
            generator=account.number,
            months=months.default,
            cells=[coal.use.series["cc"].cell(m) for m in months.default],
            direction=Direction.UNFAVOURABLE,
            root="measured-months",
            count=len(months.measured),
            t_co2=default_effect(ctx, account, months.default),
        )
    yield from _mean_hits(ctx, account, coal, months)


def _heat(coal: FuelAccount, months: Sequence[int]) -> list[float]:
    return [float(e.ncv) for m, e in burning_months(coal) if m in months and e.ncv]


def _worse(
    ctx: CheckContext, account: GeneratorAccount, coal: FuelAccount, months: Months
) -> Hit | None:
    """Poor coal has more carbon for its heat; the plant's own calorimeter knows which months had it."""
    used, other = _heat(coal, months.measured), _heat(coal, months.others)
    least = int(ctx.p(P + "least"))
    if coal.use.method("ncv") == DEFAULT or min(len(used), len(other)) < least:
        return None
    spread = (
        ((len(used) - 1) * deviation(used) ** 2 + (len(other) - 1) * deviation(other) ** 2)
        / (len(used) + len(other) - 2)
    ) ** 0.5
    error = spread * (1 / len(used) + 1 / len(other)) ** 0.5
    gap = mean(used) - mean(other)
    if not error or gap <= float(ctx.p(P + "sigmas")) * error:
        return None
    return make_hit(
        "B",
        generator=account.number,
        months=months.others,
        cells=[coal.use.series["c_ar"].cell(m) for m in months.others],
        direction=Direction.FAVOURABLE,
        root="measured-months",
        sigmas=shown(gap / error, 1),
        std_error=shown(error, 3),
        mean_used=shown(mean(used), 3),
        mean_other=shown(mean(other), 3),
        readings=[
            {"month": m, "ncv": e.ncv, "cc": carbon_per_heat(e)} for m, e in burning_months(coal)
        ],
    )


def _mean_hits(
    ctx: CheckContext, account: GeneratorAccount, coal: FuelAccount, months: Months
) -> Iterator[Hit]:
    """How many months a few results stand for: a year on three of them can be a choice."""
    total = sum(((account.t_month[m - 1] or ZERO) for m, _e in burning_months(coal)), ZERO)
    part = sum(((account.t_month[m - 1] or ZERO) for m in months.mean), ZERO)
    share = part / total if total else ZERO
    if share <= ctx.p(P + "mean_share"):
        return
    known = [
        float(v)
        for m, e in burning_months(coal)
        if m in months.measured and (v := carbon_per_heat(e))
    ]
    scatter = deviation(known) / mean(known) if len(known) > 1 else 0.0
    yield make_hit(
        "C",
        generator=account.number,
        months=months.mean,
        cells=[coal.use.series["c_ar"].cell(m) for m in months.mean],
        direction=Direction.FAVOURABLE,
        t_co2=part * Decimal(f"{scatter:.6f}"),
        root="measured-months",
        count=len(months.measured),
        share=shown(100 * share, 1),
        scatter=shown(100 * scatter, 2),
    )
