"""A real worker and a real beat on the database of the test."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from carbonwatch.runtime.processes import Child
from tests.journeys.parts import System


@contextmanager
def beating() -> Iterator[Child]:
    """Redis, worker and beat while the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="cw-"))
    system = System(folder)
    command = [
        sys.executable, "-m", "celery", "-A", "tests.inspections.quick_beat", "--quiet", "beat",
        "--schedule", str(folder / "beat"), "--pidfile", "", "--max-interval", "1",
    ]  # fmt: skip
    beat = Child("beat", command, system.env(), {"cwd": settings.BASE_DIR}, quiet=True)
    parts = (system.redis, system.worker, beat)
    try:
        for part in parts:
            part.start()
        yield beat
    finally:
        for part in reversed(parts):
            part.ask_to_stop()
        for part in reversed(parts):
            part.finish(10)
        shutil.rmtree(folder, ignore_errors=True)
