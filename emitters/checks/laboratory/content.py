"""LAB-PARAM-SET: what a report of a carbon test has to hold."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.laboratory.dates import COMPOSITE, effect, test_cells
from emitters.checks.laboratory.source import FIELDS
from emitters.checks.support import burning_months, is_measured, make_hit
from emitters.facts import CheckContext, CoalTest

P = "check.LAB-PARAM-SET."
OWN = "自测"
RESULTS = ("cad", "had", "stad", "mad", "qgrad")
HEADER = ("received", "issued", "report_no", "laboratory", "certificate")
NAMES = FIELDS | {
    "report_no": _("报告编号"),
    "laboratory": _("检测机构"),
    "certificate": _("资质编号"),
}


@check(
    "LAB-PARAM-SET",
    name=_("检测报告要素不全"),
    family=Family.LABORATORY,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "document",
            _("{month_list}月元素碳检测报告缺少：{missing}，无法相互印证。"),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "document",
            _("{month_list}月元素碳检测报告缺少：{missing}。"),
        ),
        "C": Outcome(
            Severity.CRITICAL,
            "document",
            _("机组{generator}{month_list}月自测热值与外检报告逐位相同，疑以外检热值代替自测。"),
        ),
        "D": Outcome(
            Severity.INFO,
            "document",
            _("{month_list}月检测报告的检测人与审核人为同一人（{people}）。"),
        ),
        "E": Outcome(
            Severity.INFO,
            "document",
            _("{month_list}月元素碳检测报告缺少：{missing}（当时尚无此要求）。"),
        ),
    },
    basis=_(
        "2022年4月起，元素碳检测报告须同时给出碳、氢、全硫、水分、发热量以便相互印证，"
        "并载明收样日期、机构、资质；该报告的发热量不得替代月度热值（核查技术指南）"
    ),
    what=_(
        "每个采用实测元素碳的月份至少有一份报告要素齐全；自测热值与外检值三位小数全部相同的月份数；检测人与审核人。"
    ),
    why=_("发现只有一个数的证明、以外检热值代替自测热值。"),
    explain=_("报告原件齐全而填报遗漏的，补填即可；自测热值原始记录。"),
    ask=_("检测报告原件全文、日热值化验原始记录。"),
    parameters=("since", "same_heat"),
)
def parameter_set(ctx: CheckContext) -> Iterator[Hit]:
    """Results and header of the tests that measured months rest on."""
    tests = _tests_relied_on(ctx)
    if not tests:
        raise NotRun(_("没有采用实测元素碳且有检测报告的月份。"))
    since = date.fromisoformat(ctx.p(P + "since"))
    for results, letter, fields in ((True, "A", RESULTS), (False, "B", HEADER)):
        lacking = [(t, gone) for t in tests if (gone := [n for n in fields if not _given(t, n)])]
        due = [c for c in lacking if date(ctx.report.year, c[0].month or 1, 1) >= since]
        early = [c for c in lacking if c not in due]
        if due:
            yield _missing_hit(ctx, letter, due)
        if early and results:
            yield _missing_hit(ctx, "E", early)
    for account in ctx.accounts.generators:
        yield from _same_heat(ctx, account)
    yield from _same_person(tests)


def _given(test: CoalTest, name: str) -> bool:
    """Whether the report shows it; zero is no result of a coal test."""
    if name == "cad":  # as received it serves as well
        return bool(test.cad or test.car)
    if name == "qgrad":
        return bool(test.qgrad or test.qnetar)
    return bool(getattr(test, name))


def _tests_relied_on(ctx: CheckContext) -> list[CoalTest]:
    """Of each measured month the test with the fewest gaps: one complete report is enough."""
    chosen: dict[int, CoalTest] = {}
    for account in ctx.accounts.generators:
        coal = account.coal
        for month, _entry in burning_months(coal) if coal else ():
            tests = [t for t in ctx.report.tests_of(account.number, month) if t.kind != "入厂"]
            if coal and tests and is_measured(ctx, coal, month):
                best = max(tests, key=lambda t: sum(_given(t, n) for n in (*RESULTS, *HEADER)))
                chosen[best.row] = best
    return list(chosen.values())


def _missing_hit(ctx: CheckContext, letter: str, cases: list[tuple[CoalTest, list[str]]]) -> Hit:
    tests = [t for t, _gone in cases]
    names = dict.fromkeys(n for _t, gone in cases for n in gone)
    return make_hit(
        letter,
        months=[t.month for t in tests if t.month],
        cells=[c for t, gone in cases for c in test_cells([t], *gone)],
        direction=Direction.FAVOURABLE if letter == "A" else Direction.UNKNOWN,
        t_co2=effect(ctx, tests),
        root="lab-content",
        missing=[str(NAMES[n]) for n in names],
        tests=[{"row": t.row, "month": t.month, "missing": gone} for t, gone in cases],
    )


def _same_heat(ctx: CheckContext, account: GeneratorAccount) -> Iterator[Hit]:
    """Own heat that equals the laboratory's to the last digit, month after month.

    Two calorimeters agree within 0.1 GJ/t at best: three decimals meet once in a hundred months.
    """
    coal = account.coal
    if coal is None or coal.use.method("ncv") != OWN:
        return
    same = [
        (month, t)
        for month, entry in burning_months(coal)
        for t in ctx.report.tests_of(account.number, month)
        if t.kind == COMPOSITE and entry.ncv is not None and t.qnetar == entry.ncv
    ]
    if len(same) >= ctx.p(P + "same_heat"):
        yield make_hit(
            "C",
            generator=account.number,
            months=[m for m, _t in same],
            cells=[
                *(coal.use.series["ncv"].cell(m) for m, _t in same),
                *test_cells([t for _m, t in same], "qnetar"),
            ],
            root="lab-heat",
            values=[{"month": m, "ncv": t.qnetar} for m, t in same],
        )


def _same_person(tests: list[CoalTest]) -> Iterator[Hit]:
    same = [t for t in tests if t.tester.strip() and t.tester.strip() == t.reviewer.strip()]
    if same:
        yield make_hit(
            "D",
            months=[t.month for t in same if t.month],
            cells=test_cells(same, "tester", "reviewer"),
            root="lab-signatures",
            people=list(dict.fromkeys(t.tester.strip() for t in same)),
        )
