"""2021 and 2022: months without a valid test take the mean of the measured ones, and that is right."""

from dataclasses import replace
from decimal import Decimal as D
from random import Random

import pytest

from carbonwatch.params.values import shipped
from emitters.runner import Together
from emitters.simulator import Scenario, honest_year, make_plant
from emitters.simulator.closing import close

CHECKS = {"LAB-TURNAROUND", "ARI-DEFAULT-VALUES", "ARI-C-BASIS"}


def plant():
    plants = (make_plant(Random(s), 1, "210100", "chp") for s in range(99))
    return next(p for p in plants if p.measured_from == 2019 and len(p.generators) == 1)


def found(report):
    run = Together([report], shipped()).check(report).run
    return {f"{c.code}.{h.letter}" for c, h in run.hits if c.code in CHECKS}


@pytest.mark.parametrize("event", ["late_report", "lost_samples"])
def test_a_month_on_the_mean_needs_no_test_in_time(event):
    assert found(close(honest_year(plant(), 2022, None, Scenario(frozenset({event}))))) == set()


@pytest.mark.parametrize(("year", "expected"), [(2022, set()), (2023, {"ARI-DEFAULT-VALUES.B"})])
def test_the_mean_may_be_of_carbon_per_tonne(year, expected):
    book = honest_year(plant(), year)
    unit = book.units[0]
    tested = [m for m in unit.months if m.sample]
    month, others = tested[3], [m.sample.car for m in tested if m is not tested[3]]
    mean = (sum(others) / len(others)).quantize(D("0.0001"))
    month.c_ar, month.carbon, month.sample = mean, "stated", None
    assert found(close(book)) == expected


def test_any_other_figure_without_a_test_is_not_the_mean():
    book = honest_year(plant(), 2022)
    month = next(m for m in book.units[0].months if m.sample)
    month.c_ar, month.carbon = month.sample.car * D("0.97"), "stated"
    month.sample = replace(month.sample, cad=None, car=None)
    month.c_ar = month.c_ar.quantize(D("0.0001"))
    assert found(close(book)) == {"ARI-DEFAULT-VALUES.B"}
