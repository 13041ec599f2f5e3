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
from inspections.models.inspectors import Conflict, ConflictReason, Inspector
from inspections.models.quarters import (
    QUARTER_CHOICES,
    QuarterEdition,
    QuarterFigure,
    QuarterItem,
    QuarterReport,
)
from inspections.models.questionnaires import (
    AnswerKind,
    Audience,
    Evidence,
    Questionnaire,
    QuestionnaireItem,
)
from inspections.models.selfinspections import Declaration, SelfAnswer, SelfInspection
from inspections.models.tips import Tip, TipAuthor, TipOutcome, TipSubject

__all__ = [
    "QUARTER_CHOICES",
    "Answer",
    "AnswerKind",
    "Audience",
    "Conflict",
    "ConflictReason",
    "Declaration",
    "EntryKind",
    "EntryRevision",
    "Evidence",
    "Finding",
    "FindingClass",
    "FindingSource",
    "Gravity",
    "Inspection",
    "InspectionKind",
    "InspectionMember",
    "Inspector",
    "Manner",
    "Outcome",
    "QuarterEdition",
    "QuarterFigure",
    "QuarterItem",
    "QuarterReport",
    "Questionnaire",
    "QuestionnaireItem",
    "RecordEntry",
    "SelfAnswer",
    "SelfInspection",
    "Tip",
    "TipAuthor",
    "TipOutcome",
    "TipSubject",
]
