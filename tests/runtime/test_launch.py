"""`make run` for real: starts, answers, survives killed parts, stops without leaving a process."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from carbonwatch.runtime.locations import ROOT
from carbonwatch.runtime.processes import wait_until

pytestmark = pytest.mark.services
START_SECONDS = 120


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answer(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as reply:
            return reply.status
    except OSError as error:
        return getattr(error, "code", None)


def of_folder(folder):
    """Processes whose command line names the folder, and all their children."""
    found = {}
    for process in psutil.process_iter(["pid", "cmdline"]):
        if any(str(folder) in part for part in process.info["cmdline"] or ()):
            found[process.pid] = process
    return found


class Running:
    """A launcher on a folder and a port of its own, without a made-up province."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.log = folder.parent / f"{folder.name}.log"
        self.process, self.starts = None, 0

    def start(self):
        env = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        env |= {"CARBONWATCH_VAR": str(self.folder), "PORT": str(self.port), "DEMO": "no"}
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "carbonwatch.runtime.launch"],
                cwd=ROOT,
                env=env,
                stdout=log,
                stderr=log,
            )
        self.starts += 1
        assert wait_until(self.settled, START_SECONDS, 0.3), self.log.read_text()
        assert self.process.poll() is None, self.log.read_text()
        return self

    def settled(self):
        if self.process.poll() is not None:
            return True
        if self.log.read_text().count("Ctrl-C stops everything") < self.starts:
            return False  # what answers now may be left from the start before
        return answer(self.port, "/readyz") == 200

    def family(self):
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def running():
    # Not below pytest's own folder: every new session closes that one to other OS users.
    with tempfile.TemporaryDirectory(prefix="cw-") as folder:
        launcher = Running(Path(folder) / "var")
        try:
            yield launcher.start()
        finally:
            if launcher.process.poll() is None:
                launcher.stop()


def all_gone(family):
    return wait_until(lambda: not any(p.is_running() for p in family), 5)


def assert_stops_everything(running, number):
    family = running.family()
    assert (
        len(family) >= 8
    )  # launcher, PostgreSQL, Redis, web and its two, worker and its two, beat
    assert running.stop(number) == 0
    assert all_gone(family)
    assert of_folder(running.folder) == {}
    assert not (running.folder / "processes.json").exists()


def test_killed_parts_come_back_and_term_stops_all(running):
    before = {p.pid for p in running.family()[1:]}
    for pid in before:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    time.sleep(1)
    assert wait_until(lambda: answer(running.port, "/readyz") == 200, 60, 0.5), (
        running.log.read_text()
    )
    assert not before & {p.pid for p in running.family()[1:]}
    assert_stops_everything(running, signal.SIGTERM)


def test_next_start_clears_up_after_a_killed_launcher_and_ctrl_c_stops_all(running):
    family = running.family()
    running.process.kill()
    running.process.wait()
    running.start()
    assert "an earlier run left behind" in running.log.read_text()
    assert all_gone(family)
    assert_stops_everything(running, signal.SIGINT)


def test_a_taken_port_is_said_plainly(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        env = {**os.environ, "PORT": str(taken.getsockname()[1])}
        env["CARBONWATCH_VAR"] = str(tmp_path / "var")
        done = subprocess.run(
            [sys.executable, "-m", "carbonwatch.runtime.launch"],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "is not free" in done.stderr
    assert "PORT=" in done.stderr
