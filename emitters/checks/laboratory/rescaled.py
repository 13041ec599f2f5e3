"""LAB-RESCALED: one test made into several by arithmetic."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.laboratory.dates import effect, test_cells
from emitters.checks.support import make_hit
from emitters.facts import CheckContext, CoalTest

P = "check.LAB-RESCALED."
VALUES = ("aad", "vad", "stad", "had", "cad", "qgrad")
CARBON, HEAT = 4, 5
# Half the last digit of each result, with a little for floating point.
ROUNDING = (0.0051, 0.0051, 0.0051, 0.0051, 0.0051, 0.00051)
RATIO_ERROR = 0.002  # of carbon over heat by rounding, at most: low-grade coal has 15 % and 6 GJ/t


class Pair(NamedTuple):
    """A test of this report and the one that it follows from."""

    test: CoalTest
    other: CoalTest
    year: int
    factor: float


@check(
    "LAB-RESCALED",
    name=_("检测结果由另一份换算而来"),
    family=Family.LABORATORY,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "document",
            _("{month_list}月各项检测结果为{uses}结果乘以同一系数（{factors}），误差不超过修约。"),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "document",
            _(
                "{month_list}月检测结果与{uses}仅水分、灰分不同，换算为干燥无灰基后挥发分、硫、氢、碳、热值全部相同。"
            ),
        ),
    },
    basis=_(
        "不同煤样、不同日期的检测各有误差（GB/T 212～214、476 重复性限），不可能在修约范围内成比例；"
        "校核目录 LAB-VALUE-REUSE"
    ),
    what=_(
        "不同月份（含往年）检测两两比较：六项结果之比在修约误差内为同一系数；"
        "或挥发分、硫、氢、碳、热值换算为干燥无灰基后在修约误差内全部相同。"
    ),
    why=_("发现一次检测改写成多个月份：整体乘系数，或只改水分、灰分再换算。"),
    explain=_("同一煤样的更正重发；检测机构说明。"),
    ask=_("仪器原始数据文件、留存样复测。"),
    parameters=("vector",),
)
def rescaled(ctx: CheckContext) -> Iterator[Hit]:
    """Pairs of tests of different months whose results are in exact proportion."""
    least = int(ctx.p(P + "vector"))
    tests = [t for t in ctx.report.tests if _count(t) >= least]
    if len(tests) < 2:
        raise NotRun(_("少于两份结果齐全的煤样检测。"))
    known = [_entry(ctx.report.year, t) for t in tests]
    past = (h for h in ctx.history if h.year < ctx.report.year)  # a later year copied from here
    known += [_entry(h.year, t) for h in past for t in h.tests if _count(t) >= least]
    found: dict[str, list[Pair]] = {"scaled": [], "diluted": []}
    for entry, other in _candidates(known, ctx.report.year):
        if kind := _relation(entry, other):
            factor = entry.values[CARBON] / other.values[CARBON]
            found[kind].append(Pair(entry.test, other.test, other.year, factor))
    for letter, kind in (("A", "scaled"), ("B", "diluted")):
        if found[kind]:
            yield _hit(ctx, letter, found[kind])


def _count(test: CoalTest) -> int:
    return sum(1 for name in VALUES if getattr(test, name))


class Entry(NamedTuple):
    """A test with its results in order of `VALUES`, what moisture and ash leave of it (%), and carbon
    over heat, which neither a factor nor another ash changes."""

    ratio: float
    year: int
    test: CoalTest
    values: tuple[float, ...]
    left: float


def _entry(year: int, test: CoalTest) -> Entry:
    values = tuple(float(getattr(test, n)) for n in VALUES)
    left = 100 - float(test.mad or 0) - values[0]
    return Entry(values[CARBON] / values[HEAT], year, test, values, left)


def _candidates(known: list[Entry], year: int) -> Iterator[tuple[Entry, Entry]]:
    """Pairs of a test of the report and one of another month with the same carbon over heat."""
    in_order = sorted(known, key=lambda e: e.ratio)
    for at, entry in enumerate(in_order):
        for other in in_order[at + 1 :]:
            if other.ratio > entry.ratio * (1 + RATIO_ERROR):
                break
            if (entry.year, entry.test.month) != (other.year, other.test.month):
                if entry.year == year:
                    yield entry, other
                elif other.year == year:
                    yield other, entry


def _relation(a: Entry, b: Entry) -> str:
    """How one test follows from the other, if it does.

    Equal results are another check's matter. Of the pure substance, carbon may be the same for any
    two samples of one coal; that all five agree within rounding is not chance.
    """
    low, high = 0.0, float("inf")
    for x, y, e in zip(a.values, b.values, ROUNDING, strict=True):
        low, high = max(low, (x - e) / (y + e)), min(high, (x + e) / max(y - e, e))
    if low <= high:
        return "" if low <= 1 <= high else "scaled"
    if a.left <= 0 or b.left <= 0 or abs(a.values[0] - b.values[0]) <= 2 * ROUNDING[0]:
        return ""
    share = a.left / b.left
    rest = zip(a.values[1:], b.values[1:], ROUNDING[1:], strict=True)
    return "diluted" if all(abs(x - y * share) <= e * (1 + share) for x, y, e in rest) else ""


def _hit(ctx: CheckContext, letter: str, pairs: list[Pair]) -> Hit:
    tests = list({p.test.row: p.test for p in pairs}.values())
    return make_hit(
        letter,
        months=[t.month for t in tests if t.month],
        cells=test_cells(tests, *VALUES),
        direction=Direction.FAVOURABLE,
        t_co2=effect(ctx, tests),
        root="lab-values",
        uses="；".join(dict.fromkeys(f"{p.year}-{p.other.month or 0:02d}" for p in pairs)),
        factors=list(dict.fromkeys(f"{p.factor:.4f}" for p in pairs)),
        pairs=[
            {
                "report_no": p.test.report_no,
                "other": p.other.report_no,
                "other_year": p.year,
                "factor": f"{p.factor:.5f}",
                "own_values": {n: getattr(p.test, n) for n in ("mad", *VALUES)},
                "other_values": {n: getattr(p.other, n) for n in ("mad", *VALUES)},
            }
            for p in pairs
        ],
    )
