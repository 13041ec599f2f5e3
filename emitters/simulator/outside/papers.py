"""Registers and paper: companies, other offices' forms, the evidence that belongs to each number."""

from collections.abc import Iterator
from datetime import date
from random import Random

from emitters.outside import OutsideRow
from emitters.simulator.book import ZERO, Book, UnitBook, UnitMonth
from emitters.simulator.names import credit_code, person
from emitters.simulator.outside.fuel import seller
from emitters.simulator.outside.rows import File, plain

_SCOPE_NOISE = 0.003
_EVIDENCE = {
    "燃料消耗量": ("入炉煤日台账", "购销存台账"),
    "收到基低位发热量": ("日热值化验记录", "月加权计算表"),
    "收到基元素碳含量": ("检测报告", "日水分记录"),
    "发电量": ("生产月报", "电网结算单"),
    "供热量": ("供热计量台账", "供热结算单"),
    "运行小时数": ("运行日志", "调度停运记录"),
    "购入使用电量": ("电能表台账", "电网购电结算单"),
}


def business(book: Book, _rng: Random) -> Iterator[OutsideRow]:
    """The plant, its laboratories, consultant and coal sellers: different people and places."""
    plant = book.plant
    companies = {plant.credit_code: plant.name}
    for sample in book.samples():
        companies[_laboratory_code(sample.laboratory)] = sample.laboratory
    if plant.consultant:
        companies[plant.consultant_code] = plant.consultant
    for supply in book.supply:
        companies |= {code: name for name, code in (seller(mine) for mine, _share in supply)}
    file = File("business", book)
    for code, name in companies.items():
        rng = Random(f"company/{code}")  # noqa: S311
        boss = plant.legal_person if code == plant.credit_code else person(rng)
        yield file.row(
            name=name,
            code=code,
            status="存续",
            representative=boss,
            controller=f"{name.removesuffix('有限公司')}控股集团",
            address=f"样本市样本路{rng.randrange(1, 9999)}号",
            phone=f"024-{rng.randrange(10**7, 10**8)}",
            since=date(rng.randint(1998, 2014), rng.randint(1, 12), rng.randint(1, 28)),
        )


def _laboratory_code(name: str) -> str:
    return credit_code(Random(f"laboratory code/{name}"), "2101")  # noqa: S311


def statistics(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """The same facts on the forms of other offices, which round and delimit a little differently."""
    months = [m for u in book.units for m in u.months if m.exists]
    amounts = {
        "发电量": sum((m.gen for m in months), ZERO),
        "供热量": sum((m.heat for m in months), ZERO),
    }
    if book.plant.mines:
        amounts["燃煤消耗量"] = sum((m.fc for m in months), ZERO)
    file = File("statistics", book)
    for agency, items in (("统计", amounts), ("排污许可", {"燃煤消耗量"} & set(amounts))):
        for item in items:
            if amounts[item]:
                noise = rng.gauss(1, _SCOPE_NOISE)
                yield file.of_unit(
                    year=book.year, agency=agency, item=item,
                    amount=plain(float(amounts[item]) * noise, 0),
                )  # fmt: skip


def evidence(book: Book, _rng: Random) -> Iterator[OutsideRow]:
    """A primary record and a cross-check for every number that the plant has. It is the plant's own
    list: a test report that no laboratory made has its paper too."""
    file = File("evidence", book)
    for unit in book.units:
        for month in unit.months:
            for parameter in _numbers(unit, month):
                for role, paper in zip(("原始", "交叉"), _EVIDENCE[parameter], strict=True):
                    yield file.of_month(
                        month.month,
                        generator=unit.unit.number,
                        parameter=parameter,
                        role=role,
                        file=f"{paper}{book.year}-{month.month:02d}.pdf",
                        readable="是",
                    )


def _numbers(unit: UnitBook, month: UnitMonth) -> Iterator[str]:
    """Numbers of the month that are neither a default nor zero."""
    if month.fc:
        yield from ("燃料消耗量", "收到基低位发热量")
    if month.fc and (month.sample or month.carbon == "stated"):
        yield "收到基元素碳含量"
    metered = {"发电量": month.gen, "供热量": month.heat, "运行小时数": month.hours}
    yield from (name for name, value in metered.items() if value)
    if month.buy:
        yield "购入使用电量"


MAKERS = {"business": business, "statistics": statistics, "evidence": evidence}
