"""LAB-ACCREDITATION: the certificate of the laboratory on the day of the test."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.laboratory.dates import effect, test_cells
from emitters.checks.support import make_hit, outside_rows
from emitters.facts import CheckContext, CoalTest
from emitters.outside import OutsideRow

P = "check.LAB-ACCREDITATION."


@check(
    "LAB-ACCREDITATION",
    name=_("检测机构资质在检测日无效"),
    family=Family.LABORATORY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.FATAL,
            "source",
            _("{month_list}月检测（{laboratories}）：检测当日该机构没有有效资质。"),
        ),
        "B": Outcome(
            Severity.FATAL,
            "source",
            _("{month_list}月检测报告所列资质编号{certificates}属于其他检测机构。"),
        ),
        "C": Outcome(
            Severity.CRITICAL,
            "source",
            _("{month_list}月检测（{laboratories}）：资质范围未包含{missing}。"),
        ),
        "D": Outcome(
            Severity.INFO,
            "source",
            _(
                "{month_list}月检测报告所列资质编号{certificates}与登记的有效编号不同，可能为换证或录入错误。"
            ),
        ),
    },
    basis=_(
        "元素碳检测报告应盖有 CMA 或 CNAS 标识，资质范围应包含碳、氢、硫、发热量（核查技术指南）"
    ),
    what=_(
        "以检测日期（缺失时以报告日期）查该机构资质登记：有效期、编号归属、范围；换证保留历史编号。"
    ),
    why=_("发现无资质检测、借用他人资质编号。"),
    explain=_("换证前后的证书、扩项批准文件。"),
    ask=_("检测机构资质证书及附表、换证记录。"),
    parameters=("scope",),
)
def accreditation(ctx: CheckContext) -> Iterator[Hit]:
    """Certificates in force on the day of each test."""
    rows = outside_rows(ctx, "accreditation", any_year=True)
    known = {str(r["laboratory"]).strip() for r in rows}
    named = [t for t in ctx.report.tests if t.laboratory.strip() in known and _day(t)]
    if not named:
        raise NotRun(_("资质登记中没有报告所列的检测机构。"))
    tests = [t for t in named if _reached(t, rows)]
    if not tests:
        raise NotRun(_("导入的资质登记未追溯到检测日期，无法判断当日是否有效。"))
    cases: dict[str, list[CoalTest]] = {"A": [], "B": [], "C": [], "D": []}
    missing: set[str] = set()
    for test in tests:
        letter, lacking = _judged(ctx, test, rows)
        missing |= lacking
        if letter:
            cases[letter].append(test)
    yield from (_hit(ctx, k, found, sorted(missing)) for k, found in cases.items() if found)


def _day(test: CoalTest) -> date | None:
    return test.tested or test.issued


def _reached(test: CoalTest, rows: tuple[OutsideRow, ...]) -> bool:
    """Whether the imported register reaches back to the test: an earlier certificate may exist, so
    its absence from the file proves nothing."""
    laboratory, day = test.laboratory.strip(), _day(test)
    begins = [r["valid_from"] for r in rows if str(r["laboratory"]).strip() == laboratory]
    return day is not None and bool(begins) and min(begins) <= day


def _plain(certificate: object) -> str:
    """Certificate numbers as people write them: without blanks, in capitals."""
    return "".join(str(certificate or "").split()).upper()


def _judged(
    ctx: CheckContext, test: CoalTest, rows: tuple[OutsideRow, ...]
) -> tuple[str, set[str]]:
    laboratory, number, day = test.laboratory.strip(), _plain(test.certificate), _day(test)
    own = [r for r in rows if str(r["laboratory"]).strip() == laboratory]
    valid = [r for r in own if day and r["valid_from"] <= day <= r["valid_to"]]
    if not valid:
        return "A", set()
    mine = {_plain(r["certificate"]) for r in own}
    if number and number not in mine:
        others = {_plain(r["certificate"]) for r in rows} - mine
        return ("B" if number in others else "D"), set()
    scope = "".join(str(r["scope"] or "") for r in valid)
    lacking = {
        name for name, words in ctx.p(P + "scope").items() if not any(w in scope for w in words)
    }
    return ("C" if lacking else ""), lacking


def _hit(ctx: CheckContext, letter: str, tests: list[CoalTest], missing: list[str]) -> Hit:
    serious = letter != "D"
    return make_hit(
        letter,
        months=[t.month for t in tests if t.month],
        cells=test_cells(tests, "certificate", "tested"),
        direction=Direction.FAVOURABLE if serious else Direction.UNKNOWN,
        t_co2=effect(ctx, tests),
        root="lab-accreditation",
        laboratories="、".join(dict.fromkeys(t.laboratory for t in tests)),
        certificates="、".join(dict.fromkeys(t.certificate for t in tests)),
        missing=missing,
        tests=[{"report_no": t.report_no, "tested": t.tested, "issued": t.issued} for t in tests],
    )
