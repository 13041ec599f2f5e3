"""Ways that invent coal-test results with some care: the papers are in order, the numbers are not."""

from decimal import Decimal

from emitters.simulator.book import Sample, UnitMonth, rounded
from emitters.simulator.cheating import (
    LAB_VALUES,
    Attempt,
    Way,
    burns_coal,
    burnt_gj,
    has_tests,
    measures,
    no_test,
    restore,
    unmeasured,
    untested,
)
from emitters.simulator.cheats_fuel import shave
from emitters.simulator.plants import Plant

_REPEATABILITY = {
    "mad": 0.06, "aad": 0.1, "vad": 0.12, "stad": 0.02, "had": 0.04, "cad": 0.12, "qgrad": 0.04,
}  # fmt: skip
_PLACES = {"qgrad": 3}


def _by_unit(attempt: Attempt) -> list[list[Sample]]:
    """The restored papers of each generator, in order of month."""
    papers = restore(attempt)
    numbers = [u.unit.number for u in attempt.book.units]
    return [own for n in numbers if (own := [p for p in papers if p.generator == n])]


def sheet_edited(attempt: Attempt) -> None:
    """Carbon and heat lowered together on the laboratory's sheet; the plant's own heat stays."""
    keep = 1 - Decimal(attempt.level("0.02", "0.04", "0.08"))
    for month in attempt.tested():
        sample = month.sample
        if sample:
            sample.cad = rounded(sample.cad * keep, 2)
            sample.qgrad = rounded(sample.qgrad * keep, 3)
            sample.convert()


def consultancy_shave(attempt: Attempt) -> None:
    """A consultancy takes a little off the carbon of every client."""
    for month in attempt.tested():
        shave(month, attempt.level("0.008", "0.015", "0.025"))


def _advised(plant: Plant, year: int) -> bool:
    return measures(plant, year) and bool(plant.consultant)


def sample_split(attempt: Attempt) -> None:
    """One good sample is split and tested month by month: only repeatability sets them apart."""
    spread = attempt.level(1.5, 1.0, 0.4)
    for own in _by_unit(attempt):
        best = min(own, key=lambda s: s.cad / s.qgrad)
        true = {name: float(getattr(best, name)) for name in LAB_VALUES}
        for paper in own:
            for name, sigma in _REPEATABILITY.items():
                value = true[name] + attempt.rng.gauss(0, spread * sigma)
                setattr(paper, name, rounded(value, _PLACES.get(name, 2)))
            paper.convert()


def interpolated(attempt: Attempt) -> None:
    """Tests every few months; the months between lie on straight lines."""
    step = attempt.level(2, 3, 6)
    for own in _by_unit(attempt):
        for n, paper in enumerate(own):
            before = own[n - n % step]
            after = own[min(len(own) - 1, n - n % step + step)]
            if n % step == 0 or after is paper:
                continue
            t = Decimal(n % step) / step
            for name in LAB_VALUES:
                a, b = getattr(before, name), getattr(after, name)
                setattr(paper, name, rounded(a + (b - a) * t, _PLACES.get(name, 2)))
            paper.convert()


def results_random(attempt: Attempt) -> None:
    """Every result drawn by itself around a likely mean: each looks alive, together they are no
    coal."""
    spread = attempt.level(0.01, 0.02, 0.035)
    for own in _by_unit(attempt):
        for name in LAB_VALUES:
            mean = float(sum((getattr(p, name) for p in own), Decimal(0))) / len(own)
            mean *= 0.97 if name == "cad" else 1
            for paper in own:
                value = rounded(mean * attempt.rng.gauss(1, spread), _PLACES.get(name, 2))
                setattr(paper, name, value)
        for paper in own:
            paper.convert()


def measured_months_chosen(attempt: Attempt) -> None:
    """Tests with high carbon are kept back: the mean of the others stands in (2021 and 2022)."""
    months = sorted(
        attempt.tested(), key=lambda m: m.sample.car / m.ncv if m.sample else Decimal(0)
    )
    dropped = {m.month for m in months[-attempt.level(3, 6, 12) :]}
    kept = {m.month for m in months} - dropped
    if len(kept) < 3:
        dropped = {m.month for m in months} - {m.month for m in months[:3]}
    for month in months:
        if month.month in dropped:
            month.carbon, month.sample = "mean", None


def _mean_allowed(plant: Plant, year: int) -> bool:
    return measures(plant, year) and year in (2021, 2022)


def wet_everywhere(attempt: Attempt) -> None:
    """A wetter coal in the tests and in the daily ledger alike: less carbon and less heat."""
    extra = Decimal(attempt.level("1", "2.5", "5"))
    for month in attempt.book.unit_months():
        _wetter(month, extra)
        if month.sample:
            month.sample.mt += extra
            month.sample.convert()


def _wetter(month: UnitMonth, extra: Decimal) -> None:
    before = burnt_gj(month)
    for day in month.days:
        dry = (100 - day.mt - extra) / (100 - day.mt)
        day.ncv = rounded((day.ncv + Decimal("0.023") * day.mt) * dry, 3)
        day.mt += extra
        day.ncv = rounded(day.ncv - Decimal("0.023") * day.mt, 3)
    month.weigh()
    month.ratio = rounded(month.ratio * before / burnt_gj(month), 2)


def default_private(attempt: Attempt) -> None:
    """A default of one's own for unmeasured coal."""
    cc = Decimal(attempt.level("0.0300", "0.0285", "0.0265"))
    for month in attempt.book.unit_months():
        month.carbon, month.c_ar = "private", rounded(month.ncv * cc, 4)


def default_avoided_all(attempt: Attempt) -> None:
    """No test at all, and a measured figure without papers in every month."""
    keep = 1 - Decimal(attempt.level("0.01", "0.02", "0.05"))
    for month in attempt.book.unit_months():
        if month.carbon == "default" and month.sample:
            month.c_ar = rounded(month.sample.car * keep, 4)
            month.carbon, month.sample = "stated", None


def _all_untested(attempt: Attempt) -> None:
    untested(attempt.tested())


_YEAR = no_test(12, 12, 12)

WAYS = (
    Way("sheet_edited", "检测单碳热同时调低", measures, sheet_edited),
    Way("consultancy_shave", "咨询机构普遍调低元素碳", _advised, consultancy_shave),
    Way("sample_split", "一个煤样分装成逐月煤样", measures, sample_split, _YEAR, has_tests),
    Way("interpolated", "检测值插值编造", measures, interpolated, no_test(12, 12, 12), has_tests),
    Way("results_random", "检测值随机编造", measures, results_random, _YEAR, has_tests),
    Way("measured_months_chosen", "择月采用实测", _mean_allowed, measured_months_chosen,
        ready=has_tests),
    Way("wet_everywhere", "台账与检测同步抬高水分", burns_coal, wet_everywhere),
    Way("default_private", "自定缺省值", unmeasured, default_private),
    Way("default_avoided_all", "全年无检测报告仍按实测", measures, default_avoided_all,
        _all_untested, has_tests),
)  # fmt: skip
