"""A job is done once, whoever dies or comes late; a deadly file is refused."""

from contextlib import suppress
from datetime import timedelta

import pytest
from celery import Celery
from django.db import OperationalError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerDown

from carbonwatch.accounts.models import Organisation
from carbonwatch.jobs import registry, service
from carbonwatch.jobs.models import Job, JobState
from carbonwatch.jobs.registry import job_handler
from carbonwatch.jobs.service import LeaseLost
from tests.factories import OrganisationFactory, make_actor

LATER = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def bells(monkeypatch):
    """No broker: the bells that were rung, by job."""
    rung = []
    monkeypatch.setattr(service, "ring", rung.append)
    return rung


@pytest.fixture
def handlers(monkeypatch):
    """Handlers of one test only."""
    monkeypatch.setattr(registry, "_HANDLERS", {})


def effect(job):
    """What a handler stores: a name that shows how often it happened."""
    target = Organisation.objects.get(pk=job.target_id)
    target.name += "+"
    target.save()


@transaction.atomic
def store(job):
    effect(job)
    service.finish(job)


@pytest.fixture
def rename(handlers):
    """A handler that works."""

    @job_handler("rename", lease_seconds=60)
    def work(job):
        service.progress(job, 50, "一半")
        with transaction.atomic():
            effect(job)
            service.finish(job, "好了")


def ask(kind="rename"):
    with transaction.atomic():
        return service.enqueue(kind, OrganisationFactory(name="厂"), actor=None, now=timezone.now())


def target_of(job):
    return Organisation.objects.get(pk=job.target_id)


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_after_the_commit_only(rename, bells):
    with transaction.atomic():
        job = service.enqueue(
            "rename", OrganisationFactory(), payload={"a": 1}, actor=make_actor("unit.filler"),
            now=timezone.now(),
        )  # fmt: skip
        assert bells == []
    assert bells == [job.pk]
    assert service.job_for(target_of(job)) == job
    with suppress(ZeroDivisionError), transaction.atomic():
        service.enqueue("rename", OrganisationFactory(), actor=None, now=timezone.now())
        _ = 1 / 0
    assert bells == [job.pk]
    assert Job.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_job_needs_a_transaction_and_a_handler(rename):
    with pytest.raises(RuntimeError, match="transaction"):
        service.enqueue("rename", OrganisationFactory(), actor=None, now=timezone.now())
    with pytest.raises(LookupError), transaction.atomic():
        service.enqueue("unknown", OrganisationFactory(), actor=None, now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_a_silent_broker_loses_nothing(rename, monkeypatch, bells):
    def silent(pk):
        raise ConnectionError("no broker")

    monkeypatch.setattr(service, "ring", silent)
    job = ask()
    monkeypatch.setattr(service, "ring", bells.append)
    assert service.sweep(timezone.now()) == 0  # give the first bell a moment
    assert service.sweep(timezone.now() + service.UNHEARD) == 1
    assert bells == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_a_job_that_runs_twice_has_one_effect(rename):
    job = ask()
    service.run(job.pk)
    service.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.progress, job.note, job.attempts) == (JobState.DONE, 100, "好了", 1)
    assert job.finished_at is not None
    assert target_of(job).name == "厂+"
    assert service.sweep(timezone.now() + LATER) == 0


@pytest.mark.django_db(transaction=True)
def test_one_claim_at_a_time(rename):
    job, now = ask(), timezone.now()
    assert service.claim(job.pk, now).attempts == 1
    assert service.claim(job.pk, now) is None
    assert service.sweep(now + timedelta(seconds=59)) == 0
    assert service.sweep(now + timedelta(seconds=60)) == 1
    assert service.claim(job.pk, now + timedelta(seconds=60)).attempts == 2
    assert service.claim(999, now) is None


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_and_renews_the_lease(rename):
    job, now = ask(), timezone.now()
    held = service.claim(job.pk, now)
    service.progress(held, 30, "正在校核", now=now + timedelta(seconds=50))
    job.refresh_from_db()
    assert (job.progress, job.note) == (30, "正在校核")
    assert service.claim(job.pk, now + timedelta(seconds=100)) is None


@pytest.mark.django_db(transaction=True)
def test_who_lost_the_lease_cannot_finish_and_is_undone(rename):
    job, now = ask(), timezone.now()
    slow = service.claim(job.pk, now)
    quick = service.claim(job.pk, now + LATER)
    with pytest.raises(LeaseLost):
        service.progress(slow, 80)
    with pytest.raises(LeaseLost):
        store(slow)
    store(quick)
    with pytest.raises(LeaseLost):
        store(slow)
    assert target_of(job).name == "厂+"


