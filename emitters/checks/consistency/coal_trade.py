"""Coal as others booked it: purchases of the report, and what invoices, waybills and batches sum to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from emitters.checks.comparison import Sides, month_of, places
from emitters.checks.support import ALL_MONTHS, ZERO
from emitters.facts import CheckContext, StockLedger
from emitters.outside import OutsideRow

CODE = "check.CON-COAL-INVOICE."
_TITLES = {"invoice": "煤炭发票", "rail": "铁路运单", "receipt": "入厂煤批次"}


def coal_ledgers(ctx: CheckContext) -> tuple[StockLedger, ...]:
    """Ledgers of coal in every form: an invoice for coal does not tell gangue from slime."""
    return tuple(s for s in ctx.report.stocks if "煤" in s.fuel and "气" not in s.fuel)


def purchases(ctx: CheckContext) -> dict[int, Decimal]:
    """Coal bought by month, t; months without an entry are left out."""
    found: dict[int, Decimal] = {}
    for ledger in coal_ledgers(ctx):
        for month in ALL_MONTHS:
            value = ledger.value("buy", month)
            if value is not None:
                found[month] = found.get(month, ZERO) + value
    return found


@dataclass(frozen=True)
class Trade:
    """One source of coal records against the purchases: both sides by month of delivery.

    `dated` tells whether months are those of delivery; without it months of invoices lag behind.
    """

    kind: str
    rows: tuple[OutsideRow, ...]
    sides: Sides
    dated: bool

    @property
    def title(self) -> str:
        """The kind in the words of the file."""
        return _TITLES[self.kind]

    @property
    def excess(self) -> Decimal:
        """Recorded above reported purchases, as a share of these."""
        return -self.sides.gap / self.sides.total if self.sides.total else ZERO

    @property
    def unlikeness(self) -> Decimal:
        """How far the months lie, as a share of the year, from purchases that are all recorded with the
        same excess."""
        factor = 1 + self.excess
        apart = (abs(v - self.sides.reported[m] * factor) for m, v in self.sides.recorded.items())
        return sum(apart, ZERO) / self.sides.total if self.sides.total else ZERO

    def windows(self, length: int) -> Iterator[tuple[tuple[int, ...], Decimal]]:
        """Runs of so many months with the excess of each."""
        months = self.sides.months
        for start in range(len(months) - length + 1):
            run = months[start : start + length]
            bought = sum((self.sides.reported[m] for m in run), ZERO)
            booked = sum((self.sides.recorded[m] for m in run), ZERO)
            if bought and run[-1] - run[0] == length - 1:
                yield run, (booked - bought) / bought

    def by_supplier(self) -> list[dict[str, Any]]:
        """Tonnes of each supplier with the place of its records."""
        names = dict.fromkeys(str(r["supplier"] or "") for r in self.rows)
        found = {n: [r for r in self.rows if str(r["supplier"] or "") == n] for n in names}
        return [
            {"supplier": n, "tonnes": sum((r["tonnes"] for r in own), ZERO), "place": places(own)}
            for n, own in found.items()
        ]


def trade(ctx: CheckContext, kind: str, transit: Decimal = ZERO) -> Trade | None:
    """A kind of coal record against the purchases; None when there is nothing to compare.

    `transit` is the share that may be lost on the way: the weight at the gate is that much less.
    """
    rows = ctx.outside.of(kind) if ctx.outside is not None else ()
    bought = purchases(ctx)
    if not rows or not bought:
        return None
    days = [r["delivered"] if kind == "invoice" else r["day"] for r in rows]
    if all(days):
        return _dated(ctx, kind, rows, days, bought, 1 - transit)
    return _lagging(ctx, kind, rows, bought, 1 - transit)


def _booked(rows: Sequence[OutsideRow], months: Sequence[int | None]) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for row, month in zip(rows, months, strict=True):
        if month is not None:
            found[month] = found.get(month, ZERO) + row["tonnes"]
    return found


def _dated(
    ctx: CheckContext,
    kind: str,
    rows: Sequence[OutsideRow],
    days: Sequence[date],
    bought: Mapping[int, Decimal],
    weight: Decimal,
) -> Trade | None:
    """By month of delivery. Between the first and the last record a month without one counts as none;
    before and after, records may not have been brought in."""
    months = [month_of(day, ctx.report.year) for day in days]
    booked = _booked(rows, months)
    if not booked:
        return None
    span = range(min(booked), max(booked) + 1)
    theirs = {m: booked.get(m, ZERO) * weight for m in span}
    chosen = tuple(r for r, m in zip(rows, months, strict=True) if m is not None)
    return Trade(kind, chosen, Sides.of(bought, theirs), dated=True)


def _lagging(
    ctx: CheckContext,
    kind: str,
    rows: Sequence[OutsideRow],
    bought: Mapping[int, Decimal],
    weight: Decimal,
) -> Trade | None:
    """By month of invoice, one for the coal of the same month or of the month before: whichever makes
    the months run alike, or the milder one where neither does.

    Invoices of January belong to the December before; they may not have been brought in yet.
    """
    year = ctx.report.year
    found = []
    for lag in (0, 1):
        shifted = [_month_before(r["day"], year, lag) for r in rows]
        booked = _booked(rows, shifted)
        sides = Sides.of(bought, {m: v * weight for m, v in booked.items()})
        chosen = tuple(r for r, m in zip(rows, shifted, strict=True) if m in sides.reported)
        if sides.total:
            found.append(Trade(kind, chosen, sides, dated=False))
    alike = [t for t in found if t.unlikeness <= ctx.p(CODE + "unlike")]
    if alike:
        return min(alike, key=lambda t: t.unlikeness)
    return min(found, key=lambda t: abs(t.excess), default=None)


def _month_before(day: date, year: int, lag: int) -> int | None:
    """The month `lag` months before a day's month, when it lies in that year."""
    number = day.year * 12 + day.month - 1 - lag
    return number % 12 + 1 if number // 12 == year else None
