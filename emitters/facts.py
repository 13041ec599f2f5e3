"""What a report says, as frozen facts with the cell of every value.

Built by the workbook reader and from the database alike; checks and calculations see nothing else.
Quantities are `Decimal`, None means "not reported". Units are those of the workbook (workbook.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from carbonwatch.params.values import Parameters

if TYPE_CHECKING:  # both are built from these facts
    from emitters.calc.records import Accounts
    from emitters.outside import OutsideRecords
    from emitters.peers import Peers
    from emitters.population import Population
    from emitters.schemes import SchemeFacts

MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Series:
    """One row of a monthly sheet: 12 months and the annual figure (index 0..11, `annual`).

    `columns` are the column letters of the 12 months and of the annual figure (13 entries).
    """

    sheet: str
    row: int
    columns: tuple[str, ...]
    months: tuple[Decimal | None, ...]
    annual: Decimal | None
    method: str = ""  # 确定方式 of fuel rows
    unit: str = ""

    def __getitem__(self, month: int) -> Decimal | None:
        """Value of month 1..12."""
        return self.months[month - 1]

    def cell(self, month: int | None = None) -> str:
        """Address of month 1..12, or of the annual figure: `化石燃料燃烧!H5`."""
        return f"{self.sheet}!{self.columns[12 if month is None else month - 1]}{self.row}"

    def filled(self) -> Iterator[tuple[int, Decimal]]:
        """Reported months with their values."""
        return ((m, v) for m, v in enumerate(self.months, 1) if v is not None)

    @property
    def total(self) -> Decimal:
        """Sum of the reported months."""
        return sum((v for v in self.months if v is not None), Decimal(0))


@dataclass(frozen=True, slots=True)
class FuelUse:
    """One fuel of one generator (sheet 化石燃料燃烧).

    `series` by parameter code: `fc` burnt (t | 万Nm3), `ncv` (GJ/t), `c_ar` (tC/t), `cc` (tC/GJ),
    `of` (%), `e_fuel` (tCO2). `rank` is 煤种 (empty for other fuels).
    """

    generator: str
    fuel: str
    rank: str
    series: Mapping[str, Series]

    def get(self, code: str) -> Series | None:
        """The row of a parameter, if it was reported."""
        return self.series.get(code)

    def value(self, code: str, month: int) -> Decimal | None:
        """The value of a parameter in a month, None when row or cell is empty."""
        row = self.series.get(code)
        return row.months[month - 1] if row else None

    def method(self, code: str) -> str:
        """确定方式 of a parameter's row."""
        row = self.series.get(code)
        return row.method if row else ""


@dataclass(frozen=True, slots=True)
class Generator:
    """A generating unit (机组) as reported: attributes, fuels, power bought, production.

    `production` by code: `gen`, `sup`, `grid_out` (MWh), `heat` (GJ), `heat_ratio` (%), `b_power`
    (tce/MWh: 供电煤耗 to V02, 发电煤耗 from V03), `b_heat` (tce/GJ), `hours` (h), `lf` (%),
    `i_power` (tCO2/MWh), `i_heat` (tCO2/GJ), `e_unit` (tCO2). `purchased`: `buy_e`, `ef`, `e_buy`.
    """

    number: str
    row: int
    category: str  # 机组类别
    product: str  # 产品类型
    capacity_mw: Decimal | None
    boiler: str
    pressure: str
    cooling: str
    main_fuel: str
    commissioned: date | None
    note: str
    fuels: tuple[FuelUse, ...]
    purchased: Mapping[str, Series]
    production: Mapping[str, Series]
    cells: Mapping[str, str] = field(default_factory=dict)  # attribute name -> address

    def value(self, code: str, month: int) -> Decimal | None:
        """A production or purchased-power value of a month."""
        row = self.production.get(code) or self.purchased.get(code)
        return row.months[month - 1] if row else None

    @property
    def is_gas(self) -> bool:
        """Gas-fired (燃气)."""
        return self.category == "燃气"

    @property
    def is_chp(self) -> bool:
        """Combined heat and power (热电联产)."""
        return self.product == "热电联产"


@dataclass(frozen=True, slots=True)
class CoalTest:
    """A row of 煤样检测. Dates and values as reported; percentages in percent points."""

    row: int
    generator: str  # empty = common to all generators
    month: int | None
    kind: str  # 入炉 | 入厂 | 月缩分
    sample_no: str
    sampled: date | None
    sent: date | None
    received: date | None
    tested: date | None
    issued: date | None
    report_no: str
    laboratory: str
    certificate: str
    mt: Decimal | None  # 全水分Mar %
    mad: Decimal | None
    aad: Decimal | None
    vad: Decimal | None
    stad: Decimal | None
    had: Decimal | None
    cad: Decimal | None
    qgrad: Decimal | None  # GJ/t
    qnetar: Decimal | None  # GJ/t
    car: Decimal | None  # tC/t
    tester: str
    reviewer: str
    cells: Mapping[str, str] = field(default_factory=dict)  # attribute name -> column letter

    SHEET = "煤样检测"

    def cell(self, name: str) -> str:
        """Address of one attribute: `煤样检测!I4`."""
        return f"煤样检测!{self.cells[name]}{self.row}"


