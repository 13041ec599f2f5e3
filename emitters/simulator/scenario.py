"""What can happen to an honest plant in a year, and the plant's condition from year to year."""

from dataclasses import dataclass, field
from decimal import Decimal

from emitters.simulator.coal import Mine
from emitters.simulator.plants import Plant

ODDITIES = (
    "new_supplier",
    "retrofit",
    "long_outage",
    "holiday_backlog",
    "changed_lab",
    "lost_samples",
    "new_unit",
    "deep_peaking",
    "mine_mouth",
    "stocktake",
    "typing_slip",
    "heat_customer",
    "new_calorimeter",
    "emission_control",
    "worn_turbine",
    "meter_drift",
    "wet_season",
    "winter_reserve",
    "late_report",
    "swapped_digits",
    "unit_slip",
    "rounded_books",
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Odd but honest events of a year: the names above; an empty set is an ordinary year."""

    events: frozenset[str] = frozenset()

    def __contains__(self, event: str) -> bool:
        return event in self.events


ORDINARY = Scenario()


@dataclass(slots=True)
class State:
    """A plant's condition at the start of a year; `simulate` moves it on.

    `rate` multiplies each generator's heat rate (a retrofit lowers it), `demand` the heat sold;
    `own` adds to the own-use share, `calorimeter` GJ/t to its bias.
    """

    mines: tuple[Mine, ...]
    shares: tuple[float, ...]
    laboratory: int
    stock: Decimal | None = None
    rate: dict[str, float] = field(default_factory=dict)
    demand: float = 1.0
    own: float = 0.0
    calorimeter: float = 0.0

    @classmethod
    def of(cls, plant: Plant) -> "State":
        """The condition of a plant that has not reported yet."""
        rng = plant.rng("start")
        raw = [rng.uniform(0.6, 1.4) for _ in plant.mines]
        return cls(plant.mines, tuple(r / sum(raw) for r in raw), plant.laboratory)
