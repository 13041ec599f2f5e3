"""Cities by the scores of their reports."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from emitters.ranking.parts import Rule
from emitters.ranking.standing import ZERO, Standing, mean, rounded


@dataclass(frozen=True, slots=True)
class City:
    """`score` = (sum of scores + shrink × mean of the province) ÷ (n + shrink), so that two bad
    reports do not lead the list."""

    code: str
    standings: tuple[Standing, ...]
    units: int
    mean: Decimal
    province: Decimal
    score: Decimal
    red: int
    amber: int
    t: Decimal
    money: Decimal

    @property
    def sum(self) -> Decimal:
        """Of the scores."""
        return sum((s.score for s in self.standings), ZERO)

    @property
    def reports(self) -> int:
        """How many count."""
        return len(self.standings)


def cities(seen: Sequence[Standing], everywhere: Sequence[Standing], rule: Rule) -> list[City]:
    """The cities of the reports that the viewer may see, the highest score first."""
    groups: dict[str, list[Standing]] = defaultdict(list)
    for one in seen:
        groups[one.city].append(one)
    whole = rounded(mean([s.score for s in everywhere]), 1)
    found = [_city(code, own, whole, rule) for code, own in groups.items()]
    return sorted(found, key=lambda c: (-c.score, c.code))


def _city(code: str, own: Sequence[Standing], whole: Decimal, rule: Rule) -> City:
    scores, bands = [s.score for s in own], Counter(s.band for s in own)
    score = (sum(scores, ZERO) + rule.shrink * whole) / (len(own) + rule.shrink)
    return City(
        code=code,
        standings=tuple(sorted(own, key=lambda s: (-s.score, s.name, s.year))),
        units=len({s.unit for s in own}),
        mean=rounded(mean(scores), 1),
        province=whole,
        score=rounded(score, 1),
        red=bands["red"],
        amber=bands["amber"],
        t=sum((s.t for s in own), ZERO),
        money=sum((s.money for s in own), ZERO),
    )
