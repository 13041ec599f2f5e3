"""The workbooks of the made-up units, written ahead in a second process while the first takes them in."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby

from emitters.facts import ReportFacts
from emitters.simulator import Plant, State, province, simulate
from emitters.simulator.province import Item
from emitters.workbook import write_report

_source: Iterator[tuple[int, Iterator[Item]]]  # of the writing process


@dataclass(frozen=True)
class Filed:
    """What a unit files for a year. `truth` is honest, odd or falsified; `corrected` is the workbook
    after a correction: the true books of a falsified year, another telephone number in the newest
    year, else empty."""

    first: bytes
    corrected: bytes
    truth: str


@dataclass(frozen=True)
class Shelf:
    """All workbooks of a unit, by year."""

    plant: Plant
    years: dict[int, Filed]


def shelves(seed: int, units: int, years: Sequence[int]) -> Iterator[Shelf]:
    """The units' workbooks in the order of the plants; the same for the same arguments."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn, _open, (seed, units, tuple(years))) as writer:
        shelves = [writer.submit(_next_shelf) for _n in range(units)]
        try:
            for shelf in shelves:
                yield shelf.result()
        finally:
            writer.shutdown(wait=False, cancel_futures=True)


def _open(seed: int, units: int, years: Sequence[int]) -> None:
    global _source
    _source = groupby(province(seed, units, years), lambda item: item[0].index)


def _next_shelf() -> Shelf:
    _index, group = next(_source)
    items = list(group)
    plant, newest = items[-1][:2]
    honest: dict[int, ReportFacts] = {}
    if any(truth.label == "falsified" for *_rest, truth in items):
        state = State.of(plant)
        honest = {year: simulate(plant, year, state) for _plant, year, *_rest in items}
    filed: dict[int, Filed] = {}
    for _plant, year, facts, truth in items:
        corrected = b""
        if truth.label == "falsified":
            corrected = write_report(honest[year])
        elif year == newest:
            corrected = write_report(_other_telephone(facts))
        filed[year] = Filed(write_report(facts), corrected, truth.label)
    return Shelf(plant, filed)


def _other_telephone(facts: ReportFacts) -> ReportFacts:
    return replace(facts, basic={**facts.basic, "联系电话": "024-00000001"})
