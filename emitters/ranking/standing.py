"""What rankings need of a report, and how far its risk lies from that of comparable ones."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from carbonwatch.checks.registry import get_check

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
SHOWN = 3  # reasons


@dataclass(frozen=True, slots=True)
class Standing:
    """One report that counts. `families`: R by family of proof, `codes`: its rules, the strongest
    first; `plant`: the class of the largest generator."""

    version: int
    report: int
    unit: int
    name: str
    city: str
    year: int
    score: Decimal
    band: str
    t: Decimal
    money: Decimal
    plant: str = ""
    families: Mapping[str, Decimal] = field(default_factory=dict)
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def risk(self, families: Collection[str]) -> Decimal:
        """1 − Π(1 − R) over these families."""
        return self._left(lambda name: name in families)

    def rest(self, families: Collection[str]) -> Decimal:
        """1 − Π(1 − R) over all others."""
        return self._left(lambda name: name not in families)

    def _left(self, wanted: Callable[[str], bool]) -> Decimal:
        left = ONE
        for name, r in self.families.items():
            left *= ONE - r if wanted(name) else ONE
        return rounded(ONE - left, 4)

    @property
    def reasons(self) -> list[object]:
        """Names of the rules that weigh most, of the strongest family first."""
        strongest = sorted(self.families, key=lambda name: (-self.families[name], name))
        codes = dict.fromkeys(code for name in strongest for code in self.codes.get(name, ()))
        return [get_check(code).name for code in list(codes)[:SHOWN]]


def rounded(value: Decimal, places: int) -> Decimal:
    """Half up, as people round."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def mean(values: Collection[Decimal]) -> Decimal:
    """Zero of nothing."""
    return sum(values, ZERO) / len(values) if values else ZERO


def expectations(
    standings: Iterable[Standing], families: Collection[str], shrink: Decimal
) -> dict[tuple[int, str], Decimal]:
    """What the families outside `families` come to on average, by year and class of plant: difficult
    plants are compared with difficult ones. A class of few is drawn to the mean of the year,
    (sum + shrink × mean of the year) / (n + shrink)."""
    years: dict[int, list[Decimal]] = defaultdict(list)
    classes: dict[tuple[int, str], list[Decimal]] = defaultdict(list)
    for one in standings:
        value = one.rest(families)
        years[one.year].append(value)
        classes[one.year, one.plant].append(value)
    return {
        (year, plant): rounded(
            (sum(values, ZERO) + shrink * mean(years[year])) / (len(values) + shrink), 4
        )
        for (year, plant), values in classes.items()
    }


def common_reasons(
    standings: Iterable[Standing], families: Collection[str] | None = None
) -> list[tuple[str, int]]:
    """Rules by the number of units that show them, the most common first."""
    units: dict[str, set[int]] = defaultdict(set)
    for one in standings:
        for name, codes in one.codes.items():
            if families is None or name in families:
                for code in codes:
                    units[code].add(one.unit)
    counted = ((code, len(found)) for code, found in units.items())
    return sorted(counted, key=lambda pair: (-pair[1], pair[0]))
