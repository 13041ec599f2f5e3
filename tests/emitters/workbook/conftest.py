from pathlib import Path

import pytest

from tests.emitters.workbook.probe import Prober

WORKBOOKS = Path(__file__).resolve().parents[2] / "workbooks"


@pytest.fixture(scope="session")
def probe():
    prober = Prober()
    yield prober
    prober.close()


@pytest.fixture(scope="session")
def sample() -> bytes:
    return (WORKBOOKS / "good" / "chp1_2024.xlsx").read_bytes()
