"""Records of others follow from the true book, whatever was reported."""

from collections import Counter
from decimal import Decimal as D
from random import Random

import pytest

from emitters.outside import KINDS
from emitters.simulator import Attempt, falsify, honest_year, make_plant, outside_of
from emitters.simulator.closing import close

COAL_KINDS = {"invoice", "receipt", "byproduct"}
LABORATORY_KINDS = {"lab_register", "lab_file", "accreditation", "custody"}


def _plant(kind="chp", measured_from=2019):
    plants = (make_plant(Random(seed), 1, "210100", kind) for seed in range(99))
    return next(p for p in plants if p.measured_from == measured_from)


def _total(records, kind, name):
    return sum((r[name] for r in records.of(kind)), D(0))


@pytest.fixture(scope="module")
def year():
    book = honest_year(_plant(), 2023)
    return book, close(book), outside_of(book, Random(1))


@pytest.mark.parametrize(
    ("kind", "measured_from", "missing"),
    [
        ("chp", 2019, {"gas", "retest", "rail"}),
        ("coal", 2024, {"gas", "heat", "retest", "rail", *LABORATORY_KINDS}),
        ("gas", 2019, {"retest", "rail", *COAL_KINDS, *LABORATORY_KINDS}),
    ],
)
def test_every_kind_that_the_plant_has(kind, measured_from, missing):
    records = outside_of(honest_year(_plant(kind, measured_from), 2023), Random(1))
    rare = {"retest", "rail"}
    assert set(KINDS) - set(records.by_kind) - rare == missing - rare


def test_values_are_fields_of_their_kind(year):
    _book, _facts, records = year
    for row in records.rows:
        fields = {f.name: f for f in KINDS[row.kind].sheet.fields}
        assert set(row.values) <= set(fields)
        assert all(row[n] is not None for n, f in fields.items() if f.required), row.kind
        assert all(row[n] in f.choices for n, f in fields.items() if f.choices and row[n])


def test_places_are_unique(year):
    _book, _facts, records = year
    assert Counter(r.place for r in records.rows).most_common(1)[0][1] == 1


def test_sums_meet_the_books_within_the_noise_of_honest_records(year):
    book, facts, records = year
    rows = [g.production for g in facts.generators]
    made = sum(r["gen"].total for r in rows)
    assert abs(_total(records, "grid", "gen_mwh") / made - 1) < D("0.005")
    assert D("0.99") < _total(records, "grid", "out_mwh") / sum(r["sup"].total for r in rows) <= 1
    assert abs(_total(records, "invoice", "tonnes") / sum(book.yard.buy) - 1) < D("0.01")
    assert abs(_total(records, "receipt", "tonnes") / sum(book.yard.buy) - 1) < D("0.001")
    heat = sum(r["heat"].total for r in rows)
    assert D("0.9") < _total(records, "heat", "heat_gj") / heat <= D("1.02")


def test_stack_and_ash_are_near_the_fuel(year):
    _book, facts, records = year
    assert D("0.88") < _total(records, "cems", "co2_t") / facts.plant_total.annual < D("1.12")
    assert _total(records, "byproduct", "ash_t") > 0


def test_a_cheat_does_not_reach_what_others_recorded():
    book = honest_year(_plant(), 2023)
    true_coal = sum(book.yard.buy)
    facts, truth = falsify(Attempt(book, "gross", Random(3)), "unreported_purchases")
    records = outside_of(truth.book, Random(1))
    assert sum(truth.book.yard.buy) == true_coal
    assert _total(records, "invoice", "tonnes") > D("1.03") * facts.stocks[0].series["buy"].total


def test_a_test_that_was_never_made_is_unknown_to_the_laboratory():
    book = honest_year(_plant(), 2023)
    made = len(book.samples())
    facts, truth = falsify(Attempt(book, "gross", Random(3)), "batch_disguised")
    known = {r["report_no"] for r in outside_of(truth.book, Random(1)).of("lab_register")}
    assert len(facts.tests) == made
    assert not {t.report_no for t in facts.tests} & known


def test_repeatable():
    one, other = (outside_of(honest_year(_plant(), 2023), Random(4)) for _ in range(2))
    assert one == other
    assert outside_of(honest_year(_plant(), 2023), Random(5)) != one
