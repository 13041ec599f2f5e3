"""A threshold changes by two people, after a dry run that shows exactly what will change."""

from datetime import date

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.test import Client
from django.urls import reverse

from carbonwatch.accounts.models import Actor, Membership
from carbonwatch.audit.models import AuditEvent
from carbonwatch.jobs.models import Job, JobState
from carbonwatch.jobs.service import by_hand, run
from carbonwatch.params.models import Parameter
from carbonwatch.params.service import in_force
from carbonwatch.refusals import Forbidden, GuardFailed, Invalid, WrongState
from carbonwatch.worklist.models import WorkItem
from emitters.models import ThresholdProposal, TrialResult, TrialScore
from emitters.services.questions import question_accept
from emitters.services.recheck import PEERS, RECHECK, recheck
from emitters.services.summaries import rebuild
from emitters.services.thresholds import (
    suggest_retirements,
    threshold_adopt,
    threshold_approve,
    threshold_dismiss,
    threshold_propose,
    threshold_refuse,
    threshold_retry,
    threshold_withdraw,
)
from emitters.thresholds import first_year
from tests.emitters.judging.support import World
from tests.emitters.judging.test_effect import closed
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "check.CON-STOCK-BALANCE.plug_share"
RETIRED = "check.CON-STOCK-BALANCE.retired"
START = date(2024, 1, 1)


@pytest.fixture
def world():
    return World()


def proposed(world, **facts):
    """A proposal of the supervisor: half the coal may be explained away."""
    known = {
        "key": KEY, "value": 0.5, "valid_from": START, "source": "测算", "confidence": "ASSUMED",
        "reason": "误报多", "years": [2024], "actor": world.supervisor, "now": NOW,
    }  # fmt: skip
    with by_hand():
        return threshold_propose(**{**known, **facts})


def work():
    """Do what waits in the background; how many jobs."""
    jobs = list(Job.objects.filter(state=JobState.WAITING).order_by("pk"))
    for job in jobs:
        run(job.pk)
    assert not Job.objects.filter(state=JobState.REFUSED).exists()
    return len(jobs)


def tried(world, **facts):
    """A proposal whose dry run has ended."""
    proposal = proposed(world, **facts)
    work()
    proposal = ThresholdProposal.objects.get(pk=proposal.pk)
    assert proposal.status == "tried"
    return proposal


def approved(world, proposal):
    """In force, and the reports checked again."""
    with by_hand():
        threshold_approve(proposal.pk, note="同意", actor=world.approver, now=NOW)
    work()
    return ThresholdProposal.objects.get(pk=proposal.pk)


def state_of(version):
    """All that a dry run must leave alone."""
    version.refresh_from_db()
    return (
        version.risk, version.acceptance, version.checked_at,
        sorted(version.results.current().values_list("pk", flat=True)),
        list(version.report.questions.values_list("pk", "status")),
        list(Parameter.objects.order_by("pk").values()),
    )  # fmt: skip


def places(results):
    return sorted((r.check_code, r.letter, r.generator, tuple(r.months)) for r in results)


