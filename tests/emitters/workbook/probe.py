"""Reads workbooks in a process of its own, with its memory and time measured."""

import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context

from django.conf import settings

from emitters.facts import ReportFacts


@dataclass(frozen=True)
class Probe:
    """`peak_mb` is how far the process grew above its size before the first file."""

    reading: object
    texts: tuple[str, ...]
    seconds: float
    peak_mb: float


_base = 0


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _start() -> None:
    import django

    if not settings.configured:
        settings.configure(USE_I18N=True, LANGUAGE_CODE="zh-hans", INSTALLED_APPS=[])
    django.setup()
    import emitters.workbook  # noqa: F401 -- so that its size counts as the base

    # A reader gone wild fails to allocate instead of taking the machine with it.
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    global _base
    _base = _peak()


def read(source: bytes) -> Probe:
    from carbonwatch.imports.rules import cure, describe
    from emitters.workbook import read_report

    begun = time.perf_counter()
    reading = read_report(source)
    seconds = time.perf_counter() - begun
    texts = tuple(f"{describe(p)} {cure(p)}" for p in reading.problems)
    return Probe(reading, texts, seconds, _peak() - _base)


class Prober:
    """One child process; a new one after a crash."""

    def __init__(self) -> None:
        self._pool = None

    def __call__(self, source: bytes) -> Probe:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_start)
        try:
            return self._pool.submit(read, source).result(timeout=30)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def bare(facts: ReportFacts) -> ReportFacts:
    """The facts without places: rows, columns, addresses."""

    def series(row):
        return row and replace(row, row=0, columns=())

    def rows(found):
        return {code: series(row) for code, row in sorted(found.items())}

    def generator(item):
        fuels = tuple(replace(use, series=rows(use.series)) for use in item.fuels)
        return replace(
            item,
            row=0,
            cells={},
            fuels=fuels,
            purchased=rows(item.purchased),
            production=rows(item.production),
        )

    return replace(
        facts,
        basic_cells={},
        daily_columns={},
        generators=tuple(generator(g) for g in facts.generators),
        plant_total=series(facts.plant_total),
        stocks=tuple(replace(s, series=rows(s.series)) for s in facts.stocks),
        tests=tuple(replace(t, row=0, cells={}) for t in facts.tests),
        daily=tuple(d._replace(row=0) for d in facts.daily),
    )
