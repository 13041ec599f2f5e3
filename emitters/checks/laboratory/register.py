"""The laboratory's own records of a report's tests, looked up by laboratory and report number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from emitters.checks.support import CO2_PER_CARBON, HUNDRED, ZERO
from emitters.facts import CheckContext, CoalTest
from emitters.outside import OutsideRow

Key = tuple[str, str]
ANALYSIS = ("mt", "mad", "aad", "vad", "stad", "had", "cad", "qgrad")


def report_key(test: CoalTest) -> Key:
    """Laboratory and number of a test."""
    return test.laboratory.strip(), test.report_no.strip()


def by_report(rows: Iterable[OutsideRow]) -> Mapping[Key, list[OutsideRow]]:
    """Rows by laboratory and report number, re-issues in order of issue."""
    grouped: dict[Key, list[OutsideRow]] = defaultdict(list)
    for row in rows:
        key = (str(row["laboratory"] or "").strip(), str(row["report_no"] or "").strip())
        grouped[key].append(row)
    for same in grouped.values():
        same.sort(key=lambda r: str(r["issued"] or ""))
    return grouped


def register_of(ctx: CheckContext) -> Mapping[Key, list[OutsideRow]]:
    """The laboratories' registers; empty when none was brought in."""
    return by_report(ctx.outside.of("lab_register")) if ctx.outside else {}


def carbon_received(row: OutsideRow, test: CoalTest) -> Decimal | None:
    """tC/t as received by another record's air-dry carbon, at the moisture that the report states."""
    cad, mad = row["cad"], row["mad"] if row["mad"] is not None else test.mad
    if cad is None or mad is None or test.mt is None or mad >= HUNDRED:
        return None
    dry = (HUNDRED - test.mt) / (HUNDRED - mad)
    return Decimal(cad) * dry / HUNDRED


def carbon_effect(ctx: CheckContext, test: CoalTest, per_tonne: Decimal) -> Decimal:
    """tCO2 of the test's coal for so many tC/t more."""
    total = ZERO
    for account in ctx.accounts.generators:
        coal = account.coal if test.generator in ("", account.number) else None
        entry = coal[test.month] if coal and test.month else None
        if entry is not None and entry.of:
            total += entry.fc * per_tonne * entry.of / HUNDRED * CO2_PER_CARBON
    return total
