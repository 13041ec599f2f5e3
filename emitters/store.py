"""Facts to rows and back: what is stored gives the same facts again, addresses included."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from carbonwatch.imports.bulk import copy_rows
from emitters.facts import CoalTest, DailyCoal, FuelUse, Generator, ReportFacts, Series, StockLedger
from emitters.models import CoalTestRow, DailyCoalYear, GeneratorRow, MonthlyRow, ReportVersion

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
DAILY_FIELDS = ("row", "generator", "rows", "days", "coal_t", "ncv", "mt")
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
        DailyCoalYear, ("version_id", *DAILY_FIELDS), [(pk, *year) for year in _daily(facts.daily)]
    )
    return count


def _daily(rows: Iterable[DailyCoal]) -> Iterable[tuple[Any, ...]]:
    """The daily rows of each generator as one row of arrays: the foreign key of every single day
    would cost more than all else."""
    by_generator: dict[str, list[DailyCoal]] = defaultdict(list)
    for d in rows:
        by_generator[d.generator].append(d)
    for number, days in by_generator.items():
        columns = zip(*((d.row, d.day, d.coal_t, d.ncv, d.mt) for d in days), strict=True)
        yield (days[0].row, number, *columns)


def _trimmed(field: Any) -> str:
    """The column without the zeros behind that the database adds and the report did not have."""
    column = connection.ops.quote_name(field.column)
    if isinstance(field, models.DecimalField):
        return f"trim_scale({column})"
    if isinstance(field, ArrayField) and isinstance(field.base_field, models.DecimalField):
        return f"ARRAY(SELECT trim_scale(n) FROM unnest({column}) n)"  # noqa: S608
    return column


def _rows(
    model: type[models.Model], fields: Sequence[str], versions: Iterable[int]
) -> Mapping[int, list[Sequence[Any]]]:
    """Rows by version in the order of the sheet, in one query. Plain SQL: this is read for every
    report, several times as fast as through the models."""
    quote = connection.ops.quote_name
    columns = [_trimmed(model._meta.get_field(f)) for f in fields]
    found: dict[int, list[Sequence[Any]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT version_id, {', '.join(columns)} FROM {quote(model._meta.db_table)}"  # noqa: S608
            ' WHERE version_id = ANY(%s) ORDER BY version_id, "row", id',
            [list(versions)],
        )
        for version, *row in cursor:
            found[version].append(row)
    return found


def _generator(
    row: Sequence[Any],
    shelves: Mapping[str, Mapping[str, Series]],
    fuels: Mapping[tuple[str, str], Mapping[str, Series]],
    letters: Mapping[str, str],
) -> Generator:
    attributes: dict[str, Any] = dict(zip(GENERATOR_FIELDS, row, strict=True))
    return Generator(
        **attributes,
        fuels=tuple(
            FuelUse(attributes["number"], fuel, rank, series)
            for (fuel, rank), series in fuels.items()
        ),
        purchased=shelves["E"],
        production=shelves["P"],
        cells={k: f"机组信息!{letter}{attributes['row']}" for k, letter in letters.items()},
    )


def _test(row: Sequence[Any], cells: Mapping[str, str]) -> CoalTest:
    values: Any = (*row, cells)
    return CoalTest(*values)


def _basic(stored: Mapping[str, Sequence[str]]) -> dict[str, object]:
    parse: dict[str, Callable[[str], object]] = {
        "n": Decimal,
        "d": date.fromisoformat,
        "t": str,
        "": lambda _text: None,
    }
    return {label: parse[kind](text) for label, (kind, text, _cell) in stored.items()}


@dataclass
class _Monthly:
    """The monthly rows of a version, sorted into what they belong to: generators by number, fuels,
    stocks by fuel."""

    fuels: dict[str, dict[tuple[str, str], dict[str, Series]]]
    shelves: dict[str, dict[str, dict[str, Series]]]
    stocks: dict[str, dict[str, Series]]
    total: Series | None = None


def _monthly_of(rows: Iterable[Sequence[Any]], columns: Mapping[str, Any]) -> _Monthly:
    found = _Monthly(defaultdict(dict), defaultdict(lambda: {"E": {}, "P": {}}), {})
    letters = {part: tuple(columns.get(part, ())) for part in SHEETS}
    for part, row, generator, fuel, rank, code, unit, method, months, annual in rows:
        series = Series(SHEETS[part], row, letters[part], tuple(months), annual, method, unit)
        if part == "F":
            found.fuels[generator].setdefault((fuel, rank), {})[code] = series
        elif part == "S":
            found.stocks.setdefault(fuel, {})[code] = series
        elif part == "T":
            found.total = series
        else:
            found.shelves[generator][part][code] = series
    return found


def _days(years: Iterable[Sequence[Any]]) -> Iterable[DailyCoal]:
    for _row, generator, rows, days, *columns in years:
        for row, day, coal_t, ncv, mt in zip(rows, days, *columns, strict=True):
            yield DailyCoal(row, day, generator, coal_t, ncv, mt)


def _assemble(version: ReportVersion, rows: Mapping[str, Sequence[Sequence[Any]]]) -> ReportFacts:
    columns = version.columns
    monthly = _monthly_of(rows["monthly"], columns)
    cells, letters = columns.get("L", {}), columns.get("G", {})
    basic = _basic(version.basic)
    return ReportFacts(
        year=version.report.year,
        unit_name=str(basic.get("单位名称", "")),
        credit_code=str(basic.get("统一社会信用代码", "")),
        basic=basic,
        basic_cells={label: entry[2] for label, entry in version.basic.items()},
        generators=tuple(
            _generator(g, monthly.shelves[g[1]], monthly.fuels[g[1]], letters)
            for g in rows["generators"]
        ),
        plant_total=monthly.total,
        stocks=tuple(StockLedger(fuel, series) for fuel, series in monthly.stocks.items()),
        tests=tuple(_test(t, cells) for t in rows["tests"]),
        daily=tuple(sorted(_days(rows["daily"]), key=attrgetter("row"))),
        daily_columns=columns.get("D", {}),
    )


def load_facts(versions: Sequence[ReportVersion], *, daily: bool = True) -> dict[int, ReportFacts]:
    """Facts by version id, in four queries however many versions (three without daily)."""
    sources: dict[str, tuple[type[models.Model], Sequence[str]]] = {
        "generators": (GeneratorRow, GENERATOR_FIELDS),
        "monthly": (MonthlyRow, MONTHLY_FIELDS),
        "tests": (CoalTestRow, TEST_FIELDS),
        "daily": (DailyCoalYear, DAILY_FIELDS if daily else ()),
    }
    pks = [v.pk for v in versions]
    rows = {
        name: _rows(model, fields, pks) if pks and fields else {}
        for name, (model, fields) in sources.items()
    }
    return {
        v.pk: _assemble(v, {name: r.get(v.pk, ()) for name, r in rows.items()}) for v in versions
    }
