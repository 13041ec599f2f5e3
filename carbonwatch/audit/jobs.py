"""The proof of the whole ledger as a background job: it walks every entry and may take minutes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.ledger import record
from carbonwatch.audit.models import AuditHead
from carbonwatch.audit.verify import Verdict, verify
from carbonwatch.jobs.models import Job
from carbonwatch.jobs.registry import job_handler
from carbonwatch.jobs.service import enqueue, finish
from carbonwatch.refusals import Forbidden

KIND = "ledger.verify"


@transaction.atomic
def ask_for_proof(*, actor: Actor, now: datetime) -> Job:
    """Record the wish and send the job."""
    if not actor.may(Perm.LEDGER_VIEW):
        raise Forbidden()
    head = AuditHead.objects.get_or_create(pk=1)[0]
    record("ledger.verified", head, actor, now, wanted=True)
    return enqueue(KIND, head, actor=actor, now=now)


@job_handler(KIND, lease_seconds=1800)
def prove(job: Job) -> None:
    """Walk the chain; the verdict is kept with the job as JSON."""
    verdict = verify()
    with transaction.atomic():
        Job.objects.filter(pk=job.pk).update(payload=verdict.as_json())
        finish(job, said(verdict))


def said(verdict: Verdict) -> str:
    """The verdict in a sentence."""
    if verdict.ok:
        return _("台账完好：每条摘要和前后衔接均相符。")
    return _("台账被破坏：%(what)s") % {"what": verdict.message}


def last_proof() -> Job | None:
    """The newest proof, finished or not."""
    return Job.objects.filter(kind=KIND).order_by("-pk").first()
