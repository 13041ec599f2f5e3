"""Files of outside records: layouts, encodings, addressed problems, columns that nobody knows."""

from datetime import date
from decimal import Decimal as D

import pytest

from emitters.outside import KINDS, OutsideRow
from emitters.outside.files import blank_file, kinds_in, write_file
from emitters.outside.headers import Choice, suggestions
from emitters.outside.identity import generator_name, period_of
from emitters.outside.reader import read_outside
from emitters.outside.rows import Bounds
from tests.emitters.outside.files import GRID, OTHER, UNIT, grid_rows, text, xlsx

KIND = KINDS["grid"]


def read(source, name="a.xlsx", kind="grid", **more):
    return read_outside(source, name, KINDS[kind], **more)


def marks(reading, *, notices=False):
    """(rule, cell) of what is wrong."""
    return [(p.rule, p.cell) for p in reading.problems if notices or p.weight != "notice"]


def test_a_workbook_in_the_declared_layout():
    reading = read(xlsx(("电网结算", grid_rows())))
    assert marks(reading, notices=True) == []
    first = reading.rows[0]
    assert first.number == 2
    assert dict(first.values) == {
        "credit_code": UNIT, "year": 2024, "month": 1, "generator": "1#", "out_mwh": D(1001),
        "buy_mwh": D(5),
    }  # fmt: skip
    assert (first.owner, first.about, first.year, first.month) == (UNIT, UNIT, 2024, 1)
    assert len({r.key for r in reading.rows}) == 12


@pytest.mark.parametrize("kind", KINDS)
def test_the_template_of_every_kind_reads_back(kind):
    blank = blank_file(KINDS[kind])
    assert [k.code for k in kinds_in(blank, "x.xlsx")] == [kind]
    reading = read(blank, kind=kind)
    assert not reading.asks
    assert marks(reading, notices=True) == [("outside-no-rows", "")]


def test_title_rows_other_names_and_any_order_are_read():
    rows = [
        ["辽宁电网2024年上网电量结算表"],
        ["单位：万千瓦时", None, None, "制表：张三"],
        [],
        ["月", "年份", "上网电量", "信用代码", "下网电量（kWh）"],
        ["1月", "2024年", "12,345.6", UNIT, 7000],
    ]
    reading = read(xlsx(("Sheet1", rows)))
    assert (reading.sheet, reading.header) == ("Sheet1", 4)
    assert dict(reading.rows[0].values) == {
        "month": 1, "year": 2024, "out_mwh": D("123456"), "credit_code": UNIT, "buy_mwh": D(7),
    }  # fmt: skip
    assert marks(reading, notices=True) == [("column-converted", "C4"), ("column-converted", "E4")]


def test_the_sheet_of_the_kind_is_taken_among_others():
    source = xlsx(("说明", [["请勿改动"], ["x"]]), ("电网结算", grid_rows(months=1)))
    reading = read(source)
    assert len(reading.rows) == 1
    assert marks(reading, notices=True) == [("sheet-unknown", "")]
    source = xlsx(("说明", [["请勿改动", "b"], ["x", "y"]]), ("一季度", grid_rows(months=1)))
    assert read(source).sheet == "一季度"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files(encoding, delimiter):
    reading = read(text(grid_rows(), encoding, delimiter), "电网.csv")
    assert marks(reading, notices=True) == []
    assert reading.rows[11].values["out_mwh"] == D(1012)
    assert reading.rows[11].number == 13


def test_every_bad_cell_is_addressed_and_nothing_is_kept():
    rows = [
        GRID,
        [UNIT, 2024, 13, "1#", 1, 2, 3],
        [UNIT, 2024, 2, "1#", "约一千", 2, 3],
        [UNIT, "去年", 3, "1#", 1, -2, 3],
        ["91211220T2PNDKCGN5", 2024, 4, "1#", 1, 2, 3],
        [None, 2024, 5, "1#", 1, 2, 3],
        [912112204544545455, 2024, 6, "1#", 1, 2, 3],
        [UNIT, 2204, 7, "1#", 1, 2, 3],
        [UNIT, 2024, 8, "1#", 1, 2, 3],
        [UNIT, 2024, 8, "1#", 4, 5, 6],
    ]
    reading = read(xlsx(("电网结算", rows)))
    assert marks(reading) == [
        ("month-out-of-range", "C2"),
        ("not-a-number", "E3"),
        ("not-a-number", "B4"),
        ("negative", "F4"),
        ("credit-code", "A5"),
        ("value-missing", "A6"),
        ("digits-lost", "A7"),
        ("outside-year", "B8"),
        ("row-twice", "A10"),
    ]
    assert reading.blocked
    assert reading.rows == ()