def test_nothing_changes_before_the_second_person(world):
    version = world.submitted()
    before = state_of(version)
    proposal = proposed(world)
    assert (proposal.status, state_of(version)) == ("proposed", before)
    work()
    proposal.refresh_from_db()
    assert (proposal.status, state_of(version)) == ("tried", before)
    duty = WorkItem.objects.get(target="emitters.thresholdproposal", closed_at=None)
    assert (duty.organisation, duty.perm) == (world.province, "threshold.decide")
    with by_hand():
        threshold_refuse(proposal.pk, note="不采纳", actor=world.approver, now=NOW)
    assert work() == 0
    assert state_of(version) == before


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({"value": 0.5}, {"removed"}),
        ({"key": "check.CON-STOCK-BALANCE.days_burn", "value": 1}, {"altered"}),
        ({"key": "check.CON-DAILY-SUM.missing_days", "value": 0}, {"added"}),
        ({"key": RETIRED, "value": True}, {"removed"}),
    ],
)
def test_the_dry_run_shows_exactly_what_changes(world, facts, kinds):
    version = world.submitted()
    standing = set(version.results.current().values_list("pk", flat=True))
    proposal = tried(world, **facts)
    rows = list(proposal.results.all())
    assert {r.change for r in rows} == kinds
    assert all(r.applies and r.version == version and r.sentence for r in rows)
    (score,) = proposal.scores.all() or [None]
    if score is None:
        expected = version.risk_score, version.risk_band, version.acceptance, version.t_at_stake
    else:
        assert score.was_score == version.risk_score
        expected = score.score, score.band, score.acceptance, score.t
    approved(world, proposal)
    version.refresh_from_db()
    now = version.results.current()
    gone = version.results.filter(pk__in=standing).exclude(ended=None)
    come = now.exclude(pk__in=standing)
    actual = {
        "added": set(places(come)) - set(places(gone)),
        "removed": set(places(gone)) - set(places(come)),
    }
    for kind, found in actual.items():
        assert sorted(found) == places(r for r in rows if r.change == kind)
    assert set(places(r for r in rows if r.change == "altered")) <= set(places(come))
    figures = version.risk_score, version.risk_band, version.acceptance, version.t_at_stake
    assert figures == expected
    assert rebuild(check_only=True) == []


def test_approval_ends_the_old_value_the_day_before(world):
    world.submitted()
    proposal = approved(world, tried(world))
    old, new = Parameter.objects.filter(key=KEY).order_by("valid_from")
    assert (old.valid_to, new.valid_from, new.valid_to) == (date(2023, 12, 31), START, None)
    assert (new.value, new.source, new.unit) == (0.5, "测算", old.unit)
    assert (proposal.status, proposal.parameter) == ("in_force", new)
    assert in_force().get(KEY, 2023) == in_force().by_key[KEY][0].value
    entry = AuditEvent.objects.get(action="threshold.approve")
    assert KEY in entry.payload
    assert entry.actor_id == world.approver.user.pk


def test_only_the_reports_that_change_are_checked_again(world):
    world.handed_in(2022)
    version = world.submitted()
    proposal = tried(world, years=[2022, 2024])
    assert proposal.totals["reports"] == 2
    with by_hand():
        threshold_approve(proposal.pk, actor=world.approver, now=NOW)
    (job,) = Job.objects.filter(kind=RECHECK).exclude(payload__reason=PEERS)
    assert (job.target_id, KEY in job.payload["reason"]) == (version.pk, True)


def test_years_before_the_value_begins_are_only_for_reference(world):
    version = world.submitted()
    before = state_of(version)
    proposal = tried(world, valid_from=date(2025, 1, 1))
    assert proposal.totals["applies"]["removed"] == 0
    assert proposal.totals["earlier"]["removed"] == 1
    assert not TrialResult.objects.get().applies
    assert not TrialScore.objects.get().applies
    with by_hand():
        threshold_approve(proposal.pk, actor=world.approver, now=NOW)
    assert work() == 0
    assert state_of(version)[:5] == before[:5]


def test_a_value_that_begins_within_a_year_counts_from_the_next(world, client):
    """The report of 2024: a value from 1 June 2024 shows what it would have done, and does nothing."""
    version = world.submitted()
    before = state_of(version)
    proposal = tried(world, valid_from=date(2024, 6, 1))
    assert proposal.first_year == 2025
    assert proposal.totals["applies"]["removed"] == 0
    assert proposal.totals["earlier"]["removed"] == 1
    client.force_login(world.approver.user, "django.contrib.auth.backends.ModelBackend")
    page = client.get(proposal.get_absolute_url()).content.decode()
    assert "首个适用的报告年度</dt><dd>2025" in page
    with by_hand():
        threshold_approve(proposal.pk, actor=world.approver, now=NOW)
    assert work() == 0
    assert recheck(version.pk, reason="复查", now=NOW) is None  # nor does a re-check
    assert state_of(version)[:5] == before[:5]


