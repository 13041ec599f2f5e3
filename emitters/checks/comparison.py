"""Both sides of a comparison with outside records: who said what, for which month, and where."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from carbonwatch.checks.registry import Hit, NotRun
from emitters.calc import allocation
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.support import ALL_MONTHS, ZERO, month_days, month_end
from emitters.facts import CheckContext
from emitters.outside import OutsideRow

_DIGITS = re.compile(r"\d+")
_RANGE = re.compile(r"(?<!\d)(\d{1,2})[#号]?(?:机组)?\s*[-~～—至到]\s*#?(\d{1,2})(?!\d)")
DAYS_PER_MONTH = 30


def unit_numbers(text: object) -> frozenset[int]:
    """The numbers in a generator's name: `1#`, `1号机组` and `#1` are the same, `1#、2#` are two and
    `1#～4#` four."""
    name = str(text or "")
    found = {int(n) for n in _DIGITS.findall(name)}
    for first, last in _RANGE.findall(name):
        found.update(range(int(first), int(last) + 1))
    return frozenset(found)


def of_generator(rows: Iterable[OutsideRow], number: str) -> tuple[OutsideRow, ...]:
    """Rows that name that generator and no other."""
    wanted = unit_numbers(number)
    return tuple(r for r in rows if wanted and unit_numbers(r["generator"]) == wanted)


def by_generator(
    ctx: CheckContext, rows: Iterable[OutsideRow]
) -> Mapping[str, tuple[OutsideRow, ...]]:
    """Rows by number of a reported generator; those of the plant under the empty number.

    Rows that name no generator, or several, belong to the plant. In one file with rows by generator
    they are parts of one whole, and so all rows are the plant's; in a file of their own they say the
    same thing again, and both are kept apart.
    """
    given = tuple(rows)
    found = {g.number: own for g in ctx.report.generators if (own := of_generator(given, g.number))}
    named = {id(r) for own in found.values() for r in own}
    rest = tuple(r for r in given if id(r) not in named)
    if rest and {r.source for r in rest} & {r.source for r in given if id(r) in named}:
        return {"": given}
    return {**found, "": rest} if rest else found


def of_plant(ctx: CheckContext, rows: Iterable[OutsideRow]) -> tuple[OutsideRow, ...]:
    """Rows that add up to the plant: its own where there are such, else those of its generators."""
    groups = by_generator(ctx, rows)
    return groups.get("") or tuple(r for own in groups.values() for r in own)


def accounts_of(ctx: CheckContext, number: str) -> tuple[GeneratorAccount, ...]:
    """The generator's account, or all for the empty number."""
    return tuple(a for a in ctx.accounts.generators if number in ("", a.number))


def scope(number: str) -> str:
    """Whom a sentence speaks of: the generator, or the plant for the empty number."""
    return number or "全厂"


def reported(ctx: CheckContext, code: str, number: str = "") -> dict[int, Decimal]:
    """A production or purchased-power row by month, summed over the generators; months that nobody
    reports are left out."""
    found: dict[int, Decimal] = {}
    for account in accounts_of(ctx, number):
        for month in ALL_MONTHS:
            value = account.generator.value(code, month)
            if value is not None:
                found[month] = found.get(month, ZERO) + value
    return found


def cells(ctx: CheckContext, code: str, months: Iterable[int], number: str = "") -> list[str]:
    """Addresses of a production or purchased-power row in those months."""
    rows = [
        row
        for a in accounts_of(ctx, number)
        if (row := a.generator.production.get(code) or a.generator.purchased.get(code))
    ]
    return [row.cell(m) for row in rows for m in months]


def recorded(rows: Iterable[OutsideRow], name: str) -> dict[int, Decimal]:
    """A quantity of records by month; months without a figure are left out."""
    found: dict[int, Decimal] = {}
    for row in rows:
        if row[name] is not None and row["month"] is not None:
            month = int(row["month"])
            found[month] = found.get(month, ZERO) + row[name]
    return found


def places(rows: Iterable[OutsideRow], month: int | None = None) -> str:
    """Where a person finds the rows (of a month): files with their cells."""
    cells_of: dict[str, list[str]] = {}
    for row in rows:
        if month is None or row["month"] == month:
            cells_of.setdefault(row.source, []).append(row.cell)
    return "；".join(f"{source} {'、'.join(found)}".strip() for source, found in cells_of.items())


