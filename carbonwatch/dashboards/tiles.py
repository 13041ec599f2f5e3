"""The plain map: a tile per city, which needs no approved outlines."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from carbonwatch.params.regions import REGION_CHOICES, REGION_TILES

LEVELS = 4


def city_tiles(
    values: Mapping[str, Decimal | int],
    *,
    text: Callable[[Any], object] = str,
    url: Callable[[str], str] | None = None,
) -> list[dict[str, Any]]:
    """Tiles for `components/tile_map.html`; `values` by region code.

    The shade has five levels, 0 for nothing and 4 for the highest value; the number itself is
    always written on the tile.
    """
    top = max(values.values(), default=0)
    return [
        {
            "code": code,
            "name": name,
            "row": REGION_TILES[code][0],
            "column": REGION_TILES[code][1],
            "level": level_of(values.get(code, 0), top),
            "text": text(values.get(code, 0)),
            "url": url(code) if url else "",
        }
        for code, name in REGION_CHOICES
    ]


def level_of(value: Decimal | int, top: Decimal | int) -> int:
    """0 for nothing, else 1–4 by quarters of the highest value."""
    if not value or not top or value < 0:
        return 0
    return min(LEVELS, int(LEVELS * value / top) + (1 if LEVELS * value % top else 0)) or 1
