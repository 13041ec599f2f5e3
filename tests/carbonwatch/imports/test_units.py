"""Units in headers and the factors between them."""

from decimal import Decimal as D

import pytest

from carbonwatch.imports.units import factor, in_brackets, is_unit, same_quantity, stated


@pytest.mark.parametrize(
    ("found", "wanted", "times"),
    [
        ("万千瓦时", "MWh", D(10)),
        ("kwh", "MWh", D("0.001")),
        ("万吨", "t", D(10000)),
        ("MJ/kg", "GJ/t", D(1)),
        ("kcal/kg", "GJ/t", D("0.0041868")),
        ("GJ", "GJ", D(1)),
        ("吨", "MWh", None),
        ("元", "t", None),
    ],
)
def test_factor(found, wanted, times):
    assert factor(found, wanted) == times


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("上网电量（万kWh）", "万kWh"),
        ("上网电量(MWh)", "MWh"),
        ("收到基低位发热量[kJ/kg]", "kJ/kg"),
        ("电量（上网）（kWh）", "kWh"),
        ("上网电量", ""),
    ],
)
def test_in_brackets(header, unit):
    assert in_brackets(header) == unit


def test_stated_above_a_table():
    assert stated(["2024年结算表", "单位：万千瓦时、吨"]) == ("万千瓦时", "吨")
    assert stated(["填报单位", None, 3]) == ()


def test_known_units():
    assert is_unit("吨")
    assert not is_unit("1#机组")
    assert same_quantity("MWh")[0] == "MWh"
    assert "万千瓦时" in same_quantity("MWh")
    assert same_quantity("个") == ()
