"""Rankings worked by hand: no database."""

from datetime import date
from decimal import Decimal as D

import pytest

from carbonwatch.params.values import shipped
from emitters.ranking.cities import cities
from emitters.ranking.parts import Rule
from emitters.ranking.priority import priorities
from emitters.ranking.providers import Kind, Said, kinds, roll_up
from emitters.ranking.standing import Standing, common_reasons, expectations
from emitters.selectors.rankings import rule_of

TODAY = date(2026, 6, 1)
RULE: Rule = rule_of(shipped(), TODAY)
LAB = Kind(
    "laboratory",
    "检测机构",
    frozenset("D"),
    {"conduct": "a", "clients": "b", "effect": "c"},
    lambda _years: {},
)


def standing(n, *, year=2024, unit=None, score="0", money="0", city="210100", plant="", **families):
    return Standing(
        version=1000 * year + n, report=1000 * year + n, unit=n if unit is None else unit,
        name=f"虚构{n:03d}", city=city, year=year, score=D(score), band="green", t=D(0),
        money=D(money), plant=plant, families={k: D(v) for k, v in families.items()},
        codes=dict.fromkeys(families, ("LAB-DATE-ORDER",)),
    )  # fmt: skip


def ranked(standings, labs, more=None):
    links = {s.version: lab for s, lab in zip(standings, labs, strict=True)}
    return roll_up(LAB, standings, links, more or {}, RULE)


def test_priority_by_hand():
    # score 80 -> 0.55 × 80 = 44; money above 2 of 2 others -> 25; visited 2.0 years ago -> 10 × 2/5 = 4;
    # no agency -> 0. Sum 73.
    first = standing(1, score="80", money="900")
    others = [standing(2, score="10", money="100"), standing(3)]
    visits = {1: date(2024, 6, 1), 2: date(2026, 5, 31)}
    top, second, last = priorities([first, *others], visits, {}, RULE, TODAY)
    assert [p.points for p in top.parts] == [D("44.00"), D("25.00"), D("4.00"), D("0.00")]
    assert (top.unit, top.value, top.place) == (1, D("73.00"), 1)
    # Never visited counts five years: 10 points; 2 was visited yesterday: 0.55 × 10 + 12.5.
    assert (second.unit, second.value) == (2, D("18.00"))
    assert (last.unit, last.value, last.since) == (3, D("10.00"), None)


def test_the_score_is_the_highest_of_the_years_and_the_money_their_sum():
    both = [standing(1, year=2023, score="60", money="5"), standing(1, score="20", money="7")]
    one = priorities([*both, standing(2, money="11")], {}, {}, RULE, TODAY)[0]
    assert (one.worst.year, one.money, one.points("money")) == (2023, D(12), D("25.00"))


def test_equal_money_is_not_above_one_another():
    found = priorities([standing(1, money="5"), standing(2, money="5")], {}, {}, RULE, TODAY)
    assert [p.points("money") for p in found] == [D("0.00"), D("0.00")]


def test_the_riskiest_agency_counts():
    client = standing(1, D="0.9")
    provider = ranked([client], ["甲"])[0]
    one = priorities([client], {}, {client.version: provider}, RULE, TODAY)[0]
    assert one.points("agency") == (provider.score * D("0.1")).quantize(D("0.01"))


def test_a_laboratory_with_two_reports_does_not_lead():
    few = [standing(n, D="0.95", B="0.65", C="0.75") for n in (1, 2)]
    many = [standing(n, D="0.30") for n in range(3, 33)]
    first, second = ranked([*few, *many], ["甲"] * 2 + ["乙"] * 30)
    assert (first.name, first.place) == ("乙", 1)
    assert (second.name, second.place, second.units) == ("甲", None, 2)
    # 0.95 × 2 ÷ (2 + 8) = 0.19; 0.30 × 30 ÷ 38 = 0.2368
    assert second.parts[0].value == D("0.1900")
    assert first.parts[0].value == D("0.2368")


def test_even_alone_in_a_clean_province_few_reports_get_no_place():
    few = [standing(n, D="0.95") for n in (1, 2)]
    clean = [standing(n) for n in range(3, 13)]
    found = ranked([*few, *clean], ["甲"] * 2 + ["乙"] * 10)
    assert [(p.name, p.place) for p in found] == [("乙", 1), ("甲", None)]


def test_difficult_plants_do_not_tell_against_who_serves_them():
    hard = [standing(n, plant="循环流化床", B="0.6") for n in range(40)]
    easy = [standing(n, plant="常规", B="0.1") for n in range(40, 80)]
    found = {p.name: p for p in ranked([*hard, *easy], ["甲"] * 40 + ["乙"] * 40)}
    # (40 × 0.6 + 8 × 0.35) ÷ 48 = 0.5583 is expected of the hard ones
    assert found["甲"].clients[0].expected == D("0.5583")
    assert found["甲"].parts[1].value == D("0.0348")  # 0.0417 × 40 ÷ 48
    assert found["乙"].parts[1].value == D(0)  # below the others of its class


def test_the_classes_of_few_are_drawn_to_the_year():
    lone = standing(1, plant="燃气", B="0.9")
    rest = [standing(n, plant="常规") for n in range(2, 11)]
    expected = expectations([lone, *rest], {"D"}, D(8))
    # mean of the year 0.09; (0.9 + 8 × 0.09) ÷ 9
    assert expected[2024, "燃气"] == D("0.1800")


def test_three_years_of_one_client_are_one_client():
    years = [standing(1, year=y, D="0.9") for y in (2022, 2023, 2024)]
    one = ranked(years, ["甲"] * 3)[0]
    assert (one.units, len(one.clients)) == (1, 3)
    assert one.parts[0].value == D("0.1000")  # 0.9 × 1 ÷ 9


def test_the_points_add_up_to_the_score():
    clients = [standing(n, D="0.37", B="0.2") for n in range(7)]
    said = {"甲": {"effect": Said(D("0.5"), "")}}
    one = ranked([*clients, *[standing(n) for n in range(7, 30)]], ["甲"] * 7 + ["乙"] * 23, said)
    top = next(p for p in one if p.name == "甲")
    assert top.score == sum(p.points for p in top.parts)
    assert top.parts[2].points == D("15.00")  # 100 × 0.3 × 0.5


def test_who_has_no_name_is_nobody():
    assert ranked([standing(1)], [""]) == []


@pytest.mark.parametrize("kind", kinds(), ids=lambda k: k.code)
def test_the_weights_of_every_kind_add_up_to_one(kind):
    assert set(RULE.provider[kind.code]) == set(kind.labels)
    assert sum(RULE.provider[kind.code].values()) == 1


def test_the_weights_of_the_priority_add_up_to_one():
    assert sum(RULE.priority.values()) == 1


def test_cities_of_few_reports_are_drawn_to_the_province():
    few = [standing(n, score="90", city="210200") for n in (1, 2)]
    many = [standing(n, score="40") for n in range(3, 31)]
    first, second = cities([*few, *many], [*few, *many], RULE)
    # province (180 + 28 × 40) ÷ 30 = 43.3; (180 + 8 × 43.3) ÷ 10 = 52.64; (1120 + 8 × 43.3) ÷ 36 = 40.7
    assert (first.code, first.province, first.score) == ("210200", D("43.3"), D("52.6"))
    assert (second.code, second.score, second.reports) == ("210100", D("40.7"), 28)


def test_reasons_by_the_units_that_show_them():
    twice = [standing(1, year=y, D="0.5") for y in (2023, 2024)]
    assert common_reasons(twice) == [("LAB-DATE-ORDER", 1)]
    assert common_reasons(twice, {"B"}) == []
