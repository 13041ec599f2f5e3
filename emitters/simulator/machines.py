"""Types of generating units: rating and design figures of checks.md §11.2."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random


@dataclass(frozen=True, slots=True)
class Design:
    """A type. `net_rate` net g/kWh at 75 % load (gas: GJ/MWh generated), `own_use` %."""

    capacity_mw: int
    boiler: str
    pressure: str
    net_rate: float
    own_use: float


@dataclass(frozen=True, slots=True)
class Unit:
    """A generating unit (机组): its registry attributes and how it behaves.

    `gross_rate` GJ of fuel per MWh generated at 75 % load without heat supply; `own_use` share;
    `boiler_efficiency` of heat supplied to fuel heat; `load` mean load factor; `heat_peak`
    and `heat_base` GJ of heat per MWh in the coldest month and all year.
    """

    number: str
    category: str
    product: str
    capacity_mw: Decimal
    boiler: str
    pressure: str
    cooling: str
    fuel: str
    commissioned: date
    gross_rate: float
    own_use: float
    boiler_efficiency: float
    load: float
    heat_peak: float
    heat_base: float

    @property
    def is_gas(self) -> bool:
        """Gas-fired."""
        return self.category == "燃气"

    @property
    def is_chp(self) -> bool:
        """Supplies heat."""
        return self.product == "热电联产"

    @property
    def is_back_pressure(self) -> bool:
        """All steam leaves as heat (背压)."""
        return self.cooling == "背压"


DESIGNS: dict[str, tuple[Design, ...]] = {
    "coal": (
        Design(600, "煤粉炉", "超临界", 303, 5.2),
        Design(660, "煤粉炉", "超超临界", 292, 4.7),
        Design(600, "煤粉炉", "亚临界", 318, 5.6),
        Design(1000, "煤粉炉", "超超临界", 290, 4.2),
        Design(350, "煤粉炉", "超临界", 305, 5.5),
    ),
    "chp": (
        Design(350, "煤粉炉", "超临界", 306, 5.6),
        Design(330, "煤粉炉", "亚临界", 325, 6.0),
        Design(300, "煤粉炉", "亚临界", 328, 6.2),
        Design(200, "煤粉炉", "超高压", 352, 7.4),
    ),
    "cfb": (
        Design(300, "循环流化床", "亚临界", 340, 8.2),
        Design(135, "循环流化床", "超高压", 354, 7.6),
        Design(150, "循环流化床", "超高压", 350, 7.8),
    ),
    "lignite": (
        Design(600, "煤粉炉", "亚临界", 320, 6.0),
        Design(350, "煤粉炉", "超临界", 309, 6.0),
    ),
    "back_pressure": (
        Design(50, "煤粉炉", "高压", 0, 9.0),
        Design(25, "煤粉炉", "高压", 0, 9.5),
    ),
    "gas": (Design(400, "燃气轮机", "", 6.75, 2.1), Design(200, "燃气轮机", "", 7.0, 2.3)),
}
KINDS = tuple(DESIGNS)
GJ_PER_TCE = 29.3076


def _gross_rate(kind: str, design: Design, rng: Random) -> float:
    """GJ of fuel per MWh generated at 75 % load."""
    if kind == "gas":
        return design.net_rate * rng.gauss(1, 0.01)
    return (
        design.net_rate
        * (1 - design.own_use / 100)
        / 1000
        * GJ_PER_TCE
        * max(0.985, rng.gauss(1, 0.01))
    )


def make_units(rng: Random, kind: str) -> tuple[Unit, ...]:
    """One to four like units; condensing only for large coal, else combined heat and power."""
    design = rng.choice(DESIGNS[kind])
    count = rng.choice((1, 2, 2, 3) if kind in ("cfb", "back_pressure") else (1, 1, 2, 2, 2))
    gas, back = kind == "gas", kind == "back_pressure"
    chp = kind != "coal" and not (kind == "lignite" and rng.random() < 0.4)
    cooling = "背压" if back else "空冷" if kind == "lignite" and rng.random() < 0.15 else "水冷"
    load = rng.uniform(0.62, 0.74) if not back else rng.uniform(0.66, 0.8)
    year = rng.randint(2004, 2016)
    return tuple(
        Unit(
            number=f"{n}#",
            category="燃气" if gas else "非常规燃煤" if kind == "cfb" else "常规燃煤",
            product="热电联产" if chp else "纯凝发电",
            capacity_mw=Decimal(design.capacity_mw),
            boiler=design.boiler,
            pressure=design.pressure,
            cooling=cooling,
            fuel="天然气" if gas else "燃煤",
            commissioned=date(year + (n - 1) // 2, rng.randint(3, 11), rng.randint(1, 28)),
            gross_rate=_gross_rate(kind, design, rng),
            own_use=design.own_use / 100 * rng.gauss(1, 0.03),
            boiler_efficiency=rng.uniform(0.94, 0.96) if gas else rng.uniform(0.868, 0.895),
            load=load + rng.uniform(-0.02, 0.02),
            heat_peak=_heat_peak(rng, chp=chp, gas=gas, back=back),
            heat_base=(rng.uniform(6.2, 7.2) if back else rng.uniform(0.08, 0.3)) if chp else 0.0,
        )
        for n in range(1, count + 1)
    )


def _heat_peak(rng: Random, *, chp: bool, gas: bool, back: bool) -> float:
    """GJ per MWh that the coldest month adds to the base."""
    if not chp:
        return 0.0
    if back:
        return rng.uniform(0.6, 1.2)
    return rng.uniform(1.6, 2.1) if gas else rng.uniform(2.2, 3.2)
