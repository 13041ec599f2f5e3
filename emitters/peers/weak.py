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
    """Per report: mean score of its generators for each quantity, as far as favourable, combined."""
    found, findings = scores(frames, params, year), Findings()
    signs = {name: float(sign) for name, sign in params.get(P + "signs", year).items()}
    most = float(params.get(P + "most", year))
    z = found.z[list(signs)].where(found.n[list(signs)] >= float(params.get(Z + "least", year)))
    known = z.notna().any(axis=1)
    findings.compare(found.rows[known])
    mine = [found.rows["credit_code"], found.rows["year"]]
    means = (z * signs).groupby(mine).mean().clip(0, most)
    burnt = found.rows["t_burn"].groupby(mine).sum()
    total = np.sqrt((means**2).sum(axis=1))  # one far quantity is enough, several near ones too
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