def test_shortened_codes_of_a_text_file_are_lost_digits():
    rows = [KINDS["invoice"].sheet.fields]
    labels = [f.label for f in rows[0]]
    line = [UNIT, "2024-03-01", "样本煤业", "", "2.5212E+19", "100"] + [""] * (len(labels) - 6)
    reading = read(text([labels, line]), "a.csv", "invoice")
    assert marks(reading) == [("digits-lost", "E2")]


@pytest.mark.parametrize(
    ("header", "rule"),
    [
        ("上网电量（t）", ("column-unit", "E1")),
        ("上网电量（元）", ("column-remark", "E1")),
        ("上网电量（兆瓦时）", None),
    ],
)
def test_a_unit_that_does_not_fit_is_said(header, rule):
    rows = grid_rows(months=1)
    rows[0] = [*GRID[:4], header, *GRID[5:]]
    reading = read(xlsx(("电网结算", rows)))
    assert marks(reading, notices=True) == ([rule] if rule else [])
    assert reading.blocked == (header == "上网电量（t）")


def test_strange_columns_are_asked_for_and_then_known():
    rows = [
        ["企业代码", "结算年", "结算月", "电量（上网）", "电量（下网）", "备注"],
        [OTHER, 2024, 1, 5, 3, "x"],
    ]
    source = xlsx(("表一", rows))
    asked = read(source)
    assert asked.asks
    assert asked.rows == ()
    assert [h.text for h in asked.headers if h.choice is None] == list(map(str, rows[0]))
    proposed = suggestions(asked.headers, KIND)
    assert proposed["企业代码"].field == "credit_code"
    assert proposed["结算月"].field == "month"
    chosen = {
        "企业代码": Choice("credit_code"),
        "结算年": Choice("year"),
        "结算月": Choice("month"),
        "电量(上网)": Choice("out_mwh", "万千瓦时"),
        "电量(下网)": Choice("buy_mwh", "万千瓦时"),
        "备注": Choice(""),
    }
    reading = read(source, chosen=chosen)
    assert dict(reading.rows[0].values) == {
        "credit_code": OTHER, "year": 2024, "month": 1, "out_mwh": D(50), "buy_mwh": D(30),
    }  # fmt: skip
    # A column that was never seen is asked for, one that was left out is not.
    assert not read(xlsx(("表一", rows)), chosen=chosen).asks
    rows[0][5] = "发电"
    assert read(xlsx(("表一", rows)), chosen=chosen).asks


def test_a_header_that_looks_like_none_can_be_named():
    rows = [["甲", "乙"], ["x", "y"], *grid_rows(months=2)]
    assert read(xlsx(("电网结算", rows))).header == 3
    assert read(xlsx(("电网结算", rows)), header=1).asks
    nothing = read(xlsx(("电网结算", [[1, 2], [3, 4]])))
    assert marks(nothing) == [("header-not-found", "")]


def test_a_column_with_everything_known_is_only_noted():
    rows = grid_rows(months=1)
    rows[0] = [*GRID, "经办人"]
    rows[1] = [*rows[1], "张三"]
    reading = read(xlsx(("电网结算", rows)))
    assert marks(reading, notices=True) == [("column-unknown", "H1")]
    assert len(reading.rows) == 1


@pytest.mark.parametrize(
    ("bounds", "rule"),
    [
        (Bounds(units={UNIT: ["1#"]}), None),
        (Bounds(units={UNIT: ["#1"]}), None),
        (Bounds(units={UNIT: ["2#"]}), ("outside-generator-unknown", "D2")),
        (Bounds(units={}), ("outside-unit-unknown", "A2")),
        (Bounds(units={UNIT: []}, own={OTHER}), ("outside-unit-foreign", "A2")),
    ],
    ids=["fits", "spelled otherwise", "no such generator", "not on the list", "somebody else's"],
)
def test_what_is_known_of_the_units_is_compared(bounds, rule):
    reading = read(xlsx(("电网结算", grid_rows(months=1))), bounds=bounds)
    assert marks(reading, notices=True) == ([rule] if rule else [])
    if rule is None:
        assert reading.rows[0].values["generator"] == bounds.units[UNIT][0]


