"""Case tables of SVC-EFFECT, PEER-SAME-COAL, STA-CLONE-RESIDUAL, STA-BENFORD, PEER-PILE-UP."""

from decimal import Decimal
from random import Random

import pytest

from carbonwatch.checks.registry import Direction, NotRun, get_check
from carbonwatch.params.values import shipped
from emitters.outside import OutsideRecords, OutsideRow
from emitters.peers import Features, Peers
from emitters.peers.digits import BENFORD
from tests.emitters.checks_bf.conftest import context
from tests.emitters.checks_peers.crowd import BASE, YEAR_OF, crowd, letters, member, results
from tests.emitters.factories import plant

RECEIPTS = OutsideRecords((OutsideRow("receipt", {}),))


def client(number, factor=1.0, role="consultancy", **given):
    return member(number, cc=BASE["cc"] * factor, report={role: "样本咨询"}, **given)


EFFECTS = [
    (4, 0.93, 0.01, None),  # too few clients
    (5, 0.965, 0.045, []),  # 3.6 % × 5/13 = 1.4 %, but the interval of five is wide
    (5, 0.965, 0.01, ["A"]),
    (6, 0.985, 0.01, []),
    (12, 0.985, 0.01, []),  # 1.5 % × 12/20 = 0.9 %
    (12, 0.975, 0.01, ["A"]),  # 2.5 % × 12/20 = 1.5 %
    (12, 1.025, 0.01, ["A"]),
]


@pytest.mark.parametrize(("clients", "factor", "spread", "expected"), EFFECTS)
def test_service_effect(clients, factor, spread, expected):
    """Clients lie evenly within ± the spread around their common distance."""
    offs = [spread * (2 * n / (clients - 1) - 1) for n in range(clients)]
    served = [client(100 + n, factor * (1 + off)) for n, off in enumerate(offs)]
    everyone = [*crowd(60), *served]
    if expected is None:
        with pytest.raises(NotRun):
            results("SVC-EFFECT", everyone, 100)
        return
    hits = results("SVC-EFFECT", everyone, 100)
    assert letters(hits) == expected
    for hit in hits:
        favourable = Direction.FAVOURABLE if factor < 1 else Direction.UNFAVOURABLE
        assert (hit.direction, hit.values["provider"]) == (favourable, "样本咨询")
        assert hit.values["around"]["clients"] == clients


def test_a_laboratory_is_not_blamed_for_heat_rates():
    def slow(number):
        return client(number, role="laboratory", fuel_gj=BASE["fuel_gj"] * 0.9)

    assert results("SVC-EFFECT", [*crowd(60), *map(slow, range(100, 112))], 100) == []


def from_mine(number, cc=BASE["cc"], share=0.7, mine="样本一号矿", **given):
    return member(number, mine=mine, mine_share=share, cc=cc, **given)


COALS = [
    (3, {}, []),
    (2, {"cc": 0.0250}, None),  # two others cannot say who is wrong
    (3, {"cc": 0.0259}, []),
    (3, {"cc": 0.0257}, [("A", "单位热值含碳量")]),
    (3, {"cc": 0.0267}, [("B", "单位热值含碳量")]),
    (3, {"c_daf": 79.4}, [("A", "干燥无灰基碳")]),
    (3, {"c_daf": 82.6}, [("B", "干燥无灰基碳")]),
    (3, {"cc": 0.0250, "share": 0.5}, None),
    (3, {"cc": 0.0250, "mine": "样本二号矿"}, None),
]


@pytest.mark.parametrize(("others", "given", "expected"), COALS)
def test_same_coal(others, given, expected):
    everyone = [*(from_mine(n) for n in range(others)), from_mine(50, **given)]
    if expected is None:
        with pytest.raises(NotRun):
            results("PEER-SAME-COAL", everyone, 50, outside=RECEIPTS)
        return
    hits = results("PEER-SAME-COAL", everyone, 50, outside=RECEIPTS)
    assert [(h.letter, h.values["quantity"]) for h in hits] == expected


def test_without_receipts_the_mine_is_not_known():
    with pytest.raises(NotRun):
        results("PEER-SAME-COAL", [from_mine(n) for n in range(5)], 0)


