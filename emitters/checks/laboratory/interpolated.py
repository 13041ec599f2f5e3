"""LAB-INTERPOLATED: test results that lie on straight lines between others."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.laboratory.dates import COMPOSITE, effect, test_cells
from emitters.checks.laboratory.register import ANALYSIS
from emitters.checks.support import make_hit
from emitters.facts import CheckContext, CoalTest

P = "check.LAB-INTERPOLATED."
Line = tuple[CoalTest, CoalTest, CoalTest]


@check(
    "LAB-INTERPOLATED",
    name=_("检测结果为前后两份的中间值"),
    family=Family.LABORATORY,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "document",
            _("{month_list}月检测结果有{count}项以上恰为前后两个月结果的平均值，误差不超过修约。"),
        ),
    },
    basis=_("各月煤样分别检测，其结果不可能同时为前后月份的平均值；校核目录 STA-COPY-FILL"),
    what=_(
        "同一机组相邻三份月缩分样的八项结果：中间一份与前后两份平均值之差不超过修约误差的项数；三份相同的项不计。"
    ),
    why=_("发现在少数检测之间插值编出的月份。"),
    explain=_("检测机构说明；录入错误应更正。"),
    ask=_("中间月份的检测报告原件、仪器原始数据文件、留存样复测。"),
    parameters=("values",),
)
def interpolated(ctx: CheckContext) -> Iterator[Hit]:
    """Triples of successive composites of one generator."""
    lines = list(_lines(ctx))
    if not lines:
        raise NotRun(_("少于三个相邻月份的月缩分样检测。"))
    least = int(ctx.p(P + "values"))
    found = [(line, names) for line in lines if len(names := _straight(line)) >= least]
    if found:
        tests = [line[1] for line, _names in found]
        yield make_hit(
            "A",
            months=[t.month for t in tests if t.month],
            cells=[c for (_a, t, _b), names in found for c in test_cells([t], *names)],
            direction=Direction.FAVOURABLE,
            t_co2=effect(ctx, tests),
            root="lab-values",
            count=least,
            lines=[
                {
                    "report_no": b.report_no,
                    "months": [a.month, b.month, c.month],
                    "values": {n: [getattr(t, n) for t in (a, b, c)] for n in names},
                }
                for (a, b, c), names in found
            ],
        )


def _lines(ctx: CheckContext) -> Iterator[Line]:
    """Three composites that follow each other, each the only one of its month."""
    for number in [g.number for g in ctx.report.generators]:
        own = [
            [t for t in ctx.report.tests_of(number, month) if t.kind == COMPOSITE]
            for month in range(1, 13)
        ]
        single = [tests[0] for tests in own if len(tests) == 1]
        yield from zip(single, single[1:], single[2:], strict=False)


def _straight(line: Line) -> list[str]:
    """Results whose middle one is the mean of the outer ones, within rounding of all three."""
    found = []
    for name in ANALYSIS:
        first, middle, last = (getattr(t, name) for t in line)
        if None in (first, middle, last) or first == last:
            continue
        unit = 0.001 if name == "qgrad" else 0.01
        if abs(float(middle) - float(first + last) / 2) <= 1.01 * unit:
            found.append(name)
    return found