def test_a_value_from_the_first_day_counts_for_the_year():
    assert (first_year(date(2024, 1, 1)), first_year(date(2024, 1, 2))) == (2024, 2025)
    assert first_year(date(2023, 12, 31)) == 2024


def test_a_retired_check_says_so_instead_of_passing(world):
    version = world.submitted()
    approved(world, tried(world, key=RETIRED, value=True))
    version.refresh_from_db()
    assert "CON-STOCK-BALANCE" in version.not_run
    question = world.report.questions.get()
    assert (question.status, question.closing) == ("cleared", "not_examined")
    back = tried(world, key=RETIRED, value=False, valid_from=date(2024, 1, 2))
    assert back.retires


def test_the_score_has_thresholds_too(world):
    version = world.submitted()
    bands = {**Parameter.objects.get(key="score.bands").value, "red": 2, "red_families": 1}
    proposal = tried(world, key="score.bands", value=bands)
    assert not proposal.results.exists()
    score = proposal.scores.get()
    assert (score.was_band, score.band) == ("amber", "red")
    approved(world, proposal)
    version.refresh_from_db()
    assert (version.risk_band, version.risk_score) == ("red", score.score)


def test_what_was_explained_stays_out_of_the_dry_run(world):
    version = world.submitted()
    question_accept(world.report.questions.get().pk, actor=world.inspector, now=NOW)
    version.refresh_from_db()
    proposal = tried(world)
    assert proposal.results.get().change == "removed"
    assert not proposal.scores.exists()  # it counted nothing before


def test_a_dry_run_that_is_out_of_date_says_so(world):
    world.submitted()
    proposal = tried(world)
    assert not proposal.stale
    world.handed_in(2022)
    with pytest.raises(GuardFailed, match="重新试算"):
        threshold_approve(proposal.pk, actor=world.approver, now=NOW)
    assert not ThresholdProposal.objects.filter(status="in_force").exists()
    client = Client()
    client.force_login(world.approver.user, backend="django.contrib.auth.backends.ModelBackend")
    assert "重新试算" in client.get(proposal.get_absolute_url()).content.decode()
    with by_hand():
        threshold_retry(proposal.pk, actor=world.approver, now=NOW)
    work()
    assert approved(world, proposal).status == "in_force"
    assert TrialResult.objects.count() == 1  # the earlier ones are replaced


def test_a_value_that_breaks_a_check_cannot_be_approved(world, caplog):
    world.submitted()
    proposal = tried(world, key="check.LAB-BATCH-DISGUISE.months", value=0)
    assert proposal.totals["crashed"] == ["LAB-BATCH-DISGUISE"]
    with pytest.raises(GuardFailed, match="执行失败"):
        threshold_approve(proposal.pk, actor=world.approver, now=NOW)


def test_nobody_approves_their_own_proposal(world):
    proposal = tried(world)
    with pytest.raises(Forbidden):
        threshold_approve(proposal.pk, actor=world.supervisor, now=NOW)
    Membership.objects.create(
        user=world.supervisor.user, organisation=world.province, role="province.approver"
    )
    both = Actor.of(world.supervisor.user, world.province)
    for decide in (threshold_approve, threshold_refuse):
        with pytest.raises(GuardFailed):
            decide(proposal.pk, note="x", actor=both, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ThresholdProposal.objects.update(decided_by=world.supervisor.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        ThresholdProposal.objects.update(status="in_force")
    with pytest.raises(InternalError), transaction.atomic():
        ThresholdProposal.objects.update(value=0.9)


def test_who_may_propose(world):
    with pytest.raises(Forbidden):
        proposed(world, actor=world.approver)
    assert not ThresholdProposal.objects.visible_to(world.reviewer).exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"key": "coal.default_cc"}, "key"),
        ({"key": "check.NO-SUCH.limit"}, "key"),
        ({"key": "check.CON-STOCK-BALANCE.unknown"}, "key"),
        ({"value": "much"}, "value"),
        ({"value": True}, "value"),
        ({"value": 0.005}, "value"),
        ({"key": "score.bands", "value": {"red": 80}}, "value"),
        ({"key": RETIRED, "value": False}, "value"),
        ({"key": RETIRED, "value": 1}, "value"),
        ({"valid_from": date(2019, 1, 1)}, "valid_from"),
    ],
)
def test_what_cannot_be_proposed(world, facts, field):
    with pytest.raises(Invalid) as refusal:
        proposed(world, **facts)
    assert field in refusal.value.fields
    assert not ThresholdProposal.objects.exists()


