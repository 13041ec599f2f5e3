"""Questionnaires authored in Excel: their layout, the blank template, and reading one back.

Everything wrong is named with its sheet and cell; a file with one fault gives no questionnaire.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.imports.guard import inspect
from carbonwatch.imports.layout import Field, Kind, Shape, Sheet
from carbonwatch.imports.package import Unreadable
from carbonwatch.imports.problems import Problem, Weight
from carbonwatch.imports.reading import Book, Table
from carbonwatch.imports.rules import in_order, register
from emitters.workbook.writer import Workbook
from inspections.models import AnswerKind, Audience, Evidence, FindingClass

# Labels of the file are official wording and never translated: fixed here, not taken from the lazy
# labels of the models.
KINDS = {
    "是否": AnswerKind.YES_NO,
    "选择": AnswerKind.CHOICE,
    "数值": AnswerKind.NUMBER,
    "日期": AnswerKind.DATE,
    "文字": AnswerKind.TEXT,
}
EVIDENCE = {
    "不需要": Evidence.NONE,
    "有问题时": Evidence.PROBLEM,
    "必须": Evidence.ALWAYS,
}
AUDIENCES = {"重点排放单位": Audience.UNIT, "技术服务机构": Audience.AGENCY}
CLASSES = {
    "基本情况": FindingClass.BASIC,
    "核算边界": FindingClass.BOUNDARY,
    "核算方法": FindingClass.METHOD,
    "核算数据": FindingClass.DATA,
    "质量保证和文件存档": FindingClass.QUALITY,
    "数据质量控制方案及执行": FindingClass.SCHEME,
    "其他": FindingClass.OTHER,
}
YES, NO = "是", "否"
MAX_ITEMS = 300
FIRST_YEAR, LAST_YEAR = 2019, 2100
_SPLIT = re.compile(r"[;；、\n]+")

HEAD = Sheet(
    "问卷信息",
    _("问卷信息"),
    Shape.FORM,
    (
        Field("code", "问卷编号", _("问卷编号"), Kind.CODE, required=True,
              hint="同一编号再次导入即为新版"),
        Field("title", "问卷名称", _("问卷名称"), required=True),
        Field("audience", "填写对象", _("填写对象"), Kind.CHOICE, choices=tuple(AUDIENCES),
              required=True),
        Field("year", "涉及年度", _("涉及年度"), Kind.INTEGER, required=True),
        Field("intro", "填写说明", _("填写说明")),
    ),
)  # fmt: skip
ITEMS = Sheet(
    "题目",
    _("题目"),
    Shape.TABLE,
    (
        Field("number", "题号", _("题号"), Kind.CODE, required=True, width=8),
        Field("section", "分组", _("分组"), width=16),
        Field("text", "题目", _("题目"), required=True, width=48),
        Field("kind", "题型", _("题型"), Kind.CHOICE, choices=tuple(KINDS), required=True),
        Field("options", "选项", _("选项"), width=24, hint="题型为“选择”时填写，用分号分隔"),
        Field("required", "必答", _("必答"), Kind.CHOICE, choices=(YES, NO), required=True, width=8),
        Field("clause", "依据条款", _("依据条款"), width=30, hint="文件名称和条款"),
        Field("help", "填写帮助", _("填写帮助"), width=30),
        Field("evidence", "证据要求", _("证据要求"), Kind.CHOICE, choices=tuple(EVIDENCE),
              required=True),
        Field("evidence_text", "证据材料", _("证据材料"), width=30, hint="需要哪些材料"),
        Field("problem_when", "视为问题的答案", _("视为问题的答案"), width=18,
              hint="是否题填“是”或“否”，选择题填选项，用分号分隔；没有的留空"),
        Field("finding_class", "问题类别", _("问题类别"), Kind.CHOICE, choices=tuple(CLASSES),
              width=22, hint="写了视为问题的答案的，必须填写"),
    ),
)  # fmt: skip

register(
    Weight.BLOCKER,
    {
        "questionnaire-no-items": (_("“{sheet}”中没有题目。"), _("请从第2行起逐行填写题目。")),
        "questionnaire-too-many": (
            _("题目共 {count} 道，超过 {limit} 道。"),
            _("请拆成几份问卷分别导入。"),
        ),
        "questionnaire-year": (
            _("涉及年度“{found}”不合理。"),
            _("请填写 2019 至 2100 之间的年份。"),
        ),
        "questionnaire-number-twice": (
            _("题号“{found}”与第 {first} 行重复。"),
            _("请改为不重复的题号。"),
        ),
        "questionnaire-options-missing": (
            _("选择题至少要有两个不同的选项。"),
            _("请在“选项”中用分号分隔填写。"),
        ),
        "questionnaire-options-idle": (
            _("题型不是“选择”，却填写了选项“{found}”。"),
            _("请删除选项，或把题型改为“选择”。"),
        ),
        "questionnaire-problem-unknown": (
            _("视为问题的答案“{found}”不在该题的答案（{choices}）中。"),
            _("请改为该题的答案之一。"),
        ),
        "questionnaire-problem-open": (
            _("数值、日期和文字题不能自动判定问题（“{found}”）。"),
            _("请留空，由填写人自行勾选“存在问题”；或把题型改为“是否”或“选择”。"),
        ),
        "questionnaire-class-missing": (
            _("写了视为问题的答案，但没有问题类别。"),
            _("请选择问题类别。"),
        ),
        "questionnaire-too-long": (
            _("“{field}”有 {length} 个字，超过 {limit} 个字。"),
            _("请缩短。"),
        ),
    },
)

_LONGEST = {
    "code": 40, "title": 120, "intro": 2000, "number": 20, "section": 60, "text": 500,
    "clause": 300, "help": 500, "evidence_text": 300, "options": 500,
}  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """What a workbook holds: the fields of the questionnaire and those of its items, or problems."""

    problems: tuple[Problem, ...]
    head: dict[str, Any]
    items: tuple[dict[str, Any], ...]

    @property
    def blockers(self) -> tuple[Problem, ...]:
        """What keeps the file from being taken in."""
        return tuple(p for p in self.problems if p.weight is not Weight.NOTICE)


def template() -> bytes:
    """The blank workbook, with drop-downs and hints."""
    book = Workbook(guide=True)
    book.form(HEAD, {})
    book.table(ITEMS, ())
    return book.bytes()


def write(head: Sequence[tuple[str, Any]], rows: Sequence[Sequence[Any]]) -> bytes:
    """A filled workbook: values of the form by label, rows in the order of the columns."""
    book = Workbook(guide=True)
    book.form(HEAD, dict(head))
    book.table(ITEMS, rows)
    return book.bytes()


def read(source: bytes) -> Draft:
    """Read a workbook. Never raises for what a file may hold."""
    guarded = inspect(source)
    if guarded.refused:
        return Draft(guarded.problems, {}, ())
    try:
        book = Book(guarded)
        missing = [s for s in (HEAD, ITEMS) if not book.has(s)]
        for sheet in missing:
            book.add("sheet-missing", sheet=sheet.name)
        if missing:
            return Draft(in_order(book.problems), {}, ())
        book.note_others((HEAD, ITEMS))
        head, items = _head(book), _items(book)
    except Unreadable as error:
        return Draft((error.problem,), {}, ())
    return Draft(in_order(book.problems), head, items)


def _head(book: Book) -> dict[str, Any]:
    form = book.form(HEAD)
    values = dict(form.values)
    year = values["year"]
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        book.add("questionnaire-year", sheet=HEAD.name, cell=form.cells["year"], found=year)
    for field in HEAD.fields:
        _bounded(book, HEAD, form.cells.get(field.name, ""), field, values[field.name])
    values["audience"] = AUDIENCES.get(values["audience"], "")
    return values


def _items(book: Book) -> tuple[dict[str, Any], ...]:
    table = book.table(ITEMS)
    if not table.letters:
        return ()
    if not table.rows:
        book.add("questionnaire-no-items", sheet=ITEMS.name, cell="A2")
    if len(table.rows) > MAX_ITEMS:
        book.add("questionnaire-too-many", sheet=ITEMS.name, count=len(table.rows), limit=MAX_ITEMS)
    seen: dict[str, int] = {}
    names = [f.name for f in ITEMS.fields]
    return tuple(
        _item(book, table, row, dict(zip(names, values, strict=True)), order, seen)
        for order, (row, values) in enumerate(table.rows, 1)
    )


def _item(
    book: Book, table: Table, row: int, raw: dict[str, Any], order: int, seen: dict[str, int]
) -> dict[str, Any]:
    for field in ITEMS.fields:
        _bounded(book, ITEMS, table.cell(field.name, row), field, raw[field.name])
    number = raw["number"]
    if number and number in seen:
        book.add("questionnaire-number-twice", sheet=ITEMS.name, cell=table.cell("number", row),
                 found=number, first=seen[number])  # fmt: skip
    seen.setdefault(number, row)
    kind = KINDS.get(raw["kind"] or "")
    options = _options(book, table, row, raw["options"], kind)
    problem_when = _problem_when(book, table, row, raw["problem_when"], kind, options)
    if problem_when and not raw["finding_class"]:
        book.add("questionnaire-class-missing", sheet=ITEMS.name,
                 cell=table.cell("finding_class", row))  # fmt: skip
    return raw | {
        "order": order,
        "kind": kind,
        "options": options,
        "required": raw["required"] == YES,
        "evidence": EVIDENCE.get(raw["evidence"] or ""),
        "problem_when": problem_when,
        "finding_class": CLASSES.get(raw["finding_class"] or "", FindingClass.OTHER),
    }


def _options(book: Book, table: Table, row: int, text: str | None, kind: str | None) -> list[str]:
    options = _parts(text)
    cell = table.cell("options", row)
    if kind == AnswerKind.CHOICE:
        if len(options) < 2:
            book.add("questionnaire-options-missing", sheet=ITEMS.name, cell=cell)
        return options
    if options and kind:
        book.add("questionnaire-options-idle", sheet=ITEMS.name, cell=cell, found=text or "")
    return [YES, NO] if kind == AnswerKind.YES_NO else []


def _problem_when(
    book: Book, table: Table, row: int, text: str | None, kind: str | None, options: list[str]
) -> list[str]:
    wanted = _parts(text)
    cell = table.cell("problem_when", row)
    if wanted and kind and kind not in (AnswerKind.YES_NO, AnswerKind.CHOICE):
        book.add("questionnaire-problem-open", sheet=ITEMS.name, cell=cell, found=text or "")
    elif options:
        for answer in wanted:
            if answer not in options:
                book.add("questionnaire-problem-unknown", sheet=ITEMS.name, cell=cell,
                         found=answer, choices="、".join(options))  # fmt: skip
    return wanted


def _bounded(book: Book, sheet: Sheet, cell: str, field: Field, value: Any) -> None:
    limit = _LONGEST.get(field.name)
    if limit and isinstance(value, str) and len(value) > limit:
        book.add("questionnaire-too-long", sheet=sheet.name, cell=cell, field=field.label,
                 length=len(value), limit=limit)  # fmt: skip


def _parts(text: str | None) -> list[str]:
    return list(dict.fromkeys(p.strip() for p in _SPLIT.split(text or "") if p.strip()))
