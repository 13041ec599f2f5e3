"""Centres and spreads that a few false values cannot move, and shrinkage of thin groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
import pandas as pd

MAD_TO_SIGMA = 1.4826  # of a normal distribution


@dataclass(frozen=True)
class Spread:
    """Of each row's group, by column: median, MAD × 1.4826, number of values."""

    center: pd.DataFrame
    scale: pd.DataFrame
    n: pd.DataFrame


def spread(values: pd.DataFrame, keys: Sequence[pd.Series], counts: pd.Series) -> Spread:
    """Of the counting values of each row's group, on the index of `values`."""
    group = pd.DataFrame(dict(enumerate(keys))).groupby(list(range(len(keys)))).ngroup().to_numpy()
    known = values[counts].groupby(group[counts])
    center = known.median().reindex(group).set_axis(values.index)
    off = (values - center).abs()[counts].groupby(group[counts]).median()
    n = known.count().reindex(group).set_axis(values.index).fillna(0)
    return Spread(center, off.reindex(group).set_axis(values.index) * MAD_TO_SIGMA, n)


def shrunk_spread(
    values: pd.DataFrame,
    levels: Sequence[Sequence[pd.Series]],
    counts: pd.Series,
    weight: float,
) -> Spread:
    """As `spread` of the first level, drawn towards the coarser levels: a group of n counts n/(n +
    weight), the rest is its parent's. `n` is that of the finest level that holds at least `weight`
    values, else of the coarsest: how many plants the comparison really rests on."""
    found = spread(values, levels[-1], counts)
    for keys in reversed(levels[:-1]):
        fine = spread(values, keys, counts)
        share = fine.n / (fine.n + weight)
        center = share * fine.center.fillna(0) + (1 - share) * found.center
        scale = np.sqrt(share * fine.scale.fillna(0) ** 2 + (1 - share) * found.scale**2)
        found = Spread(center, scale, fine.n.where(fine.n >= weight, found.n))
    return found


def residuals(frame: pd.DataFrame, of: str, on: Sequence[str], rounds: int = 3) -> pd.Series:
    """What is left of column `of` after a linear fit on the columns `on`, fitted on the counting
    rows; points off by more than three spreads are left out and the fit repeated. Too few rows (less
    than ten for each coefficient): the distance from the median."""
    target = frame[of].to_numpy(float)
    x = np.column_stack([np.ones(len(frame)), frame[list(on)].to_numpy(float)])
    usable = np.isfinite(x).all(axis=1) & np.isfinite(target)
    counting = frame["counts"].to_numpy(bool)
    fit = usable & counting
    if fit.sum() < 10 * x.shape[1]:
        middle = np.nanmedian(target[counting]) if np.isfinite(target[counting]).any() else np.nan
        return pd.Series(target - middle, frame.index)
    off = np.full(len(frame), np.nan)
    for _round in range(rounds):
        slopes, *_rest = np.linalg.lstsq(x[fit], target[fit], rcond=None)
        off[usable] = target[usable] - x[usable] @ slopes
        wide = MAD_TO_SIGMA * np.median(np.abs(off[fit] - np.median(off[fit])))
        fit = usable & counting & (np.abs(off) <= 3 * wide)
    return pd.Series(off, frame.index)


def student(probability: float, freedom: int) -> float:
    """Quantile of Student's t (expansion 26.7.5 of Abramowitz and Stegun; within 1 % from four
    degrees of freedom)."""
    z, v = NormalDist().inv_cdf(probability), freedom
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )


def half_width(deviation: float, n: int) -> float:
    """Half of the 95 % interval of a mean of n values."""
    return student(0.975, n - 1) * deviation / sqrt(n)
