"""The records of inspections, one aggregate a module."""

from inspections.models.findings import Answer, Finding, FindingClass, FindingSource, Gravity
from inspections.models.inspections import (
    EntryKind,
    EntryRevision,
    Inspection,
    InspectionKind,
    InspectionMember,
    Manner,
    Outcome,
    RecordEntry,
)

__all__ = [
    "Answer",
    "EntryKind",
    "EntryRevision",
    "Finding",
    "FindingClass",
    "FindingSource",
    "Gravity",
    "Inspection",
    "InspectionKind",
    "InspectionMember",
    "Manner",
    "Outcome",
    "RecordEntry",
]
