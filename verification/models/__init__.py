"""The records of verification."""

from verification.models.assignments import Assignment
from verification.models.conclusions import (
    Conclusion,
    Nonconformity,
    NonconformityClass,
    NonconformityResult,
    Signature,
    VerifiedValue,
)

__all__ = [
    "Assignment",
    "Conclusion",
    "Nonconformity",
    "NonconformityClass",
    "NonconformityResult",
    "Signature",
    "VerifiedValue",
]
