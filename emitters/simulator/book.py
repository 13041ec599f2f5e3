"""The plant's own books for a year: the figures that everything else follows from.

A book is mutable on purpose: an oddity or a cheat changes some of these independent figures, and
`closing.close` computes all the rest the way the enterprise would.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate

from emitters.simulator.coal import Mine, Quality
from emitters.simulator.machines import Unit
from emitters.simulator.plants import Plant

ZERO = Decimal(0)
_QUANTA = tuple(Decimal(1).scaleb(-n) for n in range(8))


def rounded(value: Decimal | float, places: int) -> Decimal:
    """Half up, as the guideline rounds (regulation.md §1.5)."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return exact.quantize(_QUANTA[places], ROUND_HALF_UP)


@dataclass(slots=True)
class Day:
    """Furnace-entry coal of a day: t, GJ/t, %; `ash` dry % is known to nature only."""

    day: date
    coal: Decimal
    ncv: Decimal
    mt: Decimal
    ash: float


@dataclass(slots=True)
class Sample:
    """A coal test as the report lists it (fields of `emitters.facts.CoalTest`); `late` if it was
    made, but not in time to count."""

    generator: str
    month: int
    sample_no: str
    sampled: date
    sent: date
    received: date
    tested: date
    issued: date
    report_no: str
    laboratory: str
    certificate: str
    mt: Decimal
    mad: Decimal
    aad: Decimal
    vad: Decimal
    stad: Decimal
    had: Decimal
    cad: Decimal
    qgrad: Decimal
    qnetar: Decimal
    car: Decimal
    tester: str
    reviewer: str
    kind: str = "月缩分"
    late: bool = False

    def convert(self, *, heat: bool = True) -> None:
        """Recompute the as-received carbon (and heat) from the air-dry values and moisture."""
        dry = (100 - self.mt) / (100 - self.mad)
        self.car = rounded(self.cad * dry / 100, 4)
        if heat:
            net = (self.qgrad * 1000 - 206 * self.had) * dry - 23 * self.mt
            self.qnetar = rounded(net / 1000, 3)


@dataclass(slots=True)
class UnitMonth:
    """One generator in one month. `carbon` says where c_ar comes from: test, default, mean (of the
    measured months), stated (a figure without a test, in `c_ar`), private (a default of one's own,
    in `c_ar`); `off` are the days of standstill."""

    month: int
    gen: Decimal = ZERO
    sup: Decimal = ZERO
    heat: Decimal = ZERO
    ratio: Decimal = ZERO
    hours: Decimal = ZERO
    buy: Decimal = ZERO
    diesel: Decimal = ZERO
    fc: Decimal = ZERO
    ncv: Decimal = ZERO
    c_ar: Decimal = ZERO
    carbon: str = "test"
    sample: Sample | None = None
    days: list[Day] = field(default_factory=list)
    oxidation: Decimal = Decimal(99)
    load_stated: Decimal | None = None
    exists: bool = True
    off: frozenset[int] = frozenset()

    def weigh(self) -> None:
        """Monthly coal and heating value from the daily ledger."""
        self.fc = sum((d.coal for d in self.days), ZERO)
        heat = sum((d.coal * d.ncv for d in self.days), ZERO)
        self.ncv = rounded(heat / self.fc, 3) if self.fc else ZERO


@dataclass(slots=True)
class UnitBook:
    """One generator's year. Attributes that the report states may differ from the `unit`."""

    unit: Unit
    months: list[UnitMonth]
    quality: list[Quality] = field(default_factory=list)
    stated: dict[str, object] = field(default_factory=dict)
    note: str = ""


@dataclass(slots=True)
class Yard:
    """Stocks of one fuel, t or 万Nm3: opening and monthly items; use and closing follow."""

    fuel: str
    opening: Decimal
    buy: list[Decimal]
    out: list[Decimal]
    adjust: list[Decimal]
    slips: dict[int, Decimal] = field(default_factory=dict)  # month -> purchase as mistyped

    def closings(self, used: Sequence[Decimal]) -> list[Decimal]:
        """Stock at the end of each month, when so much is burnt in each."""
        changes = zip(self.buy, used, self.out, self.adjust, strict=True)
        moved = accumulate((b - u - o + a for b, u, o, a in changes), initial=self.opening)
        return list(moved)[1:]


@dataclass(slots=True)
class Book:
    """A plant's year. `mean_months` limits the months that an unweighted annual mean counts (None:
    weighted, as the rule says); `supply` holds the mines of each month with their shares,
    `before_slip` the book as it was before figures were mistyped."""

    plant: Plant
    year: int
    units: list[UnitBook]
    yard: Yard
    change_note: str = ""
    show_daily: bool = True
    mean_months: int | None = None
    supply: list[tuple[tuple[Mine, float], ...]] = field(default_factory=list)
    before_slip: "Book | None" = None

    @property
    def true(self) -> "Book":
        """The year as it was: without a slip of the pen."""
        return self.before_slip or self

    def samples(self) -> list[Sample]:
        """Tests in the order of the report: by month, then unit; a common one once."""
        found = [
            (m.month, u.unit.number, m.sample) for u in self.units for m in u.months if m.sample
        ]
        unique = {id(s): (month, number, s) for month, number, s in found}
        return [s for _, _, s in sorted(unique.values(), key=lambda x: (x[0], x[1]))]

    def burnt(self) -> list[Decimal]:
        """Main fuel of all generators by month, in the unit of the yard."""
        return [sum((u.months[m].fc for u in self.units), Decimal(0)) for m in range(12)]

    def copy(self) -> "Book":
        """A book that shares nothing that a cheat could change."""
        return deepcopy(self, {id(self.plant): self.plant})

    def unit_months(self) -> list[UnitMonth]:
        """All months of all generators that were running."""
        return [m for u in self.units for m in u.months if m.exists and m.fc > 0]
