"""Bounds over the sample workbooks: who is honest is not accused, who cheats is asked rightly."""

import time

import pytest

from carbonwatch.checks.registry import NotRun, Severity, all_checks
from emitters.population import Population
from tests.emitters.checks_bf.conftest import context

FALSIFIED = {
    "chp1_2024": {"CON-STOCK-BALANCE.C", "CON-HEATRATE-MODEL.B", "CON-FOUR-FACTOR.A"},
    "big2_2024": {"PHY-C-NCV-BIAS.B", "PHY-CALORIFIC-MODEL.A", "PHY-CC-RANK.A"},
    "cfb5_2023": {"LAB-BATCH-DISGUISE.A"},
    "big7_2024": {"PHY-MOISTURE.D", "PHY-C-NCV-BIAS.B"},
}
MINE = "BCDEF"
BUDGET_MS = 20  # of the processor: what else the machine does counts little


def serious(samples, name, population):
    report = samples[name]
    history = [
        r for r in samples.values() if r.credit_code == report.credit_code and r.year != report.year
    ]
    ctx = context(report, sorted(history, key=lambda r: r.year), population)
    found = []
    for check in all_checks():
        if check.family in MINE:
            try:
                hits = list(check.run(ctx))
            except NotRun:
                continue
            found += [(f"{check.code}.{h.letter}", check.outcomes[h.letter].severity) for h in hits]
    return [(code, severity) for code, severity in found if severity != Severity.INFO]


@pytest.fixture(scope="module")
def population(samples):
    return Population.from_reports(samples.values())


def test_honest_and_odd_plants_are_not_accused(samples, population):
    honest = set(samples) - set(FALSIFIED)
    accused = {name: found for name in honest if (found := serious(samples, name, population))}
    assert accused == {}


@pytest.mark.parametrize("name", FALSIFIED)
def test_falsified_reports_raise_the_right_question(samples, population, name):
    assert {code for code, _severity in serious(samples, name, population)} >= FALSIFIED[name]


def test_carbon_shaved_all_year_shows_in_the_single_file(samples):
    found = serious({"big2_2024": samples["big2_2024"]}, "big2_2024", None)
    assert {code for code, _severity in found} == {
        "PHY-CC-RANK.A",
        "PHY-C-NCV-BIAS.E",
        "PHY-C-NCV-RESID.B",
        "PHY-CALORIFIC-MODEL.A",
    }


def test_one_generator_is_checked_quickly(samples, population):
    took = []
    for _repeat in range(5):
        start = time.process_time()
        serious(samples, "chp1_2022", population)
        took.append((time.process_time() - start) * 1000)
    assert min(took) < BUDGET_MS
