"""Case tables of group D."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from carbonwatch.checks.registry import NotRun
from emitters.population import Population
from tests.emitters.factories import plant

CODE = "91210100MA0UD3RT5X"
NAMES = ("mt", "mad", "aad", "vad", "stad", "had", "cad", "qgrad")


def letters(hits):
    return [h.letter for h in hits]


ORDER = [
    ({}, []),
    ({3: {"received": date(2024, 4, 1)}}, []),  # a day before sending: the night is allowed for
    ({3: {"received": date(2024, 3, 31)}}, ["A"]),
    ({3: {"tested": date(2024, 3, 20), "sampled": None, "sent": None, "received": None}}, ["B"]),
    ({3: {n: date(2024, 4, 2) for n in ("received", "tested", "issued")}}, ["C"]),
]


@pytest.mark.parametrize(("tests", "expected"), ORDER)
def test_date_order(run, tests, expected):
    assert letters(run("LAB-DATE-ORDER", plant(daily=True, tests=tests))) == expected


TURNAROUND = [
    (2024, {}, []),
    (2024, {1: {"issued": date(2024, 3, 11)}}, []),
    (2024, {1: {"issued": date(2024, 3, 12)}}, ["B"]),
    (2024, {1: {"issued": date(2024, 3, 18)}}, ["B"]),
    (2024, {1: {"issued": date(2024, 3, 19)}}, ["A"]),
    (2024, {1: {"issued": date(2024, 3, 12)}, 2: {"issued": date(2024, 6, 1)}}, ["A", "B"]),
    (2022, {1: {"issued": date(2022, 6, 1)}}, []),  # the limit came into force in April
    (2022, {4: {"issued": date(2022, 6, 10)}}, ["B"]),
    (2026, {1: {"sampled": date(2026, 1, 10), "issued": date(2026, 2, 28)}}, ["A"]),
]


@pytest.mark.parametrize(("year", "tests", "expected"), TURNAROUND)
def test_turnaround(run, year, tests, expected):
    assert letters(run("LAB-TURNAROUND", plant(year=year, tests=tests))) == expected


def test_a_second_test_in_time_saves_the_month(run):
    report = plant(tests={1: {"issued": date(2024, 5, 1)}})
    again = replace(report.tests[0], row=99, report_no="MZ2024-01044", issued=date(2024, 2, 20))
    assert run("LAB-TURNAROUND", replace(report, tests=(*report.tests, again))) == []


def numbers(*given):
    return {m: {"report_no": n} for m, n in enumerate(given, 1) if n}


SEQUENCE = [
    ({}, []),
    (numbers("MZ2024-01080"), []),  # one inversion
    (numbers("MZ2024-01400", "MZ2024-01390"), ["A"]),
    (numbers("补-17", "补-18"), ["C"]),
    (numbers("MZ2024-00999", "MZ2024-01001", "MZ2024-1080"), []),  # the serial may grow longer
    # Two months side by side after a holiday: who is tested first is chance.
    ({m: {"issued": date(2024, 3, d)} for m, d in ((1, 18), (2, 4))}, []),
    ({m: {"issued": date(2024, 5, 20)} for m in (1, 2)}, ["A"]),
    (numbers(*(f"X{n}" for n in (7, 3, 9, 1, 8, 2, 6, 12, 4, 11, 5, 10))), ["D"]),
    ({m: {"report_no": f"J{(date(2024, m, 28)):%Y%m%d}01"} for m in range(1, 13)}, []),
]


@pytest.mark.parametrize(("tests", "expected"), SEQUENCE)
def test_sequence(run, tests, expected):
    assert letters(run("LAB-NO-SEQUENCE", plant(tests=tests))) == expected


def test_a_number_that_holds_another_date(run):
    report = plant()
    renumbered = [replace(t, report_no=f"J{t.issued:%Y%m%d}01") for t in report.tests]
    report = replace(report, tests=tuple(renumbered))
    assert run("LAB-NO-SEQUENCE", report) == []
    moved = replace(renumbered[4], issued=renumbered[4].issued + timedelta(days=3))
    changed = replace(report, tests=(*renumbered[:4], moved, *renumbered[5:]))
    assert letters(run("LAB-NO-SEQUENCE", changed)) == ["B"]


def client(number, start, days=0):
    """Another plant whose numbers of the same laboratory begin at `start`."""
    report = plant(credit_code=f"{CODE[:-1]}{number}")
    tests = [
        replace(
            t,
            report_no=f"MZ2024-{start + t.month * 37:05d}",
            issued=t.issued + timedelta(days=days),
        )
        for t in report.tests
    ]
    return replace(report, tests=tuple(tests))


def test_numbers_of_other_plants_show_a_shifted_series(run):
    known = Population.from_reports([client(1, 997), client(2, 1003)])
    report = plant()
    assert run("LAB-NO-SEQUENCE", report, population=known) == []
    late = {m: {"issued": date(2024, m + 1, 28)} for m in (3, 5)}
    assert letters(run("LAB-NO-SEQUENCE", plant(tests=late), population=known)) == ["A"]


def test_a_laboratory_that_numbers_each_client_by_itself_is_no_calendar(run):
    """Numbers of three clients overlap, their dates lie months apart."""
    known = Population.from_reports([client(1, 1110), client(2, 880), client(3, 1220)])
    assert run("LAB-NO-SEQUENCE", plant(), population=known) == []


def consecutive(start, months=range(1, 13)):
    return {m: {"report_no": f"MZ2024-{start + m:05d}"} for m in months}


def received(day, months):
    return {m: {"received": day} for m in months}


BATCH = [
    ({}, []),
    (consecutive(31819), ["A"]),
    (consecutive(0), ["C"]),  # a laboratory that serves one plant
    (received(date(2024, 3, 3), (1, 2)), []),  # holiday backlog
    (received(date(2024, 6, 30), (1, 2, 3)), ["C"]),
]


@pytest.mark.parametrize(("tests", "expected"), BATCH)
def test_batch(run, tests, expected):
    assert letters(run("LAB-BATCH-DISGUISE", plant(tests=tests))) == expected


def test_other_plants_show_that_the_laboratory_is_busy(run):
    known = Population.from_reports([client(1, 1000), client(2, 1005)])
    assert letters(run("LAB-BATCH-DISGUISE", plant(tests=consecutive(0)), population=known)) == [
        "A"
    ]


def values_of(report, month):
    test = report.tests[month - 1]
    return {n: getattr(test, n) for n in NAMES}


def with_values(report, month, source, names=NAMES):
    test = report.tests[month - 1]
    copied = replace(test, **{n: getattr(source, n) for n in names})
    return replace(report, tests=(*report.tests[: month - 1], copied, *report.tests[month:]))


@pytest.mark.parametrize(("count", "expected"), [(2, []), (3, ["B"]), (4, ["B"]), (5, ["A"])])
def test_values_within_a_report(run, count, expected):
    report = plant()
    names = ("aad", "vad", "cad", "qgrad", "had")[:count]
    copied = with_values(report, 5, report.tests[1], names)
    assert letters(run("LAB-VALUE-REUSE", copied)) == expected


@pytest.mark.parametrize(("count", "expected"), [(4, []), (5, ["A"])])
def test_values_of_another_plant(run, count, expected):
    strange = {"aad": "20.01", "vad": "26.02", "cad": "61.03", "had": "4.44", "stad": "0.11"}
    report = plant(tests={1: strange | {"qgrad": "24.001"}})
    report = replace(report, tests=report.tests[:1])
    names = ("aad", "vad", "cad", "mad", "stad")[:count]
    other = with_values(plant(credit_code=CODE), 5, report.tests[0], names)
    other = replace(other, tests=(replace(other.tests[4], qnetar=None),))
    known = Population.from_reports([other])
    assert letters(run("LAB-VALUE-REUSE", report, population=known)) == expected


def test_a_report_used_for_two_months(run):
    assert run("LAB-REPORT-REUSE", plant()) == []
    report = plant(tests={5: {"report_no": "MZ2024-01074"}})
    assert letters(run("LAB-REPORT-REUSE", report)) == ["B"]
    same = with_values(report, 5, report.tests[1])
    assert letters(run("LAB-REPORT-REUSE", same)) == ["A"]


def test_one_report_for_two_adjacent_months_is_told(run):
    shared = {"report_no": "MZ2024-01500", "issued": date(2024, 3, 9)}
    assert letters(run("LAB-REPORT-REUSE", plant(tests={1: shared, 2: shared}))) == ["C"]


def test_two_generators_share_a_test(run):
    report = plant()
    again = replace(report.tests[2], row=50, generator="2#")
    assert run("LAB-REPORT-REUSE", replace(report, tests=(*report.tests, again))) == []


def test_the_owner_of_a_copied_test_is_not_accused(run):
    owner = plant()
    thief = plant(credit_code=CODE, months={"ncv": dict.fromkeys(range(1, 13), "18.5")})
    known = Population.from_reports([owner, thief])
    assert letters(run("LAB-REPORT-REUSE", thief, population=known)) == ["A"]
    assert letters(run("LAB-REPORT-REUSE", owner, population=known)) == ["D"]
    assert run("LAB-VALUE-REUSE", thief, population=known) == []  # the number has told it
    renumbered = tuple(replace(t, report_no=f"Z{t.report_no}") for t in thief.tests)
    thief = replace(thief, tests=renumbered)
    known = Population.from_reports([owner, thief])
    assert letters(run("LAB-VALUE-REUSE", thief, population=known)) == ["A"]
    assert letters(run("LAB-VALUE-REUSE", owner, population=known)) == ["C"]


def alone(report, months, **changes):
    """The report with the tests of those months, under another enterprise's code."""
    kept = tuple(replace(t, **changes) for t in report.tests if t.month in months)
    return replace(report, credit_code=CODE, tests=kept)


