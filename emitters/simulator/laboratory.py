"""The laboratory: what a composite sample yields, with its noise, its dates and its numbers."""

from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from chinese_calendar import is_workday

from emitters.simulator.book import Sample, UnitMonth, rounded
from emitters.simulator.coal import Quality
from emitters.simulator.names import Laboratory, laboratory
from emitters.simulator.plants import Plant

# Numbers a day in a laboratory's register: each client and generator has its own slot in the day,
# so that numbers rise with the date of issue and never meet.
_CLIENTS, _SLOTS = 300, 10


@lru_cache(maxsize=4096)
def workdays_after(day: date, count: int) -> date:
    """The working day `count` working days after a day, with the official holidays."""
    while count:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day


def month_end(year: int, month: int) -> date:
    """Last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def report_number(prefix: str, issued: date, plant: Plant, position: int, month: int) -> str:
    """Number in the laboratory's yearly series."""
    slot = plant.index % _CLIENTS * _SLOTS + position % 5 * 2 + month % 2
    serial = issued.timetuple().tm_yday * _CLIENTS * _SLOTS + slot
    return f"{prefix}{issued.year}-{serial:07d}"


def composite(days: UnitMonth) -> tuple[float, float]:
    """Ash (dry %) and total moisture (%) of the month, weighted by the coal of each day."""
    total = float(days.fc)
    ash = sum(float(d.coal) * d.ash for d in days.days) / total
    return ash, sum(float(d.coal) * float(d.mt) for d in days.days) / total


def analyse(
    rng: Random,
    plant: Plant,
    position: int,
    year: int,
    record: UnitMonth,
    quality: Quality,
    lab_index: int,
    *,
    sent: date | None = None,
) -> Sample:
    """The monthly composite of a generator, sent, tested and reported.

    `sent` overrides the day of sending (backlogs). Repeatability as GB/T 476 and GB/T 213 allow.
    """
    lab = laboratory(lab_index)
    end = month_end(year, record.month)
    out = sent or workdays_after(end, rng.randint(1, 4))
    # A backlog is hurried: forty days after the month are the limit.
    received = workdays_after(out, rng.choice((0, 1) if sent else (0, 1, 1, 2)))
    tested = workdays_after(received, rng.randint(1, 2 if sent else 5))
    issued = workdays_after(tested, 1 if sent else rng.randint(1, 4))
    sample = Sample(
        generator=plant.generators[position].number,
        month=record.month,
        sample_no=f"{plant.credit_code[8:13]}{year % 100:02d}{record.month:02d}{position + 1:02d}",
        sampled=end,
        sent=out,
        received=received,
        tested=tested,
        issued=issued,
        report_no=report_number(lab.prefix, issued, plant, position, record.month),
        laboratory=lab.name,
        certificate=lab.certificate,
        tester=rng.choice(lab.testers),
        reviewer=rng.choice(lab.reviewers),
        **_results(rng, record, quality, lab),
    )
    sample.convert()
    return sample


def _results(rng: Random, record: UnitMonth, quality: Quality, lab: Laboratory) -> dict[str, Any]:
    """Air-dry results with the laboratory's noise; what is as received follows by conversion."""
    ash, mt = composite(record)
    mad = min(quality.inherent + rng.gauss(0, 0.35), mt - 0.5)
    dry, pure = (100 - mad) / 100, (100 - mad) / 100 * (100 - ash) / 100

    def reading(true: float, noise: float) -> float:
        return true + lab.care * rng.gauss(0, noise)

    carbon = quality.carbon * pure * (1 + lab.carbon_bias)
    gross = quality.gross_dry(ash=ash) * dry + lab.heat_bias
    return {
        "mt": rounded(mt, 2),
        "mad": rounded(mad, 2),
        "aad": rounded(reading(ash * dry, 0.12), 2),
        "vad": rounded(reading(quality.volatile * pure, 0.2), 2),
        "stad": rounded(max(0.2, reading(quality.sulphur * pure, 0.04)), 2),
        "had": rounded(reading(quality.hydrogen * pure, 0.06), 2),
        "cad": rounded(reading(carbon, 0.18), 2),
        "qgrad": rounded(reading(gross, 0.07), 3),
        "qnetar": rounded(0, 3),
        "car": rounded(0, 4),
    }
