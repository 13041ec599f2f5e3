"""Units as headers state them, and how many of the wanted unit one of them is.

Only exact factors: a number that is converted must stay the number that the source gave.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from carbonwatch.imports.cells import plain

_CAL = "4.1868"  # kJ in a kcal (international table, GB/T 2589)
_DIMENSIONS: tuple[Mapping[str, str], ...] = (
    {
        "MWh": "1", "兆瓦时": "1", "kWh": "0.001", "千瓦时": "0.001", "度": "0.001",
        "万kWh": "10", "万千瓦时": "10", "万度": "10", "GWh": "1000",
        "亿kWh": "100000", "亿千瓦时": "100000",
    },
    {
        "GJ": "1", "吉焦": "1", "百万千焦": "1", "MJ": "0.001", "兆焦": "0.001", "kJ": "0.000001",
        "万GJ": "10000", "万吉焦": "10000", "TJ": "1000",
    },
    {"t": "1", "吨": "1", "kg": "0.001", "千克": "0.001", "公斤": "0.001", "万t": "10000",
     "万吨": "10000", "tCO2": "1"},
    {
        "GJ/t": "1", "MJ/kg": "1", "kJ/g": "1", "kJ/kg": "0.001", "J/g": "0.001",
        "kcal/kg": f"{Decimal(_CAL) / 1000}", "cal/g": f"{Decimal(_CAL) / 1000}",
        "大卡/千克": f"{Decimal(_CAL) / 1000}", "大卡": f"{Decimal(_CAL) / 1000}",
        "千卡/千克": f"{Decimal(_CAL) / 1000}",
    },
    {"%": "1"},
    {"h": "1", "小时": "1"},
    {"MW": "1", "兆瓦": "1", "kW": "0.001", "千瓦": "0.001", "万kW": "10", "万千瓦": "10"},
    {"g": "1", "克": "1", "kg": "1000", "千克": "1000"},
    {"GJ/h": "1", "MJ/h": "0.001"},
    {"万Nm3": "1", "万Nm³": "1", "万标准立方米": "1", "万标方": "1", "Nm3": "0.0001",
     "Nm³": "0.0001", "标准立方米": "0.0001", "千Nm3": "0.1"},
    {"℃·d": "1", "度日": "1", "℃d": "1"},
)  # fmt: skip
_KNOWN: Sequence[Mapping[str, Decimal]] = [
    {plain(name): Decimal(factor) for name, factor in units.items()} for units in _DIMENSIONS
]
_BRACKET = re.compile(r"[(（\[【〔]\s*([^()（）\[\]【】〔〕]*?)\s*[)）\]】〕]?\s*$")
_STATED = re.compile(r"单位\s*[:：]\s*(.+)")
_BETWEEN = re.compile(r"[、，,;；\s]+")


def factor(found: str, wanted: str) -> Decimal | None:
    """How many `wanted` are one `found`; None when they are not known as units of one quantity."""
    for units in _KNOWN:
        given, target = units.get(plain(found)), units.get(plain(wanted))
        if given is not None and target is not None:
            return given / target
    return None


def is_unit(text: str) -> bool:
    """Whether it is one of the known units."""
    return any(plain(text) in units for units in _KNOWN)


def same_quantity(wanted: str) -> tuple[str, ...]:
    """The spellings that can be converted to a unit, itself first; () for a unit that is not known."""
    for units, known in zip(_DIMENSIONS, _KNOWN, strict=True):
        if plain(wanted) in known:
            return (wanted, *(u for u in units if plain(u) != plain(wanted)))
    return ()


def in_brackets(header: object) -> str:
    """What stands in brackets at the end of a header: `上网电量（万kWh）` gives `万kWh`."""
    found = _BRACKET.search(str(header))
    return found[1] if found else ""


def stated(cells: Iterable[object]) -> tuple[str, ...]:
    """Units that a line above a table states for all of it: `单位：万千瓦时、吨`."""
    for cell in cells:
        found = _STATED.search(str(cell))
        if found:
            return tuple(filter(None, _BETWEEN.split(found[1])))
    return ()
