"""Group D, reuse: one test report or one set of results that serves twice."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.laboratory.dates import test_cells
from emitters.checks.support import make_hit
from emitters.facts import CheckContext, CoalTest
from emitters.population import LAB_VALUES as NAMES
from emitters.population import LabRef, TwinIndex, equal_values, lab_ref

REUSE = "check.LAB-REPORT-REUSE."
VALUES = "check.LAB-VALUE-REUSE."


@check(
    "LAB-REPORT-REUSE",
    name=_("检测报告重复使用"),
    family=Family.LABORATORY,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.FATAL,
            "document",
            _("检测报告（或样品）编号{number}同时用于：{uses}，检测值相同。"),
        ),
        "B": Outcome(
            Severity.FATAL,
            "document",
            _("检测报告编号{number}同时用于：{uses}，但内容不同。"),
        ),
        "C": Outcome(
            Severity.INFO,
            "document",
            _("检测报告编号{number}一份报告含相邻两个月的样品：{uses}。"),
        ),
        "D": Outcome(
            Severity.INFO,
            "document",
            _("检测报告编号{number}也被他处使用（{uses}），但只有本报告的自测热值与之相符。"),
        ),
    },
    basis=_(
        "检验检测机构监督管理办法（市场监管总局令第39号）：一份报告对应一次检测；"
        "校核目录 LAB-REPORT-REUSE"
    ),
    what=_(
        "报告编号、样品编号在本单位各月之间、各年之间和其他单位之间查重；同一月份多台机组共用一份视为共用煤场。"
    ),
    why=_("发现一份检测卖给两家、一份报告顶两个月、改号改值的副本。"),
    explain=_("多台机组共用入炉煤的申报；检测机构更正重发函。"),
    ask=_("检测报告原件、检测机构报告台账。"),
    parameters=("sample_length", "owner_ratio"),
)
def report_reuse(ctx: CheckContext) -> Iterator[Hit]:
    """Report numbers, and sample numbers within the enterprise, that occur twice."""
    tests = [t for t in ctx.report.tests if t.report_no.strip() or t.sample_no.strip()]
    if not tests:
        raise NotRun(_("没有填写报告编号的煤样检测。"))
    groups = _same_number(ctx, [lab_ref(ctx.report, t) for t in tests])
    identity = _identity(ctx)
    pairs = [
        (own, other)
        for rows in groups.values()
        for own in rows
        for other in rows
        if own.identity == identity != other.identity
    ]
    owned = _owned(ctx, pairs)
    cases: dict[tuple[str, frozenset[Any]], list[tuple[str, list[LabRef]]]] = defaultdict(list)
    for (_kind, _laboratory, number), rows in groups.items():
        elsewhere = frozenset(r.identity for r in rows) - {identity}
        letter = "D" if elsewhere and elsewhere <= owned else _verdict(rows)
        if letter:
            cases[letter, elsewhere].append((number, rows))
    for (letter, _elsewhere), uses in cases.items():
        yield _reuse_hit(ctx, letter, uses, tests)


def _past(ctx: CheckContext) -> list[LabRef]:
    """Tests of the enterprise's other years, as far as the population does not hold them."""
    known = ctx.population
    return [lab_ref(h, t) for h in ctx.history if not (known and known.knows(h)) for t in h.tests]


def _identity(ctx: CheckContext) -> tuple[str, int]:
    return ctx.report.credit_code, ctx.report.year


def _same_number(ctx: CheckContext, refs: list[LabRef]) -> dict[tuple[str, str, str], list[LabRef]]:
    """Tests of this report by laboratory and number, with the other places that number is used."""
    groups: dict[tuple[str, str, str], list[LabRef]] = defaultdict(list)
    shortest = ctx.p(REUSE + "sample_length")
    for ref in refs:
        if ref.report_no:
            groups["report", ref.laboratory, ref.report_no].append(ref)
        if len(ref.sample_no) >= shortest:
            groups["sample", ref.laboratory, ref.sample_no].append(ref)
    for ref in _past(ctx):
        if ("report", ref.laboratory, ref.report_no) in groups:
            groups["report", ref.laboratory, ref.report_no].append(ref)
    if ctx.population is not None:
        for (kind, laboratory, number), rows in groups.items():
            if kind == "report" and laboratory:
                known = {r.identity for r in rows}
                found = ctx.population.with_number(laboratory, number)
                rows += [r for r in found if r.identity not in known]
    doubled = {key: rows for key, rows in groups.items() if len(rows) > 1}
    reports = {
        frozenset(r.row for r in rows) for key, rows in doubled.items() if key[0] == "report"
    }
    return {
        key: rows
        for key, rows in doubled.items()
        if key[0] == "report" or frozenset(r.row for r in rows) not in reports
    }


def _owned(ctx: CheckContext, pairs: Iterable[tuple[LabRef, LabRef]]) -> set[tuple[str, int]]:
    """Other reports that use tests of *this* one's coal.

    A test fits the heating values of the plant whose coal was tested, and not the other's.
    """
    gaps: dict[tuple[str, int], list[tuple[Any, Any]]] = defaultdict(list)
    for own, other in pairs:
        if own.heat_gap is not None and other.heat_gap is not None:
            gaps[other.identity].append((own.heat_gap, other.heat_gap))
    ratio, least = ctx.p(REUSE + "owner_ratio"), ctx.p("check.LAB-INHOUSE-GAP.bias")
    return {
        identity
        for identity, rows in gaps.items()
        if (theirs := sum(b for _a, b in rows)) > least * len(rows)
        and theirs > ratio * sum(a for a, _b in rows)
    }


