"""How often a check is right: what its questions turned out to be (check catalogue §12.6).

Closings are those of results that somebody chose to look at, not of a random sample: they say how
much to trust a result, not how often the data are wrong.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count
from django.utils import timezone

from carbonwatch.accounts.models import Actor
from carbonwatch.checks.registry import Check, Severity, all_checks
from carbonwatch.params.service import in_force
from emitters.closing import CONFIRMED, EXAMINED, Closing
from emitters.models import Question

MILLI = Decimal("0.001")


@dataclass(frozen=True)
class Effect:
    """The closings of one lettered result. `strength` is the one in force (s₀), `learned` the one that
    the closings suggest: (w·s₀ + confirmed) / (w + closed)."""

    check: Check
    letter: str
    counts: Mapping[str, int]  # closing code -> questions; "" counts those not closed
    strength: Decimal
    learned: Decimal
    retire: bool = False  # the whole check is hardly ever right

    @property
    def raised(self) -> int:
        """All questions."""
        return sum(self.counts.values())

    @property
    def closed(self) -> int:
        """Questions of which somebody found out what they were."""
        return sum(self.counts.get(c, 0) for c in EXAMINED)

    @property
    def confirmed(self) -> int:
        """Questions that turned out to be right."""
        return sum(self.counts.get(c, 0) for c in CONFIRMED)

    @property
    def explained(self) -> int:
        """The data hold."""
        return self.counts.get(Closing.EXPLAINED, 0)

    @property
    def rule_wrong(self) -> int:
        """The check was wrong."""
        return self.counts.get(Closing.RULE_WRONG, 0)

    @property
    def not_examined(self) -> int:
        """Nobody looked."""
        return self.counts.get(Closing.NOT_EXAMINED, 0)

    @property
    def precision(self) -> Decimal | None:
        """Confirmed of closed; None before the first."""
        return precision(self.confirmed, self.closed)


@dataclass(frozen=True)
class CheckEffect:
    """A check with its lettered results. `retire`: hardly ever right, and often enough looked at."""

    check: Check
    effects: tuple[Effect, ...]
    retire: bool

    @property
    def closed(self) -> int:
        """Over all letters."""
        return sum(e.closed for e in self.effects)

    @property
    def confirmed(self) -> int:
        """Over all letters."""
        return sum(e.confirmed for e in self.effects)

    @property
    def precision(self) -> Decimal | None:
        """Over all letters."""
        return precision(self.confirmed, self.closed)


def precision(confirmed: int, closed: int) -> Decimal | None:
    """A share with three decimals."""
    return (Decimal(confirmed) / closed).quantize(MILLI, ROUND_HALF_UP) if closed else None


def effects(on: date, checks: Iterable[Check] | None = None) -> list[CheckEffect]:
    """Every check that opens questions, in order of the rule book. One query."""
    wanted = list(all_checks() if checks is None else checks)
    params = in_force()
    strengths, rule = params.get("score.strength", on), params.get("score.learning", on)
    counted = _counts([c.code for c in wanted])
    found = []
    for check in wanted:
        own = tuple(
            _effect(check, letter, counted.get((check.code, letter), {}), strengths, rule)
            for letter, outcome in sorted(check.outcomes.items())
            if outcome.severity == Severity.CRITICAL
        )
        if own:
            retire = _hardly_ever(own, rule)
            own = tuple(replace(e, retire=retire) for e in own)
            found.append(CheckEffect(check, own, retire))
    return found


def _counts(codes: list[str]) -> dict[tuple[str, str], Counter[str]]:
    rows = (
        Question.objects.filter(check_code__in=codes)
        .order_by()
        .values_list("check_code", "letter", "closing")
        .annotate(n=Count("pk"))
    )
    counted: dict[tuple[str, str], Counter[str]] = {}
    for code, letter, closing, n in rows:
        counted.setdefault((code, letter), Counter())[closing] = n
    return counted


def _effect(
    check: Check,
    letter: str,
    counts: Mapping[str, int],
    strengths: Mapping[str, Decimal],
    rule: Mapping[str, Decimal],
) -> Effect:
    strength = strengths[check.outcomes[letter].strength]
    confirmed = sum(counts.get(c, 0) for c in CONFIRMED)
    closed = sum(counts.get(c, 0) for c in EXAMINED)
    learned = (rule["weight"] * strength + confirmed) / (rule["weight"] + closed)
    return Effect(check, letter, counts, strength, learned.quantize(MILLI, ROUND_HALF_UP))


def _hardly_ever(own: Sequence[Effect], rule: Mapping[str, Decimal]) -> bool:
    closed, confirmed = sum(e.closed for e in own), sum(e.confirmed for e in own)
    return closed >= rule["least_closed"] and confirmed < rule["least_precision"] * closed


def effect_panel(check: Check, actor: Actor) -> dict[str, Any] | None:
    """For the page of a check; None when it never opens a question."""
    today = timezone.localdate()
    found = effects(today, [check])
    weight = in_force().get("score.learning", today)["weight"]
    return {"effect": found[0], "weight": weight} if found else None
