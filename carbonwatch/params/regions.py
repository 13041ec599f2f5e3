"""The 14 cities of Liaoning (GB/T 2260) and the Shenfu zone, from the shipped data file."""

import json
from pathlib import Path

from django.utils.functional import lazy
from django.utils.translation import get_language

# Shenfu has no GB/T 2260 code of its own (regulation.md §8.1): a local one, marked so in the file.
_FILE = Path(__file__).parent / "data" / "regions.json"
_ITEMS = json.loads(_FILE.read_text(encoding="utf-8"))["items"]


def _name(zh: str, en: str) -> str:
    """The file carries both names, so they need no translation catalogue."""
    return en if (get_language() or "").startswith("en") else zh


_lazy_name = lazy(_name, str)

REGION_CHOICES: list[tuple[str, object]] = [
    (i["code"], _lazy_name(i["zh"], i["en"])) for i in _ITEMS
]
REGION_NAMES: dict[str, str] = {i["code"]: i["zh"] for i in _ITEMS}
REGION_CODES: dict[str, str] = {i["zh"]: i["code"] for i in _ITEMS}
REGION_TILES: dict[str, tuple[int, int]] = {i["code"]: tuple(i["tile"]) for i in _ITEMS}
