"""The records of enforcement, one aggregate a module."""

from enforcement.models.cases import Case
from enforcement.models.notices import PublicNotice

__all__ = ["Case", "PublicNotice"]