def test_one_proposal_at_a_time(world):
    proposal = proposed(world)
    with pytest.raises(Invalid):
        proposed(world)
    threshold_withdraw(proposal.pk, actor=world.supervisor, now=NOW)
    work()
    proposal.refresh_from_db()
    assert proposal.status == "withdrawn"  # its dry run is not stored
    with pytest.raises(WrongState):
        threshold_approve(proposal.pk, actor=world.approver, now=NOW)
    assert proposed(world).status == "proposed"


def test_a_check_that_is_mostly_wrong_is_suggested_for_retirement(world):
    version = world.take_in()
    assert suggest_retirements(NOW) == 0
    closed(version, {"explained": 29, "rule_wrong": 1})
    assert suggest_retirements(NOW) == 1
    assert suggest_retirements(NOW) == 0
    proposal = ThresholdProposal.objects.get()
    assert (proposal.key, proposal.status, proposal.proposed_by) == (RETIRED, "suggested", None)
    duty = WorkItem.objects.get(target="emitters.thresholdproposal", closed_at=None)
    assert duty.perm == "threshold.propose"
    assert not Parameter.objects.filter(key=RETIRED).exists()  # nothing retires by itself
    threshold_dismiss(proposal.pk, note="继续观察", actor=world.supervisor, now=NOW)
    assert suggest_retirements(NOW) == 0
    closed(version, {"explained": 29})
    assert suggest_retirements(NOW) == 0
    closed(version, {"explained": 1})
    assert suggest_retirements(NOW) == 1  # as many again were settled
    again = ThresholdProposal.objects.get(status="suggested")
    with by_hand():
        threshold_adopt(again.pk, reason="多为误判", actor=world.supervisor, now=NOW)
    work()
    again.refresh_from_db()
    assert (again.status, again.proposed_by) == ("tried", world.supervisor.user)
    assert approved(world, again).status == "in_force"


def test_the_pages(world, django_assert_max_num_queries):
    world.submitted()
    proposal = tried(world)
    client = Client()
    client.force_login(world.supervisor.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(proposal.get_absolute_url()).content.decode()
    listed = f"{reverse('emitters:trial-results')}?proposal={proposal.pk}"
    assert listed in page
    assert "样本辛007热电有限公司" in client.get(listed).content.decode()
    assert client.get(f"{listed}&applies=no").content.decode().count("样本辛007") == 0
    assert client.get(f"{listed}&export=xlsx").status_code == 200
    scores = f"{reverse('emitters:trial-scores')}?proposal={proposal.pk}"
    assert "样本辛007热电有限公司" in client.get(scores).content.decode()
    new = reverse("emitters:threshold-propose")
    assert KEY in client.get(new).content.decode()
    assert "0.005" in client.get(new, {"key": KEY}).content.decode()
    check = client.get(reverse("check-detail", args=["CON-STOCK-BALANCE"])).content.decode()
    assert proposal.get_absolute_url() in check
    answer = client.post(new, {"key": KEY, "value": "x", "valid_from": "2024-01-01",
                               "reason": "x", "source": "x", "confidence": "KNOWN", "years": 2024})  # fmt: skip
    assert answer.status_code == 422
