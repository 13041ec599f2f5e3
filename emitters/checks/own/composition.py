"""A coal test as composition: dry and ash-free values, and the heat that follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass

from emitters.checks.support import remembered
from emitters.facts import CheckContext, CoalTest

NITROGEN = "own_normal.nitrogen_daf"
FORMULAS = "own_normal.heat_formulas"
RECEIPT = "入厂"
_NEEDED = ("mad", "aad", "stad", "had", "cad")


@dataclass(frozen=True, slots=True)
class Composition:
    """A test on dry basis in %: `carbon`, `hydrogen`, `sulphur`, `ash`, `nitrogen` (assumed, it is
    not tested) and `oxygen` by difference; `gross` heating value GJ/t and `volatile` % (None when not
    tested)."""

    test: CoalTest
    carbon: float
    hydrogen: float
    sulphur: float
    ash: float
    nitrogen: float
    oxygen: float
    gross: float | None
    volatile: float | None

    def daf(self, name: str) -> float | None:
        """A dry value on dry ash-free basis, %."""
        value: float | None = getattr(self, name)
        return None if value is None else 100 * value / (100 - self.ash)

    def heat(self, formula: Mapping[str, float]) -> float:
        """Gross heating value, dry, GJ/t, by a formula that is linear in the composition."""
        return sum(float(factor) * float(getattr(self, name)) for name, factor in formula.items())


def composition(test: CoalTest, nitrogen_daf: float) -> Composition | None:
    """From air-dry results; None when one is missing or nothing would burn."""
    values = [getattr(test, name) for name in _NEEDED]
    if None in values:
        return None
    moisture, *air_dry = (float(v) for v in values)
    dry = 100 / (100 - moisture) if moisture < 100 else 0.0
    ash, sulphur, hydrogen, carbon = (v * dry for v in air_dry)
    if not dry or ash >= 100:
        return None
    nitrogen = nitrogen_daf * (100 - ash) / 100
    return Composition(
        test=test,
        carbon=carbon,
        hydrogen=hydrogen,
        sulphur=sulphur,
        ash=ash,
        nitrogen=nitrogen,
        oxygen=100 - carbon - hydrogen - sulphur - ash - nitrogen,
        gross=None if test.qgrad is None else float(test.qgrad) * dry,
        volatile=None if test.vad is None else float(test.vad) * dry,
    )


@remembered
def fired_coals(ctx: CheckContext, year: int, number: str) -> list[Composition]:
    """The tests of what a generator burnt in a year (its own and common ones, not of receipts), where
    they tell the composition."""
    report = next(r for r in (ctx.report, *ctx.history) if r.year == year)
    nitrogen = float(ctx.p(NITROGEN))
    chosen = (t for t in report.tests if t.kind != RECEIPT and t.generator in ("", number))
    return [c for t in chosen if (c := composition(t, nitrogen)) is not None]


def modelled_heat(ctx: CheckContext, coal: Composition) -> tuple[dict[str, float], float]:
    """Heat by each published formula, and their mean; GJ/t, gross, dry."""
    formulas: Mapping[str, Mapping[str, float]] = ctx.p(FORMULAS)
    found = {name: coal.heat(formula) for name, formula in formulas.items()}
    return found, sum(found.values()) / len(found)


def heat_gap(ctx: CheckContext, coal: Composition) -> float | None:
    """By how many percent the tested heat exceeds what the composition yields."""
    modelled = modelled_heat(ctx, coal)[1]
    return None if coal.gross is None or modelled <= 0 else 100 * (coal.gross / modelled - 1)