@dataclass(frozen=True)
class Sides:
    """A quantity by month as reported and as recorded, in the months that both cover."""

    reported: Mapping[int, Decimal]
    recorded: Mapping[int, Decimal]

    @classmethod
    def of(cls, mine: Mapping[int, Decimal], theirs: Mapping[int, Decimal]) -> "Sides":
        """Months that only one side covers are left out."""
        months = sorted(set(mine) & set(theirs))
        return cls({m: mine[m] for m in months}, {m: theirs[m] for m in months})

    @property
    def months(self) -> tuple[int, ...]:
        """Months that are compared."""
        return tuple(self.reported)

    @property
    def total(self) -> Decimal:
        """Reported sum."""
        return sum(self.reported.values(), ZERO)

    @property
    def counted(self) -> Decimal:
        """Recorded sum."""
        return sum(self.recorded.values(), ZERO)

    @property
    def gap(self) -> Decimal:
        """Reported − recorded."""
        return self.total - self.counted

    @property
    def share(self) -> Decimal:
        """Gap as a share of what was recorded; 0 when nothing was, on either side."""
        if self.counted:
            return self.gap / self.counted
        return Decimal(1) if self.total else ZERO

    def lines(self, rows: Sequence[OutsideRow]) -> list[dict[str, Any]]:
        """Both sides month by month with the place of the record."""
        return [
            {
                "month": m,
                "reported": self.reported[m],
                "recorded": self.recorded[m],
                "place": places(rows, m),
            }
            for m in self.months
        ]

    def steady_share(self, most_days: Decimal) -> Decimal:
        """The share by which the reported side lies above the record in every month alike.

        A meter that is read L days before the end of the month shows v − L/30·(v − v'), v' being the
        month before: months differ, the year hardly does. Least squares over
        gap = share · v + lead · (v − v') part the two; `share` itself where no lead of 0 to
        `most_days` explains the months.
        """
        pairs = [(m, m - 1) for m in self.months if m - 1 in self.reported]
        v = [self.reported[m] for m, _ in pairs]
        step = [self.reported[m] - self.reported[b] for m, b in pairs]
        gap = [self.reported[m] - self.recorded[m] for m, _ in pairs]
        vv, ss, vs = _dot(v, v), _dot(step, step), _dot(v, step)
        determinant = vv * ss - vs * vs
        if len(pairs) < 3 or not determinant:
            return self.share
        lead = (vv * _dot(step, gap) - vs * _dot(v, gap)) / determinant
        if not 0 < lead <= most_days / DAYS_PER_MONTH:
            return self.share
        return (ss * _dot(v, gap) - vs * _dot(step, gap)) / determinant


def _dot(one: Iterable[Decimal], other: Iterable[Decimal]) -> Decimal:
    return sum((a * b for a, b in zip(one, other, strict=True)), ZERO)


def nearest_zero(*values: Decimal) -> Decimal:
    """The mildest reading of several."""
    return min(values, key=abs)


def month_of(day: date, year: int) -> int | None:
    """The month of a day of that year, None for another year."""
    return day.month if day.year == year else None


def days_within(begin: date, end: date, year: int, month: int) -> int:
    """Days of a month from `begin` to `end`, both counted."""
    first = max(begin, date(year, month, 1))
    last = min(end, month_end(year, month))
    return max(0, min((last - first).days + 1, month_days(year, month)))


def allowance_gain(ctx: CheckContext, account: GeneratorAccount, **changes: Any) -> Decimal:
    """Allowances (t, may be negative) that the reported drivers bring over others: `output` MWh,
    `heat` GJ, `load` % (`emitters.calc.allocation.Drivers`), by the rule of the year."""
    year = ctx.report.year
    given = allocation.drivers(account.generator, account.fuels, ctx.params, year)
    amount, _parts = allocation.allowance(
        account.generator, replace(given, **changes), ctx.params, year
    )
    if amount is None or account.allowance_t is None:
        return ZERO
    return account.allowance_t - amount


def scaled_gain(
    ctx: CheckContext, number: str, *, output: Decimal | None = None, heat: Decimal | None = None
) -> Decimal:
    """Allowances gained over an output, or heat, that is a multiple of the reported one. The load
    factor follows generation."""
    total = ZERO
    for account in accounts_of(ctx, number):
        given = allocation.drivers(account.generator, account.fuels, ctx.params, ctx.report.year)
        changes: dict[str, Any] = {}
        if output is not None and given.output is not None:
            changes["output"] = given.output * output
            if given.load is not None:
                changes["load"] = given.load * output
        if heat is not None:
            changes["heat"] = given.heat * heat
        total += allowance_gain(ctx, account, **changes)
    return total


def each(*parts: Callable[[], Iterator[Hit]]) -> Iterator[Hit]:
    """Results of all parts of a check that have data; `NotRun` of the first when none has."""
    lacking: list[NotRun] = []
    for part in parts:
        try:
            yield from list(part())
        except NotRun as lack:
            lacking.append(lack)
    if len(lacking) == len(parts):
        raise lacking[0]


def per_tonne(ctx: CheckContext, fuel: str) -> Decimal:
    """tCO2 per unit of a fuel over all generators."""
    found = [f for a in ctx.accounts.generators for f in a.fuels if f.use.fuel == fuel]
    amount = sum((f.fc for f in found), ZERO)
    return sum((f.t_co2 for f in found), ZERO) / amount if amount else ZERO
