"""LAB-SAMPLE-NO: sample numbers against the months that they stand for."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.laboratory.dates import COMPOSITE, effect, test_cells
from emitters.checks.support import ZERO, make_hit
from emitters.facts import CheckContext, CoalTest

P = "check.LAB-SAMPLE-NO."


@check(
    "LAB-SAMPLE-NO",
    name=_("样品编号与月份或单位不符"),
    family=Family.LABORATORY,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "document",
            _("{month_list}月样品编号{numbers}所含年月与样品月份不符，其余样品编号均相符。"),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "document",
            _("{month_list}月样品编号{numbers}的前缀与本单位其余样品（{prefix}）不同。"),
        ),
        "C": Outcome(
            Severity.INFO,
            "document",
            _("{month_list}月样品编号{numbers}与其余样品的编号规律不符，可能为录入错误。"),
        ),
    },
    basis=_("采样制样记录应一样一号、可追溯；校核目录 LAB-BATCH-DISGUISE、LAB-REPORT-REUSE"),
    what=_(
        "先从本单位多数样品编号识别规律：是否含样品年月（如2304）、前缀为何；再看例外。两份以上例外为严重，一份仅提示。"
    ),
    why=_("发现一批煤样分月使用、借用其他单位的煤样或报告。"),
    explain=_("样品编号规则变更说明、更换检测机构后的编号规则；录入错误应更正。"),
    ask=_("采样制样记录、样品标签照片、检测机构收样登记。"),
    parameters=("least", "share", "exceptions"),
)
def sample_numbers(ctx: CheckContext) -> Iterator[Hit]:
    """Exceptions to the pattern of the plant's own numbers."""
    tests = [t for t in ctx.report.tests if t.kind == COMPOSITE and t.month and t.sample_no.strip()]
    if len(tests) < ctx.p(P + "least"):
        raise NotRun(_("有样品编号的月缩分样太少，无法识别编号规律。"))
    share = ctx.p(P + "share")
    wrong_month = [t for t in tests if not _says_month(t, ctx.report.year)]
    if len(tests) - len(wrong_month) >= share * len(tests):
        yield from _hits(ctx, "A", wrong_month)
    for laboratory in {t.laboratory.strip() for t in tests}:
        own = [t for t in tests if t.laboratory.strip() == laboratory]
        usual, count = Counter(_prefix(t, ctx.report.year) for t in own).most_common(1)[0]
        if len(own) >= ctx.p(P + "least") and count >= share * len(own):
            odd = [t for t in own if _prefix(t, ctx.report.year) != usual]
            yield from _hits(ctx, "B", odd, prefix=usual)


def _stamp(test: CoalTest, year: int) -> str:
    return f"{year % 100:02d}{test.month:02d}"


def _plain(test: CoalTest) -> str:
    return re.sub(r"[-./年月_]", "", test.sample_no.strip())


def _says_month(test: CoalTest, year: int) -> bool:
    return _stamp(test, year) in _plain(test)


def _prefix(test: CoalTest, year: int) -> str:
    """What stands before the month, or else before the first digit."""
    before, found, after = _plain(test).rpartition(_stamp(test, year))
    return before if found else re.split(r"\d", after, maxsplit=1)[0]


def _hits(ctx: CheckContext, letter: str, tests: list[CoalTest], **values: Any) -> Iterator[Hit]:
    if not tests:
        return
    serious = len(tests) >= ctx.p(P + "exceptions")
    yield make_hit(
        letter if serious else "C",
        months=[t.month for t in tests if t.month],
        cells=test_cells(tests, "sample_no"),
        direction=Direction.FAVOURABLE if serious else Direction.UNKNOWN,
        t_co2=effect(ctx, tests) if serious else ZERO,
        root="lab-sample",
        numbers=[t.sample_no for t in tests],
        **values,
    )
