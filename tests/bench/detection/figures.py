"""The figures of the bench, from verdicts."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.detection.expected import NAMES, named
from tests.bench.detection.judging import Verdict

FALSE_ALARMS = 0.05
HIDES = 0.001
"""Share of a year's emissions from which a falsification counts as hiding tonnes."""


def auc(false: Sequence[float], true: Sequence[float]) -> float:
    """Chance that a falsified report scores higher than an honest or odd one (ties count half)."""
    rest = sorted(true)
    wins = sum((bisect_left(rest, s) + bisect_right(rest, s)) / 2 for s in false)
    return wins / (len(false) * len(rest)) if false and rest else float("nan")


def cut(true: Sequence[float]) -> float:
    """The lowest score that at most 5 % of honest and odd reports exceed."""
    ranked = sorted(true, reverse=True)
    return ranked[int(FALSE_ALARMS * len(ranked))]


def share(hits: int, of: int) -> float:
    """A share; nan of nothing."""
    return hits / of if of else float("nan")


@dataclass(frozen=True)
class Sorted:
    """Verdicts of one view by what is true of them, and the cut at 5 % false alarms."""

    false: list[Verdict]
    honest: list[Verdict]
    odd: list[Verdict]

    @classmethod
    def of(cls, verdicts: Sequence[Verdict], view: str) -> "Sorted":
        """Those of a view."""
        by = {label: [] for label in ("falsified", "honest", "odd")}
        for v in verdicts:
            if v.view == view:
                by[v.label].append(v)
        return cls(by["falsified"], by["honest"], by["odd"])

    @property
    def cut(self) -> float:
        return cut([v.score for v in self.honest + self.odd])

    def caught(self, verdicts: Sequence[Verdict] | None = None) -> list[Verdict]:
        """Falsified reports above the cut."""
        limit = self.cut
        return [v for v in (self.false if verdicts is None else verdicts) if v.score > limit]

    def auc(self, strengths: Sequence[str] = ("weak", "medium", "gross")) -> float:
        chosen = [v.score for v in self.false if v.strength in strengths]
        return auc(chosen, [v.score for v in self.honest + self.odd])


def right_check(v: Verdict) -> bool:
    """Whether a check that points at the way is among the counted results."""
    return any(r.p > 0 and named(r.code, NAMES[v.way]) for r in v.results)


def right_family(v: Verdict) -> bool:
    """Whether the family that weighs most has a result that points at the way."""
    top = max(v.families.values(), default=0)
    leading = {f for f, r in v.families.items() if r == top}
    return any(r.p > 0 and r.family in leading and named(r.code, NAMES[v.way]) for r in v.results)


def hides(v: Verdict) -> bool:
    """Whether it hides a share of the year's emissions that is worth an estimate."""
    return v.hidden > HIDES * v.reported


def near(v: Verdict) -> bool:
    """Whether the tonnes at stake are the hidden ones within ±50 %."""
    return 0.5 <= v.estimate / v.hidden <= 1.5


def headline(s: Sorted) -> list[tuple[str, float, float, bool]]:
    """Figure, value, bar, whether higher is better."""
    strong = [v for v in s.false if v.strength != "weak"]
    caught = s.caught()
    hiding = [v for v in caught if hides(v)]
    calm = sum(v.alarm for v in s.honest)
    return [
        ("AUC, falsified against honest and odd", s.auc(), 0.97, True),
        ("found at 5 % false alarms, medium and gross",
         share(len(s.caught(strong)), len(strong)), 0.90, True),
        ("alarms on honest plants", share(calm, len(s.honest)), 0.03, False),
        ("alarms on odd plants, before explanation",
         share(sum(v.alarm for v in s.odd), len(s.odd)), 0.10, False),
        ("alarms on odd plants, after explanation",
         share(sum(v.band_after != "green" for v in s.odd), len(s.odd)), 0.02, False),
        ("criticals per honest plant-year",
         share(sum(v.criticals for v in s.honest), len(s.honest)), 1.0, False),
        ("right family named, of the catches",
         share(sum(map(right_family, caught)), len(caught)), 0.90, True),
        ("tonnes within ±50 %, of catches that hide tonnes",
         share(sum(map(near, hiding)), len(hiding)), 0.70, True),
    ]  # fmt: skip
