"""A made-up plant: what a register would know of it, and what only the simulator knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from emitters.simulator.coal import Mine, make_mines
from emitters.simulator.habits import Habits, habits
from emitters.simulator.machines import Unit, make_units
from emitters.simulator.names import credit_code, person, stem

CITIES: dict[str, tuple[str, float, float]] = {
    "210100": ("沈阳市", 123.43, 41.80),
    "210200": ("大连市", 121.80, 39.20),
    "210300": ("鞍山市", 122.99, 41.11),
    "210400": ("抚顺市", 123.96, 41.88),
    "210500": ("本溪市", 123.77, 41.29),
    "210600": ("丹东市", 124.20, 40.30),
    "210700": ("锦州市", 121.30, 41.20),
    "210800": ("营口市", 122.40, 40.60),
    "210900": ("阜新市", 121.67, 42.02),
    "211000": ("辽阳市", 123.24, 41.27),
    "211100": ("盘锦市", 122.07, 41.12),
    "211200": ("铁岭市", 123.84, 42.29),
    "211300": ("朝阳市", 120.45, 41.57),
    "211400": ("葫芦岛市", 120.60, 40.75),
    "2101SF": ("沈抚改革创新示范区", 123.70, 41.83),
}
OWNERSHIP = ("中央企业", "省属国企", "市属国企", "民营", "外资", "其他")
_ENDINGS = {
    "coal": "发电有限公司",
    "lignite": "发电有限公司",
    "gas": "燃气热电有限公司",
}


@dataclass(frozen=True, slots=True)
class Plant:
    """A key emitting unit (重点排放单位) that does not exist.

    Registry-like: name, codes, city, people, generators. Known to the simulator only: mines,
    laboratory (index), `measured_from` (first year with measured carbon), `heat_bias` GJ/t of its
    calorimeter, habits.
    """

    index: int
    seed: str
    kind: str
    name: str
    credit_code: str
    permit: str
    city_code: str
    city: str
    ownership: str
    industry: str
    legal_person: str
    contact: str
    filler: str
    checker: str
    approver: str
    phone: str
    longitude: float
    latitude: float
    altitude: int
    consultant: str
    consultant_code: str
    generators: tuple[Unit, ...]
    mines: tuple[Mine, ...]
    laboratory: int
    measured_from: int
    daily_from: int
    heat_bias: float

    def rng(self, *parts: object) -> Random:
        """A repeatable source of chance for one purpose of this plant."""
        return Random("/".join(map(str, (self.seed, self.index, *parts))))  # noqa: S311

    @property
    def habits(self) -> Habits:
        """How exactly it measures, how evenly it runs."""
        return habits(self.rng("habits"))

    @property
    def registry(self) -> Mapping[str, Unit]:
        """Generators by number."""
        return {unit.number: unit for unit in self.generators}


def make_plant(rng: Random, index: int, city_code: str, kind: str) -> Plant:
    """A plant of a kind (coal, chp, cfb, lignite, gas, back_pressure, mine_mouth) in a city.

    `city_code` as in the regions file. Repeatable: the same state of `rng` yields the same plant.
    """
    city, longitude, latitude = CITIES[city_code]
    machine_kind = "coal" if kind == "mine_mouth" else kind
    units = make_units(rng, machine_kind)
    code = credit_code(rng, city_code[:4])
    consulted = rng.random() < 0.35
    consultant = rng.randint(1, 6)
    people = [person(rng) for _ in range(4)]
    return Plant(
        index=index,
        seed=f"{rng.getrandbits(64):016x}",
        kind=kind,
        name=stem(index) + _ENDINGS.get(machine_kind, "热电有限公司"),
        credit_code=code,
        permit=f"{code}001P",
        city_code=city_code,
        city=city,
        ownership=rng.choices(OWNERSHIP, (5, 4, 4, 4, 1, 0.3))[0],
        industry="4412" if units[0].is_chp else "4411",
        legal_person=people[0],
        contact=people[1],
        filler=people[1],
        checker=people[2],
        approver=people[3],
        phone="024-00000000",
        longitude=round(longitude + rng.uniform(-0.15, 0.15), 5),
        latitude=round(latitude + rng.uniform(-0.1, 0.1), 5),
        altitude=rng.randint(15, 380),
        consultant=f"样本低碳咨询{'甲乙丙丁戊己'[consultant - 1]}有限公司" if consulted else "",
        consultant_code=credit_code(Random(f"consultant-{consultant}"), "2101")  # noqa: S311
        if consulted
        else "",
        generators=units,
        mines=() if kind == "gas" else make_mines(rng, kind),
        laboratory=rng.randrange(12),
        measured_from=_measured_from(rng, kind),
        daily_from=rng.choice((2020, 2022, 2022, 2022)),
        heat_bias=rng.gauss(0, 0.04),
    )


def _measured_from(rng: Random, kind: str) -> int:
    """First year with measured carbon: two thirds from the start, nearly all by 2022."""
    if kind == "gas":
        return 2019
    return rng.choices((2019, 2020, 2021, 2022, 2024), (60, 10, 14, 12, 4))[0]
