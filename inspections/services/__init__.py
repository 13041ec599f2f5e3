"""Every write of this app."""

from inspections.services.findings import (
    finding_confirm,
    finding_order,
    finding_register,
    finding_reject,
)
from inspections.services.rectification import (
    finding_accept,
    finding_answer,
    finding_close,
    finding_return,
)

__all__ = [
    "finding_accept",
    "finding_answer",
    "finding_close",
    "finding_confirm",
    "finding_order",
    "finding_register",
    "finding_reject",
    "finding_return",
]
