"""Laboratories and consultancies: whether what they serve lies off as a whole.

A small edit at every client shows at no single one of them. What the coal explains (volatiles, ash,
moisture) is taken out first, because clients of one provider may share a coal field.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from django.utils.translation import gettext_noop as term

from carbonwatch.checks.registry import Direction
from carbonwatch.params.values import Parameters
from emitters.peers.features import REPORT
from emitters.peers.findings import Findings, fixed, population_rule
from emitters.peers.frames import Frames
from emitters.peers.quantities import CFB, SINGLE, scores
from emitters.peers.robust import half_width, residuals

P = "check.SVC-EFFECT."
ROLES: Mapping[str, str] = {"laboratory": term("检测机构"), "consultancy": term("咨询机构")}
MEASURED = ("cc", "rate", "heat_growth")
TOUCHED = {"laboratory": ("cc",), "consultancy": MEASURED}
"""What a provider has in its hands: a laboratory only the coal."""


def client_residuals(frames: Frames, params: Parameters, year: int) -> pd.DataFrame:
    """Distances of each report from what is expected, in percent, by quantity (`MEASURED`): the mean
    over its generators, weighted by emissions. Columns `REPORT` and `counts` too."""
    return frames.once(("clients", year), lambda: _client_residuals(frames, params, year))


def _client_residuals(frames: Frames, params: Parameters, year: int) -> pd.DataFrame:
    found = scores(frames, params, year)
    gap = found.value - found.center
    off = pd.DataFrame(
        {
            "cc": 100 * _carbon(found.rows),
            "rate": 100 * gap["rate"],
            "heat_growth": gap["heat_growth"],
        }
    )
    weights = found.rows["t_burn"].clip(lower=1)
    keys = found.rows[[*REPORT, "counts"]]
    report = keys.groupby([*REPORT, "counts"], sort=False).ngroup()
    sums = off.mul(weights, axis=0).groupby(report).sum(min_count=1)
    known = off.notna().mul(weights, axis=0).groupby(report).sum()
    own = keys.groupby(report).first()
    return pd.concat([own, sums / known.where(known > 0)], axis=1).reset_index(drop=True)


def _carbon(rows: pd.DataFrame) -> pd.Series:
    """Logarithm of measured carbon per heat, less what the quality of the coal explains."""
    frame = rows.assign(log_cc=np.log(rows["cc"].where(rows["cc"] > 0)))
    parts = [
        residuals(part, "log_cc", ["vdaf", "ash", "mt"])
        for _key, part in frame.groupby([rows["rank"], rows["boiler"] == CFB])
    ]
    return pd.concat(parts).reindex(rows.index) if parts else pd.Series(np.nan, rows.index)


def effects(frames: Frames, params: Parameters, year: int) -> pd.DataFrame:
    """Every provider with clients: `role`, `provider`, `quantity`, `n` clients, `mean` of their
    distances in percent, `effect` = mean × n / (n + shrink), `low` and `high` of the 95 % interval
    of the mean (NaN with too few clients), `clear`: the interval excludes zero and the effect exceeds
    the limit."""
    clients = client_residuals(frames, params, year)
    least = int(params.get(P + "clients", year))
    shrink = float(params.get(P + "shrink", year))
    limit = float(params.get(P + "effect", year))
    rows = []
    for role in ROLES:
        for provider, quantity, values in _by_provider(clients[clients["counts"]], role):
            n, mean = len(values), float(values.mean())
            half = half_width(float(values.std(ddof=1)), n) if n >= least else float("nan")
            effect = mean * n / (n + shrink)
            clear = abs(effect) > limit and abs(mean) > half
            rows.append(
                (role, provider, quantity, n, mean, effect, mean - half, mean + half, clear)
            )
    names = ["role", "provider", "quantity", "n", "mean", "effect", "low", "high", "clear"]
    return pd.DataFrame(rows, columns=names)


def _by_provider(clients: pd.DataFrame, role: str) -> Iterator[tuple[str, str, pd.Series]]:
    """Provider, quantity and the distances of its clients."""
    for provider, part in clients[clients[role].ne("")].groupby(role):
        for quantity in TOUCHED[role]:
            values = part[quantity].dropna()
            if len(values):
                yield str(provider), quantity, values


@population_rule("SVC-EFFECT")
def service_effect(frames: Frames, params: Parameters, year: int) -> Findings:
    """Clients of a provider whose clients lie off as a whole, in the same direction."""
    clients = client_residuals(frames, params, year)
    found = effects(frames, params, year)
    findings = Findings()
    for effect in found[found["low"].notna()].itertuples():
        mine = clients[clients[effect.role] == effect.provider]
        findings.compare(mine)
        if effect.clear:
            same = mine[np.sign(mine[effect.quantity]) == np.sign(effect.effect)]
            for row in same.itertuples():
                _add(findings, row, effect)
    return findings


def _add(findings: Findings, row: Any, effect: Any) -> None:
    quantity = SINGLE[effect.quantity]
    helps = ("low" if effect.effect < 0 else "high") == quantity.helps
    findings.add(
        row,
        "A",
        direction=Direction.FAVOURABLE if helps else Direction.UNFAVOURABLE,
        root=f"service/{effect.role}",
        role=ROLES[effect.role],
        provider=effect.provider,
        quantity=quantity.name,
        around={
            "effect": fixed(effect.effect, 1),
            "mean": fixed(effect.mean, 1),
            "clients": int(effect.n),
            "interval": [fixed(effect.low, 1), fixed(effect.high, 1)],
        },
    )
