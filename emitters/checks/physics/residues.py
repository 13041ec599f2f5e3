"""What the coal carried into the boiler by its tests, and what was measured behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from emitters.calc.accounts import FuelAccount
from emitters.checks.comparison import accounts_of, places
from emitters.checks.support import CFB, HUNDRED, ZERO, rounded
from emitters.facts import CheckContext, CoalTest
from emitters.outside import OutsideRow


@dataclass(frozen=True)
class Balance:
    """A substance by month, t: carried in by the coal, measured behind the boiler; `coal` t burnt."""

    carried: Mapping[int, Decimal]
    measured: Mapping[int, Decimal]
    coal: Mapping[int, Decimal]

    def ratio(self, months: Sequence[int] | None = None) -> Decimal:
        """Measured ÷ carried of those months (all)."""
        chosen = list(self.carried) if months is None else months
        carried = sum((self.carried[m] for m in chosen), ZERO)
        return sum((self.measured[m] for m in chosen), ZERO) / carried if carried else ZERO

    def lines(self, rows: Sequence[OutsideRow]) -> list[dict[str, Any]]:
        """Month by month with the place of the record."""
        return [
            {
                "month": m,
                "coal": self.coal[m],
                "carried": rounded(self.carried[m], 1),
                "measured": rounded(self.measured[m], 1),
                "ratio": rounded(self.ratio([m]), 3),
                "place": places(rows, m),
            }
            for m in self.carried
        ]


def _as_received(tests: Sequence[CoalTest], name: str) -> Decimal | None:
    """A dry-air value of the month's tests as received, %; None when one cannot be converted."""
    values = []
    for test in tests:
        value = getattr(test, name)
        if value is None or test.mt is None or test.mad is None or test.mad >= HUNDRED:
            return None
        values.append(value * (HUNDRED - test.mt) / (HUNDRED - test.mad))
    return sum(values, ZERO) / len(values) if values else None


def balance_of(
    ctx: CheckContext, number: str, name: str, measured: Mapping[int, Decimal]
) -> Balance:
    """Months in which every coal that was burnt has a test."""
    carried: dict[int, Decimal] = {}
    coal: dict[int, Decimal] = {}
    for month in sorted(measured):
        amounts = [
            (burnt, _as_received(ctx.report.tests_of(a.number, month), name))
            for a in accounts_of(ctx, number)
            for fuel in a.fuels
            if (burnt := _solid(fuel, month))
        ]
        if amounts and all(content is not None for _t, content in amounts):
            carried[month] = sum((t * (c or ZERO) / HUNDRED for t, c in amounts), ZERO)
            coal[month] = sum((t for t, _c in amounts), ZERO)
    return Balance(carried, {m: measured[m] for m in carried}, coal)


def _solid(fuel: FuelAccount, month: int) -> Decimal:
    entry = fuel[month]
    solid = "煤" in fuel.use.fuel and "气" not in fuel.use.fuel
    return entry.fc if solid and entry is not None else ZERO


def burns_cfb(ctx: CheckContext, number: str) -> bool:
    """Whether limestone in the furnace takes up sulphur and adds to the ash."""
    return any(a.generator.boiler == CFB for a in accounts_of(ctx, number))


def burnt_t(ctx: CheckContext, number: str, months: Sequence[int]) -> Decimal:
    """tCO2 of those months."""
    found = (f[m] for a in accounts_of(ctx, number) for f in a.fuels for m in months)
    return sum((e.t_co2 for e in found if e is not None and e.t_co2 is not None), ZERO)


def test_cells(ctx: CheckContext, number: str, months: Sequence[int], name: str) -> list[str]:
    """Addresses of a value in the tests of those months."""
    tests = {
        id(t): t
        for a in accounts_of(ctx, number)
        for m in months
        for t in ctx.report.tests_of(a.number, m)
    }
    return [t.cell(name) for t in tests.values() if name in t.cells]
