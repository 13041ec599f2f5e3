"""Evidence laid out for people: every key named, lists by month side by side, rows in order."""

import pytest

import emitters.checks  # noqa: F401 -- registers every check
from carbonwatch.params.values import shipped
from emitters.evidence.tables import evidence_of
from emitters.evidence.words import known
from emitters.fingerprint import plain
from emitters.runner import Together
from emitters.simulator import province


def keys_of(value):
    """Every key of nested evidence."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys_of(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from keys_of(inner)


@pytest.fixture(scope="module")
def hits():
    """What all checks find in a made-up province in which every way to falsify is tried."""
    facts = [facts for _plant, _year, facts, _truth in province(11, 36, (2022, 2023))]
    together = Together(facts, shipped())
    return [(check, hit) for f in facts for check, hit in together.check(f).run.hits]


def test_every_value_of_evidence_has_a_name(hits):
    unnamed = {(k, c.code) for c, h in hits for k in keys_of(dict(h.values)) if not known(k)}
    assert unnamed == set()


def test_tables_are_rectangular_and_filled(hits):
    for check, hit in hits:
        for table in evidence_of(plain(dict(hit.values)), hit.months).tables:
            assert table.rows, check.code
            assert {len(row) for row in table.rows} == {len(table.head)}, check.code


def test_lists_by_month_stand_side_by_side():
    evidence = evidence_of({"daily": ["13.5", "13.8"], "used": ["19.3", "19.6"]}, [1, 2])
    (table,) = evidence.tables
    assert table.head == ("月份", "采用值", "日台账加权值")
    assert table.rows == (("1", "19.3", "13.5"), ("2", "19.6", "13.8"))


def test_rows_of_the_stock_ledger_read_as_the_workbook_does():
    """The database keeps no order of keys."""
    row = {
        "adj": "-5",
        "buy": "10",
        "stk0": "1",
        "stk1": "2",
        "used": "4",
        "month": 3,
        "residual": "0",
    }
    (table,) = evidence_of({"rows": [row]}).tables
    assert table.head == (
        "月份",
        "期初库存",
        "购入量",
        "消耗量",
        "盘点调整",
        "期末库存",
        "不平衡量",
    )
    assert table.rows == (("3", "1", "10", "4", "-5", "2", "0"),)


def test_other_units_are_not_named():
    evidence = evidence_of({"others": ["9121…"], "pairs": [{"credit_code": "9121…", "month": 5}]})
    assert evidence.facts == ()
    (table,) = evidence.tables
    assert table.head == ("月份",)


def test_a_long_table_is_cut_and_says_so():
    (table,) = evidence_of({"rows": [{"month": m} for m in range(1, 13)]}).tables
    short = table.shortened(5)
    assert (len(short.rows), short.more, table.more) == (5, 7, 0)
