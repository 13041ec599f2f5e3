"""Whatever facts can be written read back as they were (addresses aside)."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from emitters import layouts
from emitters.facts import CoalTest, DailyCoal, FuelUse, Generator, ReportFacts, Series, StockLedger
from emitters.workbook import read_report, write_report
from tests.emitters.workbook.probe import bare

# Texts that spreadsheets like to turn into something else, and some that they must not.
_AWKWARD = (
    "=1+1",
    "@SUM(A1)",
    "+86 24",
    "-",
    "0012",
    "1E5",
    "http://a.b/c",
    "2024-01-01",
    "mailto:x",
    "{=1}",
    "TRUE",
    "'x",
    '<b>&amp;"',
    "中国，“引号”",
    "a\nb",
    "_x000D_x",
)
_text = st.one_of(
    st.sampled_from(_AWKWARD[:-1]), st.text("abc甲乙丙 #&<>=", max_size=12).map(str.strip)
)
# Codes are folded to half width when read.
_code = st.sampled_from([t for t in _AWKWARD[:-1] if t.isascii()])
_day = st.dates(date(1950, 1, 1), date(2100, 12, 31))


def _number(digits, low=0):
    return st.decimals(low, 10**7, places=digits, allow_nan=False, allow_infinity=False)


def _maybe(strategy):
    return st.one_of(st.none(), strategy)


def _choice(choices):
    return st.sampled_from(("", *choices))


@st.composite
def _series(draw, sheet, parameter, *, gas=False, method=""):
    # Percentages above 1, quantities that some rows must have.
    low = 2 if parameter.code in ("of", "lf") else (-(10**6) if parameter.signed else 0)
    value = _number(parameter.decimals, low)
    months = tuple(draw(st.lists(_maybe(value), min_size=12, max_size=12)))
    annual = draw(
        value if parameter.code in ("fc", "e_fuel", "gen", "e_unit", "e_total") else _maybe(value)
    )
    return Series(sheet.name, 0, (), months, annual, method, parameter.unit_for(gas=gas))


@st.composite
def _generator(draw, number, year):
    category = draw(st.sampled_from(layouts.CATEGORIES))
    product = draw(st.sampled_from(("纯凝发电", "热电联产")))
    fuels = draw(st.lists(st.sampled_from(layouts.FUELS), min_size=1, max_size=2, unique=True))
    required = layouts.required_production(year, chp=product == "热电联产")
    gas = category == "燃气"
    production = {
        p.code: draw(_series(layouts.PRODUCTION, p, gas=gas))
        for p in layouts.PRODUCTION_PARAMETERS
        if p.code in required or draw(st.booleans())
    }
    bought = layouts.PURCHASED_PARAMETERS if layouts.purchased_power_reported(year) else ()
    return Generator(
        number,
        0,
        category,
        product,
        draw(_number(1)),
        draw(_choice(layouts.BOILERS)),
        draw(_choice(layouts.PRESSURES)),
        draw(_choice(layouts.COOLINGS)),
        draw(_text),
        draw(_maybe(_day)),
        draw(_text),
        tuple([draw(_fuel(number, fuel)) for fuel in fuels]),
        {p.code: draw(_series(layouts.PURCHASED, p)) for p in bought},
        production,
    )


@st.composite
def _fuel(draw, number, fuel):
    gas = layouts.is_gas_fuel(fuel)
    rank = draw(st.sampled_from(layouts.COAL_RANKS)) if fuel == layouts.COAL else ""
    rows = {
        p.code: draw(_series(layouts.FUEL, p, gas=gas, method=draw(st.sampled_from(p.choices))))
        for p in layouts.FUEL_PARAMETERS
    }
    return FuelUse(number, fuel, rank, rows)


@st.composite
def _test(draw, numbers):
    percents = [draw(_maybe(_number(2))) for _ in range(7)]
    heats = [draw(_maybe(_number(3))) for _ in range(3)]
    return CoalTest(
        0,
        draw(st.sampled_from(("", *numbers))),
        draw(st.integers(1, 12)),
        draw(st.sampled_from(layouts.SAMPLE_KINDS)),
        draw(_code),
        *[draw(_maybe(_day)) for _ in range(5)],
        draw(_code),
        draw(_text),
        draw(_code),
        *percents,
        *heats,
        draw(_text),
        draw(_text),
    )


@st.composite
def _facts(draw):
    year = draw(st.integers(2019, 2026))
    numbers = draw(
        st.lists(st.sampled_from(("1#", "2#", "=3#", "04")), min_size=1, max_size=2, unique=True)
    )
    generators = tuple(draw(_generator(n, year)) for n in numbers)
    days = draw(st.lists(st.integers(0, 364), max_size=6, unique=True))
    daily = tuple(
        DailyCoal(
            0,
            date(year, 1, 1) + timedelta(n),
            numbers[0],
            draw(_maybe(_number(2))),
            draw(_maybe(_number(3))),
            draw(_maybe(_number(2))),
        )
        for n in days
    )
    stocks = tuple(
        StockLedger(
            fuel,
            {
                p.code: draw(_series(layouts.STOCKS, p, gas=layouts.is_gas_fuel(fuel)))
                for p in layouts.STOCK_PARAMETERS
            },
        )
        for fuel in draw(st.lists(st.sampled_from(layouts.FUELS), max_size=2, unique=True))
    )
    basic = {f.label: draw(_text) for f in layouts.BASIC.fields}
    basic |= {
        "模板版本": "CW-1",
        "报告年度": Decimal(year),
        "单位名称": "甲公司",
        "排污许可证编号": draw(_code),
        "统一社会信用代码": "91211220T2PNDKCGN4",
        "所在市": "营口市",
        "单位性质": draw(_choice(layouts.NATURES)),
        "行业代码": draw(_choice(layouts.INDUSTRIES)),
        "经度": draw(_maybe(_number(5))),
        "纬度": draw(_maybe(_number(5))),
        "海拔高度": draw(_number(0, -100)),
        "纳入首个履约周期": draw(_choice(("是", "否"))),
        "咨询机构信用代码": "",
        "填报日期": draw(_maybe(_day)),
    }
    return ReportFacts(
        year,
        "甲公司",
        "91211220T2PNDKCGN4",
        basic,
        {},
        generators,
        draw(_series(layouts.PRODUCTION, layouts.PLANT_TOTAL)),
        stocks,
        tuple(draw(st.lists(_test(numbers), max_size=3))),
        daily,
    )


@given(_facts())
# Shrinking facts of this size takes minutes and the differing field is in the message anyway.
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_reading_what_was_written(facts):
    reading = read_report(write_report(facts))
    assert reading.facts is not None, reading.problems
    assert bare(reading.facts) == bare(facts)
