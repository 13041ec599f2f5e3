"""LAB-NO-SEQUENCE: report numbers of a laboratory against the dates on the reports."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.laboratory.dates import STEPS, described, effect, test_cells
from emitters.checks.support import make_hit
from emitters.facts import CheckContext, CoalTest
from emitters.population import Population, shape, split_number

SEQUENCE = "check.LAB-NO-SEQUENCE."


class Numbered(NamedTuple):
    """A test with its serial number and issue date."""

    serial: int
    issued: date
    test: CoalTest


def working_day(day: date) -> int:
    """Days without Saturdays and Sundays since a fixed Monday, to subtract from each other."""
    weeks, weekday = divmod(day.toordinal() - 1, 7)
    return weeks * 5 + min(weekday, 5)


def by_series(ctx: CheckContext) -> dict[tuple[str, str], list[Numbered]]:
    """The report's tests by laboratory and series, in order of number."""
    found: dict[tuple[str, str], list[Numbered]] = {}
    for test in ctx.report.tests:
        parts = split_number(test.report_no)
        if parts and test.issued:
            key = (test.laboratory.strip(), parts[0])
            found.setdefault(key, []).append(Numbered(parts[1], test.issued, test))
    return {key: sorted(rows, key=lambda r: (r.serial, r.issued)) for key, rows in found.items()}


@check(
    "LAB-NO-SEQUENCE",
    name=_("检测报告编号序列异常"),
    family=Family.LABORATORY,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "document",
            _(
                "{laboratory}编号{numbers}的报告日期与编号顺序不符（超过{days}个工作日，共{count}份）。"
            ),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "document",
            _("{laboratory}编号{numbers}所含日期与报告上的日期不一致，该机构其余报告均一致。"),
        ),
        "C": Outcome(
            Severity.CRITICAL,
            "document",
            _("{laboratory}编号{numbers}不符合该机构通常的编号格式{pattern}。"),
        ),
        "D": Outcome(
            Severity.INFO,
            "document",
            _("{laboratory}{count}份报告的编号大多不随报告日期递增，不能据以核对日期。"),
        ),
    },
    basis=_("同一检测机构同一序列的报告编号随时间递增；校核目录 LAB-NO-SEQUENCE"),
    what=_(
        "按编号排序后报告日期应不减（容差3个工作日，同月或相邻两月样品放宽）；"
        "该机构各客户共用一个序列时与其他单位相邻编号比较；编号内嵌日期、编号格式与该机构其他报告比较。"
    ),
    why=_("发现改号、插号的检测报告。"),
    explain=_("检测机构多个序列或多个场所的编号规则、更正重发的版本链。"),
    ask=_("检测机构编号规则说明、报告台账、相邻编号报告。"),
    parameters=(
        "working_days",
        "working_days_near",
        "least",
        "near",
        "joint_least",
        "joint_share",
        "disorder",
        "pattern_share",
        "pattern_least",
    ),
)
def number_sequence(ctx: CheckContext) -> Iterator[Hit]:
    """Order, embedded dates and pattern of report numbers, with other plants' numbers if known."""
    series = by_series(ctx)
    if sum(len(rows) for rows in series.values()) < 2:
        raise NotRun(_("少于两份既有编号又有报告日期的检测报告。"))
    for (laboratory, prefix), rows in series.items():
        yield from _inversion_hits(ctx, laboratory, prefix, rows)
    for laboratory in {lab for lab, _prefix in series}:
        tests = [t for t in ctx.report.tests if t.laboratory.strip() == laboratory and t.report_no]
        yield from _embedded_hits(ctx, laboratory, tests)
        yield from _pattern_hits(ctx, laboratory, tests)


def _out_of_order(rows: list[Numbered], slack: int, slack_near: int) -> list[Numbered]:
    """The fewest reports to take out so that dates never run back by more than the slack.

    Samples of one month, or of two that lay together over a holiday, are tested side by side: who of
    them is finished first is chance, so between them more is allowed.
    """
    days = [working_day(r.issued) for r in rows]
    length, previous = [1] * len(rows), [-1] * len(rows)
    for i, later in enumerate(rows):
        for j, earlier in enumerate(rows[:i]):
            allowed = slack_near if _side_by_side(earlier.test, later.test) else slack
            if days[j] - days[i] <= allowed and length[j] + 1 > length[i]:
                length[i], previous[i] = length[j] + 1, j
    at = max(range(len(rows)), key=length.__getitem__, default=-1)
    kept = set()
    while at >= 0:
        kept.add(at)
        at = previous[at]
    return [r for i, r in enumerate(rows) if i not in kept]


def _side_by_side(a: CoalTest, b: CoalTest) -> bool:
    return a.month is not None and b.month is not None and abs(a.month - b.month) <= 1


