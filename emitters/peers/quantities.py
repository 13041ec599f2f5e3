"""Which quantities of a generator are compared, corrected for what is known to move them, and with
whom: by class of machine for its heat and power, by rank and place for its coal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from django.utils.translation import gettext_noop as term

from carbonwatch.params.values import Parameters
from emitters.peers.frames import Frames
from emitters.peers.robust import shrunk_spread

P = "check.PEER-ROBUST-Z."
COAL = ("常规燃煤", "非常规燃煤")
CFB = "循环流化床"
TCE_GJ = 29.3076
GJ_PER_MWH = 3.6


@dataclass(frozen=True)
class Quantity:
    """`name` as shown; `helps` says which side may be in the enterprise's favour (`low`, `high`, or
    empty); `log`: whether shares of the value count, or differences."""

    name: str
    unit: str
    places: int
    helps: str = ""
    log: bool = True


SINGLE: Mapping[str, Quantity] = {
    "rate": Quantity(term("折算发电热耗"), "GJ/MWh", 2, "low"),
    "cc": Quantity(term("单位热值含碳量"), "tC/GJ", 5, "low"),
    "own_use": Quantity(term("厂用电率"), "%", 2, "low", log=False),
    "b_heat": Quantity(term("供热煤耗"), "kgce/GJ", 1, "low"),
    "heat_growth": Quantity(term("采暖期供热量较上年变化"), "%", 1, "high", log=False),
}
"""Quantities that are judged each by itself."""
QUANTITIES: Mapping[str, Quantity] = {
    **SINGLE,
    "ncv": Quantity(term("收到基低位发热量"), "GJ/t", 2),
    "mt": Quantity(term("全水分"), "%", 1, log=False),
    "vdaf": Quantity(term("干燥无灰基挥发分"), "%", 1, log=False),
    "ash": Quantity(term("干燥基灰分"), "%", 1, log=False),
    "heat_gap": Quantity(term("检测热值与组成之差"), "%", 2, log=False),
    "load": Quantity(term("负荷系数"), "%", 1, log=False),
    "hours": Quantity(term("运行小时数"), "h", 0, log=False),
}


@dataclass(frozen=True)
class Scores:
    """The generators of a year (`rows`, with the quantities corrected) and, by quantity, their
    `value` (a logarithm where shares count), the `center` and `scale` of their like, how many these
    are (`n`), and the robust score `z`."""

    rows: pd.DataFrame
    value: pd.DataFrame
    center: pd.DataFrame
    scale: pd.DataFrame
    n: pd.DataFrame

    @property
    def z(self) -> pd.DataFrame:
        """Distance from the centre in spreads."""
        return (self.value - self.center) / self.scale


def scores(frames: Frames, params: Parameters, year: int) -> Scores:
    """The scores of a year, made once for all rules."""
    return frames.once(("scores", year), lambda: _scores(frames, params, year))


def _scores(frames: Frames, params: Parameters, year: int) -> Scores:
    rows = _corrected(frames, params, year)
    value = rows[list(QUANTITIES)].astype(float)
    shares = [name for name, quantity in QUANTITIES.items() if quantity.log]
    value[shares] = np.log(value[shares].where(value[shares] > 0))
    weight = float(params.get(P + "shrink", year))
    parts = [
        shrunk_spread(value[names], levels, rows["counts"], weight)
        for names, levels in _levels(rows)
    ]
    center, scale, n = (
        pd.concat([getattr(part, name) for part in parts], axis=1)[value.columns]
        for name in ("center", "scale", "n")
    )
    floors = pd.Series(params.get(P + "floor", year)).astype(float)
    return Scores(rows, value, center, scale.clip(lower=floors[scale.columns], axis=1), n)


def _levels(rows: pd.DataFrame) -> list[tuple[list[str], Sequence[Sequence[pd.Series]]]]:
    """Quantities that are compared in the same groups, and these groups, finest first."""
    cfb, gas = rows["boiler"] == CFB, ~rows["category"].isin(COAL)
    kind, size, cooling = rows["product"], rows["size"], rows["cooling"]
    coal = [rows["rank"], cfb]
    return [
        (["cc", "ncv", "mt", "vdaf", "ash", "heat_gap"], [[*coal, rows["city"]], coal]),
        (
            ["rate", "own_use", "load", "hours"],
            [[gas, cfb, kind, size, rows["pressure"], cooling], [gas, cfb, kind, size], [gas, cfb, kind]],
        ),
        (["b_heat"], [[gas, cfb, kind, cooling, size], [gas, kind, cooling]]),
        (["heat_growth"], [[kind, cooling]]),
    ]  # fmt: skip


def _corrected(frames: Frames, params: Parameters, year: int) -> pd.DataFrame:
    """The generators of a year; quantities that cannot be compared are NaN."""
    rule = params.get(P + "corrections", year)
    rows = frames.of_year(year).years.copy()
    edges = [float(e) for e in params.get(P + "sizes", year)]
    rows["size"] = np.digitize(rows["capacity_mw"], edges)
    ran = rows["hours"] >= float(params.get(P + "min_hours", year))
    coal = rows["category"].isin(COAL) & ran
    rows["rate"] = _rate(rows, rule).where(coal)
    rows["cc"] = rows["cc"].where(coal)
    rows["own_use"] = rows["own_use"].where(ran & (rows["own_use"] > 0))
    heated = (rows["heat"] > 0) & (rows["heat_ratio"] >= float(rule["least_share"]))
    for_heat = rows["heat_ratio"] * rows["fuel_gj"] / TCE_GJ * 1000
    rows["b_heat"] = (for_heat / rows["heat"]).where(heated)
    rows["heat_growth"] = _growth(frames, year, rule)
    return rows


def _rate(rows: pd.DataFrame, rule: Mapping[str, Any]) -> pd.Series:
    """Heat rate of the power part at the reference load and without heat sold, GJ/MWh: steam that is
    extracted spares its condenser loss, except at a back-pressure turbine, which has none."""
    for_heat = rows["heat"].fillna(0) / float(rule["heat_efficiency"])
    power = (rows["fuel_gj"] - for_heat) / rows["gen"]
    share = (for_heat / rows["fuel_gj"]).clip(upper=0.9)
    slope = np.where(rows["cooling"] == "背压", 0.0, float(rule["share_slope"]))
    gap = (float(rule["load_base"]) - rows["load"]).clip(lower=0)
    deep = (float(rule["load_low"]) - rows["load"]).clip(lower=0)
    at_load = 1 + float(rule["load_slope"]) * gap + float(rule["load_slope_low"]) * deep
    rate = power / (at_load * (1 - slope * share))
    return rate.where(np.isfinite(rate) & (rate > GJ_PER_MWH))


def _growth(frames: Frames, year: int, rule: Mapping[str, Any]) -> Any:
    """Change in percent of the heat sold in the cold months against those of the year before. The
    weather is that of all, so only the distance from the others counts."""
    cold = [int(m) - 1 for m in rule["cold_months"]]

    def sums(of: int) -> pd.Series:
        part = frames.of_year(of)
        heat = part.grids["heat"][:, cold]
        total = np.where((heat > 0).all(axis=1), heat.sum(axis=1), np.nan)
        keys = [part.years["credit_code"], part.years["generator"]]
        return pd.Series(total, pd.MultiIndex.from_arrays(keys))

    now, past = sums(year), sums(year - 1)
    past = past[~past.index.duplicated()]
    return (100 * (now / past.reindex(now.index) - 1)).to_numpy()