def test_a_laboratory_speaks_for_itself_only():
    fields = KINDS["lab_register"].sheet.fields
    row = {
        "laboratory": "样本煤质中心（沈阳）", "report_no": "A1", "client_code": OTHER, "month": 12,
        "issued": date(2025, 1, 8),
    }  # fmt: skip
    source = xlsx(("检测登记", [[f.label for f in fields], [row.get(f.name) for f in fields]]))
    own = read(source, kind="lab_register", bounds=Bounds(laboratory="样本煤质中心(沈阳)"))
    assert marks(own) == []
    assert (own.rows[0].year, own.rows[0].about) == (2024, OTHER)
    other = read(source, kind="lab_register", bounds=Bounds(laboratory="样本另一中心"))
    assert marks(other) == [("outside-laboratory-foreign", "A2")]


@pytest.mark.parametrize(
    ("city", "rule"),
    [("沈阳市", None), ("沈阳", None), ("大连", "outside-city-foreign"), ("北京", "outside-city-unknown")],
)  # fmt: skip
def test_the_weather_of_a_city(city, rule):
    source = text([["城市", "年度", "月份", "采暖度日数"], [city, 2024, 1, 900]])
    reading = read(source, "a.csv", "weather", bounds=Bounds(city="沈阳市"))
    assert marks(reading) == ([(rule, "A2")] if rule else [])
    if rule is None:
        assert reading.rows[0].owner == "210100"


def test_rows_that_may_repeat_are_both_read():
    labels = [f.label for f in KINDS["receipt"].sheet.fields]
    line = [UNIT, "2024-01-02", "样本煤业", "一矿", 3000.5]
    rows = [labels, *([[*line, *[None] * (len(labels) - 5)]] * 2)]
    reading = read(xlsx(("入厂煤批次", rows)), kind="receipt")
    assert len(reading.rows) == 2
    assert marks(reading, notices=True) == [("outside-repeated", "A3")]


def test_a_made_up_file_reads_back():
    rows = read(xlsx(("电网结算", grid_rows()))).rows
    source = write_file(KIND, [OutsideRow("grid", r.values) for r in rows])
    assert [dict(r.values) for r in read(source).rows] == [dict(r.values) for r in rows]


@pytest.mark.parametrize(
    ("found", "known", "name"),
    [
        ("1#", ("1#", "2#"), "1#"),
        ("#1", ("1#", "2#"), "1#"),
        ("1号机组", ("1#", "2#"), "1#"),
        ("01", ("1号", "2号"), "1号"),
        ("＃2机", ("1#", "2#"), "2#"),
        ("11#", ("1#", "2#"), "11#"),
        ("A", ("1#",), "A"),
        ("1", ("1#", "#1"), "1"),
    ],
)
def test_generators_are_spelled_as_their_unit_does(found, known, name):
    assert generator_name(found, known) == name


@pytest.mark.parametrize(
    ("values", "period"),
    [
        ({"year": 2024, "month": 3}, (2024, 3, None)),
        ({"day": date(2024, 5, 6)}, (2024, 5, date(2024, 5, 6))),
        ({"month": 12, "issued": date(2025, 1, 9)}, (2024, 12, date(2025, 1, 9))),
        ({"month": 1, "issued": date(2025, 1, 9)}, (2025, 1, date(2025, 1, 9))),
        ({"valid_from": date(2024, 1, 1)}, (None, None, None)),
    ],
)
def test_the_period_of_a_record(values, period):
    assert period_of(values) == period


def test_hostile_and_foreign_files_get_a_verdict():
    for source, name, rule in (
        (b"PK\x03\x04broken", "a.xlsx", "file-damaged"),
        (b"%PDF-1.4", "a.xlsx", "file-other-type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "file-old-format"),
        (b"<html>", "a.csv", "file-other-type"),
    ):
        reading = read(source, name)
        assert [p.rule for p in reading.problems] == [rule], name
        assert reading.rows == ()
