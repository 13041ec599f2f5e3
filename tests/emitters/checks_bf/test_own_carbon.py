"""Case tables of the checks on carbon against heat, and of coal tests as composition."""

from dataclasses import replace
from decimal import Decimal

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from tests.emitters.factories import plant

ALL = range(1, 13)
HONEST = plant()
TESTS = {t.month: t for t in HONEST.tests}


def letters(hits):
    return [h.letter for h in hits]


def shaved(factor, months=ALL, *, year=2024, tested=True, tests=None, **shape):
    """Carbon of some months times a factor, in the tests (unless not) and in the report."""
    row = HONEST.generators[0].fuels[0].series["c_ar"]
    c_ar = {m: str(round(row[m] * Decimal(factor), 4)) for m in months}
    edits = {m: dict((tests or {}).get(m, {})) for m in ALL}
    for m in months if tested else ():
        edits[m]["cad"] = str(round(TESTS[m].cad * Decimal(factor), 2))
    return plant(year=year, months={"c_ar": c_ar}, tests=edits, **shape)


def with_tests(change, months=ALL):
    """Tests with results replaced: `with_tests(lambda t: {"vad": t.vad + 3})`."""
    return {m: {k: str(v) for k, v in change(TESTS[m]).items()} for m in months}


def declaring(report, text):
    return replace(report, basic={**report.basic, "生产经营变化说明": text})


BEFORE = (plant(year=2022), plant(year=2023))
OTHER_COAL = with_tests(lambda t: {"vad": t.vad + 3})
WETTER = with_tests(lambda t: {"mt": t.mt + 2})
YEARS = [
    (shaved("1"), []),
    (shaved("0.997"), []),
    (shaved("0.992"), ["F"]),  # within what is allowed: ranks only
    (declaring(shaved("0.992"), "更换部分煤炭供应商"), []),
    (shaved("0.98"), ["A"]),  # ash-free carbon fell with it
    (shaved("0.98", tested=False), []),  # the laboratory's carbon did not
    (shaved("0.97", tested=False, tests=WETTER), ["A"]),  # a wetter sample took it away
    (shaved("0.95"), ["B"]),
    (shaved("0.98", tests=OTHER_COAL), []),
    (shaved("0.965", tests=OTHER_COAL), ["A"]),  # but the heat does not fit the new coal
    (shaved("0.95", tests=OTHER_COAL), ["B"]),
    (shaved("1.04"), ["D"]),
    (declaring(shaved("0.98"), "更换部分煤炭供应商"), []),
    (declaring(shaved("0.98"), "汽轮机通流改造"), ["A"]),
    (replace(shaved("0.97"), tests=()), ["A"]),
    (replace(shaved("0.997"), tests=()), []),
    (replace(shaved("0.99"), tests=()), ["F"]),
]


@pytest.mark.parametrize(("report", "expected"), YEARS)
def test_carbon_per_heat_of_the_year(run, report, expected):
    assert letters(run("PHY-C-NCV-BIAS", report, history=BEFORE)) == expected


def test_shaved_carbon_of_the_year_is_weighed(run):
    (hit,) = run("PHY-C-NCV-BIAS", shaved("0.94"), history=BEFORE)
    assert hit.root == "carbon"
    assert hit.direction == Direction.FAVOURABLE
    assert hit.t_co2 == pytest.approx(Decimal(94_000), rel=Decimal("0.02"))


ALONE = [
    (shaved("1"), []),
    (shaved("0.955", tested=False), ["C"]),
    (shaved("0.945"), ["E"]),  # the tests tell of more heat than so little carbon yields
    (shaved("0.945", attributes={"boiler": "循环流化床"}), []),
]


@pytest.mark.parametrize(("report", "expected"), ALONE)
def test_carbon_per_heat_without_other_years(run, report, expected):
    assert letters(run("PHY-C-NCV-BIAS", report)) == expected


MONTHS = [
    (shaved("1"), []),
    (shaved("0.93", (4,)), ["C"]),
    (shaved("0.95", (2, 5, 10)), ["A"]),
    (shaved("0.95", (2, 5, 10), tested=False), []),
    (shaved("0.95", (2, 5, 10), tests=with_tests(lambda t: {"vad": t.vad + 3}, (2, 5, 10))), ["C"]),
    (replace(shaved("0.90", (2, 5, 10)), tests=()), ["A"]),
    (replace(shaved("0.98", (2, 5, 10)), tests=()), []),
]


@pytest.mark.parametrize(("report", "expected"), MONTHS)
def test_months_of_carbon(run, report, expected):
    hits = [h for h in run("PHY-C-NCV-RESID", report) if h.letter != "B"]
    assert letters(hits) == expected


