"""Ways that invent or bend the books of coal and gas: ledgers, yard, splits, figures worked out
backwards."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from emitters.simulator.book import ZERO, Day, UnitBook, UnitMonth, rounded
from emitters.simulator.cheating import (
    Attempt,
    Way,
    burns_coal,
    burnt_gj,
    hide_purchases,
    scale_coal,
    take_coal,
)
from emitters.simulator.plants import Plant

_TCE = Decimal("29.3076")


def belt_trimmed(attempt: Attempt) -> None:
    """The belt scale reads low; what was not booked as burnt heaps up in the yard's books."""
    take_coal(attempt, attempt.level("0.01", "0.025", "0.05"))


def loss_inflated(attempt: Attempt) -> None:
    """Coal that was burnt leaves the books as storage loss."""
    taken = take_coal(attempt, attempt.level("0.01", "0.02", "0.04"))
    for month, tonnes in enumerate(taken):
        attempt.book.yard.out[month] += tonnes


def _constants(days: list[Day]) -> None:
    """The same figures every day, with the month's total and mean."""
    count = len(days)
    total = sum((d.coal for d in days), ZERO)
    ncv = rounded(sum((d.coal * d.ncv for d in days), ZERO) / total, 3)
    mt = rounded(sum((d.mt for d in days), ZERO) / count, 1)
    for day in days:
        day.coal, day.ncv, day.mt = rounded(total / count, 2), ncv, mt


def _blocks(days: list[Day], length: int = 7) -> None:
    """The first week over and over."""
    for n, day in enumerate(days[length:], length):
        source = days[n % length]
        day.coal, day.ncv, day.mt = source.coal, source.ncv, source.mt


def ledger_filled(attempt: Attempt) -> None:
    """No ledger was kept: constants or copied weeks fill it, a little below what was burnt."""
    chosen = set(_busiest(attempt, attempt.level(3, 6, 12)))
    months = [m for m in attempt.book.unit_months() if m.month in chosen]
    taken = take_coal(attempt, attempt.level("0.02", "0.03", "0.05"), months)
    for month in months:
        wanted = month.fc
        (_blocks if attempt.strength == "weak" else _constants)(month.days)
        month.weigh()
        scale_coal(month, wanted / month.fc)
        taken[month.month - 1] += wanted - month.fc
    hide_purchases(attempt.book, taken)


def _busiest(attempt: Attempt, count: int) -> list[int]:
    use: dict[int, Decimal] = {}
    for month in attempt.book.unit_months():
        use[month.month] = use.get(month.month, ZERO) + month.fc
    return sorted(use, key=lambda m: use[m], reverse=True)[:count]


def ledger_invented(attempt: Attempt) -> None:
    """Days written by hand: round figures, the favourite endings 0 and 5, and a little too low."""
    taken = take_coal(attempt, attempt.level("0.01", "0.02", "0.04"))
    share = attempt.level(0.4, 0.65, 0.9)
    for month in attempt.book.unit_months():
        before = month.fc
        for day in month.days:
            step = 5 if attempt.rng.random() < share else 1
            day.coal = rounded(day.coal / step, 0) * step
        month.weigh()
        taken[month.month - 1] += before - month.fc
    hide_purchases(attempt.book, taken)


def back_solved(attempt: Attempt) -> None:
    """Coal of every month worked out from a coal rate that somebody wants to see."""
    taken = [ZERO] * 12
    cut = Decimal(attempt.level("0.01", "0.025", "0.05"))
    for unit in attempt.book.units:
        months = [m for m in unit.months if m.exists and m.fc and m.gen]
        power = {id(m): m.gen if attempt.book.year >= 2023 else m.sup for m in months}
        fuel = sum((burnt_gj(m) * (1 - m.ratio / 100) for m in months), ZERO) / _TCE
        target = rounded(fuel / sum(power.values(), ZERO) * (1 - cut), 3)
        for month in months:
            for_heat = burnt_gj(month) * month.ratio / 100
            wanted = target * power[id(month)] * _TCE + for_heat
            oil = burnt_gj(month) - month.fc * month.ncv
            factor = (wanted - oil) / (month.fc * month.ncv)
            taken[month.month - 1] += scale_coal(month, factor)
    hide_purchases(attempt.book, taken)


