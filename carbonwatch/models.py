"""Re-exports, so that the foundation has one migrations folder."""

from carbonwatch.accounts.models import Actor, Membership, Organisation, User
from carbonwatch.audit.models import AuditEvent, AuditHead
from carbonwatch.documents.models import Attachment, DocumentNumber
from carbonwatch.jobs.models import IdempotencyRecord, Job
from carbonwatch.notifications.models import Notification
from carbonwatch.params.models import Parameter
from carbonwatch.worklist.models import WorkItem

__all__ = [
    "Actor",
    "Attachment",
    "AuditEvent",
    "AuditHead",
    "DocumentNumber",
    "IdempotencyRecord",
    "Job",
    "Membership",
    "Notification",
    "Organisation",
    "Parameter",
    "User",
    "WorkItem",
]
