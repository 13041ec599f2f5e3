"""Group D, values: one set of results that serves twice."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import pi, prod, sqrt

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.laboratory.dates import effect, test_cells
from emitters.checks.laboratory.ownership import Pair, identity_of, owners, past_tests, place, uses
from emitters.checks.support import ZERO, deviation, make_hit
from emitters.facts import CheckContext, CoalTest
from emitters.population import LAB_GROUPS, Identity, LabRef, TwinIndex, equal_values, lab_ref
from emitters.population import LAB_VALUES as NAMES

VALUES = "check.LAB-VALUE-REUSE."
FEWEST = 4  # values from which a spread is taken
USUAL_CHANCE = 0.01  # of a single result, where the report holds too few tests to tell


@check(
    "LAB-VALUE-REUSE",
    name=_("检测值成组重复"),
    family=Family.LABORATORY,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "document",
            _("{month_list}月检测结果有{count}项与下列检测完全相同：{uses}。"),
        ),
        "B": Outcome(
            Severity.INFO,
            "statistics",
            _("{month_list}月之间各有{count}项以内检测结果完全相同。"),
        ),
        "C": Outcome(
            Severity.INFO,
            "document",
            _(
                "{month_list}月检测结果有{count}项与{uses}相同，但年度、自测热值或送检习惯表明属于本报告。"
            ),
        ),
    },
    basis=_(
        "不同煤样的一组检测值不可能在全部小数位上相同；单项相同很常见，故只比较成组值（校核目录§13）"
    ),
    what=_(
        "八项检测值（Mar、Mad、Aad、Vad、Stad、Had、Cad、Qgr,ad）两两比较，相同五项以上，"
        "且按本单位各月离散程度估算的偶然相同次数低于万分之一的为严重，其余相同三项以上的为提示；"
        "报告编号也相同的由检测报告重复使用校核。"
    ),
    why=_("发现编造、抄用的检测结果。"),
    explain=_("多台机组共用煤场同月同样；检测机构说明。"),
    ask=_("仪器原始数据文件、留存样复测。"),
    parameters=("vector", "least", "least_others", "few", "chance"),
)
def value_reuse(ctx: CheckContext) -> Iterator[Hit]:
    """Sets of results that occur twice in other months, years or enterprises."""
    least, vector = int(ctx.p(VALUES + "least")), int(ctx.p(VALUES + "vector"))
    tests = {
        t.row: t
        for t in ctx.report.tests
        if sum(getattr(t, name) is not None for name in NAMES) >= vector
    }
    if not tests:
        raise NotRun(_("没有六项以上结果的煤样检测。"))
    refs = [lab_ref(ctx.report, t) for t in tests.values()]
    compared = [*refs, *past_tests(ctx)]
    index = TwinIndex(LAB_GROUPS, compared)
    chance = Coincidence.of(refs, len(compared))
    few: set[int] = set()
    same: dict[Identity, list[Pair]] = defaultdict(list)
    for ref in refs:
        for other, shared in _twins(ctx, index, ref):
            if len(shared) >= least and chance.expected(shared) < ctx.p(VALUES + "chance"):
                same[other.identity].append((ref, other))
            elif other.identity == ref.identity:
                few |= {ref.row, other.row}
    ours = owners(ctx, [p for i, pairs in same.items() if i != identity_of(ctx) for p in pairs])
    for identity, pairs in same.items():
        yield _twin_hit(ctx, "C" if ours.get(identity) else "A", tests, pairs)
    yield from _few_hit(tests, sorted(few), least)


@dataclass(frozen=True)
class Coincidence:
    """How often results would be equal by chance. `single`: for each result the chance that two of
    the plant's own months agree to the last digit, from their spread; `pairs`: how many pairs of
    tests were compared."""

    single: Mapping[str, float]
    pairs: int

    @classmethod
    def of(cls, refs: list[LabRef], compared: int) -> "Coincidence":
        """From the tests of a report, each compared with so many."""
        single = {}
        for at, name in enumerate(NAMES):
            values = [float(v) for r in refs if (v := r.values[at]) is not None]
            spread = deviation(values) if len(values) >= FEWEST else 0.0
            step = 0.001 if name == "qgrad" else 0.01
            # Two draws of one bell curve lie within half a step: step / (2·sd·√π).
            single[name] = min(1.0, step / (2 * spread * sqrt(pi))) if spread else 1.0
        if not any(p < 1 for p in single.values()):  # too few tests to know their spread
            single = dict.fromkeys(NAMES, USUAL_CHANCE)
        return cls(single, len(refs) * compared)

    def expected(self, shared: Mapping[str, object]) -> float:
        """How many pairs would share these results by chance.

        Carbon goes with ash and moisture where the coal's pure substance is one, so it adds nothing
        when both are equal.
        """
        tied = {"cad"} if {"mad", "aad"} <= set(shared) else set()
        return self.pairs * prod(self.single[name] for name in shared if name not in tied)


def _twins(
    ctx: CheckContext, index: TwinIndex[LabRef], ref: LabRef
) -> Iterator[tuple[LabRef, dict[str, Decimal]]]:
    """Tests with enough equal results in this report, its history and the others.

    Of other reports one more equal result is asked for than of one's own: there are many of them.
    What another enterprise holds under the same number is told once, by that.
    """
    for other, shared in index.twins(ref, int(ctx.p(VALUES + "few"))):
        if not _same_sample(ref, other):
            yield other, shared
    if ctx.population is not None:
        for other, shared in ctx.population.tests.twins(ref, int(ctx.p(VALUES + "least_others"))):
            if other.identity != ref.identity and not _same_report(ref, other):
                yield other, shared


def _same_report(a: LabRef, b: LabRef) -> bool:
    return bool(a.report_no) and (a.laboratory, a.report_no) == (b.laboratory, b.report_no)


def _few_hit(tests: dict[int, CoalTest], rows: list[int], least: int) -> Iterator[Hit]:
    shown = [tests[row] for row in rows if row in tests]
    if shown:
        yield make_hit(
            "B",
            months=[t.month for t in shown if t.month],
            cells=test_cells(shown, "cad"),
            root="lab-values",
            count=least - 1,
            rows=rows,
        )


def _same_sample(a: LabRef, b: LabRef) -> bool:
    """Two generators on one coal in one month, or a test listed once per generator."""
    return a.identity == b.identity and a.month == b.month


def _twin_hit(ctx: CheckContext, letter: str, tests: dict[int, CoalTest], pairs: list[Pair]) -> Hit:
    mine = [tests[own.row] for own, _other in pairs]
    shared = [equal_values(NAMES, own, other) for own, other in pairs]
    others = {other.row: other for _own, other in pairs}.values()
    accused = letter == "A"
    return make_hit(
        letter,
        generator=pairs[0][0].generator if len({own.generator for own, _o in pairs}) == 1 else "",
        months=[t.month for t in mine if t.month],
        cells=dict.fromkeys(
            c for t, s in zip(mine, shared, strict=True) for c in test_cells([t], *s)
        ),
        direction=Direction.FAVOURABLE if accused else Direction.UNKNOWN,
        t_co2=effect(ctx, mine) if accused else ZERO,
        root="lab-values",
        count=min(map(len, shared)),
        uses=uses(ctx, others),
        pairs=[
            {"own": place(own), "other": place(other), "shared": equal}
            for (own, other), equal in zip(pairs, shared, strict=True)
        ],
    )
