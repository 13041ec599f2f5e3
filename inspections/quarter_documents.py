"""The quarterly report as an official document and as a workbook."""

from collections.abc import Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from carbonwatch.documents.render import Document, paragraphs
from carbonwatch.params.regions import REGION_NAMES
from carbonwatch.web.export import SAFE
from inspections.documents import DAY
from inspections.models import QuarterFigure, QuarterItem, QuarterReport
from inspections.selectors.quarters import Grid, Line, Part, compared_report, parts_of

NUMERALS = "一二三四五六七八九十"
MINISTRY = "生态环境部"
CITY = "city"
DASH = "—"


def _context(report: QuarterReport) -> dict[str, Any]:
    parts = parts_of(report.standing)
    compared = compared_report(report)
    signed = report.signed_at
    sections = [_section(n, part, compared) for n, part in enumerate(parts, 1)]
    return {
        "issuer": report.organisation,
        "year": report.year,
        "quarter": report.get_quarter_display(),
        "number": report.number or "（签发后编号）",
        "recipient": report.recipient or MINISTRY,
        "first": date_format(report.period.first, "n月j日"),
        "last": date_format(report.period.last, "n月j日"),
        "overview": paragraphs(report.overview) or ["（待填写）"],
        "sections": sections,
        "last_numeral": _numeral(len(sections) + 2),
        "problems": paragraphs(report.problems) or ["无。"],
        "next_steps": paragraphs(report.next_steps) or ["（待填写）"],
        "signed_on": date_format(timezone.localtime(signed), DAY) if signed else "（签发日期）",
        "cities": [g for p in parts for g in _city_tables(p)],
        "digest": report.digest or report.standing.digest,
    }


def _numeral(number: int) -> str:
    """1 → 一, 12 → 十二."""
    tens, rest = divmod(number, 10)
    return ("" if tens == 0 else "十") + (NUMERALS[rest - 1] if rest else "")


def _section(number: int, part: Part, compared: QuarterReport | None) -> dict[str, Any]:
    """Numbered from 二: 一 is what people wrote."""
    return {
        "numeral": _numeral(number + 1),
        "title": part.title,
        "lines": [f"{n}．{_sentence(ln, compared)}" for n, ln in enumerate(part.lines, 1)],
        "grids": [_table(g) for g in part.grids if g.by != CITY],
    }


def _sentence(line: Line, compared: QuarterReport | None) -> str:
    figure = line.figure
    text = f"{figure.label}：{_number(figure.value, figure.decimals)}{_unit(figure)}"
    if compared is None or line.change is None:
        return f"{text}。"
    return f"{text}，{_change(line.change, figure)}。"


def _unit(figure: Any) -> str:
    return (
        "" if figure.value is None else f" {figure.unit}" if figure.unit.isascii() else figure.unit
    )


def _change(change: Decimal, figure: Any) -> str:
    if change == 0:
        return "与上期持平"
    word, size = ("增加" if change > 0 else "减少"), _number(abs(change), figure.decimals)
    return f"比上期{word}{size}{'个百分点' if figure.unit == '%' else _unit(figure)}"


def _number(value: Decimal | None, decimals: int) -> str:
    return "无" if value is None else f"{value:,.{decimals}f}"


def _table(grid: Grid) -> dict[str, Any]:
    """With the whole figures as the last row."""
    rows: list[tuple[str, Sequence[QuarterFigure | None]]] = [*grid.rows, ("合计", grid.heads)]
    return {
        "title": f"按{grid.label}",
        "label": grid.label,
        "heads": [f"{h.label}（{h.unit}）" for h in grid.heads],
        "rows": [
            {
                "label": label,
                "cells": [_number(c.value, c.decimals) if c else DASH for c in cells],
            }
            for label, cells in rows
        ],
    }


def _city_tables(part: Part) -> list[dict[str, Any]]:
    return [_table(g) | {"title": part.title} for g in part.grids if g.by == CITY]


QUARTER_REPORT = Document(
    "quarter-report",
    _("日常监管季报"),
    "documents/quarter_report.docx",
    _context,
)

HEADS = ("部分", "指标", "分类", "类别", "数值", "单位", "上期数值", "比上期增减", "明细行数")
ITEM_HEADS = ("指标", "类别", "序号", "单位名称", "所在市", "事项", "数额", "对象编号")


def workbook_of(report: QuarterReport) -> bytes:
    """Sheet 汇总: every figure beside the quarter before; sheet 明细: every row of every figure."""
    buffer = BytesIO()
    with translation.override("zh-hans"):  # the annex of an official document
        book = xlsxwriter.Workbook(buffer, SAFE)
        head = book.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1})
        for name, heads, rows in (
            ("汇总", HEADS, _figure_rows(report)),
            ("明细", ITEM_HEADS, _item_rows(report)),
        ):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, heads, head)
            for n, row in enumerate(rows, 1):
                sheet.write_row(n, 0, row)
            sheet.freeze_panes(1, 0)
            sheet.autofit(400)
        book.close()
    return buffer.getvalue()


def _figure_rows(report: QuarterReport) -> list[Sequence[Any]]:
    edition = report.standing
    before: dict[str, Decimal | None] = {}
    if edition.compared is not None:
        before = dict(edition.compared.figures.values_list("code", "value"))
    return [
        (f.section_title, f.label, f.by_label, f.key_label, f.value, f.unit, line.before,
         line.change, f.size)
        for f in edition.figures.order_by("number")
        for line in [Line(f, before.get(f.code))]
    ]  # fmt: skip


def _item_rows(report: QuarterReport) -> list[Sequence[Any]]:
    rows = QuarterItem.objects.filter(figure__edition=report.standing).order_by("pk")
    numbers: dict[int, int] = {}
    found: list[Sequence[Any]] = []
    for figure, label, key, owner, city, text, amount, target in rows.values_list(
        "figure_id", "figure__label", "figure__key_label", "owner", "city", "text", "amount",
        "target_id",
    ):  # fmt: skip
        numbers[figure] = numbers.get(figure, 0) + 1
        name = REGION_NAMES.get(city, "")
        found.append((label, key, numbers[figure], owner, name, text, amount, target))
    return found
