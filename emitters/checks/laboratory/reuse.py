"""Group D, reuse: one test report, or sample, whose number serves twice."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.laboratory.dates import effect, test_cells
from emitters.checks.laboratory.ownership import (
    REUSE,
    identity_of,
    owners,
    past_tests,
    place,
    uses,
)
from emitters.checks.support import ZERO, make_hit
from emitters.facts import CheckContext, CoalTest
from emitters.population import LAB_VALUES as NAMES
from emitters.population import Identity, LabRef, equal_values, lab_ref

Group = tuple[str, list[LabRef]]  # a number and the tests under it
ACCUSING = "ABF"


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
            "statistics",
            _(
                "检测报告编号{number}也被他处使用（{uses}），但年度、自测热值或送检习惯表明属于本报告。"
            ),
        ),
        "E": Outcome(
            Severity.INFO,
            "statistics",
            _(
                "检测报告编号{number}与其他单位（{uses}）相同，样品和检测值均不同，可能是检测机构分客户编号。"
            ),
        ),
        "F": Outcome(
            Severity.CRITICAL,
            "document",
            _("检测报告编号{number}同时用于：{uses}，内容相同或部分相同，尚不能判断属于哪一家。"),
        ),
    },
    basis=_(
        "检验检测机构监督管理办法（市场监管总局令第39号）：一份报告对应一次检测；"
        "校核目录 LAB-REPORT-REUSE"
    ),
    what=_(
        "报告编号、样品编号在本单位各月之间、各年之间和其他单位之间查重；同一月份多台机组共用一份视为共用煤场；"
        "与其他单位仅编号相同而样品、检测值均不同的只作提示。"
    ),
    why=_("发现一份检测卖给两家、一份报告顶两个月、改号改值的副本。"),
    explain=_("多台机组共用入炉煤的申报；检测机构更正重发函；检测机构编号规则说明。"),
    ask=_("检测报告原件、检测机构报告台账。"),
    parameters=("sample_length", "owner_ratio", "owner_gap", "alike"),
)
def report_reuse(ctx: CheckContext) -> Iterator[Hit]:
    """Report numbers, and sample numbers within the enterprise, that occur twice."""
    tests = [t for t in ctx.report.tests if t.report_no.strip() or t.sample_no.strip()]
    if not tests:
        raise NotRun(_("没有填写报告编号的煤样检测。"))
    cases: dict[tuple[str, frozenset[Identity]], list[Group]] = defaultdict(list)
    groups = [(key[2], rows) for key, rows in _same_number(ctx, tests).items()]
    for number, rows in groups:
        letter = _verdict([r for r in rows if r.credit_code == ctx.report.credit_code])
        if letter in ("A", "B") and _used_later_only(ctx, rows):
            letter = "D"
        if letter:
            cases[letter, frozenset()].append((number, rows))
    for letter, identity, group in _with_others(ctx, groups):
        cases[letter, frozenset({identity})].append(group)
    for (letter, _elsewhere), found in cases.items():
        yield _reuse_hit(ctx, letter, found, tests)


def _used_later_only(ctx: CheckContext, rows: list[LabRef]) -> bool:
    """Once in this report and again in a later one of the enterprise: the later one has copied."""
    years = [r.year for r in rows if r.credit_code == ctx.report.credit_code]
    return years.count(ctx.report.year) == 1 and min(years) == ctx.report.year


def _same_number(
    ctx: CheckContext, tests: list[CoalTest]
) -> dict[tuple[str, str, str], list[LabRef]]:
    """Tests of this report by laboratory and number, with the other places that number is used."""
    groups: dict[tuple[str, str, str], list[LabRef]] = defaultdict(list)
    shortest = ctx.p(REUSE + "sample_length")
    for ref in (lab_ref(ctx.report, t) for t in tests):
        if ref.report_no:
            groups["report", ref.laboratory, ref.report_no].append(ref)
        if len(ref.sample_no) >= shortest:
            groups["sample", ref.laboratory, ref.sample_no].append(ref)
    for ref in past_tests(ctx):
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


def _verdict(rows: list[LabRef]) -> str:
    """Letter of the outcome within one enterprise; empty for a single use, or one month (shared
    coal)."""
    if len({(r.year, r.month) for r in rows}) < 2:
        return ""
    if not _differ(rows):
        return "A"
    months = sorted({r.month or 0 for r in rows})
    one_report = len({(r.year, r.issued) for r in rows}) == 1
    own_samples = len({r.sample_no for r in rows}) == len(rows)
    two_adjacent = len(months) == 2 and months[1] - months[0] == 1
    return "C" if one_report and own_samples and two_adjacent else "B"


def _differ(rows: list[LabRef]) -> bool:
    """Whether results that both give differ anywhere."""
    first = rows[0]
    return any(
        len(equal_values(NAMES, first, other))
        < sum(1 for a, b in zip(first.values, other.values, strict=True) if a and b)
        for other in rows[1:]
    )


def _with_others(ctx: CheckContext, groups: list[Group]) -> Iterator[tuple[str, Identity, Group]]:
    """Letter, other report, number and tests for numbers that other enterprises hold as well."""
    shared: list[tuple[str, LabRef, LabRef]] = []
    for number, rows in groups:
        own = next(r for r in rows if r.identity == identity_of(ctx))
        shared += [(number, own, r) for r in rows if r.credit_code != own.credit_code]
    alike = {(number, o.identity): _alike(ctx, own, o) for number, own, o in shared}
    ours = owners(ctx, [(own, o) for number, own, o in shared if alike[number, o.identity]])
    for number, own, other in shared:
        if not alike[number, other.identity]:
            letter = "E"
        elif ours[other.identity] is None:
            letter = "F"
        elif ours[other.identity]:
            letter = "D"
        else:
            letter = "B" if _differ([own, other]) else "A"
        yield letter, other.identity, (number, [own, other])


def _alike(ctx: CheckContext, own: LabRef, other: LabRef) -> bool:
    """Whether two tests under one number have anything else in common.

    Laboratories that number each client by itself give two clients the same number now and then.
    """
    same_sample = bool(own.sample_no) and own.sample_no == other.sample_no
    return same_sample or len(equal_values(NAMES, own, other)) >= ctx.p(REUSE + "alike")


def _reuse_hit(ctx: CheckContext, letter: str, found: list[Group], tests: list[CoalTest]) -> Hit:
    numbers = {number for number, _rows in found}
    mine = [t for t in tests if numbers & {t.report_no.strip(), t.sample_no.strip()}]
    rows: list[LabRef] = list(dict.fromkeys(r for _number, rows in found for r in rows))
    accused = letter in ACCUSING
    places: list[dict[str, Any]] = [place(r) for r in rows]
    return make_hit(
        letter,
        months=[t.month for t in mine if t.month],
        cells=test_cells(mine, "report_no"),
        direction=Direction.FAVOURABLE if accused else Direction.UNKNOWN,
        t_co2=effect(ctx, mine) if accused else ZERO,
        root="lab-report",
        number="、".join(sorted(numbers)),
        uses=uses(ctx, rows),
        places=places,
    )
