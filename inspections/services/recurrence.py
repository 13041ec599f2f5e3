"""A closed finding that comes back is a recurrence (复发); the system finds it by itself."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Organisation
from carbonwatch.accounts.permissions import OrgKind, Perm
from carbonwatch.notifications.service import notify
from carbonwatch.workflow.moves import shift
from carbonwatch.worklist.selectors import people_of
from inspections.models import Finding
from inspections.services.rules import remembered_since


def recurrence_mark(finding: Finding, now: datetime) -> None:
    """Tie a finding that has just been confirmed to the newest closed one of which it is the
    recurrence; that one is told to have recurred, city and province are told."""
    old = _closed_before(finding, now)
    if old is None:
        return
    finding.recurrence_of = old
    finding.save(update_fields=["recurrence_of"])
    shift(old, "recurred", None, now, finding=finding.pk, title=finding.title)
    _tell(finding, old, now)


def _closed_before(finding: Finding, now: datetime) -> Finding | None:
    since = remembered_since(now)
    if since is None:
        return None
    closed = (
        Finding.objects.filter(
            unit=finding.unit_id, status="closed", closed_at__date__gte=since, closed_at__lte=now
        )
        .exclude(pk=finding.pk)
        .select_for_update(of=("self",))
        .order_by("-closed_at", "-pk")
    )
    return next((old for old in closed if _same(finding, old)), None)


def _same(one: Finding, other: Finding) -> bool:
    """The same clause, or one check in common."""
    clause = "".join(one.clause.split())
    if clause and clause == "".join(other.clause.split()):
        return True
    return bool(_checks(one) & _checks(other))


def _checks(finding: Finding) -> set[str]:
    codes = set(finding.results.values_list("check_code", flat=True))
    return codes | ({finding.question.check_code} if finding.question else set())


def _tell(finding: Finding, old: Finding, now: datetime) -> None:
    province = Organisation.objects.filter(kind=OrgKind.PROVINCE, active=True).first()
    posts = {
        (body.pk, str(perm)): body
        for body, perm in (
            (finding.bureau, Perm.FINDING_REVIEW),
            (province, Perm.FINDING_SUPERVISE),
        )
        if body is not None
    }
    for post, people in people_of(posts, now).items():
        notify(
            people,
            posts[post],
            _("问题复发：%(finding)s") % {"finding": finding},
            now,
            text=_("原问题“%(title)s”于%(day)s销号。")
            % {"title": old.title, "day": f"{old.closed_at:%Y-%m-%d}"},
            url=finding.get_absolute_url(),
        )
