"""Group D, dates: order of the steps of a test, and the time limit of its report."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.support import (
    ZERO,
    default_effect,
    is_measured,
    make_hit,
    month_days,
    month_end,
    plant_default_effect,
)
from emitters.facts import CheckContext, CoalTest

ORDER = "check.LAB-DATE-ORDER."
TURNAROUND = "check.LAB-TURNAROUND."
STEPS = ("sampled", "sent", "received", "tested", "issued")
COMPOSITE = "月缩分"


def dated(test: CoalTest) -> list[tuple[str, date]]:
    """The dates of a test that are given, in the order in which they must fall."""
    return [(n, d) for n in STEPS if (d := getattr(test, n)) is not None]


def described(test: CoalTest) -> dict[str, Any]:
    """The identity and dates of a test as evidence."""
    return {
        "report_no": test.report_no,
        "sample_no": test.sample_no,
        "month": test.month,
        **{n: d.isoformat() for n, d in dated(test)},
    }


def test_cells(tests: list[CoalTest], *names: str) -> list[str]:
    """Addresses of those attributes of the tests."""
    return [t.cell(n) for t in tests for n in names if n in t.cells]


@check(
    "LAB-DATE-ORDER",
    name=_("检测日期先后颠倒"),
    family=Family.LABORATORY,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.FATAL,
            "impossible",
            _(
                "{count}份检测报告的采样、送检、收样、检测、报告日期先后颠倒，首份{report_no}依次为{dates}。"
            ),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "document",
            _("{month_list}月月缩分样在当月运行结束前已经检测或出具报告，不能代表全月。"),
        ),
        "C": Outcome(
            Severity.INFO,
            "document",
            _("{count}份检测报告的收样、检测、报告为同一天。"),
        ),
    },
    basis=_("采样≤送检≤收样≤检测≤报告；月缩分样应含当月每日份样（核查技术指南表8）"),
    what=_(
        "每份检测的五个日期逐项比较（夜间出具容差1日）；月缩分样检测日期与当月末、最后运行日比较。"
    ),
    why=_("发现改写日期、事后补造的检测报告。"),
    explain=_("检测机构更正函、快递签收记录；填报笔误应更正。"),
    ask=_("检测报告原件、检测机构收样登记、快递单、原始记录仪器时间。"),
    parameters=("tolerance_days", "coverage"),
)
def date_order(ctx: CheckContext) -> Iterator[Hit]:
    """Each test's own time line."""
    tests = [t for t in ctx.report.tests if len(dated(t)) >= 2]
    if not tests:
        raise NotRun(_("没有填写两个以上日期的煤样检测。"))
    tolerance = timedelta(days=int(ctx.p(ORDER + "tolerance_days")))
    yield from _reversed(ctx, tests, tolerance)
    early = [t for t in tests if _before_month_closed(ctx, t, tolerance)]
    if early:
        months = [t.month for t in early if t.month]
        yield make_hit(
            "B",
            months=months,
            cells=test_cells(early, "tested"),
            direction=Direction.FAVOURABLE,
            t_co2=effect(ctx, early),
            root="lab-dates",
            tests=[described(t) for t in early],
        )
    same_day = [t for t in tests if t.received and t.received == t.tested == t.issued]
    if same_day:
        yield make_hit(
            "C",
            months=[t.month for t in same_day if t.month],
            cells=test_cells(same_day, "issued"),
            root="lab-dates",
            count=len(same_day),
            tests=[described(t) for t in same_day],
        )


def effect(ctx: CheckContext, tests: list[CoalTest]) -> Decimal:
    """tCO2 that default carbon would add in the months for which the tests stand."""
    pairs = {(t.generator, t.month) for t in tests if t.month}
    return sum((plant_default_effect(ctx, g, (m,)) for g, m in pairs if m), ZERO)


def _first_reversal(test: CoalTest, tolerance: timedelta) -> tuple[str, str] | None:
    """The first pair of steps whose dates run backwards by more than the tolerance."""
    steps = dated(test)
    for at, (name, day) in enumerate(steps):
        for earlier, before in steps[:at]:
            if before - day > tolerance:
                return earlier, name
    return None


def _reversed(ctx: CheckContext, tests: list[CoalTest], tolerance: timedelta) -> Iterator[Hit]:
    bad = [(t, pair) for t in tests if (pair := _first_reversal(t, tolerance)) is not None]
    if not bad:
        return
    first = bad[0][0]
    yield make_hit(
        "A",
        months=[t.month for t, _pair in bad if t.month],
        cells=[c for t, pair in bad for c in test_cells([t], *pair)],
        direction=Direction.FAVOURABLE,
        t_co2=effect(ctx, [t for t, _pair in bad]),
        root="lab-dates",
        count=len(bad),
        report_no=first.report_no,
        dates="→".join(d.isoformat() for _name, d in dated(first)),
        tests=[described(t) for t, _pair in bad],
    )


def _before_month_closed(ctx: CheckContext, test: CoalTest, tolerance: timedelta) -> bool:
    """A monthly composite that was tested before the coal it stands for was burnt."""
    if test.kind != COMPOSITE or test.month is None:
        return False
    done = test.tested or test.issued
    if done is None:
        return False
    return done + tolerance < _last_burning_day(ctx, test)


