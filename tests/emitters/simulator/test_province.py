"""The made-up province: repeatable, everywhere, of every kind, and clearly made up."""

from itertools import zip_longest

from stdnum.cn import uscc

from carbonwatch.params.regions import REGION_NAMES
from emitters.simulator import ODDITIES, WAYS, province
from emitters.simulator.plants import CITIES

YEARS = (2022, 2023)


def test_same_seed_same_province():
    both = zip_longest(province(4, 6, YEARS), province(4, 6, YEARS))
    assert all(one == other for one, other in both)


def test_another_seed_another_province():
    one, other = next(province(4, 6, YEARS)), next(province(5, 6, YEARS))
    assert one[0] != other[0]
    assert one[2] != other[2]


def test_places_follow_the_regions_file():
    assert {code: name for code, (name, _, _) in CITIES.items()} == REGION_NAMES


def test_every_city_kind_and_year(small_province):
    assert {p.city_code for p, *_ in small_province} == set(CITIES)
    assert {p.kind for p, *_ in small_province} >= {
        "coal", "chp", "cfb", "lignite", "gas", "back_pressure", "mine_mouth",
    }  # fmt: skip
    assert len(small_province) == 16 * 3


def test_names_and_codes_cannot_be_real(small_province):
    plants = {p.index: p for p, *_ in small_province}.values()
    assert all(p.name.startswith("样本") for p in plants)
    assert all(uscc.is_valid(p.credit_code) for p in plants)
    assert all(p.credit_code[6:8] == "99" for p in plants)
    assert len({p.credit_code for p in plants}) == len(plants)
    for _, _, facts, _ in small_province:
        assert all(t.laboratory.startswith("样本") for t in facts.tests)


def test_all_labels_occur_and_only_known_ones():
    truths = [truth for *_, truth in province(1, 60, (2020, 2021, 2022, 2023))]
    labels = {t.label for t in truths}
    assert labels == {"honest", "odd", "falsified"}
    assert {t.way for t in truths if t.label == "odd"} <= set(ODDITIES)
    ways = {t.way for t in truths if t.label == "falsified"}
    assert ways <= set(WAYS)
    assert len(ways) >= 18
    assert all(t.hidden_t == 0 and not t.way for t in truths if t.label == "honest")


def test_no_yard_ever_holds_less_than_nothing():
    """Plant 34 once mistyped fuel that it did not hold: its report was refused, the seeding broke."""
    for plant, year, facts, truth in province(7, 60, tuple(range(2019, 2026))):
        for stock in facts.stocks:
            assert min(stock.series["stk1"].months) >= 0, (plant.index, year, truth)
