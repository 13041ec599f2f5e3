"""Series of different plants that carry the same noise: one spreadsheet behind several reports."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from carbonwatch.params.values import Parameters
from emitters.peers.findings import Findings, fixed, population_rule
from emitters.peers.frames import Frames
from emitters.peers.quantities import QUANTITIES, SINGLE

P = "check.STA-CLONE-RESIDUAL."
SERIES = {"cc": SINGLE["cc"].name, "ncv": QUANTITIES["ncv"].name}


@population_rule("STA-CLONE-RESIDUAL")
def clone_residual(frames: Frames, params: Parameters, year: int) -> Findings:
    """Residuals of a year's months, by series, among the clients of one provider."""
    limit, least = float(params.get(P + "correlation", year)), int(params.get(P + "months", year))
    noise = float(params.get(P + "noise", year)) / 100
    part, findings = frames.of_year(year), Findings()
    for name, title in SERIES.items():
        counts = part.years["counts"].to_numpy(bool)
        chosen, series = _residuals(part.grids[name], counts, least, noise)
        rows = part.years[chosen].reset_index(drop=True)
        findings.compare(rows)
        for one, two, r in _pairs(rows, series, limit):
            for row, other in ((one, two), (two, one)):
                if other.counts:
                    _add(findings, row, other, name, title, r)
    return findings


def _residuals(
    grid: np.ndarray, counts: np.ndarray, least: int, noise: float
) -> tuple[np.ndarray, np.ndarray]:
    """Which generators vary in enough months, and a unit vector of twelve for each of them:
    logarithms without the level of the generator and the season of all (missing months are 0)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.log(np.where(grid > 0, grid, np.nan))
    known = np.isfinite(value)
    enough = known.sum(axis=1) >= least
    if not (enough & counts).any():
        return np.zeros(len(grid), bool), np.empty((0, 12))
    season = np.array([_middle(column) for column in value[enough & counts].T])
    off = value[enough] - season
    off = np.nan_to_num(off - np.nanmean(off, axis=1, keepdims=True))
    size = np.sqrt((off**2).sum(axis=1))
    loud = size > noise * np.sqrt(known[enough].sum(axis=1))
    chosen = enough.copy()
    chosen[enough] = loud
    return chosen, off[loud] / size[loud, None]


def _middle(column: np.ndarray) -> float:
    known = column[np.isfinite(column)]
    return float(np.median(known)) if len(known) else 0.0


def _pairs(
    rows: pd.DataFrame, series: np.ndarray, limit: float
) -> Iterator[tuple[Any, Any, float]]:
    """Generators of different plants with one provider and not one mine, correlated above the limit;
    each pair once."""
    found: dict[tuple[int, int], float] = {}
    plant, mine = rows["credit_code"].to_numpy(), rows["mine"].to_numpy()
    for role in ("laboratory", "consultancy"):
        for _provider, members in rows[rows[role].ne("")].groupby(role):
            at = members.index.to_numpy()
            close = np.triu(series[at] @ series[at].T, 1) > limit
            close &= plant[at][:, None] != plant[at]
            close &= (mine[at][:, None] != mine[at]) | (mine[at] == "")
            for i, j in at[np.argwhere(close)].tolist():
                found[i, j] = float(series[i] @ series[j])
    for (i, j), r in found.items():
        one, two = rows.iloc[[i, j]].itertuples()
        yield one, two, r


def _add(findings: Findings, row: Any, other: Any, name: str, title: str, r: float) -> None:
    findings.add(
        row,
        "A",
        generator=row.generator,
        root=f"clone/{name}",
        quantity=title,
        other={
            "credit_code": other.credit_code,
            "unit": other.unit,
            "generator": other.generator,
        },
        place=f"{other.unit} {other.generator}",
        around={"correlation": fixed(r, 2)},
    )
