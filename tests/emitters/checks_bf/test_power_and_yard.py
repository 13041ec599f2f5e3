"""Case tables of PHY-OWNUSE-RATE, CON-BELT-VS-STOCKTAKE, CON-METHOD-CHERRYPICK, CON-UNIT-SPLIT."""

from dataclasses import replace
from decimal import Decimal as D

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from emitters.calc import rounding
from tests.emitters.factories import plant

HONEST = plant(year=2022)
GEN = dict(HONEST.generators[0].production["gen"].filled())
FC = dict(HONEST.generators[0].fuels[0].series["fc"].filled())
MONTHS = range(1, 13)


def letters(hits):
    return [h.letter for h in hits]


def own_use(percent, *, year=2022, **more):
    """A plant whose own use is so many percent in every month (a sequence: month by month)."""
    rates = [percent] * 12 if isinstance(percent, str) else percent
    sup = {m: str(GEN[m] * (100 - D(r)) / 100) for m, r in zip(MONTHS, rates, strict=True)}
    return plant(year=year, months={"sup": sup}, **more)


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (HONEST, []),
        (own_use("4.1"), []),  # 300 MW subcritical: 5 to 7 %, and a point of margin
        (own_use("3.9"), ["A"]),
        (own_use("7.9"), []),
        (own_use("8.1"), ["D"]),  # too much harms nobody but the plant
        (own_use("0.9"), ["B"]),
        (own_use("26"), ["B"]),
        (own_use("3.9", year=2024), ["D"]),  # net supply earns nothing any more
        (own_use("0.9", year=2024), ["E"]),
        (own_use("8.4", attributes={"cooling": "空冷"}), []),
        (own_use("5.6", attributes={"category": "燃气", "main_fuel": "天然气"}), ["D"]),
        (own_use("5.1", attributes={"cooling": "背压"}), []),
        (own_use("4.9", attributes={"cooling": "背压"}), ["A"]),
    ],
)
def test_own_use(run, report, expected):
    assert letters(run("PHY-OWNUSE-RATE", report)) == expected


def test_low_own_use_is_weighed_in_allowances(run):
    (hit,) = run("PHY-OWNUSE-RATE", own_use("3.8"))
    assert hit.direction == Direction.FAVOURABLE
    assert hit.t_co2 == 0
    assert 8_000 < hit.t_allowance < 30_000  # 1 % of net supply


def test_own_use_that_rises_with_the_load(run):
    """Load falls by half over the year: the fixed part makes own use rise, or it is left untold."""
    factors = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.5]
    gen = {m: GEN[1] * D(str(f)) for m, f in zip(MONTHS, factors, strict=True)}
    hours = dict.fromkeys(MONTHS, "700")

    def report(rate):
        sup = {m: str(g * (100 - rate(m, g)) / 100) for m, g in gen.items()}
        power = {"gen": {m: str(g) for m, g in gen.items()}, "sup": sup, "hours": hours}
        return plant(year=2022, months=power)

    rising = report(lambda m, g: D(4) + 3 * g / GEN[1])
    flat = report(lambda m, g: D(6))
    fixed = report(lambda m, g: D(4) + 2 * GEN[1] / g * D("0.9"))
    assert letters(run("PHY-OWNUSE-RATE", rising)) == ["C"]
    assert letters(run("PHY-OWNUSE-RATE", flat)) == []
    assert letters(run("PHY-OWNUSE-RATE", fixed)) == []


@pytest.mark.parametrize(
    "report", [plant(year=2022, without=("sup",)), plant(attributes={"capacity_mw": None})]
)
def test_own_use_without_its_data_is_no_pass(run, report):
    with pytest.raises(NotRun):
        run("PHY-OWNUSE-RATE", report)


def written_off(shares, year=2024):
    """Shares of a month's coal that a stocktake at its end writes off."""
    lost = {m: round(FC[m] * D(s), 2) for m, s in shares.items()}
    ledger = plant(year=year).stock("燃煤").series
    gone = {m: sum(lost.get(n, D(0)) for n in range(1, m + 1)) for m in MONTHS}
    closing = {m: str(ledger["stk1"][m] - gone[m]) for m in MONTHS}
    opening = {m: str(ledger["stk0"][m] - gone[m] + lost.get(m, D(0))) for m in MONTHS}
    adjusted = {m: str(-t) for m, t in lost.items()}
    return plant(year=year, stock={"adj": adjusted, "stk0": opening, "stk1": closing})


EVEN = {3: "0.04", 6: "0.04", 9: "0.04", 12: "0.04"}  # about 1.3 % of each quarter


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (plant(), []),
        (written_off({6: "0.02"}), []),
        (written_off({6: "0.05"}), ["A"]),  # 1.6 % of the quarter
        (written_off({6: "0.06"}), ["A"]),  # two days of burn
        (written_off({6: "0.08"}), ["B"]),
        (written_off({6: "-0.08"}), []),  # more coal than the books: harms nobody
        (written_off(dict.fromkeys(EVEN, "0.02")), []),
        (written_off(EVEN), ["A", "C"]),
        (written_off(dict.fromkeys((3, 6, 9), "0.04")), ["A"]),
    ],
)
def test_belt_and_stocktake(run, report, expected):
    assert letters(run("CON-BELT-VS-STOCKTAKE", report)) == expected