SHARED = [
    ({}, "F"),  # nothing tells whose test it is: both are asked, neither is accused
    ({"sample_no": "Z9", **dict.fromkeys(("aad", "cad", "qgrad"), Decimal(20))}, "F"),
    ({"sample_no": "Z9", **dict.fromkeys(NAMES, Decimal(20))}, "E"),  # only the number is the same
    ({"sample_no": "S240501", **dict.fromkeys(NAMES, Decimal(20))}, "F"),
]


@pytest.mark.parametrize(("changes", "expected"), SHARED)
def test_two_enterprises_hold_one_number(run, changes, expected):
    report = replace(plant(), tests=(plant().tests[4],))
    known = Population.from_reports([report, alone(plant(), (5,), **changes)])
    assert letters(run("LAB-REPORT-REUSE", report, population=known)) == [expected]


def test_the_client_of_a_laboratory_owns_the_test(run):
    owner = plant()
    thief = alone(plant(), (5,))
    known = Population.from_reports([owner, thief])
    assert letters(run("LAB-REPORT-REUSE", owner, population=known)) == ["D"]
    assert letters(run("LAB-REPORT-REUSE", thief, population=known)) == ["A"]


@pytest.mark.parametrize(("code", "honest"), [("LAB-REPORT-REUSE", "D"), ("LAB-VALUE-REUSE", "C")])
def test_of_two_years_the_later_one_has_copied(run, code, honest):
    first = plant(year=2023)
    second = replace(plant(), tests=tuple(replace(t, row=t.row) for t in first.tests))
    assert set(letters(run(code, first, history=[second]))) == {honest}
    assert set(letters(run(code, second, history=[first]))) == {"A"}


