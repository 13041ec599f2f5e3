"""`python -m carbonwatch.runtime.with_servers COMMAND…`: run a command on throw-away servers.

The servers that `DATABASE_URL` and `REDIS_URL` name are used; a missing one is started under
`var/test-<pid>` and removed with its data afterwards. The exit code is the command's.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

import psutil

from carbonwatch.runtime import locations, servers
from carbonwatch.runtime.processes import Child, ProcessNotes, say


class Stopped(SystemExit):
    """TERM or HUP: unwind, so that everything is stopped."""


def _stop(number: int, _frame: FrameType | None) -> None:
    raise Stopped(128 + number)


def sweep_old(parent: Path) -> None:
    """Remove the folders of earlier runs that were killed, and end their servers."""
    for folder in parent.glob("test-*"):
        pid = folder.name.removeprefix("test-")
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            ProcessNotes(folder / "processes.json").end_leftovers()
            shutil.rmtree(folder, ignore_errors=True)


def run(command: list[str]) -> int:
    """Start, run, stop; returns the command's exit code."""
    parent = locations.var_dir()
    parent.mkdir(parents=True, exist_ok=True)
    sweep_old(parent)
    folder = parent / f"test-{os.getpid()}"
    os.environ["CARBONWATCH_VAR"] = str(folder)
    folder.mkdir(exist_ok=True)
    children: list[Child] = []
    try:
        urls, children = servers.start_missing(os.environ, durable=False)
        ProcessNotes(folder / "processes.json").write(children)
        with subprocess.Popen(command, env={**os.environ, **urls}) as process:  # noqa: S603 - the caller's command
            return _wait(process)
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        servers.stop(children)
        if locations.socket_dir().parent != folder:
            shutil.rmtree(locations.socket_dir(), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(process: "subprocess.Popen[bytes]") -> int:
    try:
        return process.wait()
    except (Stopped, KeyboardInterrupt):
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        raise


def main() -> int:
    """Entry of the command line."""
    if len(sys.argv) < 2:
        say("servers", "usage: python -m carbonwatch.runtime.with_servers COMMAND…", sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
