"""Case tables of FRM-BOUNDARY-UNITS, FRM-EVIDENCE-ATTACHED, FRM-UNIT-REGISTRY with a permit."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from emitters.facts import StockLedger
from tests.emitters.checks_outside.records import (
    MONTHS,
    YEAR,
    hits,
    letters,
    output,
    plant,
    rows_of,
)
from tests.emitters.factories import series

REPORT = plant()


def facility(generator="1#", kind="机组", **more):
    return {
        "facility": f"MF{generator or 0}",
        "generator": generator,
        "kind": kind,
        "boiler": "煤粉锅炉",
        "capacity_mw": D(350),
        "cooling": "湿冷",
        "fuel": "烟煤",
    } | more


def permit(*facilities):
    return rows_of("permit", facilities)


STARTER = facility(None, "启动锅炉", facility="MF0009", boiler="", capacity_mw=None, fuel="柴油")
HEATER = facility(None, "供热锅炉", facility="MF0008", boiler="", capacity_mw=None, fuel="烟煤")
NAMELESS = [facility(None, facility=f"MF000{n}") for n in (1, 2)]


@pytest.mark.parametrize(
    ("report", "records", "expected"),
    [
        (REPORT, permit(facility()), []),
        (REPORT, permit(facility("1号机组")), []),
        (REPORT, permit(facility(), facility("2#")), ["A"]),
        # Reported together, not yet built, out of service before the year.
        (plant(number="1#、2#"), permit(facility(), facility("2#")), []),
        (REPORT, permit(facility(), facility("2#", valid_from=date(2024, 5, 1))), []),
        (REPORT, permit(facility(), facility("2#", retired=date(2023, 12, 31))), []),
        # A permit without generator numbers is compared by count.
        (REPORT, permit(NAMELESS[0]), []),
        (REPORT, permit(*NAMELESS), ["E"]),
        (plant(number="1#～2#"), permit(*NAMELESS), []),
        (plant(number="1#-4#"), permit(facility("2#"), facility("4号")), []),
        # The boiler of a generator stands for it; one that stands by does not.
        (REPORT, permit(facility(), facility("2#", "燃煤锅炉")), ["A"]),
        (REPORT, permit(facility(), facility("2#", "备用锅炉")), ["C"]),
        (REPORT, permit(facility(), HEATER), ["C"]),
        (REPORT, permit(facility(), STARTER), ["D"]),
    ],
)
def test_boundary(report, records, expected):
    assert letters("FRM-BOUNDARY-UNITS", report, records) == expected


def test_a_missing_generator_is_weighed_by_its_capacity():
    (hit,) = hits(
        "FRM-BOUNDARY-UNITS", REPORT, permit(facility(), facility("2#", capacity_mw=D(175)))
    )
    assert hit.direction == Direction.FAVOURABLE
    assert abs(hit.t_co2 - output(REPORT, "e_unit").total / 2) < 1
    assert hit.values["place"] == ["部门文件.xlsx 排污许可设施!A3"]


def ledger(fuel, used, out="0"):
    """A second ledger, used in March."""
    rows = {}
    for n, (code, amount) in enumerate((("buy", used), ("used", used), ("out", out)), 8):
        months = [D(amount) if m == 3 else D(0) for m in MONTHS]
        rows[code] = series("燃料购销存", n, months, sum(months), unit="t")
    return replace(REPORT, stocks=(*REPORT.stocks, StockLedger(fuel, rows)))


@pytest.mark.parametrize(
    ("report", "expected"),
    [(ledger("柴油", "100"), ["B"]), (ledger("柴油", "0"), []), (ledger("燃煤", "100"), [])],
)
def test_fuel_of_the_ledger_that_nobody_burns(report, expected):
    assert letters("FRM-BOUNDARY-UNITS", report, permit(facility())) == expected


def test_unburnt_fuel_is_weighed_at_the_defaults():
    (hit,) = hits("FRM-BOUNDARY-UNITS", ledger("柴油", "100"))
    # 100 × 42.652 × 0.0202 × 0.98 × 44/12
    assert (hit.t_co2, hit.cells) == (D("309.59"), ("燃料购销存!F9",))


def test_boundary_without_a_permit():
    with pytest.raises(NotRun):
        hits("FRM-BOUNDARY-UNITS", REPORT)


PAPERS = ("燃煤消耗量", "低位发热量", "元素碳含量", "发电量", "运行小时数")


def evidence(skip=(), months=MONTHS, **more):
    """Both papers of every number but those in `skip`: (parameter, month, role)."""
    return rows_of(
        "evidence",
        [
            {"year": YEAR, "month": m, "parameter": p, "role": role, "file": f"{p}{m}.pdf"} | more
            for m in months
            for p in PAPERS
            for role in ("原始", "交叉")
            if (p, m, role) not in skip
        ],
    )


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (evidence(), []),
        (evidence(generator="1#"), []),
        (evidence(generator="1#、2#"), []),
        (evidence(generator="2#"), ["A"]),
        (evidence({("发电量", 3, "原始")}), ["A"]),
        (evidence({("发电量", 3, "交叉")}), ["B"]),
        (evidence({("发电量", 3, "原始"), ("元素碳含量", 4, "交叉")}), ["A", "B"]),
        (evidence(readable="否"), ["C"]),
        # A parameter that the list never names may bear another name there.
        (evidence({("发电量", m, r) for m in MONTHS for r in ("原始", "交叉")}), ["E"]),
        # Only months that the list speaks of are judged.
        (evidence(months=range(1, 7)), ["D"]),
    ],
)
def test_evidence(records, expected):
    assert letters("FRM-EVIDENCE-ATTACHED", REPORT, records) == expected


def test_evidence_names_numbers_and_cells():
    (hit,) = hits(
        "FRM-EVIDENCE-ATTACHED", REPORT, evidence({("发电量", 3, "原始"), ("发电量", 5, "原始")})
    )
    assert hit.values["parameters"] == {"发电量": [3, 5]}
    assert hit.cells == ("生产数据!F2", "生产数据!H2")


def test_defaults_zeros_and_untested_months_need_no_paper():
    carbon = {("元素碳含量", m, role) for m in MONTHS for role in ("原始", "交叉")}
    assert letters("FRM-EVIDENCE-ATTACHED", plant(measured=False), evidence(carbon)) == []
    april = {c for c in carbon if c[1] == 4}
    assert letters("FRM-EVIDENCE-ATTACHED", plant(tests={4: None}), evidence(april)) == []
    assert letters("FRM-EVIDENCE-ATTACHED", REPORT, evidence(april)) == ["A"]
    assert letters("FRM-EVIDENCE-ATTACHED", REPORT, evidence(carbon)) == ["E"]


def test_evidence_without_a_list():
    with pytest.raises(NotRun):
        hits("FRM-EVIDENCE-ATTACHED", REPORT)


@pytest.mark.parametrize(
    ("year", "attributes", "given", "expected"),
    [
        (2024, {}, {}, []),
        (2024, {}, {"boiler": "燃煤锅炉", "cooling": "循环水"}, []),  # words of its own say nothing
        (2024, {}, {"capacity_mw": D("352")}, []),
        (2024, {}, {"capacity_mw": D("360")}, ["A"]),
        (2024, {}, {"generator": "2#"}, None),
        (2024, {}, {"kind": "启动锅炉"}, []),
        (2024, {"cooling": "空冷"}, {}, ["A"]),
        (2022, {"cooling": "空冷"}, {}, ["C"]),
        (2022, {"boiler": "循环流化床"}, {}, ["C"]),
        (2022, {"category": "非常规燃煤"}, {}, ["C"]),
        (2022, {"category": "非常规燃煤"}, {"fuel": "煤矸石、煤泥"}, []),
        (2022, {"cooling": "空冷"}, {"valid_from": date(2023, 1, 1)}, None),
    ],
)
def test_registry_by_permit(year, attributes, given, expected):
    report = plant(year=year, attributes=attributes)
    if expected is None:
        with pytest.raises(NotRun):
            hits("FRM-UNIT-REGISTRY", report, permit(facility(**given)))
        return
    assert letters("FRM-UNIT-REGISTRY", report, permit(facility(**given))) == expected


def test_what_the_permit_confirms_an_earlier_report_cannot_deny():
    known = {"1#": {"cooling": "空冷", "pressure": "亚临界"}}
    assert letters("FRM-UNIT-REGISTRY", REPORT, registry=known) == ["A"]
    assert letters("FRM-UNIT-REGISTRY", REPORT, permit(facility()), registry=known) == []


def test_permit_difference_names_its_place():
    report = plant(year=2022, attributes={"cooling": "空冷"})
    (hit,) = hits("FRM-UNIT-REGISTRY", report, permit(facility()))
    assert hit.values["place"] == "部门文件.xlsx 排污许可设施!A2"
    assert hit.values["differences"] == {"冷却方式": ["空冷", "水冷"]}
    assert hit.t_allowance > 10_000
