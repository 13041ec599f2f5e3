"""What people do to a workbook: harmless edits change nothing, others are named with the cell."""

import io
from datetime import date, datetime

import openpyxl
import pytest

from carbonwatch.imports.problems import Weight
from carbonwatch.imports.rules import cure, describe
from emitters.workbook import Expectation, read_report
from tests.emitters.workbook.probe import bare

BASIC, UNITS, FUEL, POWER, OUTPUT, STOCKS, TESTS, DAILY = (
    "基本信息",
    "机组信息",
    "化石燃料燃烧",
    "购入使用电力",
    "生产数据",
    "燃料购销存",
    "煤样检测",
    "日入炉煤",
)


def put(sheet, address, value):
    def change(book):
        book[sheet][address] = value

    return change


def move_column(sheet, source, target):
    """Cut a column and insert it elsewhere."""

    def change(book):
        page = book[sheet]
        values = [c.value for c in page[source]]
        page.delete_cols(openpyxl.utils.column_index_from_string(source))
        page.insert_cols(openpyxl.utils.column_index_from_string(target))
        for cell, value in zip(page[target], values, strict=False):
            cell.value = value

    return change


def reverse_rows(sheet):
    def change(book):
        page = book[sheet]
        rows = [[c.value for c in row] for row in page.iter_rows(min_row=2)]
        page.delete_rows(2, len(rows))
        for row in reversed(rows):
            page.append(row)

    return change


def both(*changes):
    def change(book):
        for one in changes:
            one(book)

    return change


def each(sheet, column, function):
    def change(book):
        for cell in book[sheet][column][1:]:
            cell.value = function(cell.value)

    return change


def repeat_row(sheet, row):
    return lambda book: book[sheet].append([c.value for c in book[sheet][row]])


HARMLESS = {
    "text number": put(FUEL, "F2", "79649.65"),
    "thousands": put(FUEL, "F2", "79,649.65"),
    "full-width digits": put(FUEL, "F2", "７９６４９．６５"),
    "full-width comma": put(FUEL, "F2", "79，649.65"),
    "blanks around a number": put(FUEL, "F2", " 79649.65　"),
    "no-break space": put(FUEL, "F2", "\u00a079649.65"),
    "plus sign": put(FUEL, "F2", "+79649.65"),
    "full-width minus": put(STOCKS, "D6", "－6517.27"),
    "date as text": put(TESTS, "E2", "2024-01-31"),
    "date with slashes": put(TESTS, "E2", "2024/1/31"),
    "date in Chinese": put(TESTS, "E2", "2024年1月31日"),
    "date in full-width digits": put(TESTS, "E2", "２０２４年１月３１日"),
    "date with time": put(TESTS, "E2", datetime.fromisoformat("2024-01-31T08:30")),
    "all days as text": each(DAILY, "A", lambda v: v.strftime("%Y/%m/%d")),
    "month as text": put(TESTS, "B2", "1月"),
    "year as text": put(BASIC, "B2", "2024年"),
    "industry as number": put(BASIC, "B8", 4412),
    "credit code in lower case": put(BASIC, "B4", "91211220t2pndkcgn4"),
    "blank in a label": put(BASIC, "A3", "单位 名称"),
    "full-width generator id": put(OUTPUT, "A2", "１＃"),
    "blank in a choice": put(FUEL, "C2", " 烟煤"),
    "header with blanks": put(FUEL, "F1", "1 月"),
    "header in full-width digits": put(FUEL, "F1", "１月"),
    "header with unit": put(TESTS, "M1", "全水分Mar（%）"),
    "header with line break": put(FUEL, "F1", "1月\n"),
    "unit spelt otherwise": put(FUEL, "E7", "tco2"),
    "unit with subscript": put(FUEL, "E7", "tCO₂"),
    "extra sheet": lambda b: b.create_sheet("说明").append(["x"]),
    "sheets in other order": lambda b: b.move_sheet(DAILY, -7),
    "other sheet first": lambda b: setattr(b, "active", 5),
    "hidden sheet": lambda b: setattr(b[DAILY], "sheet_state", "hidden"),
    "rows reversed, daily": reverse_rows(DAILY),
    "column moved": move_column(FUEL, "B", "H"),
    "month columns swapped": move_column(OUTPUT, "D", "F"),
    "extra column": put(FUEL, "U1", "自备列"),
    "extra label": put(BASIC, "A30", "备注"),
    "blank rows between": lambda b: b[DAILY].insert_rows(10, 3),
    "blanks in an empty row": lambda b: b[FUEL].append(["  ", None, ""]),
    "comment": lambda b: setattr(b[FUEL]["F2"], "comment", openpyxl.comments.Comment("x", "y")),
    "number format": lambda b: setattr(b[FUEL]["F2"], "number_format", "#,##0"),
    "filter": lambda b: setattr(b[DAILY].auto_filter, "ref", "A1:E300"),
    "frozen panes": lambda b: setattr(b[FUEL], "freeze_panes", "F2"),
    "protected sheet": lambda b: setattr(b[FUEL].protection, "sheet", True),
    "hidden rows": lambda b: b[DAILY].row_dimensions.group(5, 9, hidden=True),
    "zero-width characters": put(FUEL, "B2", "燃煤\u200b"),
}