class DailyCoal(NamedTuple):
    """A row of 日入炉煤: t, GJ/t, %. A tuple, because there are hundreds in a report."""

    row: int
    day: date
    generator: str
    coal_t: Decimal | None
    ncv: Decimal | None
    mt: Decimal | None


@dataclass(frozen=True, slots=True)
class StockLedger:
    """One fuel of 燃料购销存. `series` by code: `stk0` 期初, `buy` 购入, `used` 消耗, `out` 其他出库,
    `adj` 盘点调整 (signed), `stk1` 期末."""

    fuel: str
    series: Mapping[str, Series]

    def value(self, code: str, month: int) -> Decimal | None:
        """The value of an item in a month."""
        row = self.series.get(code)
        return row.months[month - 1] if row else None


@dataclass(frozen=True)
class ReportFacts:
    """One emitting unit × one reporting year."""

    year: int
    unit_name: str
    credit_code: str
    basic: Mapping[str, object]  # label of 基本信息 -> value as read (str, Decimal, date)
    basic_cells: Mapping[str, str]  # label -> address
    generators: tuple[Generator, ...]
    plant_total: Series | None  # 全部机组二氧化碳排放量
    stocks: tuple[StockLedger, ...]
    tests: tuple[CoalTest, ...]
    daily: tuple[DailyCoal, ...]
    daily_columns: Mapping[str, str] = field(
        default_factory=dict
    )  # day|generator|coal_t|ncv|mt -> letter

    def generator(self, number: str) -> Generator | None:
        """The generator with that number."""
        return next((g for g in self.generators if g.number == number), None)

    def stock(self, fuel: str) -> StockLedger | None:
        """The ledger of a fuel."""
        return next((s for s in self.stocks if s.fuel == fuel), None)

    def daily_cell(self, row: DailyCoal, name: str) -> str:
        """Address of a daily value."""
        return f"日入炉煤!{self.daily_columns[name]}{row.row}"

    @cached_property
    def daily_by_month(self) -> Mapping[tuple[str, int], tuple[DailyCoal, ...]]:
        """Daily rows by generator number and month."""
        grouped: dict[tuple[str, int], list[DailyCoal]] = {}
        for row in self.daily:
            grouped.setdefault((row.generator, row.day.month), []).append(row)
        return {key: tuple(rows) for key, rows in grouped.items()}

    def tests_of(self, generator: str, month: int) -> list[CoalTest]:
        """Tests that stand for a generator's month (its own or common ones)."""
        return [t for t in self.tests if t.month == month and t.generator in ("", generator)]


COAL = "燃煤"


@dataclass(frozen=True, slots=True)
class Revision:
    """A version of the report that was handed in before: recomputed tCO2 and allowances (t), the reason
    that was given for it (empty for the first)."""

    number: int
    filed: date
    t_co2: Decimal
    allowance_t: Decimal | None
    reason: str


@dataclass(frozen=True)
class CheckContext:
    """All that a check on one report may look at. Nothing else: no database, clock or request.

    `history`: other years of the same credit code, oldest first (accepted or latest version each).
    `population`: the other reports given together or stored (for reuse across enterprises).
    `registry`: what is known of the generators outside the report (last accepted report or the
    registry), number -> attributes of `Generator`; None when nothing is known.
    `outside`: records of others that concern the report; None when none were brought in.
    `peers`: what the population rules found; None where the report stands alone.
    `scheme`: the unit's data quality control scheme in force; None when none is on record.
    `revisions`: versions of the same report that were handed in before, oldest first.
    `memory`: what several checks ask for, worked out once (`emitters.checks.support.remembered`).
    """

    report: ReportFacts
    accounts: "Accounts"  # of the report
    params: Parameters
    history: tuple[ReportFacts, ...] = ()
    population: "Population | None" = None
    registry: Mapping[str, Mapping[str, object]] | None = None
    outside: "OutsideRecords | None" = None
    peers: "Peers | None" = None
    scheme: "SchemeFacts | None" = None
    revisions: tuple[Revision, ...] = ()
    memory: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def p(self, key: str, month: int = 1) -> Any:
        """A dated parameter at a month of the reporting year."""
        return self.params.get(key, date(self.report.year, month, 1))
