"""FRM-MONTH-COMPLETE, FRM-UNIT-SLIP, FRM-UNIT-REGISTRY."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from statistics import median

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from carbonwatch.params.values import shipped
from emitters.calc.accounts import account
from tests.emitters.checks_a.running import hits, letters
from tests.emitters.factories import plant

ALL = tuple(range(1, 13))


@pytest.mark.parametrize(
    ("spoilt", "expected"),
    [
        ({}, []),
        ({"chp": True, "year": 2021}, []),
        ({"months": {"fc": {3: None}}}, [("A", (3,))]),
        ({"months": {"ncv": {3: None, 4: None}}}, [("A", (3, 4))]),
        ({"months": {"gen": {12: None}}}, [("A", (12,))]),
        # A month of outage: zero everywhere is a statement, quality values may be empty.
        (
            {"months": {c: {7: "0"} for c in ("fc", "gen", "hours", "e_fuel", "e_unit", "sup")}
             | {c: {7: None} for c in ("ncv", "c_ar", "cc", "lf")}},
            [],
        ),
        ({"months": {"fc": {7: "0"}, "gen": {7: "0"}}}, [("B", (7,))]),
        ({"without": ["hours"]}, [("A", ALL)]),
        # Net supply is required to 2022 only.
        ({"year": 2022, "months": {"sup": {1: None}}}, [("A", (1,))]),
        ({"year": 2024, "months": {"sup": {1: None}}}, []),
        # Commissioned in April: earlier months are nobody's hole.
        (
            {"attributes": {"commissioned": date(2024, 4, 2)},
             "months": {c: dict.fromkeys((1, 2, 3)) for c in ("fc", "gen", "hours", "heat", "e_unit")}},
            [],
        ),
    ],
)  # fmt: skip
def test_month_complete(spoilt, expected):
    assert letters("FRM-MONTH-COMPLETE", plant(**spoilt)) == expected


def test_hidden_month_is_worth_an_average_month():
    (hit,) = hits("FRM-MONTH-COMPLETE", plant(months={"fc": {3: None}}))
    assert hit.direction == Direction.FAVOURABLE
    assert Decimal(120000) < hit.t_co2 < Decimal(140000)
    assert hit.values["holes"] == {"燃煤 燃料消耗量": [3]}


def _scaled(report, code, factor, month=5):
    """The usual level of the other months (amounts per running hour) times a factor."""
    generator = report.generators[0]
    row = generator.fuels[0].get(code) or generator.production[code]
    hours = generator.production["hours"] if code in ("fc", "gen") else None
    usual = median(v / (hours[m] if hours else 1) for m, v in row.filled() if m != month)
    return {code: {month: str(usual * (hours[month] if hours else 1) * Decimal(factor))}}


@pytest.mark.parametrize(
    ("code", "factor", "found"),
    [
        ("ncv", "1", False),
        ("ncv", "4.1868", True),
        ("fc", "0.1", True),
        ("fc", "0.001", True),
        ("c_ar", "3.6667", True),
        ("gen", "1000", True),
        ("fc", "0.45", False),  # an odd month, but no conversion factor
        ("ncv", "1.2", False),
    ],
)
def test_unit_slip(code, factor, found):
    honest = plant()
    expected = [("A", (5,))] if found else []
    assert letters("FRM-UNIT-SLIP", plant(months=_scaled(honest, code, factor))) == expected


def test_unit_slip_of_a_whole_year_shows_against_the_years_before():
    row = plant().generators[0].fuels[0].get("ncv")
    report = plant(year=2024, months={"ncv": {m: str(v * 1000) for m, v in row.filled()}})
    assert letters("FRM-UNIT-SLIP", report) == []
    history = (plant(year=2022), plant(year=2023))
    found = hits("FRM-UNIT-SLIP", report, history=history)
    assert [(h.letter, h.values["factor"]) for h in found] == [("A", ["1000"])]


def test_unit_slip_needs_running_months():
    with pytest.raises(NotRun):
        hits("FRM-UNIT-SLIP", plant(without=["hours"]))


KNOWN = {"category": "常规燃煤", "product": "纯凝发电", "capacity_mw": Decimal(350), "boiler": "煤粉炉",
         "pressure": "亚临界", "cooling": "水冷", "commissioned": date(2008, 6, 30)}  # fmt: skip


@pytest.mark.parametrize(
    ("year", "attributes", "expected"),
    [
        (2024, {}, []),
        (2024, {"pressure": "超临界"}, ["A"]),
        (2024, {"cooling": "空冷"}, ["A"]),  # no correction any more
        (2022, {"cooling": "空冷"}, ["B"]),
        # Class I costs allowances, but the lower load factor wins more by the peak-shaving factor.
        (2024, {"capacity_mw": Decimal(410)}, ["B"]),
    ],
)
def test_unit_registry(year, attributes, expected):
    report = plant(year=year, attributes=attributes)
    found = hits("FRM-UNIT-REGISTRY", report, registry={"1#": KNOWN})
    assert [h.letter for h in found] == expected


def test_false_fluidised_bed_wins_a_benchmark():
    # III instead of II at a load of 75 %, where no peak-shaving factor is lost.
    report = plant(capacity="300", attributes={"boiler": "循环流化床"})
    registry = {"1#": KNOWN | {"capacity_mw": Decimal(300)}}
    (hit,) = hits("FRM-UNIT-REGISTRY", report, registry=registry)
    generation = report.generators[0].production["gen"].total
    assert hit.letter == "B"
    assert abs(hit.t_allowance - generation * (Decimal("0.8244") - Decimal("0.8049"))) <= 1


def test_unit_registry_states_the_gain():
    report = plant(year=2022, attributes={"cooling": "空冷"})
    (hit,) = hits("FRM-UNIT-REGISTRY", report, registry={"1#": KNOWN})
    # The electricity part with Fl 1.05 instead of 1: 5/105 of it.
    power = account(report, shipped()).generators[0].allowance_parts[0].t
    assert abs(hit.t_allowance - power * 5 / 105) <= 1


SAID = "本年度完成汽轮机通流改造。"


@pytest.mark.parametrize(
    ("past", "note", "expected"),
    [
        ({2023: {}}, "", []),
        ({2023: {"cooling": "空冷"}}, "", ["D"]),
        ({2023: {"cooling": "空冷"}}, SAID, []),  # rebuilt this year, and said so
        # Falsified from 2023 on: the report of 2022 still tells.
        ({2022: {"capacity_mw": Decimal(300)}, 2023: {}}, "", ["D"]),
        ({2022: {"capacity_mw": Decimal(300)}, 2023: {"said": SAID}}, "", []),
        ({2025: {"cooling": "空冷"}}, "", []),  # later years do not count
    ],
)
def test_lasting_attributes_against_earlier_reports(past, note, expected):
    def report(year, attributes):
        said = attributes.pop("said", note if year == 2024 else "")
        made = plant(year=year, attributes=attributes)
        return replace(made, basic={**made.basic, "生产经营变化说明": said})

    history = tuple(report(year, dict(a)) for year, a in sorted(past.items()))
    found = hits("FRM-UNIT-REGISTRY", report(2024, {}), history=history)
    assert [h.letter for h in found] == expected


@pytest.mark.parametrize(
    ("attributes", "ncv", "expected"),
    [
        ({"category": "非常规燃煤"}, {}, ["E"]),
        ({"category": "非常规燃煤", "boiler": "循环流化床"}, {}, []),
        ({"category": "非常规燃煤"}, dict.fromkeys(range(1, 13), "12.0"), []),
    ],
)
def test_an_unconventional_class_burns_poor_coal_or_has_a_fluidised_bed(attributes, ncv, expected):
    report = plant(attributes=attributes, months={"ncv": ncv})
    assert [h.letter for h in hits("FRM-UNIT-REGISTRY", report)] == expected


def test_unit_registry_without_registry():
    with pytest.raises(NotRun):
        hits("FRM-UNIT-REGISTRY", plant())
