"""The 14 cities of Liaoning (GB/T 2260) and the Shenfu zone, from the shipped data file."""

import json
from pathlib import Path

from django.utils.translation import gettext_lazy as _

# Shenfu has no GB/T 2260 code of its own (regulation.md §8.1): a local one, marked as such in the file.
_ITEMS = json.loads((Path(__file__).parent / "data" / "regions.json").read_text(encoding="utf-8"))[
    "items"
]

REGION_CHOICES: list[tuple[str, object]] = [(item["code"], _(item["zh"])) for item in _ITEMS]
REGION_NAMES: dict[str, str] = {item["code"]: item["zh"] for item in _ITEMS}
REGION_CODES: dict[str, str] = {item["zh"]: item["code"] for item in _ITEMS}
REGION_TILES: dict[str, tuple[int, int]] = {item["code"]: tuple(item["tile"]) for item in _ITEMS}
