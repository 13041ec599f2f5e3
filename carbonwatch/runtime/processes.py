"""Child processes: started in a group of their own, noted on disk, ended as a group."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import psutil

PRINTING = threading.Lock()


def say(name: str, text: str, out: TextIO = sys.stdout) -> None:
    """One log line with the name of the part that wrote it."""
    with PRINTING, suppress(OSError, ValueError):  # nobody may be reading any more
        out.write(f"{name:<8} | {text}\n")
        out.flush()


@dataclass
class Child:
    """A running part of the system. `stop_signal` asks it to end in good order."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    quiet: bool = False
    process: subprocess.Popen[str] | None = None
    reader: threading.Thread | None = None
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=30))

    def start(self) -> "Child":
        """Start in a new session: Ctrl-C reaches only the launcher, which decides the order."""
        self.process = subprocess.Popen(  # noqa: S603 - fixed commands of this project
            list(self.command),
            env=dict(self.env) if self.env is not None else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            **self.options,
        )
        self.reader = threading.Thread(target=self._copy_lines, args=(self.process,), daemon=True)
        self.reader.start()
        return self

    def _copy_lines(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is None:
            return
        with process.stdout as lines:
            for line in lines:
                self.tail.append(line.rstrip("\n"))
                if not self.quiet:
                    say(self.name, self.tail[-1])

    def last_lines(self) -> str:
        """The end of what it printed, for an error message."""
        return "\n".join(self.tail)

    @property
    def pid(self) -> int:
        """Id of the process, which is also the id of its group."""
        if self.process is None:
            raise RuntimeError(f"{self.name} has not been started")
        return self.process.pid

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self.process.poll() if self.process is not None else None

    def ask_to_stop(self) -> None:
        """Send the stop signal to the leader, which ends its own children."""
        if self.process is not None and self.exit_code() is None:
            with suppress(ProcessLookupError):
                self.process.send_signal(self.stop_signal)

    def finish(self, seconds: float) -> None:
        """Wait for the end, then kill whatever is left of the group."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        kill_group(self.pid)
        self.process.wait()
        if self.reader is not None:
            self.reader.join(2)


def kill_group(group: int) -> None:
    """SIGKILL to every process of the group; nothing happens when none is left."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


class ProcessNotes:
    """`processes.json`: who was started, so that the next start can clear up after a `kill -9`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, children: Sequence[Child]) -> None:
        """Note id and start time of each running child (ids are used again by the system)."""
        rows = []
        for child in children:
            if child.exit_code() is None and child.process is not None:
                with suppress(psutil.NoSuchProcess):
                    started = psutil.Process(child.pid).create_time()
                    rows.append([child.name, child.pid, started, int(child.stop_signal)])
        self.path.write_text(json.dumps(rows))

    def clear(self) -> None:
        """After an orderly end."""
        self.path.unlink(missing_ok=True)

    def end_leftovers(self) -> list[str]:
        """End what an earlier launcher left behind; returns the names."""
        try:
            rows = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return []
        ended = [name for name, pid, started, stop in rows if end_leftover(pid, started, stop)]
        self.clear()
        return ended


def end_leftover(pid: int, started: float, stop_signal: int) -> bool:
    """End one noted group: in good order within 10 s, otherwise by force."""
    alive = False
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        process = psutil.Process(pid)
        if abs(process.create_time() - started) < 1:
            alive = True
            process.send_signal(stop_signal)
            with suppress(psutil.TimeoutExpired):
                process.wait(10)
            kill_group(pid)
    if not alive:
        # The leader is gone; its own children may live on in the group that bears its number.
        alive = _kill_orphans(pid)
    return alive


def _kill_orphans(group: int) -> bool:
    found = False
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, PermissionError, psutil.Error):
            if (
                os.getpgid(process.pid) == group
                and os.getsid(process.pid) == group
                and process.pid != group
            ):
                process.kill()
                found = True
    return found


def wait_until(ready: Any, seconds: float, pause: float = 0.05) -> bool:
    """Call `ready()` until it is true; False after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if ready():
            return True
        time.sleep(pause)
    return False
