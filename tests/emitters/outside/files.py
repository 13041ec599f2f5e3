"""Small files of outside records."""

import csv
import io
from datetime import UTC, datetime

import xlsxwriter

UNIT = "91211220T2PNDKCGN4"
OTHER = "91210199TEYKUQCJ7H"
GRID = ("统一社会信用代码", "年度", "月份", "机组编号", "上网电量", "下网电量", "发电量")


def xlsx(*sheets: tuple[str, list]) -> bytes:
    """A workbook of named sheets with these rows; the same bytes for the same rows."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}
    ) as book:
        book.set_properties({"created": datetime(2024, 1, 1, tzinfo=UTC)})
        for name, rows in sheets:
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return buffer.getvalue()


def text(rows: list, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """A delimited text file."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode(encoding)


def grid_rows(code: str = UNIT, out: float = 1000, months: int = 12, year: int = 2024) -> list:
    """The grid's settlement of a year, header first."""
    return [GRID, *([code, year, m, "1#", out + m, 5, None] for m in range(1, months + 1))]