def last_year_scaled(attempt: Attempt) -> None:
    """Last year's months times a factor, whatever the unit did this year."""
    previous = {u.unit.number: u for u in attempt.previous.units} if attempt.previous else {}
    taken = [ZERO] * 12
    keep = 1 - Decimal(attempt.level("0.01", "0.025", "0.05"))
    for unit in attempt.book.units:
        old = previous.get(unit.unit.number)
        pairs = [(m, old.months[m.month - 1]) for m in unit.months if m.fc] if old else []
        pairs = [(m, o) for m, o in pairs if o.fc]
        last = sum((o.fc for _m, o in pairs), ZERO)
        factor = sum((m.fc for m, _o in pairs), ZERO) * keep / last if last else ZERO
        for month, source in pairs:
            taken[month.month - 1] += scale_coal(month, source.fc * factor / month.fc)
    hide_purchases(attempt.book, taken)


def _has_last_year(attempt: Attempt) -> bool:
    return attempt.previous is not None and bool(attempt.previous.unit_months())


def month_copied(attempt: Attempt) -> None:
    """The fuel of busy months is that of a calmer one, day by day."""
    taken = [ZERO] * 12
    for unit in attempt.book.units:
        busy = sorted((m for m in unit.months if m.fc), key=lambda m: m.fc, reverse=True)
        count = min(attempt.level(1, 2, 4), len(busy) // 2)
        for month in busy[:count]:
            before = month.fc
            _copy_days(attempt.book.year, busy[count], month)
            taken[month.month - 1] += before - month.fc
    hide_purchases(attempt.book, taken)


def _copy_days(year: int, source: UnitMonth, target: UnitMonth) -> None:
    """Another month's days, the last ones again where the month is longer."""
    before = burnt_gj(target)
    days = [
        replace(source.days[min(n, len(source.days) - 1)], day=own.day)
        for n, own in enumerate(target.days)
    ]
    target.days = [d for d in days if d.day >= date(year, target.month, 1)]
    target.weigh()
    target.ratio = rounded(target.ratio * before / burnt_gj(target), 2)


def fuel_between_units(attempt: Attempt) -> None:
    """Coal of one generator is booked on its neighbour: the plant burns the same."""
    first, second = attempt.book.units[:2]
    share = Decimal(attempt.level("0.05", "0.1", "0.2"))
    for a, b in zip(first.months, second.months, strict=True):
        if a.fc and b.fc:
            moved = scale_coal(b, 1 - share)
            scale_coal(a, 1 + moved / a.fc)


def _two_units(attempt: Attempt) -> bool:
    units: list[UnitBook] = attempt.book.units
    pairs = zip(units[0].months, units[-1].months, strict=True)
    return len(units) > 1 and sum(1 for a, b in pairs if a.fc and b.fc) >= 6


def gas_understated(attempt: Attempt) -> None:
    """Less gas bought and burnt than the supplier's meter says."""
    factor = 1 - Decimal(attempt.level("0.015", "0.03", "0.06"))
    taken = [ZERO] * 12
    for month in attempt.book.unit_months():
        before = burnt_gj(month)
        less = month.fc - rounded(month.fc * factor, 2)
        month.fc -= less
        taken[month.month - 1] += less
        month.ratio = rounded(month.ratio * before / burnt_gj(month), 2)
    hide_purchases(attempt.book, taken)


def _burns_gas(plant: Plant, year: int) -> bool:
    return plant.kind == "gas"


def _several_units(plant: Plant, year: int) -> bool:
    return burns_coal(plant, year) and len(plant.generators) > 1


WAYS = (
    Way("belt_trimmed", "皮带秤调低致账面存煤增加", burns_coal, belt_trimmed),
    Way("loss_inflated", "以存损名义隐匿燃煤", burns_coal, loss_inflated),
    Way("ledger_filled", "日台账以常数或复制填充", burns_coal, ledger_filled),
    Way("ledger_invented", "日台账手工编造", burns_coal, ledger_invented),
    Way("back_solved", "按目标煤耗倒推燃煤量", burns_coal, back_solved),
    Way("last_year_scaled", "按上年数据比例编造", burns_coal, last_year_scaled, ready=_has_last_year),
    Way("month_copied", "复制其他月份燃料数据", burns_coal, month_copied),
    Way("fuel_between_units", "机组间转移燃煤", _several_units, fuel_between_units, ready=_two_units),
    Way("gas_understated", "少报天然气消耗量", _burns_gas, gas_understated),
)  # fmt: skip
