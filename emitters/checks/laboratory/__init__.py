"""Group D: laboratory evidence. Importing the package registers its checks."""

from emitters.checks.laboratory import dates, gap, reuse, series, values

__all__ = ["dates", "gap", "reuse", "series", "values"]
