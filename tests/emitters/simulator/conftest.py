"""One small province, made once."""

import pytest

from emitters.simulator import province


@pytest.fixture(scope="session")
def small_province():
    """(plant, year, facts, truth) of sixteen plants in three years."""
    return list(province(11, 16, (2021, 2022, 2023)))
