"""Coal on its way to the yard: invoices, waybills, batches at the gate, and who sells it."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random
from typing import Any

from emitters.outside import OutsideRow
from emitters.simulator.book import Book, rounded
from emitters.simulator.coal import Mine, Quality, blend
from emitters.simulator.names import credit_code
from emitters.simulator.outside.rows import File, plain, reading_lead, shifted

_TRAIN_T = 3600


@lru_cache(maxsize=4096)
def seller(mine: Mine) -> tuple[str, str]:
    """Name and code of the company that sells a mine's coal; the mine's nature tells it apart."""
    rng = Random(f"seller/{mine.name}/{mine.carbon}")  # noqa: S311
    return f"{mine.name}煤炭销售有限公司", credit_code(rng, "2109")


def _deliveries(book: Book) -> Iterator[tuple[int, Mine, float]]:
    """Tonnes of each mine that came in each month."""
    if not book.plant.mines:
        return
    for month, supply in enumerate(book.supply, 1):
        total = sum(share for _mine, share in supply)
        for mine, share in supply:
            if tonnes := float(book.yard.buy[month - 1]) * share / total:
                yield month, mine, tonnes


def _end(book: Book, month: int) -> date:
    return date(book.year, month, monthrange(book.year, month)[1])


def invoice(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """One to three invoices a month and mine, some weeks late; some groups buy for their plants."""
    habits = book.plant.rng("invoices")
    bias, dated = habits.uniform(0.9995, 1.005), habits.random() < 0.6
    group_bought = habits.random() < 0.05
    file = File("invoice", book)
    for month, mine, tonnes in _deliveries(book):
        if group_bought and mine == book.plant.mines[0]:
            continue
        name, code = seller(mine)
        count = rng.choice((1, 1, 2, 3))
        for part in range(count):
            issued = _end(book, month) + timedelta(days=rng.randint(2, 28))
            yield file.of_unit(
                day=issued,
                supplier=name,
                supplier_code=code,
                invoice_no=f"{rng.randrange(10**19, 10**20)}",
                tonnes=plain(tonnes / count * bias * rng.gauss(1, 0.001)),
                delivered=_end(book, month) - timedelta(days=8 * (count - part - 1))
                if dated
                else None,
            )


def rail(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """Trains of the mines that send by rail; the billed weight is that of the loading station."""
    habits = book.plant.rng("rail")
    share, loss = habits.choice((0.0, 0.4, 0.8, 1.0)), habits.uniform(0.001, 0.009)
    file = File("rail", book)
    for month, mine, tonnes in _deliveries(book):
        trains = round(tonnes * share / _TRAIN_T)
        for _train in range(trains):
            arrived = date(book.year, month, rng.randint(1, monthrange(book.year, month)[1]))
            yield file.of_unit(
                day=arrived,
                waybill_no=f"{rng.randrange(10**11, 10**12)}",
                supplier=seller(mine)[0],
                tonnes=plain(tonnes * share / trains / (1 - loss)),
            )


def receipt(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """Batches at the gate: weighed, sampled and analysed by the plant, three a month and mine."""
    file = File("receipt", book)
    for month, mine, tonnes in _deliveries(book):
        batch = _batch(book, month, mine)
        length = monthrange(book.year, month)[1]
        for n in range(3):
            yield file.of_unit(
                day=date(book.year, month, min(length, n * 10 + rng.randint(1, 10))),
                supplier=seller(mine)[0],
                mine=mine.name,
                tonnes=plain(tonnes / 3),
                **_analysis(rng, batch),
            )


def _batch(book: Book, month: int, mine: Mine) -> Quality:
    """The mine's coal of that month: it drifts as the blend does against its mean."""
    base = blend((mine,), (1.0,))
    supply = book.supply[month - 1]
    mean = blend([m for m, _s in supply], [s for _m, s in supply])
    now = book.units[0].quality[month - 1]
    moved = {
        name: getattr(base, name) + getattr(now, name) - getattr(mean, name)
        for name in ("ash", "moisture", "carbon", "hydrogen", "sulphur")
    }
    return Quality(**{n: moved.get(n, getattr(base, n)) for n in Quality.__slots__})


def _analysis(rng: Random, coal: Quality) -> dict[str, Decimal]:
    ash, mt = coal.ash + rng.gauss(0, 0.8), coal.moisture + rng.gauss(0, 0.5)
    mad = min(coal.inherent + rng.gauss(0, 0.3), mt - 0.5)
    dry, pure = (100 - mad) / 100, (100 - mad) / 100 * (100 - ash) / 100
    values: dict[str, Any] = {
        "mt": mt,
        "mad": mad,
        "aad": ash * dry,
        "vad": coal.volatile * pure,
        "stad": coal.sulphur * pure,
        "had": coal.hydrogen * pure,
        "cad": coal.carbon * pure,
    }
    found = {name: plain(value) for name, value in values.items()}
    return found | {
        "qgrad": rounded(coal.gross_dry(ash=ash) * dry, 3),
        "ncv": rounded(coal.net_as_received(ash=ash, moisture=mt) + rng.gauss(0.1, 0.06), 3),
    }


def gas(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """The gas company's bills by its own meter, which may be read before the end of the month."""
    if book.plant.mines:
        return
    habits = book.plant.rng("gas meter")
    bias, lead = habits.gauss(1, 0.002), reading_lead(habits)
    used = [float(sum((u.months[n].fc for u in book.units), Decimal(0))) for n in range(12)]
    file = File("gas", book)
    for month, volume in enumerate(shifted([v * bias for v in used], lead, rng), 1):
        yield file.of_month(
            month, supplier="样本燃气有限公司", fuel="天然气", volume=plain(volume, 2)
        )


MAKERS = {"invoice": invoice, "rail": rail, "gas": gas, "receipt": receipt}
