"""Checks run again as soon as outside records come into force or no longer count."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Actor
from carbonwatch.jobs.models import Job, JobState
from carbonwatch.jobs.registry import job_handler
from carbonwatch.jobs.service import enqueue, finish
from emitters.models import OutsideFile
from emitters.selectors.outside_reach import reports_concerned
from emitters.services.recheck import RECHECK, living

FOLLOW = "outside.follow"


def ask_recheck(file: OutsideFile, *, actor: Actor | None, now: datetime) -> None:
    """Have every report checked again that the file concerns, in the background."""
    enqueue(FOLLOW, file, actor=actor, now=now)


@job_handler(FOLLOW, lease_seconds=120)
def follow(job: Job) -> None:
    """One job per version, unless one waits already: it will see these records too."""
    file = OutsideFile.objects.select_related("provider").get(pk=job.target_id)
    now = timezone.now()
    with transaction.atomic():
        versions = living(reports_concerned(file))
        waiting = set(
            Job.objects.filter(
                kind=RECHECK, state=JobState.WAITING, target_id__in=[v.pk for v in versions]
            ).values_list("target_id", flat=True)
        )
        with translation.override(settings.LANGUAGE_CODE):
            reason = _reason(file)
        for version in versions:
            if version.pk not in waiting:
                enqueue(RECHECK, version, payload={"reason": reason}, actor=None, now=now)
        finish(job, _("已安排重新校核 %(n)s 个版本") % {"n": len(versions)}, now=now)


def _reason(file: OutsideFile) -> str:
    """Why, for the ledger and the page of the report."""
    words = {
        "in_force": _("启用"),
        "replaced": _("停用（已更正）"),
        "withdrawn": _("停用（已撤回）"),
    }
    return _("部门数据变化：%(file)s%(act)s") % {"file": file, "act": words[file.status]}
