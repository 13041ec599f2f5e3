"""A newest year that raises questions, for units whose work is to show how questions are dealt with."""

from collections.abc import Sequence
from copy import deepcopy

from carbonwatch.params.values import shipped
from emitters.facts import ReportFacts
from emitters.runner import Together
from emitters.simulator import WAYS, Attempt, Scenario, State, falsify, honest_year
from emitters.simulator.closing import close
from emitters.simulator.falsify import Truth
from emitters.simulator.province import Item

_TRIES = (
    "results_invented", "reused_across_months", "stock_adjustment", "heat_overstated",
    "load_doctored", "own_use_understated", "power_overstated", "purchased_concealed",
)  # fmt: skip
"""Ways that raise questions rather than fatal results, the likeliest first."""


def true_years(items: Sequence[Item]) -> list[ReportFacts]:
    """What a plant would have reported had it never falsified; odd years stay odd."""
    return [close(book) for book in _books(items)]


def _books(items: Sequence[Item]) -> list:
    state = State.of(items[0][0])
    return [honest_year(p, year, state, _scenario(truth)) for p, year, _facts, truth in items]


def _scenario(truth: Truth) -> Scenario:
    odd = truth.label == "odd" and truth.way != "mine_mouth"  # that is a kind of plant
    return Scenario(frozenset({truth.way} if odd else ()))


def with_questions(items: Sequence[Item]) -> ReportFacts | None:
    """The newest report, falsified so that it has to be explained; None when it needs no change or
    no way does it."""
    history = [facts for _plant, _year, facts, _truth in items[:-1]]
    if _acceptance(history, items[-1][2]) == "explain":
        return None
    books = _books(items)
    plant, year = items[-1][:2]
    for code in _TRIES:
        previous = books[-2] if len(books) > 1 else None
        attempt = Attempt(deepcopy(books[-1]), "medium", plant.rng("doubt", code, year), previous)
        if WAYS[code].applies(attempt):
            facts, _truth = falsify(attempt, code)
            if _acceptance(history, facts) == "explain":
                return facts
    return None


def _acceptance(history: Sequence[ReportFacts], facts: ReportFacts) -> str:
    return str(Together([*history, facts], shipped()).check(facts).risk.acceptance)
