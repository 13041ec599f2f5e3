"""What a new value of a parameter would change: two runs of all checks on one report, compared."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from carbonwatch.checks.runner import RunReport
from carbonwatch.params.values import Parameters, Value
from emitters.calc.accounts import account
from emitters.facts import CheckContext
from emitters.fingerprint import fingerprint
from emitters.peers import Peers
from emitters.risk import Found, RiskScore, score
from emitters.runner import run_in_force
from emitters.thresholds import first_year


@dataclass(frozen=True)
class Trial:
    """One report under the values in force (`before`) and under the new one. Results that only one
    run has are `removed` or `added`; a pair of them in the same place is one `altered` result."""

    added: tuple[Found, ...]
    removed: tuple[Found, ...]
    altered: tuple[Found, ...]  # as they would be
    before: RiskScore
    after: RiskScore
    crashed: tuple[str, ...]  # checks that fail only under the new value


def revised(params: Parameters, new: Value, year: int) -> Parameters:
    """The parameters with the new value in force for data of a year. For a year before it begins: as
    if it had begun before. Raises `ValueError` when it cannot begin on its day."""
    if applies_to(new, year):
        return params.revised(new)
    return Parameters({**params.by_key, new.key: (replace(new, valid_from=date.min),)})


def try_on(
    context: CheckContext, new: Value, cleared: Collection[str], peers: Peers | None = None
) -> Trial:
    """Check a report as it stands and as it would stand. `cleared` holds the fingerprints of results
    that are explained or waived; `peers` what the population rules find under the new value (default:
    the same as before). Raises `ValueError` when the new value cannot begin on its day."""
    params = revised(context.params, new, context.report.year)
    accounts = account(context.report, params)
    second = replace(
        context, params=params, accounts=accounts, memory={}, peers=peers or context.peers
    )
    before, after = run_in_force(context), run_in_force(second)
    gone, come = _differences(before, after)
    places = {_place(f) for f in gone} & {_place(f) for f in come}
    return Trial(
        added=tuple(f for f in come if _place(f) not in places),
        removed=tuple(f for f in gone if _place(f) not in places),
        altered=tuple(f for f in come if _place(f) in places),
        before=score(before, context.accounts, context.params, cleared),
        after=score(after, second.accounts, params, cleared),
        crashed=tuple(sorted(after.crashed.keys() - before.crashed.keys())),
    )


def applies_to(new: Value, year: int) -> bool:
    """Whether a value that begins on a day changes anything for data of that year."""
    return first_year(new.valid_from) <= year


def _differences(before: RunReport, after: RunReport) -> tuple[list[Found], list[Found]]:
    """Results that only the first, and only the second run has."""
    left, right = _found(before), _found(after)
    old, new = {_content(f) for f in left}, {_content(f) for f in right}
    return (
        [f for f in left if _content(f) not in new],
        [f for f in right if _content(f) not in old],
    )


def _found(run: RunReport) -> list[Found]:
    return [Found(check, hit, fingerprint(check, hit)) for check, hit in run.hits]


def _place(found: Found) -> tuple[str, str, str, tuple[int, ...]]:
    hit = found.hit
    return found.check.code, hit.letter, hit.generator, hit.months


def _content(found: Found) -> tuple[object, ...]:
    """Everything that a result says."""
    hit = found.hit
    numbers = (hit.t_co2, hit.t_allowance)
    return found.fingerprint, hit.cells, hit.direction, hit.root, *numbers
