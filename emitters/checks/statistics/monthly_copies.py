"""STA-COPY-FILL: monthly series that were filled in, or taken from last year with a factor."""

from collections.abc import Iterator
from itertools import pairwise
from statistics import fmean, pstdev
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.support import DEFAULT, make_hit
from emitters.facts import CheckContext, Generator, ReportFacts, Series

P = "check.STA-COPY-FILL."
# What one meter or one test settles: fields of one family say the same twice.
FAMILIES = {
    "fc": "fuel", "ncv": "heat value", "c_ar": "carbon", "gen": "power", "sup": "power",
    "heat": "heat",
}  # fmt: skip
NAMES = {
    "fc": _("燃料消耗量"),
    "ncv": _("收到基低位发热量"),
    "c_ar": _("收到基元素碳含量"),
    "gen": _("发电量"),
    "sup": _("供电量"),
    "heat": _("供热量"),
}
PLACES = {"ncv": 3, "c_ar": 4, "gen": 3, "sup": 3}  # decimals of the form; others have 2


@check(
    "STA-COPY-FILL",
    name=_("月度数据插值填充或按比例复制"),
    family=Family.STATISTICS,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "statistics",
            _("机组{generator}{field}{month_list}月逐月{kind}（{step}），误差不超过修约。"),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "statistics",
            _("机组{generator}{fields}各月为{base_year}年同月乘以同一系数（{factors}）。"),
        ),
    },
    basis=_(
        "独立计量的月度数据不会逐月等差、等比，也不会与上年各月成固定比例；校核目录 STA-COPY-FILL"
    ),
    what=_(
        "燃料消耗量、热值、元素碳、发电量、供电量、供热量：连续五个月等差或等比（不含相等）；"
        "与上年各月之比在修约误差内相同，或两类以上数据之比的变异系数低于0.2%。缺省值不计。"
    ),
    why=_("发现插值编造的月份、按上年数据乘系数编造的数据。"),
    explain=_("合同约定的固定供汽量等；录入错误应更正。"),
    ask=_("各月原始台账、计量仪表抄表记录、结算单。"),
    parameters=("points", "least", "exact", "spread", "families"),
)
def copy_fill(ctx: CheckContext) -> Iterator[Hit]:
    """Each generator's free monthly fields by themselves and against the year before."""
    last = next((h for h in reversed(ctx.history) if h.year == ctx.report.year - 1), None)
    seen = False
    for account in ctx.accounts.generators:
        fields = dict(_fields(account.generator))
        seen = seen or bool(fields)
        for code, row in fields.items():
            yield from _steady(ctx, account, code, row)
        if last is not None:
            yield from _scaled(ctx, account, fields, last)
    if not seen:
        raise NotRun(_("没有可比较的月度数据。"))


def _fields(generator: Generator) -> Iterator[tuple[str, Series]]:
    main = next(iter(generator.fuels), None)
    for code in FAMILIES:
        row = generator.production.get(code) or (main.get(code) if main else None)
        free = row is not None and row.method != DEFAULT
        if code == "c_ar" and main is not None:
            free = free and DEFAULT not in (main.method("cc"), main.method("ncv"))
        if row is not None and free and any(row.months):
            yield code, row


class Steady(NamedTuple):
    """Successive months with one difference, or one ratio."""

    months: list[int]
    kind: Any
    step: float


def _steady(ctx: CheckContext, account: GeneratorAccount, code: str, row: Series) -> Iterator[Hit]:
    error = 0.5 * 10 ** -PLACES.get(code, 2)
    for found in _lines(row, int(ctx.p(P + "points")), error):
        yield make_hit(
            "A",
            generator=account.number,
            months=found.months,
            cells=[row.cell(m) for m in found.months],
            direction=Direction.UNKNOWN,
            root="filled",
            field=str(NAMES[code]),
            kind=str(found.kind),
            step=f"{found.step:.5g}",
            values=[row[m] for m in found.months],
        )


def _lines(row: Series, points: int, error: float) -> Iterator[Steady]:
    """The longest stretches of at least so many months; differences that rounding alone may make are
    no pattern."""
    values = [float(v) if v else None for v in row.months]
    start = 0
    while start + points <= len(values):
        best: Steady | None = None
        for stop in range(start + points, len(values) + 1):
            part = values[start:stop]
            if None in part or (found := _line(part, error)) is None:
                break
            best = Steady(list(range(start + 1, stop + 1)), *found)
        if best is None:
            start += 1
        else:
            yield best
            start += len(best.months)


def _line(values: list[Any], error: float) -> tuple[Any, float] | None:
    steps = [b - a for a, b in pairwise(values)]
    if min(abs(s) for s in steps) <= 20 * error:
        return None
    if max(steps) - min(steps) <= 4 * error:
        return _("等差"), fmean(steps)
    ratios = [b / a for a, b in pairwise(values)]
    if max(ratios) - min(ratios) <= 4 * error / min(values) * max(1.0, *ratios):
        return _("等比"), fmean(ratios)
    return None


def _scaled(
    ctx: CheckContext, account: GeneratorAccount, fields: dict[str, Series], last: ReportFacts
) -> Iterator[Hit]:
    before = last.generator(account.number)
    past = dict(_fields(before)) if before else {}
    alike: dict[str, tuple[float, float]] = {}  # factor and coefficient of variation
    for code, row in fields.items():
        ratios = [
            float(now / then)
            for now, then in zip(
                row.months, past[code].months if code in past else (), strict=False
            )
            if now and then
        ]
        if len(ratios) >= ctx.p(P + "least"):
            mean = fmean(ratios)
            alike[code] = mean, 100 * pstdev(ratios) / mean
    exact = [c for c, (_f, cv) in alike.items() if cv < ctx.p(P + "exact")]
    close = [c for c, (_f, cv) in alike.items() if cv < ctx.p(P + "spread")]
    families = {FAMILIES[c] for c in close}
    shown = close if len(families) >= ctx.p(P + "families") else exact
    if shown:
        yield make_hit(
            "B",
            generator=account.number,
            cells=[fields[c].cell() for c in shown],
            direction=Direction.FAVOURABLE
            if "fc" in shown and alike["fc"][0] < 1
            else Direction.UNKNOWN,
            root="filled",
            base_year=last.year,
            fields=[str(NAMES[c]) for c in shown],
            factors=[f"{alike[c][0]:.5f}" for c in shown],
            variations={c: f"{alike[c][1]:.5f}" for c in shown},
            series=[
                {"field": str(NAMES[c]), "month": month, "now": now, "before": then}
                for c in shown
                for month, (now, then) in enumerate(
                    zip(fields[c].months, past[c].months, strict=True), 1
                )
            ],
        )
