"""Children are ended with all their own children, also after the launcher was killed."""

import subprocess
import sys
import time

import psutil
import pytest

from carbonwatch.runtime.processes import Child, ProcessNotes, wait_until
from carbonwatch.runtime.supervisor import GaveUp, Supervisor

FORKING = """
import subprocess
child = subprocess.Popen(["sleep", "300"])
print(child.pid, flush=True)
child.wait()
"""


def gone(pid):
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
def forking():
    child = Child("forking", [sys.executable, "-c", FORKING], quiet=True).start()
    assert wait_until(lambda: child.tail, 10)
    yield child, int(child.tail[0])
    child.ask_to_stop()
    child.finish(2)


def test_finish_takes_the_whole_group(forking):
    child, grandchild = forking
    child.ask_to_stop()
    child.finish(5)
    assert wait_until(lambda: gone(grandchild), 5)


def test_leftovers_of_a_killed_launcher_are_ended(forking, tmp_path):
    child, grandchild = forking
    notes = ProcessNotes(tmp_path / "processes.json")
    notes.write([child])
    assert notes.end_leftovers() == ["forking"]
    assert wait_until(lambda: gone(grandchild), 5)
    assert notes.end_leftovers() == []


def test_orphans_are_found_when_their_leader_is_gone(forking, tmp_path):
    child, grandchild = forking
    notes = ProcessNotes(tmp_path / "processes.json")
    notes.write([child])
    child.process.kill()
    child.process.wait()
    assert notes.end_leftovers() == ["forking"]
    assert wait_until(lambda: gone(grandchild), 5)


def test_a_number_used_again_is_left_alone(tmp_path):
    notes = ProcessNotes(tmp_path / "processes.json")
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as other:
        started = psutil.Process(other.pid).create_time()
        notes.path.write_text(f'[["web", {other.pid}, {started - 100}, 15]]')
        assert notes.end_leftovers() == []
        assert other.poll() is None
        other.kill()


def test_supervisor_restarts_and_gives_up(tmp_path, monkeypatch):
    monkeypatch.setattr("carbonwatch.runtime.supervisor.RESTART_PAUSE", 0.01)
    supervisor = Supervisor(ProcessNotes(tmp_path / "processes.json"))
    child = Child("brief", ["true"], quiet=True).start()
    supervisor.add(child)

    def watch():
        for _ in range(6):
            first = child.pid
            assert wait_until(lambda: child.exit_code() is not None, 5)
            supervisor.check()
            assert child.pid != first

    began = time.monotonic()
    with pytest.raises(GaveUp, match="brief"):
        watch()
    assert time.monotonic() - began < 10
    supervisor.stop(set())
