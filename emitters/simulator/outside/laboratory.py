"""What the laboratory, its regulator and the city's samplers hold of the plant's coal tests.

A test that was never made has no row: the true book takes the default for such a month.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from emitters.outside import OutsideRow
from emitters.simulator.book import Book, Sample, rounded
from emitters.simulator.outside.rows import File, plain

_ANALYSIS = ("mt", "mad", "aad", "vad", "stad", "had", "cad", "qgrad")
_SCOPE = "煤：全水分、水分、灰分、挥发分、全硫、碳、氢、发热量"
_RETEST_SHARE = 0.08


def _made(book: Book) -> list[Sample]:
    """Tests that truly took place."""
    held = ((m, m.sample) for m in book.unit_months() if m.sample)
    found = {id(sample): sample for m, sample in held if m.carbon == "test" or sample.late}
    return sorted(found.values(), key=lambda s: (s.issued, s.report_no))


def register(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """The laboratory's own register, reported by itself."""
    file = File("lab_register", book)
    for sample in _made(book):
        place = f"{sample.laboratory}一号检测室"
        yield file.row(
            laboratory=sample.laboratory,
            report_no=sample.report_no,
            client_code=book.plant.credit_code,
            sample_no=sample.sample_no,
            month=sample.month,
            received=sample.received,
            tested=sample.tested,
            issued=sample.issued,
            instrument=f"CHN-{rng.randint(1, 3)}",
            operator=sample.tester,
            place=place,
            raw_file=f"R{sample.tested:%Y%m%d}-{rng.randrange(1000):03d}",
            **{name: getattr(sample, name) for name in _ANALYSIS},
        )


def files(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """The report files as the plant handed them in; some came through a scanner."""
    file = File("lab_file", book)
    for sample in _made(book):
        scanned = rng.random() < 0.1
        yield file.row(
            laboratory=sample.laboratory,
            report_no=sample.report_no,
            sha256=hashlib.sha256(sample.report_no.encode()).hexdigest(),
            producer="样本扫描仪" if scanned else "样本检测报告系统",
            modified=sample.issued + timedelta(days=rng.randint(1, 9) if scanned else 0),
            overlays=Decimal(0),
            fonts_odd=Decimal(0),
            qr="是",
            qr_required="是",
            qr_report_no=sample.report_no,
        )


def accreditation(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """The certificate of every laboratory that the plant used, in force for six years."""
    file = File("accreditation", book)
    for name, certificate in sorted({(s.laboratory, s.certificate) for s in _made(book)}):
        begin = date(2018 if book.year < 2024 else 2024, rng.randint(1, 3), 15)
        if book.year == 2024:
            begin = date(2023, 12, 1)
        yield file.row(
            laboratory=name,
            certificate=certificate,
            scope=_SCOPE,
            valid_from=begin,
            valid_to=begin.replace(year=begin.year + 7),
        )


def custody(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """The sample of each month, sealed, posted in the plant's city, kept for a year."""
    file = File("custody", book)
    for sample in _made(book):
        days = next(
            len(u.months[sample.month - 1].days)
            for u in book.units
            if u.unit.number == sample.generator
        )
        yield file.of_month(
            sample.month,
            generator=sample.generator,
            seal_no=f"F{book.plant.index:03d}{sample.sample_no}",
            mass_g=plain(rng.uniform(720, 1100), 0),
            posted_city=book.plant.city,
            increments=Decimal(days),
            proportional="是",
            sampled=sample.sampled,
            retained_until=sample.sampled + timedelta(days=rng.randint(366, 420)),
            complete="是",
        )


def retest(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """A few kept samples, drawn by the authority and tested elsewhere."""
    file = File("retest", book)
    for sample in _made(book):
        if rng.random() > _RETEST_SHARE:
            continue
        again = replace(sample)
        for name, spread in (("cad", 0.25), ("qgrad", 0.07), ("aad", 0.15), ("mad", 0.2)):
            places = 3 if name == "qgrad" else 2
            noisy = float(getattr(sample, name)) + rng.gauss(0, spread)
            setattr(again, name, rounded(noisy, places))
        yield file.of_month(
            sample.month,
            generator=sample.generator,
            report_no=sample.report_no,
            laboratory="样本复测中心",
            tested=sample.issued + timedelta(days=rng.randint(20, 150)),
            **{name: getattr(again, name) for name in _ANALYSIS if name != "mt"},
        )


def calibration(book: Book, rng: Random) -> Iterator[OutsideRow]:
    """Meters, verified every year before the last certificate runs out."""
    file = File("calibration", book)
    habits = book.plant.rng("meters")
    for generator, kind, meter, accuracy in _meters(book):
        month, day = habits.randint(1, 12), habits.randint(1, 25)
        for year in (book.year - 1, book.year):
            begin = date(year, month, day) - timedelta(days=rng.randint(0, 12))
            limit = float(accuracy)
            yield file.of_unit(
                generator=generator,
                meter=meter,
                kind=kind,
                valid_from=begin,
                valid_to=date(year + 1, month, day),
                accuracy=Decimal(accuracy),
                error_found=plain(max(-limit, min(limit, rng.gauss(0, limit / 4))), 3),
                adjusted="否",
            )


def _meters(book: Book) -> Iterator[tuple[str | None, str, str, str]]:
    """Generator, kind, number and accuracy (%) of every meter that a reported number rests on."""
    if book.plant.mines:
        yield None, "汽车衡", "TR-1", "0.5"
        yield None, "热量计", "QR-1", "0.2"
    for unit in book.units:
        number = unit.unit.number
        scale = ("流量计", "FM") if unit.unit.is_gas else ("皮带秤", "BS")
        yield number, scale[0], f"{scale[1]}-{number}", "0.5"
        yield number, "电能表", f"EM-{number}", "0.2"


MAKERS = {
    "lab_register": register,
    "lab_file": files,
    "accreditation": accreditation,
    "custody": custody,
    "retest": retest,
    "calibration": calibration,
}
