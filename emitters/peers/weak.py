"""Distances from the like that are too small to ask about, added up where they point one way."""

import numpy as np

from carbonwatch.checks.registry import Direction
from carbonwatch.params.values import Parameters
from emitters.peers.findings import Findings, fixed, population_rule
from emitters.peers.frames import Frames
from emitters.peers.outliers import Z
from emitters.peers.quantities import QUANTITIES, scores

P = "check.PEER-WEAK-SIGNALS."


@population_rule("PEER-WEAK-SIGNALS")
def weak_signals(frames: Frames, params: Parameters, year: int) -> Findings:
    """Per report: mean score of its generators for each quantity, favourable side up, combined."""
    found, findings = scores(frames, params, year), Findings()
    signs = {name: float(sign) for name, sign in params.get(P + "signs", year).items()}
    low, high = (float(v) for v in params.get(P + "clip", year))
    z = found.z[list(signs)].where(found.n[list(signs)] >= float(params.get(Z + "least", year)))
    known = z.notna().any(axis=1)
    findings.compare(found.rows[known])
    mine = [found.rows["credit_code"], found.rows["year"]]
    means = (z * signs).groupby(mine).mean().clip(low, high)
    burnt = found.rows["t_burn"].groupby(mine).sum()
    total = means.sum(axis=1) / np.sqrt(means.notna().sum(axis=1).clip(lower=1))
    share = float(params.get(P + "share", year)) / 100
    first = found.rows.drop_duplicates(["credit_code", "year"])
    for row in first.itertuples():
        at = (row.credit_code, row.year)
        if total[at] > float(params.get(P + "least", year)):
            own = means.loc[at].dropna()
            findings.add(
                row,
                "A",
                direction=Direction.FAVOURABLE,
                t_co2=float(burnt[at] * share * total[at]),
                root="weak-peers",
                quantities=[QUANTITIES[name].name for name in own.index],
                around={
                    "total": fixed(total[at], 2),
                    "scores": {QUANTITIES[n].name: fixed(v, 1) for n, v in own.items()},
                },
            )
    return findings
