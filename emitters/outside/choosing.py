"""Which records concern a report, and in whose spelling they are compared with it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from carbonwatch.accounts.permissions import AGENCIES, OrgKind
from carbonwatch.imports.cells import plain
from emitters.facts import ReportFacts
from emitters.outside.identity import city_code
from emitters.outside.kinds import KINDS
from emitters.outside.records import OutsideRow

NEIGHBOURS = (-1, 0, 1)  # coal is invoiced in the year after, habits show in the year before
OF_LABORATORIES = tuple(k.code for k in KINDS.values() if k.owner == "laboratory")
OF_CITIES = tuple(k.code for k in KINDS.values() if k.owner == "city")
_CODES = ("supplier_code", "customer_code")
_NAMES = ("supplier", "customer")


@dataclass(frozen=True)
class Concern:
    """What a report names: its unit and year, laboratories and report numbers (folded -> as the report
    spells them), its consultancy, its city (code)."""

    credit_code: str
    year: int
    laboratories: Mapping[str, str]
    numbers: Mapping[str, str]
    consultancy: tuple[str, str]
    city: str

    @classmethod
    def of(cls, facts: ReportFacts, city: str = "") -> "Concern":
        """`city`: code of the unit's city where it is known better than the report says."""
        basic = facts.basic
        return cls(
            facts.credit_code,
            facts.year,
            {plain(t.laboratory): t.laboratory for t in facts.tests if t.laboratory},
            {plain(t.report_no): t.report_no for t in facts.tests if t.report_no},
            (str(basic.get("咨询机构信用代码") or ""), str(basic.get("报告编制咨询机构") or "")),
            city or city_code(str(basic.get("所在市") or "")),
        )

    @property
    def years(self) -> tuple[int, ...]:
        """The years whose records of the unit are looked at."""
        return tuple(self.year + n for n in NEIGHBOURS)

    def spelled(self, row: OutsideRow) -> OutsideRow:
        """The row with laboratory and report number as the report spells them: a blank or a bracket
        of another width is not a difference."""
        if row.kind not in OF_LABORATORIES:
            return row
        changed: dict[str, Any] = {}
        for name, known in (("laboratory", self.laboratories), ("report_no", self.numbers)):
            found = row[name]
            ours = known.get(plain(str(found))) if found else None
            if ours is not None and ours != found:
                changed[name] = ours
        return replace(row, values={**row.values, **changed}) if changed else row

    def companies(self, rows: Iterable[OutsideRow]) -> tuple[set[str], set[str]]:
        """Codes and folded names of the companies that the report and its records name."""
        codes, names = {self.credit_code, self.consultancy[0]}, {*self.laboratories}
        names.add(plain(self.consultancy[1]))
        for row in rows:
            codes |= {str(row[name]) for name in _CODES if row[name]}
            names |= {plain(str(row[name])) for name in _NAMES if row[name]}
        return codes - {""}, names - {""}


def rank(provider_kind: str) -> int:
    """Whose record of a fact counts before another's: an office's, an agency's, the unit's own."""
    if provider_kind == OrgKind.UNIT:
        return 0
    return 1 if provider_kind in AGENCIES else 2


def one_source(rows: Iterable[tuple[str, Any, OutsideRow]]) -> Iterator[OutsideRow]:
    """Rows of which each fact comes from one file: the last that states it.

    `rows`: (key of the fact, file, row) in ascending order of precedence, as they are kept.
    """
    given = list(rows)
    chosen = {(row.kind, key): file for key, file, row in given}
    for key, file, row in given:
        if chosen[row.kind, key] == file:
            yield row
