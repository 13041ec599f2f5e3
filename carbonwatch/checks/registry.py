"""Checks: declared once, kept in order of code, documented from the declaration.

A check is a pure function over facts. It yields places and values (`Hit`), not sentences: the text of
a result is a template of its declaration, filled in the reader's language. Inputs that are missing
raise `NotRun`; a missing *value* in otherwise present data is another check's finding.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Severity(StrEnum):
    """fatal blocks submission, critical opens a question, info informs (catalogue §2)."""

    FATAL = "fatal"
    CRITICAL = "critical"
    INFO = "info"

    @property
    def label(self) -> object:
        """For people."""
        return {"fatal": _("致命"), "critical": _("严重"), "info": _("提示")}[self.value]


class Direction(StrEnum):
    """Whether the deviation helps the enterprise."""

    FAVOURABLE = "favourable"
    UNFAVOURABLE = "unfavourable"
    UNKNOWN = "unknown"

    @property
    def label(self) -> object:
        """For people."""
        return {
            "favourable": _("有利于企业"),
            "unfavourable": _("不利于企业"),
            "unknown": _("方向不明"),
        }[self.value]


class Family(StrEnum):
    """Independent kinds of proof (catalogue §12.2); also the group of the check."""

    ARITHMETIC = "A"
    PHYSICS = "B"
    CONSISTENCY = "C"
    LABORATORY = "D"
    HISTORY = "E"
    STATISTICS = "F"
    AGENCY = "G"
    PROCESS = "H"

    @property
    def label(self) -> object:
        """For people."""
        return {
            "A": _("完整性与算术"),
            "B": _("物理合理性"),
            "C": _("月度与多源一致性"),
            "D": _("检测与计量证据"),
            "E": _("历史与同类比较"),
            "F": _("统计取证"),
            "G": _("核查与咨询机构行为"),
            "H": _("过程与时限"),
        }[self.value]


@dataclass(frozen=True)
class Outcome:
    """One lettered result of a check: its severity, its strength class (catalogue §12.2: `source`,
    `impossible`, `document`, `physics`, `cross`, `history`, `peer`, `statistics`) and its sentence."""

    severity: Severity
    strength: str
    message: Any  # lazy text with {placeholders} filled from Hit.values


AROUND = "around"
"""Key of the evidence that others' data give."""


@dataclass(frozen=True)
class Hit:
    """One result: where, what, in which direction, what it could hide.

    `cells` are `sheet!A1`; `t_co2` and `t_allowance` are tonnes at stake (≥ 0); `values` fill the
    message and are the evidence (JSON: str, int, Decimal, list, dict); `root` names the root cause, so
    that one slip that fires ten checks counts once. What lies under `values[AROUND]` tells of others
    (the median of the peers): it is shown like the rest, but changes without the report having
    changed, so it is no part of what makes two results the same.
    """

    letter: str
    cells: tuple[str, ...] = ()
    generator: str = ""
    months: tuple[int, ...] = ()
    direction: Direction = Direction.UNKNOWN
    t_co2: Decimal = Decimal(0)
    t_allowance: Decimal = Decimal(0)
    values: Mapping[str, Any] = field(default_factory=dict)
    root: str = ""


class NotRun(Exception):
    """The data that the check needs are not there; the message says which (lazy text)."""


@dataclass(frozen=True)
class Check:
    """A registered check with everything that its page says."""

    code: str
    name: Any
    family: Family
    level: str  # L0 report fields, L1 attached evidence, L2 history or peers, L3 outside source
    outcomes: Mapping[str, Outcome]
    basis: Any  # law or technical ground, as printed
    what: Any  # what is compared, with the formula
    why: Any  # what it exposes
    explain: Any  # what would explain it (for the plant)
    ask: Any  # what to ask for (for the inspector)
    parameters: tuple[str, ...]  # without `check.<CODE>.`; shared ones by their full key
    run: Callable[[Any], Iterator[Hit]]
    first_year: int = 2019
    last_year: int | None = None

    @property
    def parameter_keys(self) -> tuple[str, ...]:
        """Keys of its dated parameters. A name with a dot is the full key of a shared one."""
        return tuple(n if "." in n else f"check.{self.code}.{n}" for n in self.parameters)

    def applies_to(self, year: int) -> bool:
        """Whether the check is in force for data of that year."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


_REGISTRY: dict[str, Check] = {}


def check(
    code: str,
    *,
    name: Any,
    family: Family,
    level: str,
    outcomes: Mapping[str, Outcome],
    basis: Any,
    what: Any,
    why: Any,
    explain: Any,
    ask: Any,
    parameters: tuple[str, ...] = (),
    first_year: int = 2019,
    last_year: int | None = None,
) -> Callable[[Callable[[Any], Iterator[Hit]]], Callable[[Any], Iterator[Hit]]]:
    """Register a check under a code that is never reused."""

    def keep(function: Callable[[Any], Iterator[Hit]]) -> Callable[[Any], Iterator[Hit]]:
        if code in _REGISTRY:
            raise ValueError(f"check {code} is registered twice")
        _REGISTRY[code] = Check(
            code,
            name,
            family,
            level,
            outcomes,
            basis,
            what,
            why,
            explain,
            ask,
            parameters,
            function,
            first_year,
            last_year,
        )
        return function

    return keep


def all_checks() -> list[Check]:
    """Every registered check in order of family and code."""
    return sorted(_REGISTRY.values(), key=lambda c: (c.family, c.code))


def get_check(code: str) -> Check:
    """The check with that code (KeyError when there is none)."""
    return _REGISTRY[code]