WRONG = {
    "two points": (put(FUEL, "F2", "17..2"), "not-a-number", "化石燃料燃烧!F2"),
    "number with unit": (put(FUEL, "F2", "79649.65t"), "not-a-number", "化石燃料燃烧!F2"),
    "percent sign": (put(FUEL, "F6", "99%"), "not-a-number", "化石燃料燃烧!F6"),
    "comma as point": (put(FUEL, "F2", "79649,65"), "not-a-number", "化石燃料燃烧!F2"),
    "date in a number": (put(FUEL, "F2", date(2024, 1, 1)), "not-a-number", "化石燃料燃烧!F2"),
    "true in a number": (put(FUEL, "F2", True), "not-a-number", "化石燃料燃烧!F2"),
    "formula": (put(FUEL, "F2", "=SUM(F3:F4)"), "formula-without-value", "化石燃料燃烧!F2"),
    "formula in daily": (put(DAILY, "C100", "=1+1"), "formula-without-value", "日入炉煤!C100"),
    "error": (put(FUEL, "F2", "#REF!"), "cell-error", "化石燃料燃烧!F2"),
    "negative coal": (put(FUEL, "F2", -5), "negative", "化石燃料燃烧!F2"),
    "negative daily": (put(DAILY, "C9", -5), "negative", "日入炉煤!C9"),
    "negative test": (put(TESTS, "M4", "-1.5"), "negative", "煤样检测!M4"),
    "fractions of oxidation": (
        lambda b: [setattr(c, "value", 0.99) for c in b[FUEL][6][5:18]],
        "fraction",
        "化石燃料燃烧!F6",
    ),
    "fractions of load": (
        lambda b: [setattr(c, "value", 0.7) for c in b[OUTPUT][9][3:16]],
        "fraction",
        "生产数据!D9",
    ),
    "other unit": (put(FUEL, "E2", "万吨"), "unit-differs", "化石燃料燃烧!E2"),
    "kilograms": (put(OUTPUT, "C6", "kgce/kWh"), "unit-differs", "生产数据!C6"),
    "no unit": (put(OUTPUT, "C2", None), "unit-missing", "生产数据!C2"),
    "unknown generator": (put(OUTPUT, "A2", "9#"), "generator-unknown", "生产数据!A2"),
    "unknown generator in tests": (put(TESTS, "A3", "9#"), "generator-unknown", "煤样检测!A3"),
    "unknown generator in daily": (put(DAILY, "B3", "9#"), "generator-unknown", "日入炉煤!B3"),
    "no generator": (put(FUEL, "A3", None), "value-missing", "化石燃料燃烧!A3"),
    "merged generator": (
        lambda b: b[FUEL].merge_cells("A2:A7"),
        "value-missing",
        "化石燃料燃烧!A3",
    ),
    "generator twice": (repeat_row(UNITS, 2), "generator-twice", "机组信息!A3"),
    "no generators": (lambda b: b[UNITS].delete_rows(2), "generators-none", "机组信息!A2"),
    "unknown fuel": (put(FUEL, "B2", "木炭"), "not-a-choice", "化石燃料燃烧!B2"),
    "unknown rank": (put(FUEL, "C2", "贫煤"), "not-a-choice", "化石燃料燃烧!C2"),
    "no rank": (put(FUEL, "C2", None), "rank-missing", "化石燃料燃烧!C2"),
    "rank of oil": (put(FUEL, "C8", "烟煤"), "rank-without-coal", "化石燃料燃烧!C8"),
    "unknown method": (put(FUEL, "S2", "估算"), "not-a-choice", "化石燃料燃烧!S2"),
    "no method": (put(FUEL, "S2", None), "value-missing", "化石燃料燃烧!S2"),
    "unknown parameter": (put(FUEL, "D2", "煤耗"), "parameter-unknown", "化石燃料燃烧!D2"),
    "label of the old guideline": (
        put(OUTPUT, "B6", "供电煤耗"),
        "parameter-of-other-version",
        "生产数据!B6",
    ),
    "row twice": (repeat_row(OUTPUT, 2), "row-twice", "生产数据!B14"),
    "fuel row twice": (repeat_row(FUEL, 2), "row-twice", "化石燃料燃烧!D14"),
    "day twice": (repeat_row(DAILY, 2), "row-twice", "日入炉煤!A328"),
    "required row deleted": (lambda b: b[OUTPUT].delete_rows(2), "row-missing", "生产数据"),
    "total deleted": (lambda b: b[OUTPUT].delete_rows(13), "row-missing", "生产数据"),
    "fuel row deleted": (lambda b: b[FUEL].delete_rows(3), "row-missing", "化石燃料燃烧"),
    "stock row deleted": (lambda b: b[STOCKS].delete_rows(3), "row-missing", "燃料购销存"),
    "row emptied": (
        lambda b: [setattr(c, "value", None) for c in b[OUTPUT][2][3:16]],
        "row-empty",
        "生产数据!D2",
    ),
    "all rows deleted": (lambda b: b[OUTPUT].delete_rows(2, 99), "row-missing", "生产数据"),
    "all fuel rows deleted": (lambda b: b[FUEL].delete_rows(2, 99), "row-missing", "化石燃料燃烧"),
    "header deleted": (lambda b: b[FUEL].delete_rows(1), "column-missing", "化石燃料燃烧!A1"),
    "title above the header": (
        lambda b: b[FUEL].insert_rows(1, 2),
        "header-not-first",
        "化石燃料燃烧!A3",
    ),
    "column deleted": (lambda b: b[FUEL].delete_cols(8), "column-missing", "化石燃料燃烧"),
    "header misspelt": (put(FUEL, "F1", "壹月份"), "column-missing", "化石燃料燃烧"),
    "header twice": (put(FUEL, "G1", "1月"), "column-twice", "化石燃料燃烧!G1"),
    "header emptied": (put(FUEL, "F1", None), "value-in-nameless-column", "化石燃料燃烧!F2"),
    "values beside the table": (put(FUEL, "W5", 12), "value-in-nameless-column", "化石燃料燃烧!W5"),
    "label deleted": (put(BASIC, "A6", None), "value-in-nameless-column", "基本信息!B6"),
    "label twice": (put(BASIC, "A30", "联系人"), "label-twice", "基本信息!A30"),
    "unknown city": (put(BASIC, "B6", "长春市"), "not-a-choice", "基本信息!B6"),
    "wrong credit code": (put(BASIC, "B4", "91211220T2PNDKCGN5"), "credit-code", "基本信息!B4"),
    "short credit code": (put(BASIC, "B4", "91211220"), "credit-code", "基本信息!B4"),
    "code as number": (put(BASIC, "B4", 912112201234567890), "digits-lost", "基本信息!B4"),
    "report number as number": (put(TESTS, "J2", 20240115), "code-as-number", "煤样检测!J2"),
    "certificate of 18 digits": (
        put(TESTS, "L2", 210600000007123456),
        "digits-lost",
        "煤样检测!L2",
    ),
    "month 13": (put(TESTS, "B2", 13), "month-out-of-range", "煤样检测!B2"),
    "half a month": (put(TESTS, "B2", 1.5), "not-an-integer", "煤样检测!B2"),
    "no month": (put(TESTS, "B2", None), "value-missing", "煤样检测!B2"),
    "impossible date": (put(TESTS, "E2", "2024-02-30"), "not-a-date", "煤样检测!E2"),
    "American date": (put(TESTS, "E2", "01/31/2024"), "not-a-date", "煤样检测!E2"),
    "date as number": (
        both(
            put(TESTS, "E2", 45322), lambda b: setattr(b[TESTS]["E2"], "number_format", "General")
        ),
        "not-a-date",
        "煤样检测!E2",
    ),
    "date long ago": (put(TESTS, "E2", "0024-01-31"), "date-out-of-range", "煤样检测!E2"),
    "day of another year": (put(DAILY, "A9", date(2023, 1, 8)), "day-outside-year", "日入炉煤!A9"),
    "sheet misspelt": (lambda b: setattr(b[OUTPUT], "title", "生产"), "sheet-missing", "生产数据"),
    **{
        f"{name} deleted": (lambda b, n=name: b.remove(b[n]), "sheet-missing", name)
        for name in (UNITS, FUEL, POWER, OUTPUT, STOCKS, TESTS, DAILY)
    },
    "basic sheet deleted": (lambda b: b.remove(b[BASIC]), "wrong-template", "基本信息"),
    "other template version": (put(BASIC, "B1", "CW-2"), "wrong-version", "基本信息!B1"),
    "no template version": (put(BASIC, "B1", None), "wrong-template", "基本信息!B1"),
    "year too early": (put(BASIC, "B2", 2018), "year-not-covered", "基本信息!B2"),
    "no year": (put(BASIC, "B2", None), "year-not-covered", "基本信息!B2"),
}


