"""Honest reports to spoil: a plant whose books balance, with single values overridden by a test.

`plant()` gives one coal generator for one year. Overrides change what is *reported* after the honest
figures have been worked out: `months={"c_ar": {5: "0.60"}}`, `annual={"ncv": "21"}`,
`attributes={"boiler": "循环流化床"}`, `tests={5: {"mt": "19"}}`, `stock={"adj": {6: "-5000"}}`,
`without=("heat_ratio",)`. A value of None leaves the cell empty.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal

from emitters.calc import rounding
from emitters.facts import (
    COAL,
    CoalTest,
    DailyCoal,
    FuelUse,
    Generator,
    ReportFacts,
    Series,
    StockLedger,
)

Months = Mapping[int, str | None]
Patches = Mapping[str, Months]

_COLUMNS = tuple("FGHIJKLMNOPQR")
_PRODUCTION_COLUMNS = tuple("DEFGHIJKLMNOP")
_STOCK_COLUMNS = _PRODUCTION_COLUMNS
_TEST_COLUMNS = (
    "generator",
    "month",
    "kind",
    "sample_no",
    "sampled",
    "sent",
    "received",
    "tested",
    "issued",
    "report_no",
    "laboratory",
    "certificate",
    "mt",
    "mad",
    "aad",
    "vad",
    "stad",
    "had",
    "cad",
    "qgrad",
    "qnetar",
    "car",
    "tester",
    "reviewer",
)

_FC = (
    "81115.77 68974.73 82557.95 55027.44 63837.32 62328.97 "
    "49815.91 77941.07 66178.04 61115.62 75819.20 82288.30"
)
_MT = "11.60 12.01 10.58 11.02 10.54 10.90 10.53 9.88 11.16 10.53 11.34 12.83"
_MAD = "2.00 1.89 2.35 1.19 1.35 1.66 1.67 2.88 1.84 2.37 2.13 2.25"
_AAD = "22.70 21.31 31.00 22.40 27.78 29.53 27.34 29.58 26.80 26.69 27.20 20.96"
_VAD = "25.28 25.86 22.76 24.31 23.25 22.06 24.47 22.34 23.80 22.41 22.90 25.14"
_STAD = "1.30 0.86 0.88 1.26 1.00 0.75 0.70 0.83 1.09 0.64 0.80 0.75"
_HAD = "4.13 4.06 3.58 4.15 3.95 3.68 3.90 3.72 3.83 3.96 4.00 4.09"
_CAD = "60.24 61.44 53.32 61.13 56.70 55.05 56.79 54.03 57.09 56.75 56.54 61.43"
_Q = "24.376 25.134 21.783 24.672 23.424 22.784 22.618 21.804 23.271 22.868 23.245 24.973"
_HOURS = "679.62 615.91 698.44 657.56 700.30 661.73 540.86 682.62 714.58 653.52 662.17 708.99"
_HEAT = (
    "518264.71 500844.66 391354.02 62170.38 20865.93 18091.52 "
    "9811.64 14770.16 20649.32 91068.81 414771.47 516227.03"
)
_SWING = "1.004 0.996 1.007 0.992 1.001 0.999 0.995 1.006 0.997 1.003 0.994 1.006"
_NET_VERSIONS_UNTIL = 2022


def decimals(text: str) -> list[Decimal]:
    """Twelve numbers from one line."""
    return [Decimal(x) for x in text.split()]


def series(
    sheet: str,
    row: int,
    months: Iterable[Decimal | None],
    annual: Decimal | None,
    *,
    columns: tuple[str, ...] = _PRODUCTION_COLUMNS,
    method: str = "",
    unit: str = "",
) -> Series:
    """A row of a monthly sheet."""
    return Series(sheet, row, columns, tuple(months), annual, method, unit)


def _weighted(weights: list[Decimal], values: list[Decimal]) -> Decimal:
    return sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights)


def _patched(row: Series, months: Months | None, annual: object) -> Series:
    values = list(row.months)
    for month, value in (months or {}).items():
        values[month - 1] = None if value is None else Decimal(value)
    total = row.annual if annual is ... else (None if annual is None else Decimal(str(annual)))
    return replace(row, months=tuple(values), annual=total)


def coal_test(
    month: int, *, year: int = 2024, generator: str = "", row: int | None = None, **given: object
) -> CoalTest:
    """An honest monthly test; `given` replaces attributes before the conversions are worked out, except
    `car` and `qnetar`, which are reported as given."""
    i = month - 1
    last = date(year, month, monthrange(year, month)[1])
    values: dict[str, object] = {
        "mt": decimals(_MT)[i],
        "mad": decimals(_MAD)[i],
        "aad": decimals(_AAD)[i],
        "vad": decimals(_VAD)[i],
        "stad": decimals(_STAD)[i],
        "had": decimals(_HAD)[i],
        "cad": decimals(_CAD)[i],
        "qgrad": decimals(_Q)[i],
    }
    values |= {
        k: v if v is None or not isinstance(v, str) else Decimal(v)
        for k, v in given.items()
        if k in values
    }
    mt, mad, cad, had, qgrad = (values[k] for k in ("mt", "mad", "cad", "had", "qgrad"))
    if None not in (mt, mad):
        dry = (100 - mt) / (100 - mad)
        values["car"] = None if cad is None else rounding.carbon_as_received(cad * dry / 100)
        gross = None if None in (qgrad, had) else qgrad * 1000 - 206 * had
        values["qnetar"] = None if gross is None else rounding.ncv((gross * dry - 23 * mt) / 1000)
    base = CoalTest(
        row=row or month + 1,
        generator=generator,
        month=month,
        kind="月缩分",
        sample_no=f"S{year % 100}{month:02d}01",
        sampled=last,
        sent=last + timedelta(days=2),
        received=last + timedelta(days=3),
        tested=last + timedelta(days=7),
        issued=last + timedelta(days=8),
        report_no=f"MZ{year}-{1000 + month * 37:05d}",
        laboratory="北方煤质检验中心",
        certificate="CMA210600000007",
        tester="甲",
        reviewer="乙",
        cells=dict(zip(_TEST_COLUMNS, "ABCDEFGHIJKLMNOPQRSTUVWX", strict=True)),
        **{"car": None, "qnetar": None, **values},
    )
    numeric = {"car", "qnetar"}
    rest = {
        k: Decimal(v) if k in numeric and isinstance(v, str) else v
        for k, v in given.items()
        if k not in ("mt", "mad", "aad", "vad", "stad", "had", "cad", "qgrad")
    }
    return replace(base, **rest)


def _fuel_rows(
    year: int, fc: list[Decimal], ncv: list[Decimal], c_ar: list[Decimal], *, measured: bool
) -> dict[str, Series]:
    cc = [rounding.carbon_per_heat(c / n) for c, n in zip(c_ar, ncv, strict=True)]
    if not measured:
        cc = [Decimal("0.03356" if year < 2021 else "0.03085")] * 12
    e = [rounding.monthly_emissions(f * c * 99 * 44 / 1200) for f, c in zip(fc, c_ar, strict=True)]
    annual_c, annual_n = _weighted(fc, c_ar), _weighted(fc, ncv)
    of = [Decimal(99)] * 12
    how = "月缩分样" if measured else "缺省值"
    rows = (
        ("fc", fc, sum(fc), "入炉", "t"),
        ("ncv", ncv, rounding.ncv(annual_n), "自测", "GJ/t"),
        ("c_ar", c_ar, rounding.carbon_as_received(annual_c), how, "tC/t"),
        (
            "cc",
            cc,
            rounding.carbon_per_heat(annual_c / annual_n) if measured else cc[0],
            "计算" if measured else "缺省值",
            "tC/GJ",
        ),
        ("of", of, Decimal(99), "缺省值", "%"),
        ("e_fuel", e, sum(e), "计算", "tCO2"),
    )
    return {
        code: series(
            "化石燃料燃烧", 2 + i, months, annual, columns=_COLUMNS, method=method, unit=unit
        )
        for i, (code, months, annual, method, unit) in enumerate(rows)
    }


def _production(
    year: int,
    fc: list[Decimal],
    ncv: list[Decimal],
    e: list[Decimal],
    capacity: Decimal,
    *,
    chp: bool,
) -> dict[str, Series]:
    tce = [f * n / Decimal("29.3076") for f, n in zip(fc, ncv, strict=True)]
    heat = decimals(_HEAT) if chp else [Decimal(0)] * 12
    ratio = [
        rounding.heat_ratio(h * Decimal("0.04") / b * 100) for h, b in zip(heat, tce, strict=True)
    ]
    # About 300 kgce/MWh, some months better than others: no boiler burns to the gram.
    gen = [
        rounding.electricity(b * (1 - a / 100) / Decimal("0.300") * swing)
        for a, b, swing in zip(ratio, tce, decimals(_SWING), strict=True)
    ]
    sup = [
        rounding.electricity(g * (Decimal("0.943") + i % 3 * Decimal("0.0017")))
        for i, g in enumerate(gen)
    ]
    # Nearly always on the grid: a few hours off every month.
    hours = [
        rounding.hours(Decimal(monthrange(year, m)[1] * 24) - 9 - m % 5 * Decimal("7.31"))
        for m in range(1, 13)
    ]
    net = year <= _NET_VERSIONS_UNTIL
    out = sup if net else gen

    def annual_ratio() -> Decimal:
        return rounding.heat_ratio(sum(heat) * Decimal("0.04") / sum(tce) * 100)

    def per(
        numerators: list[Decimal], shares: list[Decimal], bases: list[Decimal], rule
    ) -> list[Decimal]:
        return [
            rule(n * s / b) if b else Decimal(0)
            for n, s, b in zip(numerators, shares, bases, strict=True)
        ]

    a = [x / 100 for x in ratio]
    year_a = annual_ratio() / 100
    left = [1 - x for x in a]
    rows = {
        "gen": (gen, sum(gen)),
        "sup": (sup, sum(sup)),
        "heat": (heat, sum(heat)),
        "heat_ratio": (ratio, annual_ratio()),
        "b_power": (
            per(tce, left, out, rounding.coal_use_rate),
            rounding.coal_use_rate(sum(tce) * (1 - year_a) / sum(out)),
        ),
        "b_heat": (
            per(tce, a, heat, rounding.coal_use_rate),
            rounding.coal_use_rate(sum(tce) * year_a / sum(heat)) if chp else Decimal(0),
        ),
        "hours": (hours, sum(hours)),
        "lf": (
            [rounding.load_factor(g / capacity / h * 100) for g, h in zip(gen, hours, strict=True)],
            rounding.load_factor(sum(gen) / capacity / sum(hours) * 100),
        ),
        "i_power": (
            per(e, left, out, rounding.carbon_intensity),
            rounding.carbon_intensity(sum(e) * (1 - year_a) / sum(out)),
        ),
        "i_heat": (
            per(e, a, heat, rounding.carbon_intensity),
            rounding.carbon_intensity(sum(e) * year_a / sum(heat)) if chp else Decimal(0),
        ),
        "e_unit": (e, sum(e)),
    }
    return {k: series("生产数据", 2 + i, m, y) for i, (k, (m, y)) in enumerate(rows.items())}


def _stock(fc: list[Decimal]) -> dict[str, Series]:
    opening, closing, level = [], [], Decimal("43698.62")
    bought = [f + (Decimal(2000) if i % 2 else Decimal(-1500)) for i, f in enumerate(fc)]
    for used, came in zip(fc, bought, strict=True):
        opening.append(level)
        level = level + came - used
        closing.append(level)
    zero = [Decimal(0)] * 12
    rows = {
        "stk0": (opening, opening[0]),
        "buy": (bought, sum(bought)),
        "used": (fc, sum(fc)),
        "out": (zero, Decimal(0)),
        "adj": (zero, Decimal(0)),
        "stk1": (closing, closing[-1]),
    }
    return {
        k: series("燃料购销存", 2 + i, m, y, columns=_STOCK_COLUMNS, unit="t")
        for i, (k, (m, y)) in enumerate(rows.items())
    }


def _daily(
    year: int, number: str, fc: list[Decimal], ncv: list[Decimal], mt: list[Decimal]
) -> tuple[DailyCoal, ...]:
    rows = []
    for month in range(1, 13):
        days = monthrange(year, month)[1]
        share = rounding.fuel_use(fc[month - 1] / days)
        for day in range(1, days + 1):
            coal = share if day < days else fc[month - 1] - share * (days - 1)
            rows.append(
                DailyCoal(
                    len(rows) + 2,
                    date(year, month, day),
                    number,
                    coal,
                    ncv[month - 1],
                    mt[month - 1],
                )
            )
    return tuple(rows)


def _purchased(year: int) -> dict[str, Series]:
    factor = {2019: "0.6101", 2020: "0.6101", 2021: "0.5810"}.get(year, "0.5703")
    zero = [Decimal(0)] * 12
    rows = {"buy_e": zero, "ef": [Decimal(factor)] * 12, "e_buy": zero}
    return {
        k: series("购入使用电力", 2 + i, m, m[0] if k == "ef" else sum(m))
        for i, (k, m) in enumerate(rows.items())
    }


def plant(
    *,
    year: int = 2024,
    name: str = "样本甲发电有限公司",
    credit_code: str = "91211220T2PNDKCGN4",
    capacity: str = "350",
    chp: bool = False,
    measured: bool = True,
    daily: bool = False,
    number: str = "1#",
    rank: str = "烟煤",
    months: Patches | None = None,
    annual: Mapping[str, object] | None = None,
    attributes: Mapping[str, object] | None = None,
    tests: Mapping[int, Mapping[str, object] | None] | None = None,
    stock: Patches | None = None,
    without: Iterable[str] = (),
    methods: Mapping[str, str] | None = None,
    plant_total: str | None = None,
) -> ReportFacts:
    """An honest one-generator coal report of a year with the given overrides (see the module)."""
    months, annual, tests, stock = months or {}, annual or {}, tests or {}, stock or {}
    analyses = [coal_test(m, year=year) for m in range(1, 13)]
    fc = decimals(_FC)
    ncv = [t.qnetar + (Decimal("0.05") if t.month % 2 else Decimal("-0.05")) for t in analyses]
    c_ar = [t.car for t in analyses]
    if not measured:
        default = Decimal("0.03356" if year < 2021 else "0.03085")
        c_ar = [rounding.carbon_as_received(n * default) for n in ncv]
    fuel = _fuel_rows(year, fc, ncv, c_ar, measured=measured)
    production = _production(year, fc, ncv, list(fuel["e_fuel"].months), Decimal(capacity), chp=chp)
    bought = _purchased(year) if year <= 2025 else {}

    def spoil(
        rows: dict[str, Series], patches: Patches, yearly: Mapping[str, object]
    ) -> dict[str, Series]:
        kept = {
            code: _patched(row, patches.get(code), yearly.get(code, ...))
            for code, row in rows.items()
            if code not in without
        }
        return {c: replace(r, method=(methods or {}).get(c, r.method)) for c, r in kept.items()}

    total = production["e_unit"]
    generator = Generator(
        number=number,
        row=2,
        category="常规燃煤",
        product="热电联产" if chp else "纯凝发电",
        capacity_mw=Decimal(capacity),
        boiler="煤粉炉",
        pressure="亚临界",
        cooling="水冷",
        main_fuel=COAL,
        commissioned=date(2008, 6, 30),
        note="",
        fuels=(FuelUse(number, COAL, rank, spoil(fuel, months, annual)),),
        purchased=spoil(bought, months, annual),
        production=spoil(production, months, annual),
        cells={
            f.name: f"机组信息!{c}2"
            for f, c in zip(
                [
                    f
                    for f in fields(Generator)
                    if f.name not in ("row", "fuels", "purchased", "production", "cells")
                ],
                "ABCDEFGHIJ",
                strict=True,
            )
        },
    )
    if attributes:
        generator = replace(generator, **attributes)
    return ReportFacts(
        year=year,
        unit_name=name,
        credit_code=credit_code,
        basic={
            "报告年度": Decimal(year),
            "单位名称": name,
            "统一社会信用代码": credit_code,
            "填报日期": date(year + 1, 3, 20),
        },
        basic_cells={"报告年度": "基本信息!B2", "单位名称": "基本信息!B3"},
        generators=(generator,),
        plant_total=series(
            "生产数据",
            20,
            total.months,
            rounding.annual_total(sum(total.months))
            if plant_total is None
            else Decimal(plant_total),
        ),
        stocks=(
            StockLedger(COAL, {k: _patched(r, stock.get(k), ...) for k, r in _stock(fc).items()}),
        ),
        tests=tuple(
            coal_test(m, year=year, **(tests.get(m) or {}))
            for m in range(1, 13)
            if measured and not (m in tests and tests[m] is None)
        ),
        daily=_daily(year, number, fc, ncv, decimals(_MT)) if daily else (),
        daily_columns={"day": "A", "generator": "B", "coal_t": "C", "ncv": "D", "mt": "E"},
    )
