"""The records of inspections, one aggregate a module."""

from inspections.models.findings import Answer, Finding, FindingClass, FindingSource, Gravity

__all__ = ["Answer", "Finding", "FindingClass", "FindingSource", "Gravity"]