@pytest.fixture(scope="module")
def original(sample):
    return read_report(sample).facts


def edited(sample, change) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(sample))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_edit_changes_nothing(name, sample, original):
    reading = read_report(edited(sample, HARMLESS[name]))
    assert reading.facts is not None, [(p.place, describe(p)) for p in reading.problems]
    got, want = bare(reading.facts), bare(original)
    if name.startswith("rows reversed"):
        got = type(got)(**{**got.__dict__, "daily": got.daily[::-1]})
    assert got == want


@pytest.mark.parametrize("name", WRONG)
def test_wrong_edit_is_named_with_its_cell(name, sample):
    change, rule, place = WRONG[name]
    reading = read_report(edited(sample, change))
    assert reading.facts is None
    found = {(p.rule, p.place) for p in reading.problems}
    assert (rule, place) in found
    weights = [p.weight for p in reading.problems]
    assert weights == sorted(weights, key=[Weight.FILE, Weight.BLOCKER, Weight.NOTICE].index)
    for item in reading.problems:
        assert "{" not in describe(item) + cure(item)


def test_all_problems_come_at_once(sample):
    change = both(
        put(FUEL, "F2", "17..2"),
        put(DAILY, "C9", "x"),
        put(OUTPUT, "A2", "9#"),
        put(BASIC, "B6", "?"),
    )
    places = {p.place for p in read_report(edited(sample, change)).problems}
    assert places >= {"化石燃料燃烧!F2", "日入炉煤!C9", "生产数据!A2", "基本信息!B6"}


