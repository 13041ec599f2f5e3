"""Keeps a set of children running: restarts what dies, stops everything in order."""

import time
from collections import defaultdict, deque
from collections.abc import Callable

from carbonwatch.runtime.processes import Child, ProcessNotes, say, wait_until

RESTARTS = 5  # within RESTART_WINDOW seconds; more means that it cannot run at all
RESTART_WINDOW = 60.0
RESTART_PAUSE = 1.0
STOP_SECONDS = 15.0


class GaveUp(RuntimeError):
    """A part died again and again."""


class Supervisor:
    """Parts in the order of their start; they are stopped the other way round."""

    def __init__(self, notes: ProcessNotes) -> None:
        self.notes = notes
        self.children: list[Child] = []
        self.once: list[Child] = []
        self.when_ended: Callable[[], None] | None = None
        self.deaths: dict[str, deque[float]] = defaultdict(lambda: deque(maxlen=RESTARTS))

    def add(self, *children: Child, once: bool = False) -> None:
        """Take over running children; `once` ones may end by themselves."""
        (self.once if once else self.children).extend(children)
        self.notes.write([*self.children, *self.once])

    def check(self) -> None:
        """Restart what has died; raises GaveUp when one keeps dying."""
        for child in self.children:
            code = child.exit_code()
            if code is not None:
                self._restart(child, code)
        for child in list(self.once):
            if child.exit_code() is not None:
                child.finish(0)
                self.once.remove(child)
                say("run", f"{child.name} has ended with code {child.exit_code()}")
                if self.when_ended is not None:
                    self.when_ended()

    def _restart(self, child: Child, code: int) -> None:
        deaths = self.deaths[child.name]
        if len(deaths) == RESTARTS and time.monotonic() - deaths[0] < RESTART_WINDOW:
            raise GaveUp(f"{child.name} ended {RESTARTS + 1} times within a minute (code {code}).")
        deaths.append(time.monotonic())
        say("run", f"{child.name} ended unexpectedly (code {code}); starting it again")
        child.finish(0)  # nothing of its group may stay behind
        time.sleep(RESTART_PAUSE)
        child.start()
        self.notes.write([*self.children, *self.once])

    def stop(self, servers: set[str]) -> None:
        """The program's parts together, then the servers they use one after the other."""
        parts = [c for c in reversed([*self.children, *self.once]) if c.name not in servers]
        for child in parts:
            child.ask_to_stop()
        wait_until(lambda: all(c.exit_code() is not None for c in parts), STOP_SECONDS)
        for child in parts:
            child.finish(0)
        for child in reversed(self.children):
            if child.name in servers:
                child.ask_to_stop()
                child.finish(STOP_SECONDS)
        self.notes.clear()
