"""What a report contributes to comparisons over many: a few numbers by generator-year and -month.

Floats: they show the shape of a population, no figure of an account rests on them. NaN means "not
reported" or "not measured". The raw quantities are kept; rules correct them by dated parameters.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import isnan, nan
from statistics import median
from typing import Any

from emitters.calc.records import Accounts, FuelAccount, GeneratorAccount
from emitters.facts import CoalTest, ReportFacts
from emitters.outside import OutsideRecords

MAKE = 2
"""Rises when the same report would give other features; stored ones of before are made anew."""
REPORT = ("credit_code", "unit", "year", "city", "consultancy", "laboratory")
YEAR = (
    "generator",
    "category",
    "product",
    "capacity_mw",
    "boiler",
    "pressure",
    "cooling",
    "rank",
    "hours",
    "load",  # %
    "gen",  # MWh
    "heat",  # GJ sold
    "fuel_gj",
    "t_burn",  # tCO2
    "heat_ratio",  # share of the fuel heat, as reported
    "own_use",  # %
    "ncv",  # GJ/t of the coal
    "cc",  # tC/GJ of measured months
    "mt",  # %, mean of the tests
    "vdaf",  # %
    "ash",  # % dry
    "c_daf",  # %
    "heat_gap",  # %, tested heat above what the composition yields
    "surplus",  # (allowance − emissions) / emissions
    "mine",
    "mine_share",
)
MONTH = ("fc", "ncv", "cc", "gen", "heat")
TEXTS = frozenset(
    ("generator", "category", "product", "boiler", "pressure", "cooling", "rank", "mine")
)
_DEFAULT = "缺省值"
_LEAST_TESTS = 3
_NITROGEN = 1.3  # % of the ash-free coal, it is not tested


@dataclass(frozen=True, slots=True)
class Features:
    """Of one report: `report` in order of `REPORT`; by generator a row of `years` in order of `YEAR`,
    and in `months` twelve values for each name of `MONTH`."""

    report: tuple[Any, ...]
    years: tuple[tuple[Any, ...], ...]
    months: tuple[tuple[tuple[float, ...], ...], ...]

    def as_json(self) -> dict[str, Any]:
        """As stored: NaN becomes null."""
        return {
            "report": list(self.report),
            "years": [[_bare(v) for v in row] for row in self.years],
            "months": [[[_bare(v) for v in row] for row in rows] for rows in self.months],
        }

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> "Features":
        """From what `as_json` gave."""
        return cls(
            tuple(stored["report"]),
            tuple(_row(row) for row in stored["years"]),
            tuple(
                tuple(tuple(nan if v is None else v for v in row) for row in rows)
                for rows in stored["months"]
            ),
        )


def _bare(value: Any) -> Any:
    return None if isinstance(value, float) and isnan(value) else value


def _row(row: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(nan if v is None and n not in TEXTS else v for n, v in zip(YEAR, row, strict=True))


def features_of(accounts: Accounts, outside: OutsideRecords | None = None) -> Features:
    """The features of a report from its accounts; the mine of its coal from receipts."""
    report = accounts.report
    mine, share = _mine(report, outside)
    return Features(
        (
            report.credit_code,
            report.unit_name,
            report.year,
            str(report.basic.get("所在市") or ""),
            str(report.basic.get("报告编制咨询机构") or "").strip(),
            _laboratory(report),
        ),
        tuple(_year(report, g, mine, share) for g in accounts.generators),
        tuple(_months(g) for g in accounts.generators),
    )


def _laboratory(report: ReportFacts) -> str:
    """The laboratory of most of the tests."""
    names = Counter(t.laboratory.strip() for t in report.tests if t.laboratory.strip())
    return names.most_common(1)[0][0] if names else ""


def _number(value: Decimal | None) -> float:
    return nan if value is None else float(value)


def _over(part: float, whole: float) -> float:
    return part / whole if whole else nan


def _total(account: GeneratorAccount, code: str) -> float:
    row = account.generator.production.get(code)
    if row is None:
        return nan
    known = [v for v in row.months if v is not None]
    return float(sum(known)) if known else _number(row.annual)


def _year(
    report: ReportFacts, account: GeneratorAccount, mine: str, mine_share: float
) -> tuple[Any, ...]:
    generator, coal = account.generator, account.coal
    gen, hours, sup = (_total(account, code) for code in ("gen", "hours", "sup"))
    capacity, burnt = _number(generator.capacity_mw), float(account.t_burn)
    tests = [t for t in report.tests if t.generator in ("", account.number)]
    ratio = generator.production.get("heat_ratio")
    return (
        account.number,
        generator.category,
        generator.product,
        capacity,
        generator.boiler,
        generator.pressure,
        generator.cooling,
        coal.use.rank if coal else "",
        hours,
        100 * _over(gen, capacity * hours),
        gen,
        _total(account, "heat"),
        float(account.heat_gj),
        burnt,
        _number(ratio.annual) / 100 if ratio else nan,
        100 * (1 - _over(sup, gen)),
        _over(float(coal.heat_gj), float(coal.fc)) if coal else nan,
        _measured(coal) if coal else nan,
        _mean(float(t.mt) for t in tests if t.mt is not None),
        _mean(_pure(t, t.vad) for t in tests),
        _mean(_dry(t) for t in tests),
        _mean(_pure(t, t.cad) for t in tests),
        _heat_gap(tests),
        _over(_number(account.allowance_t) - burnt, burnt),
        mine,
        mine_share,
    )


def _mean(values: Iterable[float]) -> float:
    known = [v for v in values if not isnan(v)]
    return sum(known) / len(known) if known else nan


def _dry(test: CoalTest) -> float:
    if test.aad is None or test.mad is None or test.mad >= 100:
        return nan
    return 100 * float(test.aad) / float(100 - test.mad)


def _pure(test: CoalTest, value: Decimal | None) -> float:
    """An air-dry percentage without moisture and ash (daf)."""
    if value is None or test.mad is None or test.aad is None or test.mad + test.aad >= 100:
        return nan
    return 100 * float(value) / float(100 - test.mad - test.aad)


def _heat_gap(tests: Iterable[CoalTest]) -> float:
    """Median gap of the gross heat above Boie's formula (dry and ash-free alike), %. Formulas are a
    few percent off for all coals alike, so only the distance from the others counts."""
    gaps = [gap for t in tests if (gap := _above_formula(t)) is not None]
    return median(gaps) if len(gaps) >= _LEAST_TESTS else nan


def _above_formula(test: CoalTest) -> float | None:
    values = (test.cad, test.had, test.stad, test.mad, test.aad, test.qgrad)
    if any(v is None for v in values):
        return None
    c, h, s, m, a, gross = (float(v) for v in values if v is not None)
    oxygen = 100 - c - h - s - m - a - _NITROGEN * (100 - m - a) / 100
    modelled = 0.35160 * c + 1.16225 * h - 0.11090 * oxygen + 0.10465 * s
    return 100 * (gross / modelled - 1) if modelled > 0 else None


def _is_measured(coal: FuelAccount) -> bool:
    return _DEFAULT not in (coal.use.method("c_ar"), coal.use.method("cc"))


def _measured(coal: FuelAccount) -> float:
    """Carbon per heat of the measured year, tC/GJ."""
    carbon = heat = 0.0
    if _is_measured(coal):
        for month in coal.months:
            if month is not None and month.c_ar and month.ncv and month.fc:
                carbon += float(month.fc * month.c_ar)
                heat += float(month.fc * month.ncv)
    return _over(carbon, heat)


def _months(account: GeneratorAccount) -> tuple[tuple[float, ...], ...]:
    coal = account.coal
    burnt = coal.months if coal else (None,) * 12
    measured = coal is not None and _is_measured(coal)
    made = account.generator.production
    return (
        tuple(_number(m.fc) if m else nan for m in burnt),
        tuple(_number(m.ncv) if m else nan for m in burnt),
        tuple(_over(_number(m.c_ar), _number(m.ncv)) if m and measured else nan for m in burnt),
        *(tuple(_number(v) for v in made[c].months) if c in made else (nan,) * 12
          for c in ("gen", "heat")),
    )  # fmt: skip


def _mine(report: ReportFacts, outside: OutsideRecords | None) -> tuple[str, float]:
    """The mine that sent most of the year's coal, and its share of the tonnes received."""
    tonnes: dict[str, float] = {}
    for row in outside.of_year("receipt", report.year) if outside else ():
        if row["tonnes"]:
            name = str(row["mine"] or "").strip()
            tonnes[name] = tonnes.get(name, 0.0) + float(row["tonnes"])
    named = [(t, mine) for mine, t in tonnes.items() if mine]
    if not named:
        return "", nan
    most, mine = max(named)
    return mine, most / sum(tonnes.values())
