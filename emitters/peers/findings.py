"""What population rules found, kept by report, so that a check on one report only looks it up."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from math import floor, log10
from typing import Any

import pandas as pd
from django.utils.translation import gettext as _

from carbonwatch.checks.registry import AROUND, Direction, Hit, NotRun
from carbonwatch.params.values import Parameters
from emitters.peers.features import Features
from emitters.peers.frames import Frames, Identity


@dataclass
class Findings:
    """Of one rule: results by report, and the reports that it could compare."""

    hits: dict[Identity, list[Hit]] = field(default_factory=lambda: defaultdict(list))
    compared: set[Identity] = field(default_factory=set)

    def compare(self, rows: pd.DataFrame) -> None:
        """Note that the reports of these rows were compared."""
        self.compared |= {
            (c, int(y)) for c, y in zip(rows["credit_code"], rows["year"], strict=True)
        }

    def add(self, row: Any, letter: str, **hit: Any) -> None:
        """A result of the report of a row (a named tuple with `credit_code` and `year`)."""
        self.hits[row.credit_code, int(row.year)].append(result(letter, **hit))


Rule = Callable[[Frames, Parameters, int], Findings]
_RULES: dict[str, Rule] = {}


def population_rule(code: str) -> Callable[[Rule], Rule]:
    """Register the rule of a check: all reports and a year in, findings on that year's reports out.

    Earlier years may be looked at; parameters are those of the year.
    """

    def keep(rule: Rule) -> Rule:
        if code in _RULES:
            raise ValueError(f"population rule {code} is registered twice")
        _RULES[code] = rule
        return rule

    return keep


def population_rules() -> Mapping[str, Rule]:
    """Every registered rule by code."""
    return dict(_RULES)


class Peers:
    """The findings of all rules over all reports given together. Never changed after it was built."""

    def __init__(self, found: Mapping[tuple[str, int], Findings]) -> None:
        """Findings by code and year."""
        self._found = found

    @classmethod
    def judge(
        cls,
        counting: Iterable[Features],
        params: Parameters,
        *,
        drafts: Iterable[Features] = (),
        years: Iterable[int] | None = None,
    ) -> "Peers":
        """Run every rule on the given years (default: all that there are). `drafts` are compared with
        the others, but do not count among them."""
        frames = Frames.of(counting, drafts)
        wanted = frames.all_years if years is None else sorted(set(years))
        return cls(
            {
                (code, year): rule(frames, params, year)
                for code, rule in sorted(_RULES.items())
                for year in wanted
            }
        )

    def hits(self, code: str, report: Identity) -> Iterator[Hit]:
        """What the rule found on a report. Raises `NotRun` where it could not compare it."""
        found = self._found.get((code, report[1]))
        if found is None or report not in found.compared:
            raise NotRun(_("可比的同类数据不足，未作比较。"))
        return iter(found.hits.get(report, ()))


def result(
    letter: str,
    *,
    generator: str = "",
    months: Iterable[int] = (),
    direction: Direction = Direction.UNKNOWN,
    t_co2: float = 0.0,
    root: str = "",
    around: Mapping[str, Any] | None = None,
    **values: Any,
) -> Hit:
    """A result whose own values identify it; what the others' data say goes under `around`.

    Tonnes are rounded to two digits, so that a result does not change with every report that the
    population gains.
    """
    return Hit(
        letter,
        generator=generator,
        months=tuple(months),
        direction=direction,
        t_co2=tonnes(t_co2),
        values={"generator": generator, **values, AROUND: dict(around or {})},
        root=root,
    )


def tonnes(value: float) -> Decimal:
    """Two significant digits, never negative."""
    if not value > 0:  # NaN too
        return Decimal(0)
    return digits(value, 2)


def digits(value: float, count: int) -> Decimal:
    """A float with so many significant digits, without exponent."""
    if not value or value != value:
        return Decimal(0)
    places = count - 1 - floor(log10(abs(value)))
    rounded = Decimal(str(round(float(value), places)))
    return rounded.quantize(Decimal(1).scaleb(-places)) if places > 0 else rounded.quantize(1)


def fixed(value: float, places: int) -> Decimal:
    """A float with so many decimals."""
    return Decimal(f"{value:.{places}f}")
