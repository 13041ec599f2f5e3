"""Medians of repeated runs, and the table of ratios."""

import gc
import sys
import time
import unicodedata
from dataclasses import dataclass
from statistics import median

ROWS = []


@dataclass(frozen=True)
class Row:
    """One line: what was measured against what, the ratio and its bar (None: only a figure)."""

    name: str
    detail: str
    ratio: float
    bar: float | None
    unit: str = "×"

    @property
    def verdict(self) -> str:
        if self.bar is None:
            return ""
        return "ok" if self.ratio <= self.bar else "OVER"


def seconds(work, *, runs=7, warm_up=1, before=lambda: None):
    """Median time of a call, after warm-ups; `before` is not timed."""
    times = []
    for number in range(runs + warm_up):
        before()
        gc.collect()
        began = time.perf_counter()
        work()
        if number >= warm_up:
            times.append(time.perf_counter() - began)
    return median(times)


def alternating(first, second, *, runs=7, before=lambda: None):
    """Medians of two calls that take turns, so that a busy machine slows both; `before` is the
    untimed preparation of the first."""
    one, two = [], []
    for number in range(runs + 1):
        before()
        for work, times in ((first, one), (second, two)):
            gc.collect()
            began = time.perf_counter()
            work()
            if number:
                times.append(time.perf_counter() - began)
    return median(one), median(two)


def report(name, detail, ratio, bar=None, unit="×"):
    """Add a line to the table, and say so at once."""
    row = Row(name, detail, ratio, bar, unit)
    ROWS.append(row)
    sys.stderr.write(f"  {name}: {ratio:.3g} {unit}\n")


def ms(value):
    """Milliseconds for people."""
    return f"{value * 1000:.1f} ms" if value < 10 else f"{value:.1f} s"


def _padded(text, width):
    used = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return text + " " * max(0, width - used)


def table():
    """All lines as text."""
    names = max(len(r.name) for r in ROWS) + 2
    details = max(len(r.detail) for r in ROWS) + 2
    lines = [f"{_padded('job', names)}{_padded('measured', details)}{'figure':>10}   {'bar':>8}"]
    for r in ROWS:
        bar = "" if r.bar is None else f"<= {r.bar:g}"
        figure = f"{r.ratio:.3g} {r.unit}"
        lines.append(
            f"{_padded(r.name, names)}{_padded(r.detail, details)}{figure:>10}   {bar:>8}  {r.verdict}"
        )
    return "\n".join(lines)
