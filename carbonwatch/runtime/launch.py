"""`python -m carbonwatch.runtime.launch`: the whole system on one machine (`make run`).

Starts the servers that `DATABASE_URL` and `REDIS_URL` do not name, migrates, loads parameters, then
starts web, worker and beat, and fills an empty database with a made-up province (not with
`DEMO=no`). TERM and Ctrl-C stop all.
What an earlier launcher left behind after a `kill -9` is ended first.
"""

import fcntl
import os
import signal
import socket
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType

from carbonwatch.runtime import locations, servers
from carbonwatch.runtime.processes import Child, ProcessNotes, say, wait_until
from carbonwatch.runtime.supervisor import GaveUp, Supervisor

HOST = "127.0.0.1"
WEB_READY_SECONDS = 60.0
PEOPLE_SECONDS = 15.0  # by then the made-up people are there, though not yet their reports
PYTHON = sys.executable
SERVERS = {"postgres", "redis"}
ROOT_FOLDER = {"cwd": locations.ROOT}


class CannotStart(RuntimeError):
    """The text says what is in the way and what to do."""


class Stopped(Exception):
    """TERM, HUP or Ctrl-C."""


STOPPING = threading.Event()


def _stop(_number: int, _frame: FrameType | None) -> None:
    # Only a mark: an exception here could strike between the start of a child and its notice.
    STOPPING.set()


def _go_on() -> None:
    if STOPPING.is_set():
        raise Stopped


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the lock of this `var` folder; the system frees it even after a `kill -9`."""
    locations.var_dir().mkdir(parents=True, exist_ok=True)
    with (locations.var_dir() / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"CarbonWatch already runs from {locations.var_dir()}. Stop that one first."
            ) from None
        yield


def require_free_port(port: int) -> None:
    """Say plainly that the port is taken, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} on {HOST} is not free ({error.strerror}). "
                f"Choose another one: PORT={port + 1} make run"
            ) from None


def manage(*arguments: str, env: dict[str, str]) -> None:
    """Run one management command to its end, with its lines in the log."""
    child = Child(arguments[0], [PYTHON, "manage.py", *arguments], env, ROOT_FOLDER)
    child.start()
    try:
        while child.exit_code() is None:
            _go_on()
            time.sleep(0.05)
    finally:
        child.ask_to_stop()
        child.finish(5)
    if child.exit_code():
        raise CannotStart(f"`manage.py {' '.join(arguments)}` failed; its lines above say why.")


def program_parts(port: int, env: dict[str, str]) -> list[Child]:
    """Web, worker and beat, not yet started."""
    web = [PYTHON, "-m", "gunicorn", "carbonwatch.wsgi", "--bind", f"{HOST}:{port}"]
    web += ["--workers", "2", "--threads", "4", "--timeout", "120", "--graceful-timeout", "10"]
    web += ["--preload", "--no-control-socket", "--log-level", "warning"]
    celery = [PYTHON, "-m", "celery", "-A", "carbonwatch", "--quiet"]
    worker = [*celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    schedule = locations.var_dir() / "beat-schedule"
    beat = [*celery, "beat", "--schedule", str(schedule), "--pidfile", ""]
    commands = {"web": web, "worker": worker, "beat": beat}
    return [Child(name, command, env, ROOT_FOLDER) for name, command in commands.items()]


def answers(port: int) -> bool:
    """Whether the web process is alive."""
    url = f"http://{HOST}:{port}/healthz"
    with suppress(OSError), urllib.request.urlopen(url, timeout=2) as reply:
        return bool(reply.status == 200)
    return False


def environment() -> dict[str, str]:
    """Of all children: unbuffered lines, UTF-8 everywhere."""
    # Celery warns at length when root starts it, as happens in a bare container.
    return {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
        "PYTHONWARNINGS": "ignore::UserWarning",
    }


def start(supervisor: Supervisor, port: int, began: float) -> None:
    """Everything up to the lines that tell the address."""
    env = environment()
    urls, children = servers.start_missing(env, durable=True)
    supervisor.add(*reversed(children))
    env |= urls
    say("run", f"PostgreSQL and Redis are ready ({_how(urls)})")
    manage("prepare", env=env)
    web, *behind = program_parts(port, env)
    supervisor.add(web.start())
    _wait_for_web(web, port)  # the page comes first; the others would only compete with it
    supervisor.add(*(part.start() for part in behind))
    say("run", f"CarbonWatch: http://{HOST}:{port}/ (after {time.monotonic() - began:.1f} s)")
    if env.get("DEMO") != "no":
        fill(supervisor, env)
    say("run", "Ctrl-C stops everything.")


def fill(supervisor: Supervisor, env: dict[str, str]) -> None:
    """A made-up province into an empty database, while people can already sign in.

    The accounts are shown as soon as they can be there, and again below a long log at the end.
    """
    seed = Child("seed", [PYTHON, "manage.py", "seed_demo", "--if-empty"], env, ROOT_FOLDER)
    supervisor.add(seed.start(), once=True)
    if not wait_until(lambda: STOPPING.is_set() or seed.exit_code() is not None, PEOPLE_SECONDS):
        show_accounts(env)
        supervisor.when_ended = partial(show_accounts, env)
        return
    show_accounts(env)


def show_accounts(env: dict[str, str]) -> None:
    """One made-up account of every role; without them the system still runs."""
    try:
        manage("demo_accounts", env=env)
    except CannotStart as error:
        say("run", str(error))


def _wait_for_web(web: Child, port: int) -> None:
    def settled() -> bool:
        _go_on()
        return web.exit_code() is not None or answers(port)

    if not wait_until(settled, WEB_READY_SECONDS) or web.exit_code() is not None:
        raise CannotStart("The web process does not answer; its lines above say why.")


def _how(urls: dict[str, str]) -> str:
    embedded = [name for name in ("DATABASE_URL", "REDIS_URL") if name in urls]
    return (
        "embedded"
        if len(embedded) == 2
        else f"embedded for want of {embedded}"
        if embedded
        else "as set"
    )


def watch(supervisor: Supervisor) -> None:
    """Until a signal comes, or the `make` that started us is gone."""
    parent = os.getppid() if "MAKELEVEL" in os.environ else None
    while parent is None or os.getppid() == parent:
        _go_on()
        supervisor.check()
        time.sleep(0.5)
    say("run", "make has ended")


def run(port: int) -> int:
    """Start, watch, stop; returns the exit code."""
    began = time.monotonic()
    notes = ProcessNotes(locations.var_dir() / "processes.json")
    left = notes.end_leftovers()
    if left:
        say("run", f"ended what an earlier run left behind: {', '.join(left)}")
    require_free_port(port)
    supervisor = Supervisor(notes)
    try:
        start(supervisor, port, began)
        watch(supervisor)
    except Stopped:
        pass
    finally:
        say("run", "stopping")
        supervisor.stop(SERVERS)
        say("run", "all stopped")
    return 0


def main() -> int:
    """Entry of the command line."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with only_one():
            return run(int(os.environ.get("PORT") or "8000"))
    except (CannotStart, GaveUp, servers.ServerFailed) as error:
        say("run", str(error), sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
