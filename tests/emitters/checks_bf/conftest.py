"""Running one check on facts without a database, and reading the sample workbooks once."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import emitters.checks  # noqa: F401 -- registers every check
from carbonwatch.checks.registry import Hit, get_check
from carbonwatch.params.values import shipped
from emitters.calc.accounts import account
from emitters.facts import CheckContext, ReportFacts
from emitters.population import Population
from emitters.workbook import read_report

SAMPLES = Path(__file__).resolve().parents[2] / "workbooks" / "good"
Run = Callable[..., list[Hit]]


def context(
    report: ReportFacts,
    history: Sequence[ReportFacts] = (),
    population: Population | None = None,
) -> CheckContext:
    """A context with the shipped parameters."""
    return CheckContext(report, account(report, shipped()), shipped(), tuple(history), population)


@pytest.fixture(scope="session")
def run() -> Run:
    """Results of one check on one report; every sentence is filled to prove its placeholders."""

    def results(code: str, report: ReportFacts, **given: object) -> list[Hit]:
        chosen = get_check(code)
        hits = list(chosen.run(context(report, **given)))
        for hit in hits:
            str(chosen.outcomes[hit.letter].message).format(**hit.values)
        return hits

    return results


@pytest.fixture(scope="session")
def samples() -> dict[str, ReportFacts]:
    """The fourteen sample workbooks by file name."""
    read = {p.stem: read_report(p.read_bytes()).facts for p in sorted(SAMPLES.glob("*.xlsx"))}
    assert all(read.values())
    return read
