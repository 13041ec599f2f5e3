"""Case table of PRC-VERSION-DIFF, and which stored versions it looks at."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from carbonwatch.checks.registry import Direction, NotRun, get_check
from emitters.facts import Revision
from emitters.models import ReportVersion
from emitters.selectors.surroundings import revisions_of
from tests.emitters.checks_bf.conftest import context
from tests.emitters.factories import plant
from tests.emitters.services.test_intake import World
from tests.emitters.services.test_recheck import submitted

CODE = "PRC-VERSION-DIFF"
NOW = context(plant())
T, A = NOW.accounts.t_co2, NOW.accounts.allowance_t


def found(*steps):
    """Results of a report after versions with so much more emissions and fewer allowances, in t."""
    filed = tuple(
        Revision(n, date(2025, 3, n), T + D(more), A - D(fewer), "")
        for n, (more, fewer) in enumerate(steps, 1)
    )
    check = get_check(CODE)
    hits = list(check.run(replace(NOW, revisions=filed)))
    for hit in hits:
        str(check.outcomes[hit.letter].message).format(**hit.values)
    return hits


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([(0, 0)], []),
        ([(1000, 0)], ["C"]),  # 0.06 % of 1.57 million tonnes
        ([(2000, 0)], ["A"]),
        ([(0, 2000)], ["A"]),
        ([(-2000, 0)], ["C"]),
        ([(2000, -2000)], []),  # less emission, but as many allowances less
        ([(3000, 0), (2000, 0), (1000, 0)], ["C", "B"]),
        ([(3000, 0), (2000, 0), (0, 0)], []),
        ([(1000, 0), (2000, 0), (1000, 0)], ["C"]),
    ],
)
def test_corrections(steps, expected):
    assert [h.letter for h in found(*steps)] == expected


def test_a_favourable_correction_is_weighed():
    (hit,) = found((5000, 1000))
    assert (hit.t_co2, hit.t_allowance) == (5000, 1000)
    assert hit.direction == Direction.FAVOURABLE


def test_a_first_version_is_no_pass():
    with pytest.raises(NotRun):
        found()


@pytest.mark.django_db(transaction=True)
def test_only_what_was_handed_in_is_compared():
    world = World()
    draft = world.take_in(world.due(2020), "chp1_2020.xlsx")
    filed = submitted(world, 2022)
    (seen,) = revisions_of(ReportVersion(report=filed.report, number=2))
    assert (seen.number, seen.t_co2) == (1, filed.t_recomputed)
    assert revisions_of(ReportVersion(report=draft.report, number=2)) == ()
    assert revisions_of(filed) == ()
