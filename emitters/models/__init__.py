"""The records of the emitting units, one aggregate a module."""

from emitters.models.features import ReportFeatures
from emitters.models.outside import OutsideFile, OutsideMapping, OutsideRecord
from emitters.models.rechecks import YearRecheck
from emitters.models.reports import Acceptance, AnnualReport, Band, ReportVersion
from emitters.models.results import CheckResult, CheckRun, Question, YearSummary
from emitters.models.schemes import ControlScheme, SchemeItem
from emitters.models.stored import CoalTestRow, DailyCoalYear, GeneratorRow, MonthlyRow
from emitters.models.thresholds import ThresholdProposal, TrialResult, TrialScore
from emitters.models.units import EmittingUnit, Generator, GeneratorAttributes, UnitAttributes
from emitters.models.waivers import Waiver

__all__ = [
    "Acceptance",
    "AnnualReport",
    "Band",
    "CheckResult",
    "CheckRun",
    "CoalTestRow",
    "ControlScheme",
    "DailyCoalYear",
    "EmittingUnit",
    "Generator",
    "GeneratorAttributes",
    "GeneratorRow",
    "MonthlyRow",
    "OutsideFile",
    "OutsideMapping",
    "OutsideRecord",
    "Question",
    "ReportFeatures",
    "ReportVersion",
    "SchemeItem",
    "ThresholdProposal",
    "TrialResult",
    "TrialScore",
    "UnitAttributes",
    "Waiver",
    "YearRecheck",
    "YearSummary",
]
