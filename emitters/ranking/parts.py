"""One line of a sum: value × weight = points."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from emitters.ranking.standing import HUNDRED, rounded


@dataclass(frozen=True, slots=True)
class Part:
    """`value` 0–1; `points` = 100 × weight × value, rounded, so that the shown points add up."""

    code: str
    label: object
    value: Decimal
    weight: Decimal
    how: str

    @property
    def points(self) -> Decimal:
        """Its share of the sum."""
        return rounded(HUNDRED * self.weight * self.value, 2)


@dataclass(frozen=True, slots=True)
class Rule:
    """The dated parameters of rankings: how few count for little (`shrink`), from how many clients a
    provider is placed (`least`), the weights."""

    shrink: Decimal
    least: int
    effect_full: Decimal
    visit_years: Decimal
    priority: Mapping[str, Decimal]
    provider: Mapping[str, Mapping[str, Decimal]]
