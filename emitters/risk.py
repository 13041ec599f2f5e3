"""Acceptance and risk score of a report (check catalogue §12), laid out so that it can be redone by
hand: p = strength × direction × materiality for every result; R = min(cap, 1 − Π(1 − p)) for every
family of proof; score = 100 × (1 − Π(1 − R)). A score is a reason to look, never a finding of fraud.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from carbonwatch.checks.registry import Check, Direction, Family, Hit, Severity
from carbonwatch.checks.runner import RunReport
from carbonwatch.params.values import Parameters
from emitters.calc.accounts import Accounts
from emitters.fingerprint import fingerprint

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
_DOCUMENTS = {"document", "source"}


@dataclass(frozen=True, slots=True)
class Found:
    """A result as the score needs it, fresh from a run or stored."""

    check: Check
    hit: Hit
    fingerprint: str

    @property
    def severity(self) -> Severity:
        """Of the outcome."""
        return self.check.outcomes[self.hit.letter].severity


@dataclass(frozen=True, slots=True)
class Part:
    """One result: p = s × d × m. `counted` is False for a result whose root cause another one stands
    for already, and for a `cleared` one, whose explanation was accepted or which is waived."""

    check: str
    letter: str
    generator: str
    strength: str
    s: Decimal
    d: Decimal
    m: Decimal
    p: Decimal
    root: str
    fingerprint: str
    counted: bool = True
    cleared: bool = False


@dataclass(frozen=True, slots=True)
class FamilyRisk:
    """One family of proof: `raw` = 1 − Π(1 − p) of the counted parts, `r` = min(cap, raw)."""

    family: str
    cap: Decimal
    raw: Decimal
    r: Decimal
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class RiskScore:
    """`score` 0–100 (1 decimal), `band` red|amber|green, `acceptance`
    acceptable|explain|not_acceptable. `t_at_stake` tCO2 and `allowance_at_stake` t: see `at_stake`;
    `money` CNY at `price`, None without a price. `crashed` holds
    the checks that failed to run: they block like a fatal result."""

    score: Decimal
    band: str
    acceptance: str
    families: tuple[FamilyRisk, ...]
    t_at_stake: Decimal
    allowance_at_stake: Decimal
    money: Decimal | None
    price: dict[str, Any] | None
    crashed: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The explanation as stored: decimals as text."""
        return _plain(asdict(self))  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _materiality(check: Check, hit: Hit, year_t: Decimal, rule: dict[str, Decimal]) -> Decimal:
    """clip(Δt / (2 % of annual emissions), 0.3, 1); proof by documents counts in full."""
    strength = check.outcomes[hit.letter].strength
    if check.family == Family.LABORATORY or strength in _DOCUMENTS:
        return ONE
    full = rule["full_share"] * year_t
    share = (hit.t_co2 + hit.t_allowance) / full if full > 0 else ONE
    return _rounded(max(rule["floor"], min(ONE, share)), 3)


Placed = tuple[str, Part]
"""The family of a result, and its part."""


def _parts(found: Iterable[Found], accounts: Accounts, params: Parameters) -> list[Placed]:
    year = accounts.report.year
    strengths, directions = params.get("score.strength", year), params.get("score.direction", year)
    materiality, weights = params.get("score.materiality", year), params.get("score.severity", year)
    parts: list[Placed] = []
    for one in found:
        check, hit = one.check, one.hit
        strength = check.outcomes[hit.letter].strength
        s, d = strengths[strength] * weights[one.severity.value], directions[hit.direction.value]
        m = _materiality(check, hit, accounts.t_exact, materiality)
        p = _rounded(s * d * m, 4)
        part = Part(
            check.code, hit.letter, hit.generator, strength, s, d, m, p, hit.root, one.fingerprint
        )
        parts.append((check.family.value, part))
    return parts


def _counted(parts: Sequence[Placed], gone: Collection[str]) -> list[Placed]:
    """Cleared results count nothing; of the others of one root cause on one generator only the
    strongest counts (the first of equals)."""
    best: dict[tuple[str, str], Decimal] = {}
    for _family, part in parts:
        if part.fingerprint not in gone:
            key = (part.generator, part.root)
            best[key] = max(best.get(key, ZERO), part.p)
    taken: set[tuple[str, str]] = set()
    kept: list[Placed] = []
    for family, part in parts:
        cleared, key = part.fingerprint in gone, (part.generator, part.root)
        counted = not cleared
        if counted and part.root:
            counted = key not in taken and part.p == best[key]
            if counted:
                taken.add(key)
        kept.append((family, replace(part, counted=counted, cleared=cleared)))
    return kept


def _families(parts: Iterable[Placed], caps: Mapping[str, Decimal]) -> tuple[FamilyRisk, ...]:
    groups: dict[str, list[Part]] = {}
    for family, part in parts:
        groups.setdefault(family, []).append(part)
    risks = []
    for family in sorted(groups):
        left = ONE
        for part in groups[family]:
            left *= ONE - part.p if part.counted else ONE
        raw = _rounded(ONE - left, 4)
        risks.append(
            FamilyRisk(family, caps[family], raw, min(caps[family], raw), tuple(groups[family]))
        )
    return tuple(risks)


