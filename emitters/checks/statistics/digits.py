"""STA-LAST-DIGIT: last digits of the daily ledger."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import erfc, exp, pi, sqrt

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.support import make_hit
from emitters.facts import CheckContext, DailyCoal

P = "check.STA-LAST-DIGIT."
NAMES = {"coal_t": _("日入炉煤量"), "ncv": _("日热值"), "mt": _("日全水分")}
FAVOURITES = (0, 5)


@dataclass(frozen=True)
class Digits:
    """The last digits that an instrument shows: at which decimal place, and how often each."""

    place: int
    counts: tuple[int, ...]

    @property
    def share(self) -> float:
        """Share of 0 and 5."""
        return sum(self.counts[d] for d in FAVOURITES) / sum(self.counts)

    @property
    def chance(self) -> float:
        """Probability of digits at least as uneven, if all were equally likely (χ², 9 degrees)."""
        expected = sum(self.counts) / 10
        return _tail_of_9(sum((c - expected) ** 2 for c in self.counts) / expected)


def _tail_of_9(x: float) -> float:
    """P(χ² > x) for 9 degrees of freedom; for an odd number the series is finite."""
    term = total = sqrt(2 * x / pi) * exp(-x / 2)
    for odd in (3, 5, 7):
        term *= x / odd
        total += term
    return erfc(sqrt(x / 2)) + total


@check(
    "STA-LAST-DIGIT",
    name=_("日台账末位数字分布异常"),
    family=Family.STATISTICS,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.INFO,
            "statistics",
            _("机组{generator}{field}末位数字分布不均（0和5占{share}%，χ²检验p={chance}）。"),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "statistics",
            _(
                "机组{generator}{field}末位数字中0和5占{share}%，其余数字照常出现，不像仪表自动记录，需要说明台账来源。"
            ),
        ),
    },
    basis=_(
        "仪表读数的末位数字大致均匀；人工填写偏爱0和5。实测数据不得人工平衡调整"
        "（生态环境部2023年2月答疑）；校核目录 STA-LAST-DIGIT"
    ),
    what=_(
        "先判断仪表分辨率（最末有效小数位），分辨率本身为5或10的不检验；末位数字χ²检验（120个以上日值），"
        "多项检验按项数修正，且0和5占比超过30%；日煤量0和5占比超过40%且p低于十亿分之一的为严重。"
    ),
    why=_("发现人工编写的日台账。"),
    explain=_("人工抄表的规程、仪表分辨率说明。"),
    ask=_("皮带秤、热量计自动记录原始数据，交接班记录。"),
    parameters=("least", "chance", "share", "chance_sure", "share_sure", "granular"),
)
def last_digit(ctx: CheckContext) -> Iterator[Hit]:
    """Each daily quantity of each generator."""
    least = ctx.p(P + "least")
    series = {
        (g.number, name): values
        for g in ctx.report.generators
        for name in NAMES
        if len(values := _values(ctx.report.daily, g.number, name)) >= least
    }
    if not series:
        raise NotRun(_("日台账不足120个日值。"))
    for (number, name), values in series.items():
        digits = _digits(values)
        if digits is not None and digits.share <= ctx.p(P + "granular"):
            yield from _digit_hits(ctx, number, name, digits, len(series))


def _values(rows: Sequence[DailyCoal], number: str, name: str) -> list[Decimal]:
    return [v for r in rows if r.generator == number and (v := getattr(r, name))]


def _digits(values: list[Decimal]) -> Digits | None:
    """Digits at the finest place that at least three in ten values use; None when there is none."""
    for place in (3, 2, 1, 0):
        scaled = [int(v.scaleb(place).to_integral_value()) for v in values]
        counts = Counter(s % 10 for s in scaled)
        if counts[0] <= 0.7 * len(values):
            return Digits(place, tuple(counts[d] for d in range(10)))
    return None


def _digit_hits(
    ctx: CheckContext, number: str, name: str, digits: Digits, tests: int
) -> Iterator[Hit]:
    chance, share = digits.chance * tests, digits.share
    if chance >= ctx.p(P + "chance") or share <= ctx.p(P + "share"):
        return
    sure = (
        name == "coal_t" and chance < ctx.p(P + "chance_sure") and share >= ctx.p(P + "share_sure")
    )
    rows = [r for r in ctx.report.daily if r.generator == number]
    yield make_hit(
        "B" if sure else "A",
        generator=number,
        cells=[ctx.report.daily_cell(rows[0], name), ctx.report.daily_cell(rows[-1], name)],
        root="daily-ledger",
        field=str(NAMES[name]),
        share=f"{100 * share:.0f}",
        chance=f"{chance:.1e}",
        decimal_place=digits.place,
        digits={str(d): n for d, n in enumerate(digits.counts)},
    )
