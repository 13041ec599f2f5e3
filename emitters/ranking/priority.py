"""The order in which units should be inspected (check catalogue §12.4), as a sum that can be redone."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from emitters.ranking.parts import Part, Rule
from emitters.ranking.providers import Provider
from emitters.ranking.standing import HUNDRED, ONE, ZERO, Standing, rounded

DAYS = Decimal("365.25")  # a year
LABELS = {
    "score": gettext_lazy("风险分"),
    "money": gettext_lazy("涉及金额"),
    "visit": gettext_lazy("距上次现场检查"),
    "agency": gettext_lazy("服务机构风险"),
}


@dataclass(frozen=True, slots=True)
class Priority:
    """One unit. `worst` is its report with the highest score; `since` years since the last visit on
    site, None without one; `agency` the riskiest that serves it."""

    unit: int
    name: str
    city: str
    standings: tuple[Standing, ...]
    worst: Standing
    money: Decimal
    visited: date | None
    since: Decimal | None
    agency: Provider | None
    parts: tuple[Part, ...]
    place: int = 0

    @property
    def value(self) -> Decimal:
        """0–100: the points added up."""
        return sum((p.points for p in self.parts), ZERO)

    def points(self, code: str) -> Decimal:
        """Of one part."""
        return next(p.points for p in self.parts if p.code == code)


def priorities(
    standings: Iterable[Standing],
    visits: Mapping[int, date],
    serving: Mapping[int, Provider],
    rule: Rule,
    today: date,
) -> list[Priority]:
    """Every unit, the most urgent first. `serving`: the riskiest provider of a version."""
    units: dict[int, list[Standing]] = defaultdict(list)
    for one in standings:
        units[one.unit].append(one)
    sums = sorted(sum((s.money for s in own), ZERO) for own in units.values())
    found = [
        _priority(own, sums, visits.get(unit), _riskiest(own, serving), rule, today)
        for unit, own in units.items()
    ]
    found.sort(key=lambda p: (-p.value, p.name, p.unit))
    return [replace(p, place=place) for place, p in enumerate(found, 1)]


def _riskiest(own: Iterable[Standing], serving: Mapping[int, Provider]) -> Provider | None:
    found = [serving[s.version] for s in own if s.version in serving]
    return max(found, key=lambda p: p.score, default=None)


def _priority(
    own: Sequence[Standing],
    sums: Sequence[Decimal],
    visited: date | None,
    agency: Provider | None,
    rule: Rule,
    today: date,
) -> Priority:
    worst = max(own, key=lambda s: (s.score, s.year))
    money = sum((s.money for s in own), ZERO)
    since = None if visited is None else rounded(max(0, (today - visited).days) / DAYS, 1)
    said = {
        "score": _score(worst),
        "money": _money(money, sums),
        "visit": _visit(since, rule.visit_years),
        "agency": _agency(agency),
    }
    parts = tuple(
        Part(code, LABELS[code], value, rule.priority[code], how)
        for code, (value, how) in said.items()
    )
    return Priority(
        worst.unit, worst.name, worst.city, tuple(own), worst, money, visited, since, agency, parts
    )


def _score(worst: Standing) -> tuple[Decimal, str]:
    how = _("%(year)s年度报告 %(score)s 分 ÷ 100") % {"year": worst.year, "score": worst.score}
    return worst.score / HUNDRED, how


def _money(money: Decimal, sums: Sequence[Decimal]) -> tuple[Decimal, str]:
    """The share of the other units at which less is at stake."""
    others, below = len(sums) - 1, bisect_left(sums, money)
    value = rounded(Decimal(below) / others, 3) if others else ZERO
    how = _("高于全省其他 %(others)s 家单位中的 %(below)s 家")
    return value, how % {"others": others, "below": below}


def _visit(since: Decimal | None, most: Decimal) -> tuple[Decimal, str]:
    if since is None:
        return ONE, _("没有现场检查记录，按 %(most)s 年计") % {"most": most}
    value = rounded(min(since, most) / most, 3)
    return value, _("%(since)s 年 ÷ %(most)s 年，最多计 1") % {"since": since, "most": most}


def _agency(agency: Provider | None) -> tuple[Decimal, str]:
    if agency is None:
        return ZERO, _("没有登记服务机构")
    told = {"kind": agency.kind.title, "score": agency.score}
    return agency.score / HUNDRED, _("%(kind)s %(score)s 分 ÷ 100") % told
