"""Laboratories, consultancies and whoever else a higher app registers, by the reports of their clients.

Never the mean of the clients' scores: that would punish those who serve difficult plants. A mean over
few clients counts n ÷ (n + shrink) of itself, and who has fewer than `least` clients gets no place.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from emitters.ranking.parts import Part, Rule
from emitters.ranking.standing import ONE, ZERO, Standing, expectations, mean, rounded


@dataclass(frozen=True, slots=True)
class Said:
    """A part of the sum that the roll-up does not work out itself: its value 0–1, and how in words."""

    value: Decimal
    how: str


Links = Callable[[Sequence[int]], Mapping[int, str]]
"""From years to the provider of every version that counts in them."""
More = Callable[[Sequence[int], Rule], Mapping[str, Mapping[str, Said]]]
"""From years to more parts by provider and part."""


@dataclass(frozen=True)
class Kind:
    """A kind of provider. `own`: the families of proof that are in its own hands; `labels`: the parts
    of its sum in order, weighed by the parameter `ranking.provider`."""

    code: str
    title: object
    own: frozenset[str]
    labels: Mapping[str, object]
    links: Links
    more: More = lambda _years, _rule: {}
    order: int = 50


_KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Called in `ready()` of the app that knows whom the reports belong to."""
    _KINDS[kind.code] = kind


def kinds() -> list[Kind]:
    """Every kind, in order."""
    return sorted(_KINDS.values(), key=lambda k: (k.order, k.code))


@dataclass(frozen=True, slots=True)
class Client:
    """A report of a client: the risk of what is in the provider's hands, the rest, and what the rest
    of comparable plants comes to."""

    standing: Standing
    own: Decimal
    rest: Decimal
    expected: Decimal

    @property
    def off(self) -> Decimal:
        """How far the rest lies above what was to be expected."""
        return self.rest - self.expected


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider with its sum. `place` is None with too few clients."""

    kind: Kind
    name: str
    clients: tuple[Client, ...]
    units: int
    parts: tuple[Part, ...]
    place: int | None = None

    @property
    def score(self) -> Decimal:
        """0–100: the points added up."""
        return sum((p.points for p in self.parts), ZERO)

    def points(self, code: str) -> Decimal:
        """Of one part."""
        return next((p.points for p in self.parts if p.code == code), ZERO)


def roll_up(
    kind: Kind,
    standings: Sequence[Standing],
    links: Mapping[int, str],
    more: Mapping[str, Mapping[str, Said]],
    rule: Rule,
) -> list[Provider]:
    """Every provider of a kind, the highest score first, those without a place last."""
    expected = expectations(standings, kind.own, rule.shrink)
    clients: dict[str, list[Client]] = defaultdict(list)
    for one in standings:
        name = links.get(one.version, "")
        if name:
            should = expected[one.year, one.plant]
            clients[name].append(Client(one, one.risk(kind.own), one.rest(kind.own), should))
    found = [_provider(kind, name, own, more.get(name, {}), rule) for name, own in clients.items()]
    return _placed(found, rule)


def _placed(found: Sequence[Provider], rule: Rule) -> list[Provider]:
    ordered = sorted(found, key=lambda p: (p.units < rule.least, -p.score, p.name))
    enough = sum(1 for p in ordered if p.units >= rule.least)
    return [replace(p, place=at if at <= enough else None) for at, p in enumerate(ordered, 1)]


def _provider(
    kind: Kind, name: str, clients: Sequence[Client], more: Mapping[str, Said], rule: Rule
) -> Provider:
    said = {
        "conduct": shrunk([(c.standing.unit, c.own) for c in clients], rule),
        "clients": shrunk([(c.standing.unit, c.off) for c in clients], rule),
        **more,
    }
    weights, nothing = rule.provider[kind.code], Said(ZERO, _("没有发现。"))
    parts = []
    for code, label in kind.labels.items():
        one = said.get(code, nothing)
        parts.append(Part(code, label, one.value, weights[code], one.how))
    units = len({c.standing.unit for c in clients})
    ordered = sorted(clients, key=lambda c: (-c.own, -c.off, c.standing.name, c.standing.year))
    return Provider(kind, name, tuple(ordered), units, tuple(parts))


def shrunk(values: Sequence[tuple[int, Decimal]], rule: Rule) -> Said:
    """The mean over units (each the mean of its years), drawn to zero the more the fewer they are."""
    by_unit: dict[int, list[Decimal]] = defaultdict(list)
    for unit, value in values:
        by_unit[unit].append(value)
    n, shrink = len(by_unit), rule.shrink
    average = rounded(mean([mean(own) for own in by_unit.values()]), 4)
    value = rounded(min(ONE, max(ZERO, average * n / (n + shrink))), 4)
    how = _("%(n)s 家客户平均 %(mean)s × %(n)s÷(%(n)s＋%(shrink)s) ＝ %(value)s")
    if average < 0:
        how = _("%(n)s 家客户平均 %(mean)s，低于 0，计 0")
    return Said(value, how % {"n": n, "mean": average, "shrink": shrink, "value": value})
