"""The running system: gunicorn, a Celery worker and a Redis of its own, on the database of the test."""

import os
import shutil
import signal
import socket
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from carbonwatch.runtime.processes import Child, wait_until
from carbonwatch.runtime.servers import REDIS_SERVER

READY_SECONDS = 120


def database_url() -> str:
    """The database that the test uses at this moment."""
    known = connection.settings_dict
    password = f":{quote(known['PASSWORD'])}" if known["PASSWORD"] else ""
    port = f":{known['PORT']}" if known["PORT"] else ""
    host = quote(known["HOST"], safe="")
    return f"postgres://{quote(known['USER'])}{password}@{host}{port}/{quote(known['NAME'])}"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class System:
    """`base` is the address, `folder` holds files and the head of the ledger (`anchor`); `pause()`
    and `go_on()` stop and wake the worker."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.folder, self.anchor = folder, folder / "ledger" / "head.jsonl"
        self.redis = Child(
            "redis",
            [str(REDIS_SERVER), "--port", "0", "--unixsocket", str(folder / "redis.sock"),
             "--dir", str(folder), "--save", "", "--loglevel", "warning"],
            quiet=True,
        )  # fmt: skip
        python, options = sys.executable, {"cwd": settings.BASE_DIR}
        self.web = Child(
            "web",
            [python, "-m", "gunicorn", "carbonwatch.wsgi", "--bind", f"127.0.0.1:{self.port}",
             "--threads", "4", "--no-control-socket", "--log-level", "warning"],
            self.env(), options, quiet=True,
        )  # fmt: skip
        self.worker = Child(
            "worker",
            [python, "-m", "celery", "-A", "carbonwatch", "--quiet", "worker", "--pool", "solo",
             "--without-gossip", "--without-mingle", "--without-heartbeat"],
            self.env(), options, quiet=True,
        )  # fmt: skip

    def env(self) -> dict[str, str]:
        """Of web and worker: the database and folders of the test, and nobody else's Redis."""
        return {
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": f"unix://{quote(str(self.folder / 'redis.sock'))}",
            "CARBONWATCH_FILES": str(self.folder / "files"),
            "LEDGER_ANCHOR": str(self.anchor),
            "PASSWORD_HASHERS": "django.contrib.auth.hashers.MD5PasswordHasher",
            "SIGN_IN_LIMIT": "10000",
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "ignore",  # Celery warns at length when root starts it
        }

    def answers(self) -> bool:
        """Whether pages are served and the worker listens; without it the first upload would wait
        for the worker's start, which a busy machine stretches past any patience."""
        with (
            suppress(OSError),
            urllib.request.urlopen(f"{self.base}/readyz", timeout=5) as reply,
        ):
            return reply.status == 200
        return False

    def start(self) -> None:
        """Everything, at once; returns when pages are served and jobs are heard."""
        for child in (self.redis, self.web, self.worker):
            child.start()
        ready = wait_until(self.answers, READY_SECONDS)
        assert ready, self.web.last_lines() + self.worker.last_lines()

    def stop(self) -> None:
        """Everything, the worker awake so that it can end in good order."""
        self.go_on()
        for child in (self.worker, self.web, self.redis):
            child.ask_to_stop()
        for child in (self.worker, self.web, self.redis):
            child.finish(10)

    def pause(self) -> None:
        """The worker hears nothing from now on."""
        os.kill(self.worker.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """The worker does what has waited."""
        with suppress(ProcessLookupError):
            os.kill(self.worker.pid, signal.SIGCONT)


@contextmanager
def running() -> Iterator[System]:
    """The system while the block lasts. Its sockets lie in a short folder: paths have a limit."""
    folder = Path(tempfile.mkdtemp(prefix="cw-"))
    system = System(folder)
    try:
        system.start()
        yield system
    finally:
        system.stop()
        shutil.rmtree(folder, ignore_errors=True)
