"""Dry runs of thresholds of population checks: the reports are compared as the re-check compares them."""

from datetime import date

import pytest

from carbonwatch.jobs.models import Job
from carbonwatch.jobs.service import run
from carbonwatch.params.service import load_shipped
from emitters.services.recheck_year import recheck_year
from emitters.services.thresholds import threshold_propose
from emitters.services.trials import TRIAL
from tests.emitters.services.test_peers import LOW, stored
from tests.factories import NOW, make_actor

pytestmark = pytest.mark.django_db
LEAST = "check.PEER-ROBUST-Z.least"


def tried(key, value):
    """The proposal after its dry run."""
    proposal = threshold_propose(
        key=key, value=value, valid_from=date(2024, 1, 1),
        source="测算", confidence="ASSUMED", reason="误报多", years=[2024],
        actor=make_actor("province.supervisor"), now=NOW,
    )  # fmt: skip
    run(Job.objects.get(kind=TRIAL).pk)
    proposal.refresh_from_db()
    assert proposal.status == "tried"
    return proposal


@pytest.fixture
def odd():
    """One of seventeen plants far from the others, all checked as they stand."""
    load_shipped()
    for n in range(16):
        stored(n)
    far = stored(99, **LOW)
    [*recheck_year(2024, "复查")]
    assert far.results.current().filter(check_code="PEER-ROBUST-Z").exists()
    return far


def test_asking_for_more_peers_would_remove_what_they_showed(odd):
    proposal = tried(LEAST, 1000)
    rows = proposal.results.filter(check_code="PEER-ROBUST-Z")
    assert {(r.version, r.change) for r in rows} == {(odd, "removed")}
    assert proposal.totals["drifted"] == 0  # both runs see what the stored score rests on


def test_another_threshold_leaves_the_comparison_alone(odd):
    proposal = tried("check.CON-STOCK-BALANCE.plug_share", 0.9)
    assert not proposal.results.filter(check_code__startswith="PEER-").exists()
    assert proposal.totals["drifted"] == 0
