"""Problems to take away: as a list, or as the workbook itself with comments at the cells."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from carbonwatch.imports.guard import inspect
from carbonwatch.imports.package import Unreadable
from carbonwatch.imports.problems import Problem, Weight
from carbonwatch.imports.rules import cure, describe

_TEXT_ONLY = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FILLS = {
    Weight.FILE: PatternFill("solid", fgColor="F8D7DA"),
    Weight.BLOCKER: PatternFill("solid", fgColor="F8D7DA"),
    Weight.NOTICE: PatternFill("solid", fgColor="FFF3CD"),
}


class Comparison(NamedTuple):
    """Problems of two uploads of the same file: what went, what stayed, what came."""

    fixed: tuple[Problem, ...]
    left: tuple[Problem, ...]
    new: tuple[Problem, ...]


def compare_problems(before: Sequence[Problem], after: Sequence[Problem]) -> Comparison:
    """A problem is the same when rule, place and field are; what was found there may differ."""
    old, now = {_same(p) for p in before}, {_same(p) for p in after}
    return Comparison(
        fixed=tuple(p for p in before if _same(p) not in now),
        left=tuple(p for p in after if _same(p) in old),
        new=tuple(p for p in after if _same(p) not in old),
    )


def weight_label(weight: Weight) -> str:
    """For people, in the language in force."""
    return {Weight.FILE: _("无法受理"), Weight.BLOCKER: _("必须改正"), Weight.NOTICE: _("提醒")}[
        weight
    ]


def problems_xlsx(problems: Iterable[Problem]) -> bytes:
    """The list as a workbook, texts in the language in force. Found values stay text."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, _TEXT_ONLY) as book:
        page = book.add_worksheet(_("问题清单"))
        head = book.add_format(
            {"bold": True, "bg_color": "#1F5F8B", "font_color": "#FFFFFF", "border": 1}
        )
        text = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"})
        columns = (
            (_("类别"), 10),
            (_("工作表"), 16),
            (_("单元格"), 9),
            (_("项目"), 18),
            (_("填写内容"), 20),
            (_("问题"), 50),
            (_("如何改正"), 50),
            (_("规则"), 20),
        )
        for column, (title, width) in enumerate(columns):
            page.set_column(column, column, width)
            page.write_string(0, column, title, head)
        row = 0
        for row, item in enumerate(problems, 1):
            for column, value in enumerate(_line(item)):
                page.write_string(row, column, value, text)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(row, 1), len(columns) - 1)
    return buffer.getvalue()


class Note(NamedTuple):
    """A comment at one cell; without a cell it stands at A1 of the sheet, without a known sheet at
    the first one. `weight` gives the colour."""

    sheet: str
    cell: str
    text: str
    weight: Weight


def annotated_workbook(original: bytes, problems: Iterable[Problem]) -> bytes:
    """The uploaded workbook with a comment and a colour at every cell that has a problem. Raises
    `Unreadable` as `commented_workbook`."""
    notes = (
        Note(p.sheet, p.cell, f"【{weight_label(p.weight)}】{describe(p)}{cure(p)}", p.weight)
        for p in problems
    )
    return commented_workbook(original, notes)


def commented_workbook(original: bytes, notes: Iterable[Note]) -> bytes:
    """A workbook with comments and colours at its cells. Raises `Unreadable` for a file that the guard
    refuses: openpyxl must not see one."""
    guarded = inspect(original)
    if guarded.refused:
        raise Unreadable(guarded.problems[0])
    book = load_workbook(BytesIO(original))
    placed: dict[tuple[str, str], list[Note]] = {}
    for item in notes:
        sheet = item.sheet if item.sheet in book.sheetnames else book.sheetnames[0]
        placed.setdefault(
            (sheet, item.cell if sheet == item.sheet and item.cell else "A1"), []
        ).append(item)
    for (sheet, address), items in placed.items():
        _annotate(book[sheet][address], items)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _annotate(cell: Any, items: Sequence[Note]) -> None:
    if not isinstance(
        cell, Cell
    ):  # inside a merged range: openpyxl keeps comments of its first cell only
        return
    note = "\n".join(item.text for item in items)
    if cell.comment:
        note = f"{cell.comment.text}\n{note}"
    cell.comment = Comment(note, "CarbonWatch", width=360, height=40 + 40 * len(items))
    cell.fill = _FILLS[items[0].weight]


def _same(item: Problem) -> tuple[str, str, str, str]:
    return item.rule, item.sheet, item.cell, item.field


def _line(item: Problem) -> tuple[str, ...]:
    return (
        weight_label(item.weight),
        item.sheet,
        item.cell,
        item.field,
        item.found,
        describe(item),
        cure(item),
        item.rule,
    )
