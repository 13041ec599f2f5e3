"""The outside records that concern one report, as its checks see them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.db.models.fields.json import KT

from emitters.facts import ReportFacts
from emitters.models import EmittingUnit, OutsideRecord
from emitters.outside import OutsideRecords, OutsideRow
from emitters.outside.choosing import OF_CITIES, OF_LABORATORIES, Concern, one_source, rank
from emitters.outside.records import source_of
from emitters.outside.stored import read_values

_COLUMNS = (
    "kind", "key", "number", "values", "file", "file__sheet", "file__in_force_at",
    "file__provider__name", "file__provider__kind",
)  # fmt: skip
Found = tuple[tuple[Any, ...], OutsideRow]


def outside_of(unit: EmittingUnit, year: int, facts: ReportFacts) -> OutsideRecords | None:
    """In two queries: records of the unit (with the years around), of the laboratories that the report
    names, of its city and of the companies named by the report or these records.

    Where two files state the same fact, an office's counts before an agency's and the unit's own, then
    the later one. None when there are no records at all.
    """
    concern = Concern.of(facts, unit.organisation.city)
    found = _fetch(_about(unit.credit_code, concern, year))
    codes, names = concern.companies(row for _order, row in found)
    found += _fetch(_business(codes, names))
    if not found:
        return None
    found.sort(key=lambda pair: pair[0])
    rows = one_source((order[-1], order[2], row) for order, row in found)
    return OutsideRecords(tuple(concern.spelled(row) for row in rows))


def _about(credit_code: str, concern: Concern, year: int) -> Q:
    labs = list(concern.laboratories)
    years = [year + n for n in (-1, 0, 1)]
    about = Q(about=credit_code) & (Q(year__in=years) | Q(year=None))
    # A whole register shows the numbers and the load of a laboratory, not only this client's tests.
    register = Q(kind="lab_register", owner__in=labs, year=year)
    papers = Q(kind__in=[k for k in OF_LABORATORIES if k != "lab_register"], owner__in=labs)
    weather = Q(kind__in=OF_CITIES, owner=concern.city)
    return about | register | papers | weather


def _business(codes: Iterable[str], names: Iterable[str]) -> Q:
    """Companies by code, or by name in either width of brackets."""
    wide = str.maketrans("()", "（）")
    spelled = {s for n in names for s in (n, n.translate(wide))}
    return Q(kind="business") & (Q(owner__in=codes) | Q(name__in=spelled))


def _fetch(condition: Q) -> list[Found]:
    """Rows of files in force, each with what it is ordered by."""
    records = (
        OutsideRecord.objects.filter(file__status="in_force")
        .annotate(name=KT("values__name"))
        .filter(condition)
        .order_by("pk")
    )
    return [_row(*columns) for columns in records.values_list(*_COLUMNS)]


def _row(
    kind: str,
    key: str,
    number: int,
    values: dict[str, Any],
    file: int,
    sheet: str,
    since: Any,
    provider: str,
    provider_kind: str,
) -> Found:
    row = OutsideRow(
        kind, read_values(kind, values), source_of(provider, file), f"{sheet}!A{number}"
    )
    return (rank(provider_kind), since, file, number, key), row
