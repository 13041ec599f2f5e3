"""The workbooks of the made-up units, written ahead in a second process while the first takes them in."""

import multiprocessing
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby

import django

from emitters.facts import ReportFacts
from emitters.outside import OutsideRow
from emitters.simulator import Plant, outside_of, province
from emitters.simulator.falsify import Truth
from emitters.simulator.province import Item
from emitters.workbook import write_report
from enforcement.demo.doubts import true_years, with_questions

RECORDED = 6  # plants of whose newest year others hold records
# Of the writing process: reports by plant, and the plants whose newest year is to raise questions.
_source: Iterator[tuple[int, Iterator[Item]]]
_questioned: frozenset[int]


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
    """All workbooks of a unit, by year, and what others recorded of its newest year as it truly was."""

    plant: Plant
    years: dict[int, Filed]
    records: tuple[OutsideRow, ...] = ()


def shelves(
    seed: int, units: int, years: Sequence[int], questioned: Collection[int]
) -> Iterator[Shelf]:
    """The units' workbooks in the order of the plants; the same for the same arguments.

    `questioned`: plants (by index) whose newest year is to raise questions.
    """
    spawn = multiprocessing.get_context("spawn")
    start = (seed, units, tuple(years), frozenset(questioned))
    with ProcessPoolExecutor(1, spawn, _open, start) as writer:
        waiting = [writer.submit(_next_shelf) for _n in range(units)]
        try:
            for shelf in waiting:
                yield shelf.result()
        finally:
            writer.shutdown(wait=False, cancel_futures=True)


def _open(seed: int, units: int, years: Sequence[int], questioned: frozenset[int]) -> None:
    global _source, _questioned
    django.setup()  # the texts of the checks need it
    _source = groupby(province(seed, units, years), lambda item: item[0].index)
    _questioned = questioned


def _next_shelf() -> Shelf:
    index, group = next(_source)
    items = list(group)
    records = _records(items[-1]) if index <= RECORDED else ()
    if index in _questioned and (doubtful := with_questions(items)):
        plant, year = items[-1][:2]
        items[-1] = (plant, year, doubtful, Truth("falsified"))
    falsified = any(truth.label == "falsified" for *_rest, truth in items)
    true = true_years(items) if falsified else [facts for *_rest, facts, _truth in items]
    return Shelf(
        items[0][0],
        {
            item[1]: _filed(item, books, item is items[-1])
            for item, books in zip(items, true, strict=True)
        },
        records,
    )


def _records(item: Item) -> tuple[OutsideRow, ...]:
    plant, year, _facts, truth = item
    return outside_of(truth.book, plant.rng("outside", year)).rows if truth.book else ()


def _filed(item: Item, true: ReportFacts, newest: bool) -> Filed:  # noqa: FBT001
    _plant, _year, facts, truth = item
    corrected = b""
    if truth.label == "falsified":
        corrected = write_report(true)
    elif newest:
        corrected = write_report(_other_telephone(facts))
    return Filed(write_report(facts), corrected, truth.label)


def _other_telephone(facts: ReportFacts) -> ReportFacts:
    return replace(facts, basic={**facts.basic, "联系电话": "024-00000001"})
