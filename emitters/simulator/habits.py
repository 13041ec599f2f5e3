"""How exactly a plant measures and how evenly it runs: no two plants have the same noise.

Thresholds that were tuned to one level of noise accuse the next honest plant; so every plant draws
its own from ranges wide enough for good and for poor housekeeping.
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Habits:
    """Relative noises are shares (0.003 is 0.3 %), others as named.

    `scale_bias` of the belt scale, `scale_drift` of a year, `scale_noise` of a month; `heat_noise`
    GJ/t of one day's calorimeter reading, `heat_drift` GJ/t of a year; `wet_noise` points of one
    day's moisture; `coal` and `load` multiply the swings of coal quality and load; `shares` is how
    fast the shares of suppliers wander; `rate_noise` of a month's heat rate, `rate_drift` of a year;
    `own_noise` of a month's own use, `own_drift` of a year; `load_drift` (absolute) and
    `demand_drift` of a year's load and heat demand; `places` of tonnes in the daily ledger.
    """

    scale_bias: float
    scale_drift: float
    scale_noise: float
    heat_noise: float
    heat_drift: float
    wet_noise: float
    coal: float
    load: float
    shares: float
    rate_noise: float
    rate_drift: float
    own_noise: float
    own_drift: float
    load_drift: float
    demand_drift: float
    places: int


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a year brings: `load` added to the load factor, `demand` and `rate` as factors on heat
    sold and heat rate, `own` added to the own-use share, `scale` (share) and `calorimeter` (GJ/t)
    as errors of the meters."""

    habits: Habits
    load: float = 0.0
    demand: float = 1.0
    rate: float = 1.0
    own: float = 0.0
    scale: float = 0.0
    calorimeter: float = 0.0


def conditions(rng: Random, own: Habits, calorimeter: float) -> Conditions:
    """A year's conditions. Meters err around a bias that stays: they are adjusted every year."""
    return Conditions(
        own,
        load=rng.gauss(0, own.load_drift),
        demand=rng.gauss(1, own.demand_drift),
        rate=rng.gauss(1, own.rate_drift),
        own=rng.gauss(0, own.own_drift),
        scale=own.scale_bias + rng.gauss(0, own.scale_drift),
        calorimeter=calorimeter + rng.gauss(0, own.heat_drift),
    )


def habits(rng: Random) -> Habits:
    """The housekeeping of one plant."""
    return Habits(
        scale_bias=rng.gauss(0, 0.0015),
        scale_drift=rng.uniform(0.0003, 0.0015),
        scale_noise=rng.uniform(0.0015, 0.005),
        heat_noise=rng.uniform(0.06, 0.22),
        heat_drift=rng.uniform(0.01, 0.05),
        wet_noise=rng.uniform(0.1, 0.4),
        coal=rng.uniform(0.5, 1.5),
        load=rng.uniform(0.5, 1.9),
        shares=rng.uniform(0.06, 0.26),
        rate_noise=rng.uniform(0.003, 0.010),
        rate_drift=rng.uniform(0.001, 0.005),
        own_noise=rng.uniform(0.0003, 0.0012),
        own_drift=rng.uniform(0.0003, 0.0012),
        load_drift=rng.uniform(0.005, 0.03),
        demand_drift=rng.uniform(0.01, 0.06),
        places=rng.choices((2, 1, 0), (80, 10, 10))[0],
    )
