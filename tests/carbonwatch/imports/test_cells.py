from datetime import date, datetime, time
from decimal import Decimal

import pytest

from carbonwatch.imports.cells import (
    CellFault,
    as_code,
    as_date,
    as_integer,
    as_number,
    as_text,
    dates,
    numbers,
    plain,
)
from carbonwatch.imports.sheetscan import Fault, column_letters, column_number


@pytest.mark.parametrize(
    ("raw", "want"),
    [
        (832429.8800000001, "832429.88"),
        (79649.64999999999, "79649.65"),
        (0.1 + 0.2, "0.3"),
        (350.0, "350"),
        (0.0, "0"),
        ("1,234.5", "1234.5"),
        ("１，２３４．５", "1234.5"),
        (" 12 ", "12"),
        ("−3", "-3"),
        (".5", "0.5"),
        ("1.2E+3", "1.2E+3"),
    ],
)
def test_numbers_read_as_people_see_them(raw, want):
    assert as_number(raw) == Decimal(want)


@pytest.mark.parametrize("raw", ["", None, "  ", "\u3000"])
def test_empty_is_none(raw):
    assert as_number(raw) is None
    assert as_date(raw) is None
    assert as_text(raw) == ""


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ("17..2", "not-a-number"),
        ("99%", "not-a-number"),
        ("1,23", "not-a-number"),
        ("12 t", "not-a-number"),
        ("1" * 50, "not-a-number"),
        ("nan", "not-a-number"),
        (float("nan"), "number-too-large"),
        (float("inf"), "number-too-large"),
        (1e16, "number-too-large"),
        (True, "not-a-number"),
        (date(2024, 1, 1), "not-a-number"),
        (time(1), "not-a-number"),
        ("#DIV/0!", "cell-error"),
        (Fault("cell-error", "#N/A"), "cell-error"),
        (Fault("formula-without-value"), "formula-without-value"),
    ],
)
def test_what_is_not_a_number(raw, rule):
    with pytest.raises(CellFault) as caught:
        as_number(raw)
    assert caught.value.rule == rule


def test_codes_must_be_text():
    assert as_code(" ９１２１ ") == "9121"
    for raw, rule in ((91211220123456789.0, "digits-lost"), (4412.0, "code-as-number")):
        with pytest.raises(CellFault) as caught:
            as_code(raw)
        assert caught.value.rule == rule
    assert as_text(4412.0) == "4412"


@pytest.mark.parametrize(
    "raw",
    [
        "2024-01-31",
        "2024/1/31",
        "2024年1月31日",
        date(2024, 1, 31),
        datetime.fromisoformat("2024-01-31T08:00"),
    ],
)
def test_dates(raw):
    assert as_date(raw) == date(2024, 1, 31)


@pytest.mark.parametrize("raw", ["2024-02-30", "31.1.2024", 45322.0, "soon", time(3), "1024-01-01"])
def test_what_is_not_a_date(raw):
    with pytest.raises(CellFault):
        as_date(raw)


def test_integers():
    assert as_integer("12月") == 12
    with pytest.raises(CellFault):
        as_integer(1.5)


def test_whole_columns_agree_with_single_cells():
    column = [1.1, 2.0, 832429.8800000001]
    assert numbers(column) == [as_number(v) for v in column]
    assert numbers([1.0, ""]) is None
    assert numbers([1.0, float("nan")]) is None
    assert numbers([float("nan"), 1.0]) is None
    assert numbers([1.0, float("nan"), 2.0]) is None
    assert dates([date(2024, 1, 1)]) == [date(2024, 1, 1)]
    assert dates([date(1900, 1, 1)]) is None


def test_folding_and_columns():
    assert plain(" Ａ１ # ") == "a1#"
    assert [column_letters(n) for n in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert column_number("XFD") == 16384
