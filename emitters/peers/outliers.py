"""Generators against their like: single quantities (robust z) and all of them together."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from carbonwatch.checks.registry import Direction
from carbonwatch.params.values import Parameters
from emitters.peers.findings import Findings, digits, fixed, population_rule
from emitters.peers.frames import Frames
from emitters.peers.quantities import QUANTITIES, SINGLE, Scores, scores

Z, MULTI = "check.PEER-ROBUST-Z.", "check.PEER-MULTIVAR."
ROOTS = {"rate": "year-on-year", "cc": "carbon"}


@population_rule("PEER-ROBUST-Z")
def robust_z(frames: Frames, params: Parameters, year: int) -> Findings:
    """Single quantities far from the median of their like."""
    found = scores(frames, params, year)
    least, many = int(params.get(Z + "least", year)), int(params.get(Z + "many", year))
    strict, wide = (float(params.get(Z + k, year)) for k in ("limit", "limit_few"))
    helping = params.get(Z + "helps", year)
    z, findings = found.z, Findings()
    for name in SINGLE:
        enough = found.n[name].ge(least) & z[name].notna()
        findings.compare(found.rows[enough])
        limit = np.where(found.n[name] >= many, strict, wide)
        for at in np.flatnonzero(enough & (z[name].abs() > limit)):
            _add(findings, found, name, int(at), float(limit[at]), helping)
    return findings


def _add(
    findings: Findings, found: Scores, name: str, at: int, limit: float, helping: Sequence[str]
) -> None:
    quantity, row = SINGLE[name], next(found.rows.iloc[[at]].itertuples())
    value, center = found.value[name].iloc[at], found.center[name].iloc[at]
    side = "low" if value < center else "high"
    direction = Direction.UNKNOWN
    if name in helping:
        helps = side == quantity.helps
        direction = Direction.FAVOURABLE if helps else Direction.UNFAVOURABLE
    favourable = direction == Direction.FAVOURABLE
    findings.add(
        row,
        "A" if favourable else "B",
        generator=row.generator,
        direction=direction,
        t_co2=_stake(row, name, center - value) if favourable else 0.0,
        root=ROOTS.get(name, name),
        quantity=quantity.name,
        unit=quantity.unit,
        value=fixed(getattr(row, name), quantity.places),
        around={
            "median": fixed(np.exp(center) if quantity.log else center, quantity.places),
            "z": fixed(abs(value - center) / found.scale[name].iloc[at], 1),
            "limit": fixed(limit, 1),
            "peers": int(found.n[name].iloc[at]),
        },
    )


def _stake(row: Any, name: str, gap: float) -> float:
    """Emissions that the median of the like would add, tCO2. Own use and heat earn allowances."""
    if name == "cc":
        return float(row.t_burn * (np.exp(gap) - 1))
    if name == "rate":
        return float(row.t_burn * (1 - np.nan_to_num(row.heat_ratio)) * (np.exp(gap) - 1))
    return 0.0


@population_rule("PEER-MULTIVAR")
def multivariate(frames: Frames, params: Parameters, year: int) -> Findings:
    """Odd combinations: robust Mahalanobis distance of the scores of all quantities."""
    found = scores(frames, params, year)
    few, clip = int(params.get(Z + "least", year)), float(params.get(MULTI + "clip", year))
    z = found.z.where(found.n >= few).clip(-clip, clip)
    judged = z.notna().sum(axis=1) >= int(params.get(MULTI + "quantities", year))
    rows, z = found.rows[judged], z[judged]
    counts = rows["counts"].to_numpy(bool)
    findings = Findings()
    if counts.sum() < int(params.get(MULTI + "least", year)):
        return findings
    findings.compare(rows)
    inverse = _inverse(z[counts], float(params.get(MULTI + "shrink", year)))
    known = z.fillna(0).to_numpy()
    parts = known * (known @ inverse)
    distance = np.sqrt(np.clip(parts.sum(axis=1), 0, None) / z.notna().sum(axis=1).to_numpy())
    share, least = (float(params.get(MULTI + k, year)) for k in ("share", "distance"))
    limit = max(least, float(np.quantile(distance[counts], 1 - share)))
    for at in np.flatnonzero(distance > limit):
        leading = [z.columns[i] for i in np.argsort(-parts[at])[:3]]
        _odd(findings, rows.iloc[[at]], z.iloc[at], leading, float(distance[at]))
    return findings


def _inverse(z: pd.DataFrame, shrink: float) -> Any:
    """Inverse of the rank correlation of the scores, drawn towards independence."""
    ranks = z.rank().fillna(z.rank().mean())
    with np.errstate(invalid="ignore"):  # a quantity that nobody has, or all have alike
        correlation = np.nan_to_num(np.corrcoef(ranks.to_numpy(), rowvar=False))
    np.fill_diagonal(correlation, 1.0)
    return np.linalg.inv((1 - shrink) * correlation + shrink * np.eye(len(correlation)))


def _odd(
    findings: Findings, rows: pd.DataFrame, z: pd.Series, leading: Sequence[str], distance: float
) -> None:
    row = next(rows.itertuples())
    chosen = {name: QUANTITIES[name] for name in leading}
    findings.add(
        row,
        "A",
        generator=row.generator,
        root="multivariate",
        quantities=[q.name for q in chosen.values()],
        measured={q.name: f"{fixed(getattr(row, n), q.places)}{q.unit}" for n, q in chosen.items()},
        around={
            "distance": digits(distance, 2),
            "scores": {q.name: fixed(z[n], 1) for n, q in chosen.items()},
        },
    )