def test_empty_month_means_not_reported_and_zero_means_zero(sample):
    facts = read_report(edited(sample, both(put(OUTPUT, "D2", None), put(OUTPUT, "E2", 0)))).facts
    assert facts.generators[0].value("gen", 1) is None
    assert facts.generators[0].value("gen", 2) == 0


@pytest.mark.parametrize(
    ("expect", "rule"),
    [
        (Expectation(credit_code="91214180ECQJ5GJUGG"), "wrong-unit"),
        (Expectation(year=2023), "wrong-year"),
    ],
)
def test_wrong_unit_or_year_come_alone(expect, rule, sample):
    spoilt = edited(sample, put(FUEL, "F2", "x"))
    assert [p.rule for p in read_report(spoilt, expect=expect).problems] == [rule]


def test_what_is_expected_is_accepted_and_small_differences_are_notices(sample):
    expect = Expectation("91211220T2PNDKCGN4", 2024, "改名前的公司", ("1#", "2#"))
    reading = read_report(sample, expect=expect)
    assert reading.facts is not None
    assert [p.rule for p in reading.problems] == ["unit-name-differs", "generators-differ"]


def test_empty_sheets_are_noticed(sample):
    def clear(book):
        for name in (STOCKS, TESTS, DAILY):
            book[name].delete_rows(2, 999)

    reading = read_report(edited(sample, clear))
    assert [(p.rule, p.sheet) for p in reading.problems] == [
        ("no-data-rows", STOCKS),
        ("no-data-rows", TESTS),
        ("no-data-rows", DAILY),
    ]