def _verdict(rows: list[LabRef]) -> str:
    """Letter of the outcome; empty when all stand for one month of one enterprise (shared coal)."""
    if len({(r.credit_code, r.year, r.month) for r in rows}) == 1:
        return ""
    first, different = rows[0], False
    for other in rows[1:]:
        given = sum(1 for a, b in zip(first.values, other.values, strict=True) if a and b)
        different = different or len(equal_values(NAMES, first, other)) < given
    if not different:
        return "A"
    months = sorted({r.month or 0 for r in rows})
    one_report = len({(r.credit_code, r.year, r.issued) for r in rows}) == 1
    own_samples = len({r.sample_no for r in rows}) == len(rows)
    two_adjacent = len(months) == 2 and months[1] - months[0] == 1
    return "C" if one_report and own_samples and two_adjacent else "B"


def _place(ref: LabRef) -> dict[str, Any]:
    return {
        "credit_code": ref.credit_code,
        "unit": ref.unit_name,
        "year": ref.year,
        "generator": ref.generator,
        "month": ref.month,
        "report_no": ref.report_no,
        "row": ref.row,
    }


def _uses(ctx: CheckContext, rows: Iterable[LabRef]) -> str:
    """Places in words; another enterprise's name is shown, its data are not."""
    words = []
    for ref in rows:
        where = "" if ref.credit_code == ctx.report.credit_code else f"{ref.unit_name} "
        words.append(f"{where}{ref.year}-{ref.month or 0:02d} {ref.generator}".strip())
    return "；".join(words)


def _reuse_hit(
    ctx: CheckContext,
    letter: str,
    uses: list[tuple[str, list[LabRef]]],
    tests: list[CoalTest],
) -> Hit:
    numbers = {number for number, _rows in uses}
    mine = [t for t in tests if numbers & {t.report_no.strip(), t.sample_no.strip()}]
    return make_hit(
        letter,
        months=[t.month for t in mine if t.month],
        cells=test_cells(mine, "report_no"),
        root="lab-report",
        number="、".join(sorted(numbers)),
        uses=_uses(ctx, [r for _number, rows in uses for r in rows]),
        places=[_place(r) for _number, rows in uses for r in rows],
    )


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
            _("{month_list}月检测结果有{count}项与{uses}相同，但只有本报告的自测热值与之相符。"),
        ),
    },
    basis=_(
        "不同煤样的一组检测值不可能在全部小数位上相同；单项相同很常见，故只比较成组值（校核目录§13）"
    ),
    what=_(
        "八项检测值（Mar、Mad、Aad、Vad、Stad、Had、Cad、Qgr,ad）两两比较，相同四项以上（与其他报告五项以上）为严重，两三项为提示。"
    ),
    why=_("发现编造、抄用的检测结果。"),
    explain=_("多台机组共用煤场同月同样；检测机构说明。"),
    ask=_("仪器原始数据文件、留存样复测。"),
    parameters=("vector", "least", "least_others", "few"),
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
    index = TwinIndex((NAMES,), [*refs, *_past(ctx)])  # all pairs: few rows, two equal values
    few: set[int] = set()
    same: dict[tuple[str, int], list[tuple[LabRef, LabRef]]] = defaultdict(list)
    for ref in refs:
        for other, shared in _twins(ctx, index, ref):
            if len(shared) >= least:
                same[other.identity].append((ref, other))
            elif other.identity == ref.identity:
                few |= {ref.row, other.row}
    owned = _owned(ctx, [pair for pairs in same.values() for pair in pairs])
    for identity, pairs in same.items():
        yield _twin_hit(ctx, "C" if identity in owned else "A", tests, pairs)
    yield from _few_hit(tests, sorted(few), least)


def _twins(
    ctx: CheckContext, index: TwinIndex[LabRef], ref: LabRef
) -> Iterator[tuple[LabRef, dict[str, Any]]]:
    """Tests with two or more equal results in this report and its history.

    Of other reports one more equal result is asked for than of one's own: there are many of them.
    """
    for other, shared in index.twins(ref, int(ctx.p(VALUES + "few"))):
        if not _same_sample(ref, other):
            yield other, shared
    if ctx.population is not None:
        for other, shared in ctx.population.tests.twins(ref, int(ctx.p(VALUES + "least_others"))):
            if other.identity != ref.identity:
                yield other, shared


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


def _twin_hit(
    ctx: CheckContext, letter: str, tests: dict[int, CoalTest], pairs: list[tuple[LabRef, LabRef]]
) -> Hit:
    mine = [tests[own.row] for own, _other in pairs]
    shared = [equal_values(NAMES, own, other) for own, other in pairs]
    others = {other.row: other for _own, other in pairs}.values()
    return make_hit(
        letter,
        generator=pairs[0][0].generator if len({own.generator for own, _o in pairs}) == 1 else "",
        months=[t.month for t in mine if t.month],
        cells=dict.fromkeys(
            c for t, s in zip(mine, shared, strict=True) for c in test_cells([t], *s)
        ),
        root="lab-values",
        count=min(map(len, shared)),
        uses=_uses(ctx, others),
        pairs=[
            {"own": _place(own), "other": _place(other), "shared": equal}
            for (own, other), equal in zip(pairs, shared, strict=True)
        ],
    )
