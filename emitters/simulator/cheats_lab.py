"""Ways that touch the laboratory's papers: batches, dates, reuse, invention, copies.

In truth the months concerned have no valid test, hence the default; the papers avoid it.
"""

from datetime import timedelta
from decimal import Decimal

from emitters.simulator.book import Sample, rounded
from emitters.simulator.cheating import (
    LAB_VALUES,
    Attempt,
    Way,
    copy_values,
    has_tests,
    measures,
    no_test,
    own_test,
    restore,
)
from emitters.simulator.laboratory import report_number, workdays_after
from emitters.simulator.names import laboratory
from emitters.simulator.plants import Plant


def _prefix(sample: Sample) -> str:
    return sample.report_no.partition("-")[0]


def batch_disguised(attempt: Attempt) -> None:
    """One delivery of samples, reported as month by month: the numbers follow each other."""
    papers = restore(attempt)
    last = max(papers, key=lambda s: s.issued)
    first = int(last.report_no.partition("-")[2]) - len(papers)
    for n, paper in enumerate(papers, 1):
        paper.report_no = f"{_prefix(last)}-{first + n:07d}"
        paper.tester, paper.reviewer = last.tester, last.reviewer
    if attempt.strength == "gross":
        _one_delivery(papers, last)


def _one_delivery(papers: list[Sample], last: Sample) -> None:
    """The grossest do not even spread the receipts over the months."""
    for paper in papers:
        paper.sent = max(paper.sampled, last.sent - timedelta(days=2))
        paper.received = max(paper.sent, last.received - timedelta(days=1))
        paper.tested = max(paper.received, last.tested)
        paper.issued = max(paper.tested, last.issued)


def dates_rewritten(attempt: Attempt) -> None:
    """Tests made months late, dates set back by hand: the numbers keep the true order."""
    book = attempt.book
    reversals = attempt.level(0, 1, 3)
    for n, paper in enumerate(restore(attempt)):
        position = next(i for i, u in enumerate(book.units) if u.unit.number == paper.generator)
        truly = workdays_after(paper.issued, attempt.rng.randint(45, 60))
        prefix = laboratory(_lab_index(paper)).prefix
        paper.report_no = report_number(prefix, truly, book.plant, position, paper.month)
        if n < reversals:
            paper.tested = paper.received - timedelta(days=attempt.rng.randint(3, 9))


def _lab_index(sample: Sample) -> int:
    return int(sample.certificate[-8:]) - 1


def reused_across_months(attempt: Attempt) -> None:
    """The best month's report serves again for its neighbours."""
    papers = restore(attempt)
    for unit in attempt.book.units:
        own = [p for p in papers if p.generator == unit.unit.number]
        if own:
            best = min(own, key=lambda s: s.car)
            for paper in own:
                copy_values(best, paper)
                paper.report_no = best.report_no


_LETTERHEAD = (
    "sent", "received", "tested", "issued", "report_no", "laboratory", "certificate", "tester",
    "reviewer",
)  # fmt: skip


def reused_across_enterprises(attempt: Attempt) -> None:
    """Another enterprise's reports, on one's own letterhead."""
    donor = attempt.donor
    for paper in restore(attempt):
        source = donor and donor.units[0].months[paper.month - 1].sample
        if source:
            copy_values(source, paper, (*LAB_VALUES, *_LETTERHEAD))


def results_invented(attempt: Attempt) -> None:
    """Results out of the air: around one good value, and far too calm."""
    spread = attempt.level(0.004, 0.002, 0.0004)
    papers = restore(attempt)
    for unit in attempt.book.units:
        own = [p for p in papers if p.generator == unit.unit.number]
        for name in (*LAB_VALUES, "mt"):
            mean = sum((getattr(p, name) for p in own), Decimal(0)) / max(1, len(own))
            if name == "cad":
                mean *= Decimal("0.97")
            places = 3 if name == "qgrad" else 2
            for paper in own:
                setattr(paper, name, rounded(float(mean) * attempt.rng.gauss(1, spread), places))
        for paper in own:
            paper.convert()


def copied_last_year(attempt: Attempt) -> None:
    """Last year's results with this year's dates and numbers."""
    for paper in restore(attempt):
        for unit in attempt.previous.units if attempt.previous else ():
            old = own_test(unit, paper.month) if unit.unit.number == paper.generator else None
            if old:
                copy_values(old, paper, (*LAB_VALUES, "mt"))


def _has_donor(attempt: Attempt) -> bool:
    donor = attempt.donor
    return (
        has_tests(attempt)
        and donor is not None
        and donor.plant.mines[0].rank == attempt.book.plant.mines[0].rank
        and sum(1 for m in donor.units[0].months if m.sample) >= 10
    )


def _measured_before(plant: Plant, year: int) -> bool:
    return measures(plant, year - 1)


def _has_last_year(attempt: Attempt) -> bool:
    previous = attempt.previous
    return has_tests(attempt) and previous is not None and len(previous.samples()) >= 9


WAYS = (
    Way(
        "batch_disguised", "集中送检伪装逐月", measures, batch_disguised,
        no_test(3, 6, 12), has_tests,
    ),
    Way("dates_rewritten", "篡改检测日期", measures, dates_rewritten, no_test(3, 4, 6), has_tests),
    Way(
        "reused_across_months", "一份报告多月使用", measures, reused_across_months,
        no_test(2, 3, 5), has_tests,
    ),
    Way(
        "reused_across_enterprises", "盗用其他企业报告", measures, reused_across_enterprises,
        no_test(2, 5, 12), _has_donor,
    ),
    Way(
        "results_invented", "编造检测结果", measures, results_invented,
        no_test(12, 12, 12), has_tests,
    ),
    Way(
        "copied_last_year", "照抄上年检测值", _measured_before, copied_last_year,
        no_test(4, 8, 12), _has_last_year,
    ),
)  # fmt: skip
