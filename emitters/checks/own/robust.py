"""Robust statistics of short series: medians, scatter, a fit that single months cannot bend."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
MAD_TO_SIGMA = 1.4826  # of a normal distribution
_HUBER, _ROUNDS = 1.5, 12
_LEAST, _STILL = 1e-9, 1e-5


def scatter(values: Sequence[float]) -> float:
    """Standard deviation as the median deviation from the median tells it; 0 without values."""
    if not values:
        return 0.0
    middle = median(values)
    return MAD_TO_SIGMA * median([abs(v - middle) for v in values])


def weighted_mean(values: Sequence[float], weights: Sequence[float]) -> float:
    """Mean by weight (they must not all be zero)."""
    return sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights)


@dataclass(frozen=True)
class Fit:
    """y ≈ X·beta by Huber's weights. `residual` y − X·beta, `sigma` its robust scatter, `covariance`
    of beta."""

    beta: Floats
    residual: Floats
    sigma: float
    covariance: Floats


def robust_fit(
    design: Floats,
    target: Floats,
    prior: Sequence[tuple[int, float, float]] = (),
    most: float = float("inf"),
) -> Fit:
    """Huber's regression. `prior` adds what is known of coefficients: (index, value, sd), with sd and
    target in the same unit. While fitting, a scatter above `most` is not believed: it is the work of
    the points that the fit must not follow. Needs more rows than columns, else ValueError."""
    rows, columns = design.shape
    if rows <= columns:
        raise ValueError("too few points for the fit")
    weight: Floats = np.ones(rows)
    beta: Floats = np.zeros(columns)
    sigma = min(float(target.std()), most) or _LEAST
    normal = np.eye(columns)
    for _round in range(_ROUNDS):
        weighted = design.T * weight
        normal, right = weighted @ design, weighted @ target
        for index, value, sd in prior:
            normal[index, index] += (sigma / sd) ** 2
            right[index] += (sigma / sd) ** 2 * value
        last, beta = beta, np.asarray(np.linalg.solve(normal, right), dtype=float)
        residual = target - design @ beta
        sigma = min(max(_spread(residual, columns), _LEAST), most)
        weight = np.minimum(1.0, _HUBER * sigma / np.maximum(np.abs(residual), _LEAST))
        if np.abs(beta - last).max() < _STILL:
            break
    residual = target - design @ beta
    sigma = max(_spread(residual, columns), _LEAST)
    covariance = np.asarray(np.linalg.inv(normal), dtype=float) * sigma**2
    return Fit(beta, residual, sigma, covariance)


def _spread(residual: Floats, columns: int) -> float:
    """Scatter of residuals, with the points that the coefficients used up."""
    rows = len(residual)
    return scatter(residual.tolist()) * float((rows / (rows - columns)) ** 0.5)


def shown(value: Any, places: int) -> Decimal:
    """A float of a statistic as `Decimal`, for evidence and limits."""
    return Decimal(f"{float(value):.{places}f}")