@pytest.mark.django_db(transaction=True)
def test_finish_belongs_to_the_transaction_of_the_effect(rename):
    held = service.claim(ask().pk, timezone.now())
    with pytest.raises(RuntimeError, match="transaction"):
        service.finish(held)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_kills_its_reader_twice_is_refused_with_a_reason(handlers):
    refused = []

    @job_handler(
        "deadly", attempts=2, on_refused=lambda job, reason: refused.append((job.pk, reason))
    )
    def work(job):
        raise SystemExit  # as good as a killed worker: nobody cleans up

    job = ask("deadly")
    for number in range(2):
        with pytest.raises(SystemExit):
            service.run(job.pk)
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        job.refresh_from_db()
        assert (job.state, job.attempts) == (JobState.RUNNING, number + 1)
    assert service.sweep(timezone.now()) == 1
    service.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.REFUSED
    assert "重新另存后再次上传" in job.note
    assert refused == [(job.pk, job.note)]
    service.run(job.pk)
    assert len(refused) == 1


@pytest.mark.django_db(transaction=True)
def test_an_error_is_tried_again_after_a_rest_then_refused(handlers, caplog):
    refused = []

    @job_handler("broken", attempts=2, on_refused=lambda job, reason: refused.append(reason))
    def work(job):
        with transaction.atomic():
            effect(job)
            raise ValueError("bad luck")

    job = ask("broken")
    service.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.WAITING
    assert service.claim(job.pk, timezone.now()) is None  # it rests
    Job.objects.update(lease_until=None)
    service.run(job.pk)
    job.refresh_from_db()
    assert (job.state, len(refused), target_of(job).name) == (JobState.REFUSED, 1, "厂")
    assert "bad luck" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_who_lost_the_lease_and_fails_does_not_end_the_work_of_another(handlers):
    @job_handler("slow", attempts=1)
    def work(job):
        Job.objects.update(attempts=2, lease_until=timezone.now() + LATER)  # another has it now
        raise ValueError("came too late")

    job = ask("slow")
    service.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.RUNNING, 2)
    assert job.lease_until > timezone.now() + LATER / 2


@pytest.mark.django_db(transaction=True)
def test_a_refusal_that_fails_leaves_the_job_open(handlers):
    def broken(job, reason):
        raise ValueError("nothing told")

    @job_handler("broken", attempts=1, on_refused=broken)
    def work(job):
        raise SystemExit

    job = ask("broken")
    with suppress(SystemExit):
        service.run(job.pk)
    with pytest.raises(ValueError, match="nothing told"):
        service.claim(job.pk, timezone.now() + LATER)
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


@pytest.mark.django_db(transaction=True)
def test_a_database_that_goes_away_is_not_the_files_fault(handlers):
    @job_handler("unlucky", attempts=1)
    def work(job):
        if job.attempts < 3:
            raise OperationalError("server closed the connection")
        with transaction.atomic():
            effect(job)
            service.finish(job)

    job = ask("unlucky")
    for _attempt in range(3):
        Job.objects.update(lease_until=None)
        service.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.forgiven) == (JobState.DONE, 3, 2)
    assert target_of(job).name == "厂+"


@pytest.mark.django_db(transaction=True)
def test_forgiveness_ends(handlers):
    @job_handler("unlucky", attempts=1)
    def work(job):
        raise OperationalError("the query kills the server")

    job = ask("unlucky")
    for _attempt in range(service.FORGIVE_LIMIT + 3):
        Job.objects.update(lease_until=None)
        service.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.REFUSED


@pytest.mark.django_db(transaction=True)
def test_a_handler_that_forgets_to_finish_is_an_error(handlers, caplog):
    @job_handler("forgetful", attempts=1)
    def work(job):
        pass

    job = ask("forgetful")
    service.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.REFUSED
    assert "without finish" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_handler_may_refuse(handlers):
    @job_handler("picky")
    def work(job):
        with transaction.atomic():
            service.refuse(job, "第一行不是表头。")

    job = ask("picky")
    service.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.note) == (JobState.REFUSED, "第一行不是表头。")


def test_a_kind_has_one_handler(handlers):
    job_handler("a")(lambda job: None)
    with pytest.raises(ValueError, match="two handlers"):
        job_handler("a")(lambda job: None)


@pytest.mark.django_db(transaction=True)
def test_a_long_queue_is_not_flooded(rename, bells, monkeypatch):
    monkeypatch.setattr(service, "SWEEP_LIMIT", 3)
    asked = [ask().pk for _number in range(5)]
    bells.clear()
    assert service.sweep(timezone.now() + LATER) == 3
    assert bells == asked[:3]


def test_a_broker_that_is_down_is_not_waited_for(monkeypatch):
    monkeypatch.undo()  # the real bell
    app = Celery("nobody", broker="redis://127.0.0.1:1/0", set_as_current=False)
    monkeypatch.setattr(service, "current_app", app)
    naps = []
    monkeypatch.setattr("kombu.utils.functional.sleep", naps.append)  # between tries
    with pytest.raises(BrokerDown):
        service.ring(1)
    assert sum(naps) < 1
