"""Case tables of group B."""

from decimal import Decimal

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from tests.emitters.factories import plant

ALL = range(1, 13)


def same(value, months=ALL):
    return dict.fromkeys(months, value)


def scaled(code, factor):
    """The honest months of a value, times a factor."""
    unit = plant().generators[0]
    row = unit.production.get(code) or unit.fuels[0].series[code]
    return {m: str(round(v * Decimal(factor), 2)) for m, v in row.filled()}


def letters(hits):
    return [h.letter for h in hits]


def moist(value, months=ALL):
    return {m: {"mt": value} for m in months}


CASES = [
    ("PHY-NCV-RANK", {}, []),
    ("PHY-NCV-RANK", {"months": {"ncv": {3: "27"}}}, []),
    ("PHY-NCV-RANK", {"months": {"ncv": {3: "27.001"}}}, ["D"]),
    ("PHY-NCV-RANK", {"months": {"ncv": same("28", (1, 2, 3))}}, ["A"]),
    ("PHY-NCV-RANK", {"months": {"ncv": {3: "4.9"}}}, ["B"]),
    ("PHY-NCV-RANK", {"rank": "褐煤"}, ["B", "D", "C"]),
    ("PHY-NCV-RANK", {"rank": "无烟煤"}, ["C"]),
    ("PHY-NCV-RANK", {"months": {"ncv": same("12")}, "attributes": {"boiler": "循环流化床"}}, []),
    ("PHY-CC-RANK", {}, []),
    ("PHY-CC-RANK", {"months": {"c_ar": {5: "0.4900"}}}, ["C"]),
    ("PHY-CC-RANK", {"months": {"c_ar": {5: "0.4000"}}}, ["B"]),
    ("PHY-CC-RANK", {"months": {"c_ar": {5: "0.8100"}}}, ["B"]),
    ("PHY-OXIDATION", {}, []),
    ("PHY-OXIDATION", {"months": {"of": {5: "98"}}}, ["A"]),
    ("PHY-MOISTURE", {}, []),
    ("PHY-MOISTURE", {"daily": True}, []),
    ("PHY-MOISTURE", {"tests": {3: {"mad": "10.88"}}}, []),
    ("PHY-MOISTURE", {"tests": {3: {"mad": "10.89"}}}, ["A"]),
    ("PHY-MOISTURE", {"daily": True, "tests": {3: {"mt": "13.58"}}}, []),
    ("PHY-MOISTURE", {"daily": True, "tests": {3: {"mt": "13.59"}}}, ["C"]),
    ("PHY-MOISTURE", {"daily": True, "tests": moist("13.5")}, ["D"]),
    ("PHY-MOISTURE", {"tests": moist("21", (1,))}, ["E"]),
    ("PHY-MOISTURE", {"tests": moist("21", (1, 2, 3))}, ["B"]),
    ("PHY-BSUP-CLASS", {}, []),
    ("PHY-BSUP-CLASS", {"chp": True}, []),
    ("PHY-BSUP-CLASS", {"months": {"sup": scaled("sup", "1.05")}}, ["A"]),
    ("PHY-BSUP-CLASS", {"months": {"sup": scaled("sup", "0.90")}}, []),
    ("PHY-BSUP-CLASS", {"months": {"sup": scaled("sup", "0.88")}}, ["C"]),
    (
        "PHY-BSUP-CLASS",
        {"months": {"sup": scaled("sup", "0.70")}},
        ["C"],
    ),  # wasteful, not impossible
    ("PHY-BSUP-CLASS", {"months": {"sup": scaled("sup", "0.66")}}, ["B"]),
    ("PHY-BSUP-CLASS", {"without": ("sup",)}, []),
    ("PHY-EFFICIENCY-CAP", {}, []),
    ("PHY-EFFICIENCY-CAP", {"chp": True}, []),
    ("PHY-EFFICIENCY-CAP", {"months": {"fc": {1: "60000", 2: "60000"}}}, ["B"]),
    ("PHY-EFFICIENCY-CAP", {"months": {"fc": scaled("fc", "0.87")}}, ["A"]),
    ("PHY-EFFICIENCY-CAP", {"months": {"fc": scaled("fc", "0.81")}}, ["B"]),
    ("PHY-CAPACITY-HOURS", {}, []),
    ("PHY-CAPACITY-HOURS", {"months": {"hours": {4: "720"}}}, []),
    ("PHY-CAPACITY-HOURS", {"months": {"hours": {4: "720.01"}}}, ["A"]),
    ("PHY-CAPACITY-HOURS", {"months": {"hours": {4: "300"}}}, ["A"]),
    ("PHY-BHEAT-RANGE", {"chp": True}, []),
    ("PHY-BHEAT-RANGE", {"chp": True, "annual": {"heat_ratio": "16"}}, ["A"]),
    ("PHY-BHEAT-RANGE", {"chp": True, "annual": {"heat_ratio": "14.5"}}, ["B"]),
    ("PHY-BHEAT-RANGE", {"chp": True, "annual": {"heat_ratio": "22"}}, ["A"]),
]


@pytest.mark.parametrize(("code", "given", "expected"), CASES)
def test_case(run, code, given, expected):
    assert letters(run(code, plant(**given))) == expected


MISSING = [
    ("PHY-NCV-RANK", {"without": ("ncv",)}),
    ("PHY-CC-RANK", {"measured": False}),
    ("PHY-OXIDATION", {"year": 2026}),
    ("PHY-OXIDATION", {"without": ("of",)}),
    ("PHY-MOISTURE", {"measured": False}),
    ("PHY-BSUP-CLASS", {"attributes": {"capacity_mw": None}}),
    ("PHY-BSUP-CLASS", {"without": ("hours",)}),
    ("PHY-EFFICIENCY-CAP", {"without": ("gen",)}),
    ("PHY-CAPACITY-HOURS", {"without": ("hours",)}),
    ("PHY-BHEAT-RANGE", {}),
    ("PHY-BHEAT-RANGE", {"chp": True, "without": ("heat_ratio", "b_heat")}),
]


@pytest.mark.parametrize(("code", "given"), MISSING)
def test_missing_inputs_are_not_a_pass(run, code, given):
    with pytest.raises(NotRun):
        run(code, plant(**given))


def test_shaved_carbon_is_favourable_and_weighed(run):
    honest = plant()
    fuel = honest.generators[0].fuels[0].series["c_ar"]
    shaved = {m: str((v * Decimal("0.94")).quantize(Decimal("0.0001"))) for m, v in fuel.filled()}
    (hit,) = [h for h in run("PHY-CC-RANK", plant(months={"c_ar": shaved})) if h.letter == "A"]
    assert hit.direction == Direction.FAVOURABLE
    assert hit.t_co2 > 50_000
    assert hit.root == "carbon"


def test_invented_moisture_tells_the_carbon_it_hides(run):
    report = plant(daily=True, tests={m: {"mt": "15"} for m in ALL})
    (hit,) = run("PHY-MOISTURE", report)
    first = hit.values["readings"][0]
    assert first["used"] == Decimal(15)
    assert first["other"] == Decimal("11.60")
    assert hit.direction == Direction.FAVOURABLE
    assert hit.t_co2 > 0
