"""LAB-QR-VERIFY and LAB-PDF-FORENSICS: the file of a test report."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.laboratory.dates import effect, test_cells
from emitters.checks.laboratory.register import by_report, report_key
from emitters.checks.support import make_hit, outside_rows
from emitters.facts import CheckContext, CoalTest
from emitters.outside import OutsideRow

P = "check.LAB-PDF-FORENSICS."
Pair = tuple[CoalTest, OutsideRow]


def _files(ctx: CheckContext) -> list[Pair]:
    """The tests of the report whose file was examined."""
    found = by_report(outside_rows(ctx, "lab_file", any_year=True))
    pairs = [(t, rows[-1]) for t in ctx.report.tests if (rows := found.get(report_key(t)))]
    if not pairs:
        raise NotRun(_("没有本报告所列检测报告的文件检查记录。"))
    return pairs


@check(
    "LAB-QR-VERIFY",
    name=_("检测报告防伪码核验不符"),
    family=Family.LABORATORY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.FATAL,
            "source",
            _("{count}份检测报告（{numbers}）缺少该机构模板应有的防伪码。"),
        ),
        "B": Outcome(
            Severity.FATAL,
            "source",
            _("{count}份检测报告（{numbers}）的防伪码对应另一份报告（{resolved}）。"),
        ),
    },
    basis=_("2022年生态环境部通报案例：检测报告防伪二维码被去除；校核目录 LAB-QR-VERIFY"),
    what=_("该机构模板应有防伪码而文件没有；或防伪码解析出的报告编号与文件编号不同。"),
    why=_("发现去除或移用防伪码的检测报告。"),
    explain=_("扫描质量问题应提供原件；检测机构停用防伪码的说明。"),
    ask=_("检测报告原件；检测机构对防伪码的查询答复。"),
)
def qr_verify(ctx: CheckContext) -> Iterator[Hit]:
    """Codes that are missing, or that lead to another report."""
    pairs = [(t, r) for t, r in _files(ctx) if r["qr_report_no"] or (r["qr"] and r["qr_required"])]
    if not pairs:
        raise NotRun(_("文件检查记录没有防伪码核验结果。"))
    gone = [(t, r) for t, r in pairs if r["qr_required"] == "是" and r["qr"] == "否"]
    other = [
        (t, r)
        for t, r in pairs
        if r["qr_report_no"] and str(r["qr_report_no"]).strip() != t.report_no.strip()
    ]
    for letter, found in (("A", gone), ("B", other)):
        if found:
            yield _file_hit(ctx, letter, found, resolved=[r["qr_report_no"] for _t, r in found])


@check(
    "LAB-PDF-FORENSICS",
    name=_("检测报告电子文件有改动迹象"),
    family=Family.LABORATORY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "document",
            _("{count}份检测报告文件（{numbers}）有两项以上改动迹象：{signs}。"),
        ),
        "B": Outcome(
            Severity.INFO,
            "document",
            _("{count}份检测报告文件（{numbers}）有一项改动迹象：{signs}。"),
        ),
        "C": Outcome(
            Severity.CRITICAL,
            "document",
            _("不同编号的检测报告（{numbers}）为同一个文件。"),
        ),
    },
    basis=_(
        "2022年生态环境部通报案例：使用可编辑的报告模板改写日期、编号；校核目录 LAB-PDF-FORENSICS"
    ),
    what=_(
        "迹象：由办公或图像编辑软件生成、报告日期之后修改、存在覆盖对象、数字日期字体异常；"
        "扫描仪和电子签章平台在白名单内，其修改日期不计。两项以上为严重，一项仅提示。"
    ),
    why=_("发现用可编辑模板改写的检测报告。"),
    explain=_("检测机构出具方式说明、电子签章平台记录、扫描件来源。"),
    ask=_("检测机构留存的原始电子文件及其哈希值、纸质原件。"),
    parameters=("editors", "trusted", "modified_days"),
)
def pdf_forensics(ctx: CheckContext) -> Iterator[Hit]:
    """Signs of editing in the files, and one file under two numbers."""
    pairs = _files(ctx)
    signs = {id(t): _signs(ctx, t, r) for t, r in pairs}
    for letter, many in (("A", True), ("B", False)):
        found = [(t, r) for t, r in pairs if (n := len(signs[id(t)])) and (n > 1) is many]
        if found:
            told = dict.fromkeys(s for t, _r in found for s in signs[id(t)])
            yield _file_hit(ctx, letter, found, signs=[str(SIGNS[s]) for s in told])
    yield from _one_file(ctx, pairs)


SIGNS = {
    "editor": _("由编辑软件生成"),
    "modified": _("报告日期之后修改"),
    "overlays": _("存在覆盖对象"),
    "fonts": _("字体异常"),
}


def _signs(ctx: CheckContext, test: CoalTest, row: OutsideRow) -> list[str]:
    producer = str(row["producer"] or "").lower()
    trusted = any(str(word).lower() in producer for word in ctx.p(P + "trusted"))
    edited = any(str(word).lower() in producer for word in ctx.p(P + "editors"))
    modified = row["modified"]
    late = (
        isinstance(modified, date)
        and test.issued is not None
        and (modified - test.issued).days > ctx.p(P + "modified_days")
    )
    facts: Mapping[str, bool] = {
        "editor": edited and not trusted,
        "modified": late and not trusted,
        "overlays": bool(row["overlays"]),
        "fonts": bool(row["fonts_odd"]),
    }
    return [name for name, is_so in facts.items() if is_so]


def _one_file(ctx: CheckContext, pairs: list[Pair]) -> Iterator[Hit]:
    by_hash: dict[str, list[Pair]] = defaultdict(list)
    for test, row in pairs:
        if row["sha256"]:
            by_hash[str(row["sha256"]).lower()].append((test, row))
    for same in by_hash.values():
        if len({t.report_no.strip() for t, _r in same}) > 1:
            yield _file_hit(ctx, "C", same)


def _file_hit(ctx: CheckContext, letter: str, found: list[Pair], **values: Any) -> Hit:
    tests = [t for t, _r in found]
    return make_hit(
        letter,
        months=[t.month for t in tests if t.month],
        cells=test_cells(tests, "report_no"),
        direction=Direction.FAVOURABLE,
        t_co2=effect(ctx, tests),
        root="lab-file",
        count=len(tests),
        numbers="、".join(dict.fromkeys(t.report_no for t in tests)),
        files=[
            {
                "report_no": t.report_no,
                "place": r.place,
                "producer": r["producer"],
                "modified": r["modified"],
                "issued": t.issued,
                "overlays": r["overlays"],
                "fonts_odd": r["fonts_odd"],
                "sha256": r["sha256"],
            }
            for t, r in found
        ],
        **values,
    )
