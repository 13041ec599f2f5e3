"""Case tables of group E: the step from default to measured, and steps in the unit's own series."""

from dataclasses import replace
from decimal import Decimal

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from tests.emitters.checks_d.conftest import letters
from tests.emitters.factories import plant

EVERY = range(1, 13)
HONEST = plant()


def carbon(factor, months=EVERY):
    """Carbon per heat and tested carbon times a factor in those months, with a little scatter."""
    ncv = HONEST.generators[0].fuels[0].series["ncv"]
    tests, burnt = {}, {}
    for t in HONEST.tests:
        share = Decimal(factor) if t.month in months else Decimal(1)
        share *= 1 + (t.month % 3 - 1) * Decimal("0.004")
        pure = Decimal("0.8") * (100 - t.mad - t.aad)
        tests[t.month] = {"cad": str(round(pure * share, 2))}
        burnt[t.month] = str(round(ncv[t.month] * Decimal("0.0258") * share, 4))
    return {"tests": tests, "months": {"c_ar": burnt}}


def of(year, given, **more):
    return plant(year=year, **given, **more)


def unmeasured(year=2023):
    return plant(year=year, measured=False)


FIRST = [
    (of(2024, carbon("1")), [unmeasured()], []),
    (of(2024, carbon("0.97")), [unmeasured()], []),
    (of(2024, carbon("0.93")), [unmeasured()], ["A"]),
    (of(2024, carbon("0.93"), attributes={"category": "非常规燃煤"}), [unmeasured()], None),
    (of(2024, carbon("0.93")), [of(2023, carbon("1"))], None),  # measured before already
    (of(2024, carbon("0.93")), [], None),
    (unmeasured(2024), [unmeasured()], None),
    (of(2024, carbon("0.975")), [unmeasured(), of(2025, carbon("1"))], ["B"]),
]


@pytest.mark.parametrize(("report", "history", "expected"), FIRST)
def test_from_default_to_measured(run, report, history, expected):
    if expected is None:
        with pytest.raises(NotRun):
            run("HIS-METHOD-SWITCH", report, history=history)
    else:
        assert letters(run("HIS-METHOD-SWITCH", report, history=history)) == expected


def test_the_change_within_a_year(run):
    """Half a year at the default, then tests that are too good."""
    given = carbon("0.93")
    ncv = HONEST.generators[0].fuels[0].series["ncv"]
    default = {m: str(round(ncv[m] * Decimal("0.03085"), 4)) for m in range(1, 7)}
    ratios = dict.fromkeys(range(1, 7), "0.03085")
    report = plant(
        tests={m: given["tests"].get(m) if m > 6 else None for m in EVERY},
        months={"c_ar": given["months"]["c_ar"] | default, "cc": ratios},
    )
    (hit,) = run("HIS-METHOD-SWITCH", report)
    assert hit.letter == "A"
    assert hit.months == (7, 8, 9, 10, 11, 12)
    assert hit.direction == Direction.FAVOURABLE


def with_lab(report, name, months=EVERY):
    tests = [replace(t, laboratory=name) if t.month in months else t for t in report.tests]
    return replace(report, tests=tuple(tests))


def with_basic(report, label, value):
    return replace(report, basic={**report.basic, label: value})


PAST = [of(2022, carbon("1")), of(2023, carbon("1.002"))]
LATE = range(7, 13)
LOWER = of(2024, carbon("0.982", LATE))
STEPS = [
    (of(2024, carbon("1")), []),
    (of(2024, carbon("0.994")), []),
    (LOWER, ["A"]),
    (of(2024, carbon("1.03", LATE)), []),  # not in the plant's favour
    (of(2024, carbon("0.975", LATE)), ["C"]),
    (with_basic(of(2024, carbon("0.975", LATE)), "生产经营变化说明", "更换供应商"), ["A"]),
    (with_lab(LOWER, "南方煤质检验中心", LATE), ["B"]),
    (with_lab(LOWER, "南方煤质检验中心", range(2, 13)), ["A"]),  # half a year before
    (with_basic(of(2024, carbon("0.982")), "报告编制咨询机构", "样本咨询"), ["B"]),
    (with_basic(LOWER, "报告编制咨询机构", "样本咨询"), ["A"]),
]


@pytest.mark.parametrize(("report", "expected"), STEPS)
def test_steps_in_carbon_per_heat(run, report, expected):
    assert letters(run("HIS-CHANGEPOINT", report, history=PAST)) == expected


def test_another_coal_is_not_asked_about(run):
    """Volatiles moved by three points with it."""
    tests = [
        replace(t, vad=t.vad + 3) if t.month in LATE else t
        for t in of(2024, carbon("0.975", LATE)).tests
    ]
    report = replace(of(2024, carbon("0.975", LATE)), tests=tuple(tests))
    assert letters(run("HIS-CHANGEPOINT", report, history=PAST)) == ["A"]


def test_a_step_is_dated_and_weighed(run):
    (hit,) = run("HIS-CHANGEPOINT", of(2024, carbon("0.975", LATE)), history=PAST)
    assert hit.values["since"] in ("2024-06", "2024-07")  # June happens to be low itself
    burnt = sum(HONEST.generators[0].fuels[0].value("e_fuel", m) for m in LATE)
    assert abs(hit.t_co2 / (burnt * Decimal("0.025")) - 1) < Decimal("0.25")


def test_few_months_have_no_steps(run):
    with pytest.raises(NotRun):
        run("HIS-CHANGEPOINT", LOWER)
    with pytest.raises(NotRun):
        run("HIS-CHANGEPOINT", unmeasured(2024), history=PAST)
