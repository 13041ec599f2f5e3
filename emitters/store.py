"""Facts to rows and back: what is stored gives the same facts again, addresses included."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from carbonwatch.imports.bulk import copy_rows
from emitters.facts import CoalTest, DailyCoal, FuelUse, Generator, ReportFacts, Series, StockLedger
from emitters.models import CoalTestRow, DailyCoalRow, GeneratorRow, MonthlyRow, ReportVersion

SHEETS = {
    "F": "化石燃料燃烧",
    "E": "购入使用电力",
    "P": "生产数据",
    "T": "生产数据",
    "S": "燃料购销存",
}
GENERATOR_FIELDS = (
    "row",
    "number",
    "category",
    "product",
    "capacity_mw",
    "boiler",
    "pressure",
    "cooling",
    "main_fuel",
    "commissioned",
    "note",
)
TEST_FIELDS = (
    "row",
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
TEST_NUMBERS = ("mt", "mad", "aad", "vad", "stad", "had", "cad", "qgrad", "qnetar", "car")
DAILY_FIELDS = ("row", "day", "generator", "coal_t", "ncv", "mt")
MONTHLY_FIELDS = (
    "part",
    "row",
    "generator",
    "fuel",
    "rank",
    "code",
    "unit",
    "method",
    "months",
    "annual",
)
_LETTERS = re.compile(r"!([A-Z]+)\d+$")


def _monthly(facts: ReportFacts) -> Iterable[tuple[Any, ...]]:
    for g in facts.generators:
        for use in g.fuels:
            for code, s in use.series.items():
                yield (
                    "F",
                    s.row,
                    g.number,
                    use.fuel,
                    use.rank,
                    code,
                    s.unit,
                    s.method,
                    s.months,
                    s.annual,
                )
        for part, rows in (("E", g.purchased), ("P", g.production)):
            for code, s in rows.items():
                yield (part, s.row, g.number, "", "", code, s.unit, s.method, s.months, s.annual)
    if facts.plant_total is not None:
        s = facts.plant_total
        yield ("T", s.row, "", "", "", "e_total", s.unit, s.method, s.months, s.annual)
    for ledger in facts.stocks:
        for code, s in ledger.series.items():
            yield ("S", s.row, "", ledger.fuel, "", code, s.unit, s.method, s.months, s.annual)


def columns_of(facts: ReportFacts) -> dict[str, Any]:
    """Where the columns of each sheet stand, for the addresses of stored rows (JSON)."""
    columns: dict[str, Any] = {}
    for g in facts.generators:
        for use in g.fuels:
            columns |= _columns("F", use.series)
        columns |= _columns("E", g.purchased) | _columns("P", g.production)
        columns.setdefault("G", {k: m[1] for k, v in g.cells.items() if (m := _LETTERS.search(v))})
    if facts.plant_total is not None:
        columns["T"] = list(facts.plant_total.columns)
    for ledger in facts.stocks:
        columns |= _columns("S", ledger.series)
    if facts.tests:
        columns["L"] = dict(facts.tests[0].cells)
    columns["D"] = dict(facts.daily_columns)
    return columns


def _columns(part: str, rows: Mapping[str, Series]) -> dict[str, list[str]]:
    """The month columns of a sheet, which are the same for all of its rows."""
    first = next(iter(rows.values()), None)
    return {} if first is None else {part: list(first.columns)}


def basic_of(facts: ReportFacts) -> dict[str, list[Any]]:
    """基本信息 as JSON: label -> [kind, text, cell]; the kind of an empty field is empty."""
    kinds = {Decimal: "n", date: "d", type(None): ""}
    return {
        label: [
            kinds.get(type(value), "t"),
            "" if value is None else str(value),
            facts.basic_cells.get(label, ""),
        ]
        for label, value in facts.basic.items()
    }


def store_facts(version: ReportVersion, facts: ReportFacts) -> int:
    """Write all rows of a version by COPY in the running transaction; returns how many."""
    pk = version.pk
    version.columns = columns_of(facts)
    version.basic = basic_of(facts)
    count = copy_rows(
        GeneratorRow,
        ("version_id", *GENERATOR_FIELDS),
        [(pk, *(getattr(g, f) for f in GENERATOR_FIELDS)) for g in facts.generators],
    )
    count += copy_rows(
        MonthlyRow, ("version_id", *MONTHLY_FIELDS), [(pk, *row) for row in _monthly(facts)]
    )
    count += copy_rows(
        CoalTestRow,
        ("version_id", *TEST_FIELDS),
        [(pk, *(getattr(t, f) for f in TEST_FIELDS)) for t in facts.tests],
    )
    count += copy_rows(
        DailyCoalRow,
        ("version_id", *DAILY_FIELDS),
        [(pk, d.row, d.day, d.generator, d.coal_t, d.ncv, d.mt) for d in facts.daily],
    )
    return count


def _number(value: Decimal | None) -> Decimal | None:
    """Stored decimals carry trailing zeros that the report did not have."""
    if value is None:
        return None
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def _series(part: str, row: Mapping[str, Any], columns: Mapping[str, Any]) -> Series:
    return Series(
        SHEETS[part],
        row["row"],
        tuple(columns.get(part, ())),
        tuple(_number(v) for v in row["months"]),
        _number(row["annual"]),
        row["method"],
        row["unit"],
    )


def _generator(
    row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], columns: Mapping[str, Any]
) -> Generator:
    fuels: dict[tuple[str, str], dict[str, Series]] = {}
    shelves: dict[str, dict[str, Series]] = {"E": {}, "P": {}}
    for r in rows:
        series = _series(r["part"], r, columns)
        if r["part"] == "F":
            fuels.setdefault((r["fuel"], r["rank"]), {})[r["code"]] = series
        else:
            shelves[r["part"]][r["code"]] = series
    attributes: dict[str, Any] = {f: row[f] for f in GENERATOR_FIELDS}
    attributes["capacity_mw"] = _number(row["capacity_mw"])
    return Generator(
        **attributes,
        fuels=tuple(FuelUse(row["number"], fuel, rank, s) for (fuel, rank), s in fuels.items()),
        purchased=shelves["E"],
        production=shelves["P"],
        cells={k: f"机组信息!{letter}{row['row']}" for k, letter in columns.get("G", {}).items()},
    )


def _test(row: Mapping[str, Any], cells: Mapping[str, str]) -> CoalTest:
    values: dict[str, Any] = {f: row[f] for f in TEST_FIELDS}
    values |= {f: _number(row[f]) for f in TEST_NUMBERS}
    return CoalTest(**values, cells=cells)


def _basic(stored: Mapping[str, Sequence[str]]) -> dict[str, object]:
    parse: dict[str, Callable[[str], object]] = {
        "n": Decimal,
        "d": date.fromisoformat,
        "t": str,
        "": lambda _text: None,
    }
    return {label: parse[kind](text) for label, (kind, text, _cell) in stored.items()}


def _assemble(version: ReportVersion, rows: Mapping[str, list[Mapping[str, Any]]]) -> ReportFacts:
    columns = version.columns
    by_generator: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    stocks: dict[str, dict[str, Series]] = {}
    total: Series | None = None
    for r in rows["monthly"]:
        if r["part"] == "S":
            stocks.setdefault(r["fuel"], {})[r["code"]] = _series("S", r, columns)
        elif r["part"] == "T":
            total = _series("T", r, columns)
        else:
            by_generator[r["generator"]].append(r)
    basic = _basic(version.basic)
    return ReportFacts(
        year=version.report.year,
        unit_name=str(basic.get("单位名称", "")),
        credit_code=str(basic.get("统一社会信用代码", "")),
        basic=basic,
        basic_cells={label: entry[2] for label, entry in version.basic.items()},
        generators=tuple(
            _generator(g, by_generator[g["number"]], columns) for g in rows["generators"]
        ),
        plant_total=total,
        stocks=tuple(StockLedger(fuel, series) for fuel, series in stocks.items()),
        tests=tuple(_test(t, columns.get("L", {})) for t in rows["tests"]),
        daily=tuple(
            DailyCoal(
                d["row"],
                d["day"],
                d["generator"],
                _number(d["coal_t"]),
                _number(d["ncv"]),
                _number(d["mt"]),
            )
            for d in rows["daily"]
        ),
        daily_columns=columns.get("D", {}),
    )


def load_facts(versions: Sequence[ReportVersion], *, daily: bool = True) -> dict[int, ReportFacts]:
    """Facts by version id, in four queries however many versions (three without daily)."""
    found: dict[int, dict[str, list[Mapping[str, Any]]]] = {
        v.pk: {"generators": [], "monthly": [], "tests": [], "daily": []} for v in versions
    }
    sources: list[tuple[str, Any, tuple[str, ...]]] = [
        ("generators", GeneratorRow, GENERATOR_FIELDS),
        ("monthly", MonthlyRow, MONTHLY_FIELDS),
        ("tests", CoalTestRow, TEST_FIELDS),
    ]
    if daily:
        sources.append(("daily", DailyCoalRow, DAILY_FIELDS))
    for name, model, fields in sources:
        rows = (
            model.objects.filter(version__in=found)
            .order_by("version", "row", "pk")
            .values("version_id", *fields)
        )
        for row in rows:
            found[row["version_id"]][name].append(row)
    return {v.pk: _assemble(v, found[v.pk]) for v in versions}