def noisy(seed, level=1.0):
    rng = Random(seed)
    return [BASE["cc"] * level * (1 + rng.gauss(0, 0.012)) for _month in range(12)]


def with_tests(number, series, laboratory="样本检测", **given):
    return member(number, months={"cc": series}, report={"laboratory": laboratory}, **given)


CLONES = [
    (with_tests(91, noisy(1, 1.02)), ["A"]),
    (with_tests(91, noisy(2)), []),
    (with_tests(91, noisy(1), laboratory="另一检测"), []),
    (with_tests(91, noisy(1), mine="样本一号矿"), []),
    (with_tests(91, [BASE["cc"]] * 12), []),  # no noise: nothing to compare
]


@pytest.mark.parametrize(("other", "expected"), CLONES)
def test_clones(other, expected):
    mine = {"mine": "样本一号矿"} if other.years[0][-2] else {}
    everyone = [*crowd(30), with_tests(90, noisy(1), **mine), other]
    hits = results("STA-CLONE-RESIDUAL", everyone, 90)
    assert letters(hits) == expected
    for hit in hits:
        assert hit.values["other"]["unit"] == "虚构单位091"
        assert hit.values["around"]["correlation"] == Decimal("1.00")


def invented(number, digits, city):
    """A plant whose amounts start with digits drawn with these weights, over three orders."""
    rng = Random(f"{city}{number}")

    def amounts():
        first = rng.choices(range(1, 10), digits, k=12)
        return [(d + rng.random()) * 10 ** rng.randint(2, 5) for d in first]

    series = {name: amounts() for name in ("fc", "gen", "heat")}
    return member(number, months=series, report={"city": city})


FLAT = [1] * 9


@pytest.mark.parametrize(
    ("count", "digits", "expected"),
    [(30, BENFORD, []), (30, FLAT, ["A"]), (13, FLAT, None)],
)
def test_first_digits_of_a_group(count, digits, expected):
    rest = [invented(n, BENFORD, "大连市") for n in range(60)]
    group = [invented(100 + n, digits, "铁岭市") for n in range(count)]
    if expected is None:
        with pytest.raises(NotRun):
            results("STA-BENFORD", rest + group, 100)
        return
    assert letters(results("STA-BENFORD", rest + group, 100)) == expected
    assert letters(results("STA-BENFORD", rest + group, 0)) == []


HEAPS = [
    ("surplus", 0.002, -0.002, 14, 2, ["A"]),
    ("surplus", 0.002, -0.002, 14, 9, []),
    ("surplus", 0.002, -0.002, 9, 0, []),
    ("load", 64.0, 66.0, 14, 2, ["B"]),
    ("load", 64.0, 66.0, 9, 9, []),
]


@pytest.mark.parametrize(("name", "better", "worse", "on", "off", "expected"), HEAPS)
def test_pile_up(name, better, worse, on, off, expected):
    here = [member(200 + n, **{name: better}) for n in range(on)]
    there = [member(300 + n, **{name: worse}) for n in range(off)]
    everyone = [*crowd(100), *here, *there]
    assert letters(results("PEER-PILE-UP", everyone, 200)) == expected
    assert letters(results("PEER-PILE-UP", everyone, 0)) == []


def test_no_edge_before_2023():
    here = [member(200 + n, year=2022, load=64.0) for n in range(20)]
    assert results("PEER-PILE-UP", [*crowd(100, year=2022), *here], 200, year=2022) == []


@pytest.mark.parametrize(
    "code",
    ["PEER-ROBUST-Z", "PEER-MULTIVAR", "SVC-EFFECT", "STA-BENFORD", "PEER-PILE-UP"],
)
def test_a_report_alone_is_not_compared(code):
    with pytest.raises(NotRun):
        list(get_check(code).run(context(plant())))


def test_stored_features_are_the_same_features():
    one = member(1, c_daf=float("nan"))
    again = Features.of_json(one.as_json())
    assert repr(again) == repr(one)
    found = [Peers.judge([*crowd(39), f], shipped()) for f in (one, again)]
    pair = [list(p.hits("PEER-ROBUST-Z", (one.report[0], YEAR_OF))) for p in found]
    assert pair[0] == pair[1]
