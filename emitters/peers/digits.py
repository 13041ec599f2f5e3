"""First digits of tonnes, megawatt-hours and gigajoules, pooled over the clients of one provider or
the plants of one city. Never of a single plant, whose figures are bounded by its size."""

from collections.abc import Iterator
from math import log10
from typing import Any

import numpy as np
import pandas as pd
from django.utils.translation import gettext_noop as term

from carbonwatch.params.values import Parameters
from emitters.peers.findings import Findings, fixed, population_rule
from emitters.peers.frames import Frames

P = "check.STA-BENFORD."
AMOUNTS = ("fc", "gen", "heat")
GROUPS = {"laboratory": term("检测机构"), "consultancy": term("咨询机构"), "city": term("所在市")}
BENFORD = np.array([log10(1 + 1 / d) for d in range(1, 10)])


@population_rule("STA-BENFORD")
def benford(frames: Frames, params: Parameters, year: int) -> Findings:
    """Groups whose first digits follow neither the law nor the rest of the province."""
    least, limit = int(params.get(P + "values", year)), float(params.get(P + "chi_square", year))
    few = int(params.get(P + "plants", year))
    span = 10 ** float(params.get(P + "orders", year))
    part, findings = frames.of_year(year), Findings()
    counts = part.years["counts"].to_numpy(bool)
    values = np.concatenate([part.grids[name] for name in AMOUNTS], axis=1)
    table = _digits(values)
    for kind, name, inside in _groups(part.years):
        group, rest = inside & counts, ~inside & counts
        if min(table[group].sum(), table[rest].sum()) < least or _span(values[group]) < span:
            continue
        plants = part.years.loc[group, "credit_code"].to_numpy()
        if len(set(plants)) < few:
            continue
        members = part.years[inside].drop_duplicates("credit_code")
        findings.compare(members)
        distances = [_distance(table[group], plants, e) for e in (BENFORD, _shares(table[rest]))]
        if min(distances) > limit:
            for row in members.itertuples():
                _add(findings, row, (kind, name), table[group], distances[0], limit)
    return findings


def _digits(values: np.ndarray) -> np.ndarray:
    """How often each first digit stands in a row: rows × 9."""
    known = values > 0
    safe = np.where(known, values, 1.0)
    first = (safe / 10 ** np.floor(np.log10(safe)) + 1e-9).astype(int)
    return np.stack([(known & (first == d)).sum(axis=1) for d in range(1, 10)], axis=1)


def _span(values: np.ndarray) -> float:
    """Ratio of the 99th to the first percentile."""
    low, high = np.quantile(values[values > 0], [0.01, 0.99])
    return float(high / low)


def _groups(years: pd.DataFrame) -> Iterator[tuple[str, str, np.ndarray]]:
    for kind in GROUPS:
        for name in sorted(set(years[kind]) - {""}):
            yield kind, name, (years[kind] == name).to_numpy()


def _shares(table: np.ndarray) -> Any:
    counts = np.maximum(table.sum(axis=0), 0.5)
    return counts / counts.sum()


def _distance(table: np.ndarray, plants: np.ndarray, expected: np.ndarray) -> float:
    """χ² of the digits, divided by its design effect (Rao and Scott): the months of one plant are no
    independent draws, since they all lie near its size. The factor (m − 8) / (m − 1) allows for the
    effect being estimated from m plants."""
    shares, n = _shares(table), table.sum()
    by_plant = pd.DataFrame(table).groupby(plants).sum().to_numpy(float)
    off = by_plant - by_plant.sum(axis=1, keepdims=True) * shares
    variance = (off**2).sum(axis=0) * len(off) / max(len(off) - 1, 1) / n**2
    design = float(np.mean(variance / (shares * (1 - shares) / n)))
    chi_square = n * float((((shares - expected) ** 2) / expected).sum()) / max(design, 1.0)
    return chi_square * max(len(off) - 8, 0) / max(len(off) - 1, 1)


def _add(
    findings: Findings,
    row: Any,
    group: tuple[str, str],
    table: np.ndarray,
    distance: float,
    limit: float,
) -> None:
    findings.add(
        row,
        "A",
        root="first-digits",
        group=GROUPS[group[0]],
        name=group[1],
        around={
            "values": int(table.sum()),
            "chi_square": fixed(distance, 0),
            "limit": fixed(limit, 1),
            "shares": [fixed(100 * share, 0) for share in _shares(table)],
        },
    )
