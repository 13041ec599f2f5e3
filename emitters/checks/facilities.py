"""Facilities of the emission permit in the terms of a report."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from emitters.checks.comparison import unit_numbers
from emitters.facts import CheckContext
from emitters.outside import OutsideRow

UNIT, BOILER = "机组", "锅炉"
_BESIDE = ("启动", "供热", "辅助", "备用")
_BOILERS = (
    ("流化床", "循环流化床"),
    ("煤粉", "煤粉炉"),
    ("燃气轮机", "燃气轮机"),
    ("燃机", "燃气轮机"),
)
_COOLINGS = (
    ("空冷", "空冷"),
    ("背压", "背压"),
    ("水冷", "水冷"),
    ("湿冷", "水冷"),
    ("直流冷却", "水冷"),
    ("循环冷却", "水冷"),
)
_POOR_COAL = ("煤矸石", "煤泥", "水煤浆", "洗中煤")
_COAL = ("煤",)


@dataclass(frozen=True, slots=True)
class Facility:
    """A permitted facility in a year. `number` is the report's number of the generator it is, empty
    when the report has none like it; `numbers` what its own name says; attributes as the report words
    them, empty or None where the permit is silent or uses words of its own."""

    name: str
    number: str
    numbers: frozenset[int]
    kind: str
    boiler: str
    cooling: str
    category: str
    fuel: str
    capacity_mw: Decimal | None
    heat_capacity: Decimal | None
    since: date | None
    place: str

    @property
    def is_generator(self) -> bool:
        """A generating unit, or the boiler of one, and not a starting, heating or auxiliary boiler."""
        if any(word in self.kind for word in _BESIDE):
            return False
        return UNIT in self.kind or (BOILER in self.kind and bool(self.numbers))


def facilities(ctx: CheckContext) -> tuple[Facility, ...]:
    """Facilities that the permit held in force at the end of the year and through it; () without a
    permit. A facility given several times counts with the latest text that is in force."""
    rows = ctx.outside.of("permit") if ctx.outside is not None else ()
    year = ctx.report.year
    first, last = date(year, 1, 1), date(year, 12, 31)
    latest: dict[str, OutsideRow] = {}
    for row in sorted(rows, key=lambda r: r["valid_from"] or date.min):
        begun = row["valid_from"] is None or row["valid_from"] <= last
        ended = row["retired"] is not None and row["retired"] <= first
        if begun and not ended:
            latest[row["facility"]] = row
    return tuple(_facility(ctx, row) for row in latest.values())


def _facility(ctx: CheckContext, row: OutsideRow) -> Facility:
    numbers = unit_numbers(row["generator"])
    number = next(
        (g.number for g in ctx.report.generators if numbers and unit_numbers(g.number) == numbers),
        "",
    )
    boiler, fuel = _word(row["boiler"], _BOILERS), str(row["fuel"] or "")
    return Facility(
        name=row["facility"],
        number=number,
        numbers=numbers,
        kind=str(row["kind"] or (UNIT if row["capacity_mw"] else "")),
        boiler=boiler,
        cooling=_word(row["cooling"], _COOLINGS),
        category=_category(boiler, fuel),
        fuel=fuel,
        capacity_mw=row["capacity_mw"],
        heat_capacity=row["heat_capacity_gjh"],
        since=row["valid_from"],
        place=row.place,
    )


def _word(text: object, words: tuple[tuple[str, str], ...]) -> str:
    return next((ours for theirs, ours in words if theirs in str(text or "")), "")


def _category(boiler: str, fuel: str) -> str:
    """机组类别 where the permit leaves no choice: pulverised coal that is neither gangue nor slime."""
    coal = any(word in fuel for word in _COAL) and not any(word in fuel for word in _POOR_COAL)
    return "常规燃煤" if boiler == "煤粉炉" and coal and "气" not in fuel else ""
