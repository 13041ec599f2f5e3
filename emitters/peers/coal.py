"""Plants that burn the coal of one mine must find much the same carbon in it."""

from typing import Any

import numpy as np
from django.utils.translation import gettext_noop as term

from carbonwatch.checks.registry import Direction
from carbonwatch.params.values import Parameters
from emitters.peers.findings import Findings, fixed, population_rule
from emitters.peers.frames import Frames
from emitters.peers.quantities import SINGLE

P = "check.PEER-SAME-COAL."


@population_rule("PEER-SAME-COAL")
def same_coal(frames: Frames, params: Parameters, year: int) -> Findings:
    """Carbon per heat and pure carbon of a plant against the others of its mine."""
    share, others = float(params.get(P + "share", year)), int(params.get(P + "others", year))
    limits = {
        "cc": float(params.get(P + "carbon", year)) / 100,
        "c_daf": float(params.get(P + "pure_carbon", year)),
    }
    findings = Findings()
    for _mine, plants in _by_mine(frames, year, share):
        speaking = plants[plants["counts"]]
        for row in plants.itertuples():
            rest = speaking[speaking["credit_code"] != row.credit_code]
            for name, limit in limits.items():
                known = rest[name].dropna()
                value = getattr(row, name)
                if len(known) < others or not np.isfinite(value):
                    continue
                findings.compared.add((row.credit_code, year))
                center = float(known.median())
                gap = value / center - 1 if name == "cc" else value - center
                if abs(gap) > limit:
                    _add(findings, row, name, center, gap, len(known))
    return findings


def _by_mine(frames: Frames, year: int, share: float) -> Any:
    """(mine and rank, plants): weighted by the heat of their coal."""
    rows = frames.of_year(year).years
    rows = rows[rows["mine"].ne("") & (rows["mine_share"] >= share) & rows["cc"].notna()]
    keys = ["credit_code", "unit", "year", "mine", "rank", "counts"]
    weight = rows["fuel_gj"].clip(lower=1)
    sums = rows[["cc", "c_daf"]].mul(weight, axis=0).assign(weight=weight, t_burn=rows["t_burn"])
    plants = sums.groupby([rows[k] for k in keys]).sum(min_count=1)
    plants[["cc", "c_daf"]] = plants[["cc", "c_daf"]].div(plants["weight"], axis=0)
    return plants.reset_index().groupby(["mine", "rank"])


def _add(findings: Findings, row: Any, name: str, center: float, gap: float, others: int) -> None:
    lower, carbon = gap < 0, name == "cc"
    loss = -gap if carbon else -gap / center
    findings.add(
        row,
        "A" if lower else "B",
        direction=Direction.FAVOURABLE if lower else Direction.UNFAVOURABLE,
        t_co2=row.t_burn * loss / (1 - loss) if lower else 0.0,
        root="carbon",
        quantity=SINGLE["cc"].name if carbon else term("干燥无灰基碳"),
        unit="tC/GJ" if carbon else "%",
        mine=row.mine,
        value=fixed(getattr(row, name), 5 if carbon else 1),
        around={
            "median": fixed(center, 5 if carbon else 1),
            "gap": fixed(100 * abs(gap) if carbon else abs(gap), 1),
            "others": others,
        },
    )
