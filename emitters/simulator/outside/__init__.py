"""What others recorded of a made-up plant's year: honest records of its true book.

A cheat changes what the plant reports, not what the grid, the heat customers, the laboratory or the
stack recorded; so the records always follow from the book as it truly was (`Truth.book`).
"""

from collections.abc import Callable, Iterator, Mapping
from random import Random

from emitters.outside import OutsideRecords, OutsideRow
from emitters.simulator.book import Book
from emitters.simulator.outside import fuel, heat, laboratory, papers, power, stack

__all__ = ["outside_of"]

_MAKERS: Mapping[str, Callable[[Book, Random], Iterator[OutsideRow]]] = {
    **power.MAKERS,
    **heat.MAKERS,
    **fuel.MAKERS,
    **stack.MAKERS,
    **laboratory.MAKERS,
    **papers.MAKERS,
}


def outside_of(true_book: Book, rng: Random) -> OutsideRecords:
    """Records of every kind, with the noise that honest records have: meters of their own, reading
    days before the end of the month, invoices that come late, bought-in groups, floor-area heating."""
    seed = rng.getrandbits(64)
    rows: list[OutsideRow] = []
    for kind, make in _MAKERS.items():
        # A source of chance for each kind: a new kind leaves the others as they were.
        rows += make(true_book, Random(f"{seed}/{kind}"))  # noqa: S311
    return OutsideRecords(tuple(rows))