def test_months_off_the_line_of_the_rank(run):
    (hit,) = [h for h in run("PHY-C-NCV-RESID", shaved("0.93")) if h.letter == "B"]
    first = hit.values["readings"][0]
    line = hit.values["line"]
    residual = first["c_percent"] - line["intercept"] - line["slope"] * first["ncv"]
    assert first["residual"] == pytest.approx(residual, abs=Decimal("0.01"))
    assert hit.values["limit"] == Decimal("2.40")


def test_blends_with_gangue_have_no_line(run):
    report = shaved("0.93", attributes={"category": "非常规燃煤"})
    assert [h for h in run("PHY-C-NCV-RESID", report) if h.letter == "B"] == []


HEAT = [
    (HONEST, []),
    (shaved("0.975"), []),
    (shaved("0.92"), ["A"]),
    (shaved("1.06"), ["D"]),
    (plant(tests=with_tests(lambda t: {"qgrad": t.qgrad * Decimal("1.15")}, (3,))), ["D"]),
    (plant(tests=with_tests(lambda t: {"qgrad": t.qgrad * Decimal("1.15")}, (3, 7))), ["B"]),
    (plant(tests=with_tests(lambda t: {"aad": 50 - t.aad, "cad": t.cad - 1})), ["C"]),
]


@pytest.mark.parametrize(("report", "expected"), HEAT)
def test_heat_from_composition(run, report, expected):
    assert letters(run("PHY-CALORIFIC-MODEL", report)) == expected


def test_an_offset_of_all_years_is_the_mine(run):
    years = [shaved("0.92", year=y) for y in (2022, 2023, 2024)]
    assert letters(run("PHY-CALORIFIC-MODEL", years[2], history=years[:2])) == ["D"]


def test_the_formulas_can_be_redone_by_hand(run):
    (hit,) = run("PHY-CALORIFIC-MODEL", shaved("0.92"))
    row = hit.values["readings"][0]
    names = ("carbon", "hydrogen", "sulphur", "oxygen", "nitrogen", "ash")
    dry = {name: float(row[f"{name[0]}_d"]) for name in names}
    first = (
        0.3491 * dry["carbon"] + 1.1783 * dry["hydrogen"] + 0.1005 * dry["sulphur"]
        - 0.1034 * dry["oxygen"] - 0.0151 * dry["nitrogen"] - 0.0211 * dry["ash"]
    )  # fmt: skip
    second = (
        0.3383 * dry["carbon"]
        + 1.443 * (dry["hydrogen"] - dry["oxygen"] / 8)
        + 0.0942 * dry["sulphur"]
    )
    assert float(row["modelled"]) == pytest.approx((first + second) / 2, abs=0.01)
    assert float(row["gap"]) == pytest.approx(
        100 * (float(row["q_d"]) / float(row["modelled"]) - 1), abs=0.02
    )


CLOSURE = [
    (HONEST, []),
    (plant(tests={3: {"cad": "61.58"}}), []),  # adds up to 98.4
    (plant(tests={3: {"cad": "63.00", "aad": "31.00", "had": "3.60"}}), ["A"]),
    (plant(tests=with_tests(lambda t: {"cad": t.cad * Decimal("0.88")})), ["B"]),
    (plant(tests=with_tests(lambda t: {"cad": t.cad * Decimal("0.88")}, (3,))), ["D"]),
    (plant(tests=with_tests(lambda t: {"had": "0.9"})), ["C"]),
    (plant(tests=with_tests(lambda t: {"had": "0.9"}, (3, 4))), ["D"]),
]


@pytest.mark.parametrize(("report", "expected"), CLOSURE)
def test_elements_add_up(run, report, expected):
    assert letters(run("PHY-ELEMENT-CLOSURE", report)) == expected


MISSING = [
    ("PHY-C-NCV-BIAS", plant(measured=False)),
    ("PHY-C-NCV-RESID", plant(measured=False)),
    ("PHY-C-NCV-RESID", plant(without=("c_ar",))),
    ("PHY-CALORIFIC-MODEL", plant(measured=False)),
    ("PHY-CALORIFIC-MODEL", plant(tests={m: {"qgrad": None} for m in ALL})),
    ("PHY-ELEMENT-CLOSURE", plant(tests={m: {"had": None} for m in ALL})),
]


@pytest.mark.parametrize(("code", "report"), MISSING)
def test_missing_inputs_are_not_a_pass(run, code, report):
    with pytest.raises(NotRun):
        run(code, report)
