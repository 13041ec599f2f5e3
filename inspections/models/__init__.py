"""The records of inspections, one aggregate a module."""

from inspections.models.answers import Answer
from inspections.models.campaign_units import (
    CampaignChange,
    CampaignUnit,
    CampaignUnitState,
    ChangeKind,
    WaitsFor,
)
from inspections.models.campaigns import Campaign, CampaignKind
from inspections.models.draws import Draw, DrawExclusion, DrawMode, DrawnUnit
from inspections.models.findings import Finding, FindingClass, FindingSource, Gravity
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
from inspections.models.ladder import Climb, Rung
from inspections.models.measures import Measure
from inspections.models.merges import FindingMerge
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
from inspections.models.rectification import EndedCycle, Extension, SiteCheck
from inspections.models.selfinspections import Declaration, SelfAnswer, SelfInspection
from inspections.models.tips import Tip, TipAuthor, TipOutcome, TipSubject
from inspections.models.workplans import PlanQuota, RiskClass, WorkPlan

__all__ = [
    "QUARTER_CHOICES",
    "Answer",
    "AnswerKind",
    "Audience",
    "Campaign",
    "CampaignChange",
    "CampaignKind",
    "CampaignUnit",
    "CampaignUnitState",
    "ChangeKind",
    "Climb",
    "Conflict",
    "ConflictReason",
    "Declaration",
    "Draw",
    "DrawExclusion",
    "DrawMode",
    "DrawnUnit",
    "EndedCycle",
    "EntryKind",
    "EntryRevision",
    "Evidence",
    "Extension",
    "Finding",
    "FindingClass",
    "FindingMerge",
    "FindingSource",
    "Gravity",
    "Inspection",
    "InspectionKind",
    "InspectionMember",
    "Inspector",
    "Manner",
    "Measure",
    "Outcome",
    "PlanQuota",
    "QuarterEdition",
    "QuarterFigure",
    "QuarterItem",
    "QuarterReport",
    "Questionnaire",
    "QuestionnaireItem",
    "RecordEntry",
    "RiskClass",
    "Rung",
    "SelfAnswer",
    "SelfInspection",
    "SiteCheck",
    "Tip",
    "TipAuthor",
    "TipOutcome",
    "TipSubject",
    "WaitsFor",
    "WorkPlan",
]
