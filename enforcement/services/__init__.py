"""Every write of this app."""

from enforcement.services.cases import case_file, case_propose, case_refuse
from enforcement.services.notices import (
    notice_discard,
    notice_draft,
    notice_publish,
    notice_return,
    notice_revise,
    notice_withdraw,
)

__all__ = [
    "case_file",
    "case_propose",
    "case_refuse",
    "notice_discard",
    "notice_draft",
    "notice_publish",
    "notice_return",
    "notice_revise",
    "notice_withdraw",
]
