"""The values of a report that a verification confirms or corrects."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from emitters.layouts import PARAMETERS
from emitters.models import MonthlyRow, ReportVersion
from verification.services.conclusions import ValueChange

CODES = ("e_unit", "gen", "heat")


def reported_values(version: ReportVersion) -> list[ValueChange]:
    """Plant total, then emissions, generation and heat of each generator (annual figures)."""
    rows = {
        (r.generator, r.code): r
        for r in MonthlyRow.objects.filter(version=version, code__in=[*CODES, "e_total"])
    }
    ordered = sorted(rows, key=lambda k: (k[0], [*CODES, "e_total"].index(k[1])))
    return [
        ValueChange(
            g,
            c,
            rows[g, c].unit or PARAMETERS[c].unit,
            _plain(rows[g, c].annual),
            _plain(rows[g, c].annual),
        )
        for g, c in ordered
    ]


def verified_values(
    version: ReportVersion, given: Mapping[tuple[str, str], tuple[Decimal | None, str]]
) -> list[ValueChange]:
    """All reported values, with those given by (generator, code) as (after, reason). What is not
    named stays as reported; what was never reported is not taken up."""
    return [
        replace(v, after=given[key][0], reason=given[key][1])
        if (key := (v.generator, v.code)) in given
        else v
        for v in reported_values(version)
    ]


def _plain(value: Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(format(value.normalize(), "f"))
