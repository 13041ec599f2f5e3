"""Case tables of group D on the report's own papers: content, sample numbers, arithmetic copies."""

from dataclasses import replace
from decimal import Decimal

import pytest

from carbonwatch.checks.registry import NotRun
from tests.emitters.checks_d.conftest import letters
from tests.emitters.factories import coal_test, plant

EVERY = range(1, 13)
REPORT = plant()


def same_heat(count):
    """In so many months the laboratory found exactly the plant's own heating value."""
    ncv = REPORT.generators[0].fuels[0].series["ncv"]
    return {m: {"qnetar": str(v)} for m, v in ncv.filled() if m <= count}


CONTENT = [
    ({}, []),
    ({"tests": {5: {"had": None}}}, ["A"]),
    ({"tests": {5: {"stad": None}, 6: {"mad": None}}}, ["A"]),
    ({"tests": {5: {"vad": None}}}, []),  # not among what has to be shown
    ({"tests": {5: {"certificate": ""}}}, ["B"]),
    ({"tests": {5: {"report_no": ""}}}, ["B"]),
    ({"year": 2021, "tests": {5: {"had": None}}}, ["E"]),
    ({"year": 2021, "tests": {5: {"certificate": ""}}}, []),
    ({"tests": same_heat(5)}, []),
    ({"tests": same_heat(6)}, ["C"]),
    ({"tests": same_heat(12), "methods": {"ncv": "外检"}}, []),
    ({"tests": {5: {"reviewer": "甲"}}}, ["D"]),
]


@pytest.mark.parametrize(("given", "expected"), CONTENT)
def test_content(run, given, expected):
    assert letters(run("LAB-PARAM-SET", plant(**given))) == expected


def test_a_second_complete_report_is_enough(run):
    report = plant(tests={5: {"had": None}})
    again = coal_test(5, row=90, report_no="MZ2024-08888")
    assert run("LAB-PARAM-SET", replace(report, tests=(*report.tests, again))) == []


def renumber(numbers):
    return {m: {"sample_no": n} for m, n in numbers.items()}


SAMPLES = [
    ({}, []),
    ({m: {"sample_no": f"样{m * 7}"} for m in EVERY}, []),  # numbers that say no month
    ({m: {"sample_no": f"S-2024.{m:02d}-1"} for m in EVERY}, []),
    (renumber({5: "S240801"}), ["C"]),
    (renumber({5: "S240801", 6: "S240802"}), ["A"]),
    (renumber({5: "KD240501"}), ["C"]),
    (renumber({5: "KD240501", 6: "KD240601"}), ["B"]),
    ({m: {"sample_no": f"S{24}01{m:02d}"} for m in EVERY}, []),  # a running number of its own
]


@pytest.mark.parametrize(("tests", "expected"), SAMPLES)
def test_sample_numbers(run, tests, expected):
    assert letters(run("LAB-SAMPLE-NO", plant(tests=tests))) == expected


def test_another_laboratory_has_numbers_of_its_own(run):
    """Six months each: the pattern is learnt for every laboratory by itself."""
    tests = {m: {"sample_no": f"N24{m:02d}9", "laboratory": "南方中心"} for m in range(7, 13)}
    assert run("LAB-SAMPLE-NO", plant(tests=tests)) == []


VALUES = ("aad", "vad", "stad", "had", "cad", "qgrad")


def scaled(factor, source=2, **changes):
    """May's results as another month's times a factor."""
    base = REPORT.tests[source - 1]
    places = {"qgrad": 3}
    found = {n: str(round(getattr(base, n) * Decimal(factor), places.get(n, 2))) for n in VALUES}
    return {5: found | changes}


def diluted(ash):
    """May's test is March's with another ash, and everything else worked out again."""
    base = REPORT.tests[2]
    share = (100 - base.mad - Decimal(ash)) / (100 - base.mad - base.aad)
    found = {n: str(round(getattr(base, n) * share, 3 if n == "qgrad" else 2)) for n in VALUES[1:]}
    return {5: found | {"aad": ash, "mad": str(base.mad)}}


RESCALED = [
    ({}, []),
    (scaled("0.97"), ["A"]),
    (scaled("1.015"), ["A"]),
    (scaled("0.97", vad="24.00"), []),  # one result in no proportion
    (scaled("1"), []),  # equal results are another check's matter
    (diluted("27.00"), ["B"]),
    (diluted("31.00"), []),
    ({5: diluted("27.00")[5] | {"stad": "1.20"}}, []),
]


@pytest.mark.parametrize(("tests", "expected"), RESCALED)
def test_rescaled(run, tests, expected):
    assert letters(run("LAB-RESCALED", plant(tests=tests))) == expected


def test_last_year_times_a_factor(run):
    tests = {t.month: scaled("0.98", t.month)[5] for t in REPORT.tests}
    now, before = plant(tests=tests), plant(year=2023)
    (hit,) = run("LAB-RESCALED", now, history=[before])
    assert hit.letter == "A"
    assert len(hit.months) == 12
    assert run("LAB-RESCALED", before, history=[now]) == []  # the later year has copied


@pytest.mark.parametrize("code", ["LAB-PARAM-SET", "LAB-SAMPLE-NO", "LAB-RESCALED"])
def test_without_tests_a_check_does_not_pass(run, code):
    with pytest.raises(NotRun):
        run(code, plant(measured=False))


def halfway(names, off="0"):
    """March's results are the mean of February's and April's."""
    before, after = REPORT.tests[1], REPORT.tests[3]
    found = {}
    for name in names:
        value = (getattr(before, name) + getattr(after, name)) / 2 + Decimal(off)
        found[name] = str(round(value, 3 if name == "qgrad" else 2))
    return {3: found}


EIGHT = ("mt", "mad", *VALUES)
BETWEEN = [
    ({}, []),
    (halfway(EIGHT), ["A"]),
    (halfway(EIGHT[:5]), ["A"]),
    (halfway(EIGHT[:4]), []),
    (halfway(EIGHT, "0.03"), []),
    ({m: dict.fromkeys(EIGHT, "2.00") for m in (2, 3, 4)}, []),  # equal months are no line
]


@pytest.mark.parametrize(("tests", "expected"), BETWEEN)
def test_between_two_tests(run, tests, expected):
    assert letters(run("LAB-INTERPOLATED", plant(tests=tests))) == expected


def test_two_tests_make_no_line(run):
    with pytest.raises(NotRun):
        run("LAB-INTERPOLATED", replace(REPORT, tests=REPORT.tests[:2]))
