"""One coal on comparable bases, from a reported test or from another's record of it."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from emitters.checks.support import HUNDRED
from emitters.facts import CoalTest
from emitters.outside import OutsideRow

NAMES = ("a_d", "s_d", "c_d", "q_d", "v_daf", "h_daf", "c_daf", "q_daf")


def of_test(test: CoalTest) -> Mapping[str, Decimal]:
    """From a reported test."""
    return _bases(lambda name: getattr(test, name))


def of_row(row: OutsideRow, inherent: Decimal | None = None) -> Mapping[str, Decimal]:
    """From an outside record; `inherent` moisture where the record gives none."""
    return _bases(lambda name: inherent if name == "mad" and row[name] is None else row[name])


def _bases(value: Callable[[str], Decimal | None]) -> dict[str, Decimal]:
    """Dry (`_d`) and dry ash-free (`_daf`) values, %, heat in GJ/t, as far as known."""
    moisture, ash = value("mad"), value("aad")
    if moisture is None or moisture >= HUNDRED:
        return {}
    dry = HUNDRED / (HUNDRED - moisture)
    sources = {"a": ash, "s": value("stad"), "c": value("cad"), "q": value("qgrad")}
    found = {f"{n}_d": v * dry for n, v in sources.items() if v is not None}
    if ash is not None and moisture + ash < HUNDRED:
        pure = HUNDRED / (HUNDRED - moisture - ash)
        sources = {"v": value("vad"), "h": value("had"), "c": value("cad"), "q": value("qgrad")}
        found |= {f"{n}_daf": v * pure for n, v in sources.items() if v is not None}
    return found
