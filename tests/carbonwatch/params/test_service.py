"""The shipped parameters and their way into the database."""

import json
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from django.core.management import call_command

from carbonwatch.params.models import Confidence, Parameter
from carbonwatch.params.service import in_force, load_shipped, put_in_force
from carbonwatch.params.values import (
    MissingParameter,
    Value,
    shipped,
    shipped_files,
    succession,
)


def test_values_of_one_key_never_overlap_and_name_their_source():
    for key, values in shipped().by_key.items():
        for a, b in pairwise(values):
            assert a.valid_to is not None, key
            assert a.valid_to < b.valid_from, key
        for value in values:
            assert value.source, key
            assert value.confidence in Confidence.values, key


def test_values_fit_their_columns():
    for path in shipped_files():
        for item in json.loads(path.read_text(encoding="utf-8")):
            assert len(item["key"]) <= 120
            assert len(item["source"]) <= 300
            assert len(item.get("note", "")) <= 600
            assert len(item.get("unit", "")) <= 40


@pytest.mark.parametrize(
    ("key", "on", "value"),
    [
        ("coal.default_cc", 2020, Decimal("0.03356")),
        ("coal.default_cc", 2021, Decimal("0.03085")),
        ("coal.default_cc", 2026, None),
        ("guideline.version", date(2022, 3, 31), "V01"),
        ("guideline.version", date(2022, 4, 1), "V02"),
        ("guideline.version", 2026, "V04"),
        ("price.cea", 2025, Decimal("62.36")),
    ],
)
def test_the_data_date_decides(key, on, value):
    assert shipped().get(key, on) == value


def test_a_missing_value_is_an_error():
    with pytest.raises(MissingParameter):
        shipped().get("price.cea", 2019)


@pytest.mark.django_db
def test_loading_twice_changes_nothing():
    Parameter.objects.all().delete()
    call_command("load_parameters")
    count = Parameter.objects.count()
    assert load_shipped() == (0, count)
    assert in_force().by_key.keys() == shipped().by_key.keys()
    for key, values in shipped().by_key.items():
        assert in_force().by_key[key] == values, key


@pytest.mark.django_db
def test_a_change_is_seen_at_once_and_survives_loading():
    load_shipped()
    row = Parameter.objects.get(key="check.ARI-C-BASIS.tolerance")
    assert in_force().get(row.key, 2024) == Decimal("0.0006")
    row.value = 0.001
    row.save()
    load_shipped()
    assert in_force().get(row.key, 2024) == Decimal("0.001")


def held(start, end, value=1):
    return Value("check.X.limit", Decimal(value), "t", start, end, "来源", "KNOWN")


Y20, Y22, Y24, LAST = date(2020, 1, 1), date(2022, 1, 1), date(2024, 1, 1), date(2021, 12, 31)


@pytest.mark.parametrize(
    ("values", "start", "spans"),
    [
        ([], Y22, [(Y22, None)]),
        ([held(Y20, None)], Y22, [(Y20, LAST), (Y22, None)]),
        (
            [held(Y20, date(2023, 12, 31)), held(Y24, None)],
            Y22,
            [(Y20, LAST), (Y22, date(2023, 12, 31)), (Y24, None)],
        ),
        ([held(Y24, None)], Y22, [(Y22, date(2023, 12, 31)), (Y24, None)]),
        ([held(Y20, date(2020, 12, 31))], Y22, [(Y20, date(2020, 12, 31)), (Y22, None)]),
    ],
)
def test_a_new_value_takes_over_from_its_day(values, start, spans):
    after = succession(values, held(start, None, 2))
    assert [(v.valid_from, v.valid_to) for v in after] == spans
    assert [v.value for v in after if v.valid_from == start] == [2]


def test_a_value_cannot_end_before_it_began():
    with pytest.raises(ValueError, match="starts on"):
        succession([held(Y22, None)], held(Y22, None, 2))


@pytest.mark.django_db
def test_a_new_value_is_put_in_force():
    load_shipped()
    key = "check.ARI-C-BASIS.tolerance"
    new = Value(key, Decimal("0.002"), "tC/t", Y24, None, "测算", "KNOWN")
    put_in_force(new, 0.002)
    assert in_force().get(key, 2023) == Decimal("0.0006")
    assert in_force().get(key, 2024) == Decimal("0.002")
    assert in_force().by_key[key] == shipped().revised(new).by_key[key]
