"""Real parts in a folder of their own."""

import tempfile
from pathlib import Path

import pytest

from tests.faults.parts import Parts


@pytest.fixture
def parts(monkeypatch, request):
    """The running system; `@pytest.mark.parametrize("parts", ["module"], indirect=True)` names
    another Celery application."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    # Not below pytest's own folder: every new session closes that one to other OS users.
    with tempfile.TemporaryDirectory(prefix="cw-") as folder:
        monkeypatch.setenv("CARBONWATCH_VAR", str(Path(folder) / "var"))
        system = Parts(Path(folder) / "var", getattr(request, "param", "carbonwatch"))
        try:
            yield system.start()
        finally:
            system.stop()