def test_a_row_of_quarters_goes_on_from_the_year_before(run):
    report = written_off({3: "0.04"})
    assert letters(run("CON-BELT-VS-STOCKTAKE", report)) == ["A"]
    later = written_off(dict.fromkeys((3, 6, 9, 12), "0.04"))
    (_near, hit) = run("CON-BELT-VS-STOCKTAKE", later, history=[written_off(EVEN, 2023)])
    assert hit.values["count"] == 8
    assert hit.direction == Direction.FAVOURABLE
    assert hit.t_co2 > 15_000


def test_no_ledger_no_bridge(run):
    with pytest.raises(NotRun):
        run("CON-BELT-VS-STOCKTAKE", replace(plant(), stocks=()))


NCV = dict(HONEST.generators[0].fuels[0].series["ncv"].filled())
CC = dict(plant(year=2024).generators[0].fuels[0].series["cc"].filled())


def unmeasured(months, *, default="0.03085", poorer="0", year=2024, **more):
    """Those months at the default, with a heating value of the plant's own that much lower."""
    ncv = {m: NCV[m] - D(poorer) for m in months}
    carbon = {m: str(round(v * D(default), 4)) for m, v in ncv.items()}
    changed = {
        "cc": dict.fromkeys(months, default),
        "c_ar": carbon,
        "ncv": {m: str(v) for m, v in ncv.items()},
    }
    return plant(year=year, months=changed, **more)


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (plant(), []),
        (unmeasured([5]), ["A"]),
        (unmeasured([5, 6, 7], poorer="4"), ["B", "A"]),
        (unmeasured([5, 6, 7], poorer="-4"), ["A"]),
        (unmeasured([5, 6], poorer="4"), ["A"]),  # two months say nothing
    ],
)
def test_chosen_months(run, report, expected):
    assert letters(run("CON-METHOD-CHERRYPICK", report)) == expected


def on_the_mean(months):
    """Those months of 2022 at the mean of the others, without a test of their own."""
    kept = [m for m in MONTHS if m not in months]
    series = plant(year=2022).generators[0].fuels[0].series
    mean = rounding.carbon_per_heat(sum(series["cc"][m] for m in kept) / len(kept))
    changed = {
        "cc": dict.fromkeys(months, str(mean)),
        "c_ar": {m: str(round(NCV[m] * mean, 4)) for m in months},
    }
    return plant(year=2022, months=changed, tests=dict.fromkeys(months))


@pytest.mark.parametrize(("months", "expected"), [([4], []), ([4, 5, 6, 7, 8, 9], ["C"])])
def test_a_few_results_for_the_year(run, months, expected):
    found = run("CON-METHOD-CHERRYPICK", on_the_mean(months))
    assert letters(found) == expected
    assert all(h.values["count"] == 12 - len(months) for h in found)


def test_nothing_measured_nothing_chosen(run):
    with pytest.raises(NotRun):
        run("CON-METHOD-CHERRYPICK", plant(measured=False))


def two_units(share=None, *, year=2024, months=MONTHS, move="0", capacity="350"):
    """Two generators on one coal. `share` parts the coal of `months`; `move` books that share of the
    first one's coal on the second."""
    one, two = plant(year=year), plant(year=year, number="2#", capacity=capacity)
    first, second = one.generators[0], two.generators[0]
    a, b = first.fuels[0], second.fuels[0]
    swing = {m: D(1) + D(m % 5) / 100 for m in MONTHS}
    left = {m: FC[m] * (1 - D(move)) for m in MONTHS}
    right = {m: FC[m] * swing[m] + FC[m] * D(move) for m in MONTHS}
    if share is not None:
        for m in months:
            total = left[m] + right[m]
            left[m], right[m] = total * D(share), total * (1 - D(share))

    def with_coal(use, tonnes):
        row = use.series["fc"]
        return replace(
            use,
            series={
                **use.series,
                "fc": replace(row, months=tuple(round(tonnes[m], 2) for m in MONTHS)),
            },
        )

    made = second.production["gen"]
    power = {**second.production, "gen": replace(made, months=tuple(
        round(made[m] * swing[m], 3) for m in MONTHS))}  # fmt: skip
    return replace(
        one,
        generators=(
            replace(first, fuels=(with_coal(a, left),)),
            replace(second, fuels=(with_coal(b, right),), production=power),
        ),
    )


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (two_units(), []),
        (two_units("0.4871", months=range(1, 6)), []),
        (two_units("0.4871", months=range(1, 7)), ["A"]),
    ],
)
def test_split_by_a_constant(run, report, expected):
    assert letters(run("CON-UNIT-SPLIT", report)) == expected


@pytest.mark.parametrize(
    ("move", "capacity", "expected"),
    [("0", "350", []), ("0.05", "350", ["C"]), ("0.05", "450", ["B"])],
)
def test_coal_booked_on_the_neighbour(run, move, capacity, expected):
    before = [two_units(year=y, capacity=capacity) for y in (2022, 2023)]
    found = run("CON-UNIT-SPLIT", two_units(move=move, capacity=capacity), history=before)
    assert letters(found) == expected
    assert all(h.generator == "1#" and h.values["other"] == "2#" for h in found)


def test_one_generator_has_nothing_to_split(run):
    with pytest.raises(NotRun):
        run("CON-UNIT-SPLIT", plant())
