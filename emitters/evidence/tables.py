"""Evidence as stored (JSON) → what a page can show: single values, and tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from carbonwatch.checks.runner import shown
from emitters.evidence.words import ELSEWHERE, in_order, word


@dataclass(frozen=True)
class Table:
    """A titled table of texts; `more` rows were left out for want of room."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: int = 0

    def shortened(self, most: int) -> "Table":
        """The first rows of it."""
        left = max(0, len(self.rows) - most)
        return Table(self.title, self.head, self.rows[:most], left) if left else self


@dataclass(frozen=True)
class Evidence:
    """`formula` is the computation in one line (empty when the check gives none)."""

    formula: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]


def evidence_of(values: Mapping[str, Any], months: Sequence[int] = ()) -> Evidence:
    """Lay out the evidence of a result. Lists as long as the months of the result become columns of
    one table by month."""
    facts: list[tuple[str, str]] = []
    tables: list[Table] = []
    by_month: dict[str, Sequence[Any]] = {}
    for key in in_order(values):
        value = values[key]
        if key in ELSEWHERE or value in ("", None, [], {}):
            continue
        if isinstance(value, Mapping):
            tables.append(_pairs(word(key), value))
        elif _records(value):
            tables.append(_records_table(word(key), value))
        elif isinstance(value, list | tuple) and months and len(value) == len(months):
            by_month[key] = value
        else:
            facts.append((word(key), shown(value)))
    if by_month:
        tables.insert(0, _month_table(by_month, months))
    return Evidence(str(values.get("formula") or ""), tuple(facts), tuple(tables))


def _records(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(v, Mapping) for v in value)


def _pairs(title: str, value: Mapping[str, Any]) -> Table:
    flat = _flat(value)
    return Table(title, tuple(flat), (tuple(flat.values()),))


def _month_table(columns: Mapping[str, Sequence[Any]], months: Sequence[int]) -> Table:
    head = (word("month"), *(word(key) for key in columns))
    rows = zip(months, *columns.values(), strict=True)
    return Table(word("readings"), head, tuple(tuple(shown(v) for v in row) for row in rows))


def _records_table(title: str, records: Sequence[Mapping[str, Any]]) -> Table:
    flat = [_flat(record) for record in records]
    head = dict.fromkeys(name for record in flat for name in record)
    rows = tuple(tuple(record.get(name, "") for name in head) for record in flat)
    return Table(title, tuple(head), rows)


def _flat(record: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """A record of records as one row: `own.month` becomes 「本处 月份」."""
    found: dict[str, str] = {}
    for key in in_order(record):
        value = record[key]
        if key == "credit_code":
            continue
        name = f"{prefix}{word(key, column='stk0' in record)}"
        if isinstance(value, Mapping):
            found |= _flat(value, f"{name} ")
        else:
            found[name] = "" if value is None else shown(value)
    return found