def _against_others(
    ctx: CheckContext, laboratory: str, prefix: str, rows: list[Numbered], slack: int
) -> list[Numbered]:
    """Reports whose date lies outside that of close numbers which other plants hold."""
    near = int(ctx.p(SEQUENCE + "near"))
    identity = (ctx.report.credit_code, ctx.report.year)
    known = ctx.population
    if known is None or not one_series(ctx, known, laboratory, prefix):
        return []
    wrong = []
    for row in rows:
        lower, higher = known.neighbours(laboratory, prefix, row.serial, identity)
        if lower is None or higher is None or higher.serial - lower.serial > near:
            continue
        first, last = working_day(lower.issued), working_day(higher.issued)
        if not first - slack <= working_day(row.issued) <= last + slack:
            wrong.append(row)
    return wrong


def one_series(ctx: CheckContext, known: Population, laboratory: str, prefix: str) -> bool:
    """Whether the laboratory numbers all its clients in one series, as far as others' reports tell.

    Laboratories that number each client by itself give any two plants overlapping numbers.
    """
    identity = (ctx.report.credit_code, ctx.report.year)
    near = int(ctx.p(SEQUENCE + "near"))
    passing, ordered = known.joint_numbers(laboratory, prefix, identity, near)
    return passing >= ctx.p(SEQUENCE + "joint_least") and ordered >= passing * ctx.p(
        SEQUENCE + "joint_share"
    )


def _inversion_hits(
    ctx: CheckContext, laboratory: str, prefix: str, rows: list[Numbered]
) -> Iterator[Hit]:
    slack = int(ctx.p(SEQUENCE + "working_days"))
    own = _out_of_order(rows, slack, int(ctx.p(SEQUENCE + "working_days_near")))
    if len(own) > len(rows) * ctx.p(SEQUENCE + "disorder"):
        yield _disorder(laboratory, rows)
        return
    others = [r for r in _against_others(ctx, laboratory, prefix, rows, slack) if r not in own]
    wrong = [r.test for r in own + others]
    if len(wrong) < ctx.p(SEQUENCE + "least"):
        return
    yield make_hit(
        "A",
        months=[t.month for t in wrong if t.month],
        cells=test_cells(wrong, "report_no", "issued"),
        direction=Direction.FAVOURABLE,
        t_co2=effect(ctx, wrong),
        root="lab-dates",
        laboratory=laboratory,
        numbers="、".join(t.report_no for t in wrong),
        days=slack,
        count=len(wrong),
        series=_dated_numbers(rows),
    )


def _disorder(laboratory: str, rows: list[Numbered]) -> Hit:
    """Numbers that do not follow time at all are no calendar to judge dates by."""
    return make_hit(
        "D",
        months=[r.test.month for r in rows if r.test.month],
        cells=test_cells([r.test for r in rows], "report_no"),
        root="lab-dates",
        laboratory=laboratory,
        count=len(rows),
        series=_dated_numbers(rows),
    )


def _dated_numbers(rows: list[Numbered]) -> list[dict[str, str]]:
    return [{"report_no": r.test.report_no, "issued": r.issued.isoformat()} for r in rows]


def _embedded_date(number: str) -> date | None:
    """A full date (YYYYMMDD) inside a number."""
    digits = "".join(c if c.isdigit() else " " for c in number)
    for word in digits.split():
        for at in range(len(word) - 7):
            try:
                found = date.fromisoformat(word[at : at + 8])
            except ValueError:
                continue
            if 2015 <= found.year <= 2040:
                return found
    return None


def _embedded_hits(ctx: CheckContext, laboratory: str, tests: list[CoalTest]) -> Iterator[Hit]:
    """Numbers that hold a date hold the date of one step: learn which, then look for exceptions."""
    dated = [(t, d) for t in tests if (d := _embedded_date(t.report_no)) is not None]
    least, share = ctx.p(SEQUENCE + "pattern_least"), ctx.p(SEQUENCE + "pattern_share")
    if len(dated) < least:
        return
    matches = {step: [t for t, d in dated if getattr(t, step) == d] for step in STEPS}
    step = max(STEPS, key=lambda s: len(matches[s]))
    if len(matches[step]) < share * len(dated):
        return
    wrong = [t for t, d in dated if getattr(t, step) not in (d, None)]
    if wrong:
        yield make_hit(
            "B",
            months=[t.month for t in wrong if t.month],
            cells=test_cells(wrong, "report_no", step),
            root="lab-dates",
            laboratory=laboratory,
            numbers="、".join(t.report_no for t in wrong),
            date_of=step,
            tests=[described(t) for t in wrong],
        )


def _pattern_hits(ctx: CheckContext, laboratory: str, tests: list[CoalTest]) -> Iterator[Hit]:
    known = ctx.population.shapes(laboratory) if ctx.population else {}
    counts = known or Counter(shape(t.report_no) for t in tests)
    usual = max(counts, key=lambda s: counts[s])
    total = sum(counts.values())
    if total < ctx.p(SEQUENCE + "pattern_least") or counts[usual] < total * ctx.p(
        SEQUENCE + "pattern_share"
    ):
        return
    odd = [t for t in tests if shape(t.report_no) != usual]
    if len(odd) >= ctx.p(SEQUENCE + "least"):
        yield make_hit(
            "C",
            months=[t.month for t in odd if t.month],
            cells=test_cells(odd, "report_no"),
            root="lab-dates",
            laboratory=laboratory,
            numbers="、".join(t.report_no for t in odd),
            pattern=usual,
            counts=dict(counts),
        )
