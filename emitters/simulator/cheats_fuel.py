"""Ways that touch coal and carbon: tonnes, carbon, moisture, oxidation, means, defaults."""

from decimal import Decimal

from emitters.simulator.book import ZERO, UnitMonth, rounded
from emitters.simulator.cheating import (
    Attempt,
    Way,
    burns_coal,
    burnt_gj,
    has_tests,
    hide_purchases,
    measures,
    take_coal,
    unmeasured,
    untested,
)


def stock_adjustment(attempt: Attempt) -> None:
    """Coal that was burnt is written off at the half-yearly stocktakes."""
    taken = take_coal(attempt, attempt.level("0.015", "0.03", "0.06"))
    yard = attempt.book.yard
    yard.adjust[5] -= sum(taken[:6], ZERO)
    yard.adjust[11] -= sum(taken[6:], ZERO)


def unreported_purchases(attempt: Attempt) -> None:
    """Coal that was bought and burnt appears in no ledger: the stock balance still closes."""
    taken = take_coal(attempt, attempt.level("0.015", "0.03", "0.06"))
    hide_purchases(attempt.book, taken)


def shave(month: UnitMonth, share: str) -> None:
    """Less carbon on the month's test, everything else as tested."""
    sample = month.sample
    if sample:
        sample.cad = rounded(sample.cad * (1 - Decimal(share)), 2)
        sample.convert()


def carbon_all_year(attempt: Attempt) -> None:
    """Every test's carbon a little lower, heat untouched."""
    for month in attempt.tested():
        shave(month, attempt.level("0.02", "0.04", "0.08"))


def carbon_some_months(attempt: Attempt) -> None:
    """Carbon lowered in the four months that burn the most."""
    use: dict[int, Decimal] = {}
    for month in attempt.tested():
        use[month.month] = use.get(month.month, ZERO) + month.fc
    chosen = sorted(use, key=lambda m: use[m], reverse=True)[:4]
    for month in attempt.tested():
        if month.month in chosen:
            shave(month, attempt.level("0.03", "0.06", "0.12"))


def moisture_invented(attempt: Attempt) -> None:
    """A wetter sample than the daily ledger says: less carbon as received."""
    extra = Decimal(attempt.level("1", "2.5", "5"))
    for month in attempt.tested():
        if month.sample:
            noise = Decimal(repr(round(attempt.rng.gauss(0, 0.1), 2)))
            month.sample.mt = rounded(month.sample.mt + extra + noise, 2)
            month.sample.convert()


def heat_value_lowered(attempt: Attempt) -> None:
    """Where carbon is heat × default, a lower heating value in the daily ledger lowers it."""
    factor = 1 - Decimal(attempt.level("0.015", "0.03", "0.06"))
    for month in attempt.book.unit_months():
        before = burnt_gj(month)
        for day in month.days:
            day.ncv = rounded(day.ncv * factor, 3)
        month.weigh()
        month.ratio = rounded(month.ratio * before / burnt_gj(month), 2)


def oxidation_lowered(attempt: Attempt) -> None:
    """An oxidation rate of one's own."""
    for unit in attempt.book.units:
        for month in unit.months:
            month.oxidation = Decimal(attempt.level("98.7", "98", "96"))


def simple_average(attempt: Attempt) -> None:
    """The annual carbon as a plain mean of the months that look best."""
    running = min(sum(1 for m in u.months if m.fc) for u in attempt.book.units)
    attempt.book.mean_months = max(1, running - attempt.level(1, 3, 6))


def _default_months(attempt: Attempt) -> list[UnitMonth]:
    """The same months in `prepare` and `apply`: drawn from the book, not from chance."""
    chosen = set(sorted({m.month for m in attempt.tested()})[-attempt.level(1, 3, 6) :])
    return [m for m in attempt.book.unit_months() if m.month in chosen and m.sample]


def default_avoided_truth(attempt: Attempt) -> None:
    """Some months have no test."""
    untested(_default_months(attempt))


def default_avoided(attempt: Attempt) -> None:
    """They report a measured figure all the same."""
    for month in attempt.book.unit_months():
        if month.carbon == "default" and month.sample:
            month.c_ar, month.carbon, month.sample = month.sample.car, "stated", None


WAYS = (
    Way("stock_adjustment", "以盘点调整隐匿燃煤", burns_coal, stock_adjustment),
    Way("unreported_purchases", "采购与消耗同步少报", burns_coal, unreported_purchases),
    Way("carbon_all_year", "全年调低元素碳", measures, carbon_all_year),
    Way("carbon_some_months", "部分月份调低元素碳", measures, carbon_some_months),
    Way("moisture_invented", "编造全水分", measures, moisture_invented),
    Way("heat_value_lowered", "调低热值", unmeasured, heat_value_lowered),
    Way("oxidation_lowered", "擅自调低碳氧化率", burns_coal, oxidation_lowered),
    Way("simple_average", "以算术平均代替加权平均", measures, simple_average),
    Way(
        "default_avoided",
        "无检测报告仍按实测",
        measures,
        default_avoided,
        default_avoided_truth,
        has_tests,
    ),
)
