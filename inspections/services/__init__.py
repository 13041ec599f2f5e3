"""Every write of this app."""

from inspections.services.findings import (
    finding_confirm,
    finding_order,
    finding_register,
    finding_reject,
)
from inspections.services.inspections import (
    inspection_approve,
    inspection_begin,
    inspection_cancel,
    inspection_conclude,
    inspection_make,
    inspection_notify,
    inspection_reopen,
    inspection_return,
    inspection_sign,
)
from inspections.services.inspectors import (
    conflict_add,
    conflict_end,
    inspector_enter,
    inspector_renew,
    inspector_withdraw,
)
from inspections.services.questionnaires import (
    questionnaire_drop,
    questionnaire_import,
    questionnaire_publish,
)
from inspections.services.records import Written, entry_write
from inspections.services.rectification import (
    finding_accept,
    finding_answer,
    finding_close,
    finding_return,
)
from inspections.services.selfinspections import (
    self_answer_save,
    self_inspection_accept,
    self_inspection_return,
    self_inspection_submit,
)
from inspections.services.tips import (
    tip_accept,
    tip_answer,
    tip_author_open,
    tip_close,
    tip_decline,
    tip_link,
    tip_reassign,
    tip_return,
    tip_submit,
)

__all__ = [
    "Written",
    "conflict_add",
    "conflict_end",
    "entry_write",
    "finding_accept",
    "finding_answer",
    "finding_close",
    "finding_confirm",
    "finding_order",
    "finding_register",
    "finding_reject",
    "finding_return",
    "inspection_approve",
    "inspection_begin",
    "inspection_cancel",
    "inspection_conclude",
    "inspection_make",
    "inspection_notify",
    "inspection_reopen",
    "inspection_return",
    "inspection_sign",
    "inspector_enter",
    "inspector_renew",
    "inspector_withdraw",
    "questionnaire_drop",
    "questionnaire_import",
    "questionnaire_publish",
    "self_answer_save",
    "self_inspection_accept",
    "self_inspection_return",
    "self_inspection_submit",
    "tip_accept",
    "tip_answer",
    "tip_author_open",
    "tip_close",
    "tip_decline",
    "tip_link",
    "tip_reassign",
    "tip_return",
    "tip_submit",
]
