"""STA-DAILY-COPY: runs of days that repeat other days of the ledger."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.support import make_hit
from emitters.facts import CheckContext, DailyCoal

P = "check.STA-DAILY-COPY."


class Run(NamedTuple):
    """So many successive days that equal those `lag` rows before. `scaled`: the coal is another, in a
    constant ratio."""

    rows: tuple[DailyCoal, ...]
    source: tuple[DailyCoal, ...]
    scaled: bool


@check(
    "STA-DAILY-COPY",
    name=_("日台账成段重复"),
    family=Family.STATISTICS,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "statistics",
            _(
                "机组{generator}日台账有{count}日与此前日期成段相同（如{own}起与{other}起连续{longest}日煤量、热值相同）。"
            ),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "statistics",
            _(
                "机组{generator}日台账有{count}日的热值、水分与此前日期成段相同，煤量为同一比例（如{own}起与{other}起连续{longest}日）。"
            ),
        ),
    },
    basis=_("每日煤量、热值逐日实测，连续多日成段相同的概率可以忽略；校核目录 STA-COPY-FILL"),
    what=_(
        "连续5日以上，煤量与热值（或热值与水分且煤量成固定比例）与本机组更早的连续日期逐日相同；"
        "同一数值连续填写同样计入。"
    ),
    why=_("发现以常数、复制的周或复制的月填充的日台账。"),
    explain=_("仪表故障期间按规定取值的审批记录；录入错误应更正。"),
    ask=_("皮带秤、热量计自动记录原始数据，化验原始记录。"),
    parameters=("days",),
)
def daily_copies(ctx: CheckContext) -> Iterator[Hit]:
    """Each generator's days in order, against its own earlier days."""
    least = int(ctx.p(P + "days"))
    complete = [r for r in ctx.report.daily if r.coal_t and r.ncv is not None and r.mt is not None]
    series: dict[str, list[DailyCoal]] = defaultdict(list)
    for row in complete:
        series[row.generator].append(row)
    if not any(len(rows) >= 2 * least for rows in series.values()):
        raise NotRun(_("没有连续填写的日台账。"))
    for number, rows in series.items():
        rows.sort(key=lambda r: r.day)
        runs = list(_runs(rows, least))
        for letter, scaled in (("A", False), ("B", True)):
            found = [r for r in runs if r.scaled is scaled]
            if found:
                yield _hit(ctx, letter, number, found)


def _runs(rows: Sequence[DailyCoal], least: int) -> Iterator[Run]:
    """Maximal runs, each day counted once: pairs of days with equal heat and moisture, lined up by
    how far apart they stand."""
    seen: dict[tuple[object, object], list[int]] = defaultdict(list)
    by_lag: dict[int, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        key = (row.ncv, row.mt)
        for before in seen[key][-MOST:]:
            by_lag[at - before].append(at)
        seen[key].append(at)
    taken: set[int] = set()
    for lag, places in sorted(by_lag.items(), key=lambda item: (-len(item[1]), item[0])):
        for run in _stretches([p for p in places if p not in taken]):
            if len(run) >= least and (found := _kind(rows, run, lag)) is not None:
                taken |= set(run)
                yield found


MOST = 40  # earlier days that one day is compared with: a constant ledger has hundreds


def _stretches(places: Sequence[int]) -> Iterator[list[int]]:
    stretch: list[int] = []
    for place in places:
        if stretch and place != stretch[-1] + 1:
            yield stretch
            stretch = []
        stretch.append(place)
    if stretch:
        yield stretch


def _kind(rows: Sequence[DailyCoal], run: Sequence[int], lag: int) -> Run | None:
    own = tuple(rows[at] for at in run)
    other = tuple(rows[at - lag] for at in run)
    ratios = [
        float(a.coal_t / b.coal_t) for a, b in zip(own, other, strict=True) if a.coal_t and b.coal_t
    ]
    error = max(0.011 / float(min(r.coal_t for r in other if r.coal_t)), 1e-5)
    if max(ratios) - min(ratios) > 2 * error * max(ratios):
        return None
    return Run(own, other, scaled=abs(ratios[0] - 1) > error)


def _hit(ctx: CheckContext, letter: str, number: str, runs: list[Run]) -> Hit:
    longest = max(runs, key=lambda r: len(r.rows))
    names = ("coal_t", "ncv") if letter == "A" else ("ncv", "mt")
    ends = [(run.rows[0], run.rows[-1], run.source[0]) for run in runs]
    return make_hit(
        letter,
        generator=number,
        months={r.day.month for run in runs for r in run.rows},
        cells=[
            ctx.report.daily_cell(row, name)
            for first, last, _source in ends
            for row in (first, last)
            for name in names
        ],
        direction=Direction.UNKNOWN,
        root="daily-ledger",
        count=sum(len(run.rows) for run in runs),
        own=str(longest.rows[0].day),
        other=str(longest.source[0].day),
        longest=len(longest.rows),
        runs=[
            {"from": first.day, "to": last.day, "like": source.day} for first, last, source in ends
        ],
    )