GAP = [
    ({}, []),
    ({"tests": {3: {"qnetar": "19.678"}}}, []),
    ({"tests": {3: {"qnetar": "19.679"}}}, ["C"]),  # a single month
    ({"tests": {3: {"qnetar": "20.079"}}}, ["A"]),
    ({"tests": {3: {"qnetar": "19.679"}, 8: {"qnetar": "18.500"}}}, ["A"]),
    ({"tests": {m: {"qnetar": "21.1" if m % 2 else "20.3"} for m in range(1, 13)}}, ["A"]),
]


@pytest.mark.parametrize(("given", "expected"), GAP)
def test_inhouse_gap(run, given, expected):
    assert letters(run("LAB-INHOUSE-GAP", plant(**given))) == expected


def test_a_steady_bias(run):
    honest = plant()
    ncv = honest.generators[0].fuels[0].series["ncv"]
    low = {m: {"qnetar": str(v - Decimal("0.35"))} for m, v in ncv.filled()}
    (hit,) = run("LAB-INHOUSE-GAP", plant(tests=low))
    assert hit.letter == "B"


MISSING = [
    ("LAB-DATE-ORDER", {"measured": False}),
    ("LAB-TURNAROUND", {"measured": False}),
    ("LAB-TURNAROUND", {"year": 2021}),
    ("LAB-NO-SEQUENCE", {"measured": False}),
    ("LAB-BATCH-DISGUISE", {"measured": False}),
    ("LAB-REPORT-REUSE", {"measured": False}),
    ("LAB-VALUE-REUSE", {"measured": False}),
    ("LAB-INHOUSE-GAP", {"methods": {"ncv": "外检"}}),
]


@pytest.mark.parametrize(("code", "given"), MISSING)
def test_missing_inputs_are_not_a_pass(run, code, given):
    with pytest.raises(NotRun):
        run(code, plant(**given))
