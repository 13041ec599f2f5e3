"""Several workers hear the same bells: each job has one effect."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from carbonwatch.accounts.models import Organisation
from carbonwatch.jobs import registry, service
from carbonwatch.jobs.models import Job, JobState
from tests.factories import OrganisationFactory

JOBS, WORKERS = 30, 6


@pytest.mark.django_db(transaction=True)
def test_workers_at_once(monkeypatch):
    monkeypatch.setattr(registry, "_HANDLERS", {})
    monkeypatch.setattr(service, "ring", lambda pk: None)

    @registry.job_handler("rename")
    def work(job):
        with transaction.atomic():
            target = Organisation.objects.select_for_update().get(pk=job.target_id)
            target.name += "+"
            target.save()
            service.finish(job)

    with transaction.atomic():
        for _number in range(JOBS):
            service.enqueue(
                "rename", OrganisationFactory(name="厂"), actor=None, now=timezone.now()
            )
    pks = list(Job.objects.values_list("pk", flat=True))

    def listen(seed):
        try:
            for pk in random.Random(seed).sample(pks, JOBS):
                service.run(pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(listen, range(WORKERS)))
    assert set(Organisation.objects.values_list("name", flat=True)) == {"厂+"}
    assert set(Job.objects.values_list("state", "attempts")) == {(JobState.DONE, 1)}