def _band(score: Decimal, families: tuple[FamilyRisk, ...], rule: dict[str, Decimal]) -> str:
    counted = [p for f in families for p in f.parts if p.counted]
    kinds = sum(1 for f in families if f.r >= rule["red_least"])
    proven = kinds >= rule["red_families"] or any(p.strength == "source" for p in counted)
    if score >= rule["red"] and proven:
        return "red"
    return "amber" if score >= rule["amber"] else "green"


def _cleared(found: Iterable[Found], cleared: Collection[str]) -> frozenset[str]:
    """Which of the cleared fingerprints count as such: a fatal result has to be corrected."""
    return frozenset(
        one.fingerprint
        for one in found
        if one.fingerprint in cleared and one.severity != Severity.FATAL
    )


def _acceptance(severities: Collection[Severity], crashed: Collection[str]) -> str:
    """Any fatal or crashed check: not acceptable; any open critical: to be explained; else
    acceptable."""
    if crashed or Severity.FATAL in severities:
        return "not_acceptable"
    return "explain" if Severity.CRITICAL in severities else "acceptable"


def at_stake(hits: Iterable[Hit], name: str) -> Decimal:
    """Tonnes (`t_co2` | `t_allowance`) that the results could hide at least: the largest result of
    every generator, added up, or the largest of the plant. Results overlap (one heap of hidden coal
    shows in the stock and in the heat rate), so they are never simply added. What harms the
    enterprise is left out."""
    largest: dict[str, Decimal] = {}
    for hit in hits:
        if hit.direction != Direction.UNFAVOURABLE:
            largest[hit.generator] = max(largest.get(hit.generator, ZERO), getattr(hit, name))
    plant = largest.pop("", ZERO)
    return max(plant, sum(largest.values(), ZERO))


@dataclass(frozen=True)
class _Scale:
    """What the sum is measured by."""

    caps: Mapping[str, Decimal]
    bands: dict[str, Decimal]
    price: dict[str, Any] | None
    crashed: tuple[str, ...] = field(default=())


def _summed(
    found: Sequence[Found], parts: Sequence[Placed], cleared: Collection[str], scale: _Scale
) -> RiskScore:
    gone = _cleared(found, cleared)
    families = _families(_counted(parts, gone), scale.caps)
    left = ONE
    for family in families:
        left *= ONE - family.r
    value = _rounded(HUNDRED * (ONE - left), 1)
    still = [one for one in found if one.fingerprint not in gone]
    hits = [one.hit for one in still if one.severity != Severity.INFO]  # those accuse nobody
    tonnes, allowances = at_stake(hits, "t_co2"), at_stake(hits, "t_allowance")
    price = scale.price
    return RiskScore(
        score=value,
        band=_band(value, families, scale.bands),
        acceptance=_acceptance({one.severity for one in still}, scale.crashed),
        families=families,
        t_at_stake=tonnes,
        allowance_at_stake=allowances,
        money=None
        if price is None
        else _rounded((tonnes + allowances) * Decimal(price["value"]), 2),
        price=price,
        crashed=scale.crashed,
    )


def score(
    run: RunReport, accounts: Accounts, params: Parameters, cleared: Collection[str] = ()
) -> RiskScore:
    """Score the results of a run on one report. `cleared` holds the fingerprints of results whose
    explanation was accepted or that are waived: they stay visible and count nothing."""
    year, price = accounts.report.year, accounts.price
    found = [Found(check, hit, fingerprint(check, hit)) for check, hit in run.hits]
    scale = _Scale(
        params.get("score.caps", year),
        params.get("score.bands", year),
        None if price is None else price.snapshot(),
        tuple(sorted(run.crashed)),
    )
    return _summed(found, _parts(found, accounts, params), cleared, scale)


def score_again(
    stored: Mapping[str, Any],
    found: Sequence[Found],
    bands: dict[str, Decimal],
    cleared: Collection[str],
) -> RiskScore:
    """The score of the same results when others of them are cleared.

    `stored` is the explanation as `as_json` gave it: strengths, caps and price stay those of the
    check. `found` are the same results in any order, `bands` the parameter `score.bands`.
    """
    parts = [(f["family"], _part_of(p)) for f in stored["families"] for p in f["parts"]]
    caps = {f["family"]: Decimal(f["cap"]) for f in stored["families"]}
    scale = _Scale(caps, bands, stored["price"], tuple(stored["crashed"]))
    return _summed(found, parts, cleared, scale)


def _part_of(stored: Mapping[str, Any]) -> Part:
    numbers = {name: Decimal(stored[name]) for name in ("s", "d", "m", "p")}
    return Part(**{**stored, **numbers})