def _last_burning_day(ctx: CheckContext, test: CoalTest) -> date:
    """By the daily ledger; without it the month's end, brought forward by what was not run.

    Without days the composite must cover the stated share of the hours that the unit ran.
    """
    month = test.month or 1
    numbers = [g.number for g in ctx.report.generators if test.generator in ("", g.number)]
    days = [
        r.day for n in numbers for r in ctx.report.daily_by_month.get((n, month), ()) if r.coal_t
    ]
    if days:
        return max(days)
    hours = [
        h for n in numbers if (g := ctx.report.generator(n)) and (h := g.value("hours", month))
    ]
    run = max(hours) / 24 * ctx.p(ORDER + "coverage") if hours else 0
    return date(ctx.report.year, month, max(1, min(int(run), month_days(ctx.report.year, month))))


@check(
    "LAB-TURNAROUND",
    name=_("检测报告超过时限"),
    family=Family.LABORATORY,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.FATAL,
            "document",
            _(
                "机组{units}{month_list}月元素碳检测报告超过{days}日时限出具，实测值不能采用，应按缺省值计算。"
            ),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "document",
            _(
                "机组{units}{month_list}月元素碳检测报告超过{days}日时限不多于{grace}日出具，需要说明是否有延期依据，否则应按缺省值计算。"
            ),
        ),
    },
    basis=_("检测报告应在当月结束后40日内（2026年起为采样之日起40日内）出具；逾期不得采用实测值"),
    what=_("报告日期－月末（或采样日期）≤时限；仅对采用实测元素碳的月份，有一份按时报告即可。"),
    why=_("发现事后补测、集中补造的检测报告。"),
    explain=_("主管部门延长时限的文件；同月另有按时检测的报告。"),
    ask=_("检测报告原件、送检快递单、平台存证上传时间。"),
    parameters=("grace", "same_carbon"),
)
def turnaround(ctx: CheckContext) -> Iterator[Hit]:
    """Days from the month's end (from 2026: from sampling) to the report."""
    seen = False
    grace = ctx.p(TURNAROUND + "grace")
    late: dict[str, list[Late]] = {"A": [], "B": []}
    for account in ctx.accounts.generators:
        for month, rule in _limited_months(ctx, account):
            tests = _relied_on(ctx, account, month)
            seen = seen or bool(tests)
            taken = [_days_taken(ctx, t, month, rule) for t in tests]
            if tests and min(taken) > rule["days"]:
                letter = "A" if min(taken) - rule["days"] > grace else "B"
                first = tests[taken.index(min(taken))]
                late[letter].append(Late(account, month, first, min(taken), rule["days"]))
    yield from (_late_hit(ctx, letter, found) for letter, found in late.items() if found)
    if not seen:
        raise NotRun(_("当年没有检测时限规定，或没有采用实测元素碳且有报告日期的月份。"))


class Late(NamedTuple):
    """A generator's month whose earliest report came after the limit."""

    account: GeneratorAccount
    month: int
    test: CoalTest
    taken: int
    days: int


def _relied_on(ctx: CheckContext, account: GeneratorAccount, month: int) -> list[CoalTest]:
    """Dated reports of the month whose carbon the plant uses; a month that took another value for
    want of a valid report (the mean of the measured ones, in 2021 and 2022) uses none."""
    entry = account.coal[month] if account.coal else None
    used = entry.c_ar if entry else None
    return [
        t
        for t in ctx.report.tests_of(account.number, month)
        if t.issued is not None
        and t.kind != "入厂"
        and (
            t.car is None or used is None or abs(t.car - used) <= ctx.p(TURNAROUND + "same_carbon")
        )
    ]


def _limited_months(
    ctx: CheckContext, account: GeneratorAccount
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Months with measured carbon for which a time limit was in force."""
    coal = account.coal
    for month in range(1, 13) if coal else ():
        on = date(ctx.report.year, month, 1)
        rule = ctx.params.maybe("deadline.carbon_test_report_days", on)
        if rule and coal and is_measured(ctx, coal, month) and coal.use.value("fc", month):
            yield month, rule


def _days_taken(ctx: CheckContext, test: CoalTest, month: int, rule: dict[str, Any]) -> int:
    start = test.sampled if rule["after"] == "sampling" else None
    if start is None or rule["after"] == "month_end":
        start = month_end(ctx.report.year, month)
    return (test.issued - start).days if test.issued else 0


def _late_hit(ctx: CheckContext, letter: str, late: list[Late]) -> Hit:
    numbers = list(dict.fromkeys(x.account.number for x in late))
    return make_hit(
        letter,
        generator=numbers[0] if len(numbers) == 1 else "",
        months=[x.month for x in late],
        cells=test_cells([x.test for x in late], "issued"),
        direction=Direction.FAVOURABLE,
        t_co2=sum((default_effect(ctx, x.account, (x.month,)) for x in late), ZERO),
        root="lab-dates",
        units=numbers,
        days=late[0].days,
        grace=ctx.p(TURNAROUND + "grace"),
        tests=[described(x.test) | {"days_taken": x.taken} for x in late],
    )
