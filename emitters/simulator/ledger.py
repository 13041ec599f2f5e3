"""The rows of 化石燃料燃烧 for one fuel of one generator, computed from the book."""

from dataclasses import dataclass
from decimal import Decimal

from carbonwatch.params.values import shipped
from emitters.simulator.book import ZERO, Book, UnitBook, UnitMonth, rounded

CO2_PER_C = Decimal(44) / Decimal(12)
DIESEL = {"ncv": Decimal("42.652"), "cc": Decimal("0.02020"), "c_ar": Decimal("0.8616")}
_METHODS = {
    "fc": "入炉",
    "ncv": "自测",
    "c_ar": "月缩分样",
    "cc": "计算",
    "of": "缺省值",
    "e_fuel": "计算",
}


@dataclass(slots=True)
class FuelLedger:
    """Months (0..11) and annual figure by parameter code; None where the unit did not exist yet."""

    fuel: str
    rank: str
    months: dict[str, list[Decimal | None]]
    annual: dict[str, Decimal]
    units: dict[str, str]
    methods: dict[str, str]

    def fuel_units(self, month: int) -> Decimal:
        """Burnt in a month, t or 万Nm3."""
        return self.months["fc"][month] or ZERO

    def heat(self, month: int) -> Decimal:
        """GJ of a month."""
        return self.fuel_units(month) * (self.months["ncv"][month] or ZERO)


def emission(fc: Decimal, c_ar: Decimal, oxidation: Decimal) -> Decimal:
    """tCO2 of burnt fuel, 2 decimals (F1)."""
    return rounded(fc * c_ar * oxidation / 100 * CO2_PER_C, 2)


def month_carbon(book: Book, unit: UnitBook, record: UnitMonth) -> tuple[Decimal, Decimal]:
    """c_ar (tC/t) and cc (tC/GJ) of a burning month, by where its carbon comes from."""
    if record.carbon == "default":
        cc = Decimal(shipped().get("coal.default_cc", book.year))
        return rounded(record.ncv * cc, 4), cc
    if record.carbon == "mean":
        tested = (m for m in unit.months if m.sample and m.fc and m.carbon == "test")
        shown = [rounded(m.sample.car / m.ncv, 5) for m in tested if m.sample]
        cc = rounded(sum(shown, ZERO) / len(shown), 5)
        return rounded(record.ncv * cc, 4), cc
    c_ar = record.sample.car if record.carbon == "test" and record.sample else record.c_ar
    return c_ar, rounded(c_ar / record.ncv, 5)


def coal_ledger(book: Book, unit: UnitBook) -> FuelLedger:
    """The coal of a generator."""
    carbon = [month_carbon(book, unit, m) if m.fc else (ZERO, ZERO) for m in unit.months]
    ledger = _ledger(unit, carbon, fuel="燃煤", rank=book.plant.mines[0].rank, measure="t")
    if all(m.carbon in ("default", "private") for m in unit.months if m.fc):
        ledger.methods |= {"c_ar": "缺省值", "cc": "缺省值"}
    if book.mean_months is not None:
        _simple_means(unit, ledger, book.mean_months)
    return ledger


def gas_ledger(unit: UnitBook) -> FuelLedger:
    """The gas of a generator: heating value and carbon from the supplier's analyses."""
    carbon = [(m.c_ar, rounded(m.c_ar / m.ncv, 5)) if m.fc else (ZERO, ZERO) for m in unit.months]
    ledger = _ledger(unit, carbon, fuel="天然气", rank="", measure="万Nm3")
    ledger.methods |= {"ncv": "外检", "c_ar": "每批检测"}
    return ledger


def diesel_ledger(unit: UnitBook) -> FuelLedger:
    """Start-up oil, at the defaults of the fuel table."""
    fc: list[Decimal | None] = [m.diesel if m.exists else None for m in unit.months]
    of = Decimal(98)

    def constant(value: Decimal) -> list[Decimal | None]:
        return [value if f is not None else None for f in fc]

    e = [None if f is None else emission(f, DIESEL["c_ar"], of) for f in fc]
    months = {"fc": fc, **{k: constant(v) for k, v in DIESEL.items()}, "of": constant(of)}
    months["e_fuel"] = e
    annual = {"fc": total(fc), **DIESEL, "of": of, "e_fuel": total(e)}
    methods = _METHODS | {"ncv": "缺省值", "c_ar": "缺省值", "cc": "缺省值"}
    return FuelLedger("柴油", "", months, annual, _units("t"), methods)


def _units(measure: str) -> dict[str, str]:
    return {
        "fc": measure,
        "ncv": f"GJ/{measure}",
        "c_ar": f"tC/{measure}",
        "cc": "tC/GJ",
        "of": "%",
        "e_fuel": "tCO2",
    }


def total(values: list[Decimal | None]) -> Decimal:
    """The sum of the reported values."""
    return sum((v for v in values if v is not None), ZERO)


def _weighted(fc: list[Decimal | None], values: list[Decimal | None], places: int) -> Decimal:
    burnt = total(fc)
    pairs = ((f or ZERO) * (v or ZERO) for f, v in zip(fc, values, strict=True))
    return rounded(sum(pairs, ZERO) / burnt, places) if burnt else rounded(ZERO, places)


def _ledger(
    unit: UnitBook, carbon: list[tuple[Decimal, Decimal]], *, fuel: str, rank: str, measure: str
) -> FuelLedger:
    live = [m.exists for m in unit.months]

    def row(values: list[Decimal]) -> list[Decimal | None]:
        return [v if ok else None for v, ok in zip(values, live, strict=True)]

    months = {
        "fc": row([m.fc for m in unit.months]),
        "ncv": row([m.ncv for m in unit.months]),
        "c_ar": row([c for c, _ in carbon]),
        "cc": row([cc for _, cc in carbon]),
        "of": row([m.oxidation for m in unit.months]),
        "e_fuel": row(
            [emission(m.fc, c, m.oxidation) for m, (c, _) in zip(unit.months, carbon, strict=True)]
        ),
    }
    fc = months["fc"]
    ncv, c_ar = _weighted(fc, months["ncv"], 3), _weighted(fc, months["c_ar"], 4)
    annual = {
        "fc": total(fc),
        "ncv": ncv,
        "c_ar": c_ar,
        "cc": rounded(c_ar / ncv, 5) if ncv else ZERO,
        "of": unit.months[-1].oxidation,
        "e_fuel": total(months["e_fuel"]),
    }
    return FuelLedger(fuel, rank, months, annual, _units(measure), dict(_METHODS))


def _simple_means(unit: UnitBook, ledger: FuelLedger, count: int) -> None:
    """An annual carbon that is the plain mean of the `count` lowest months; emissions from it."""
    values = sorted(c for c in ledger.months["c_ar"] if c)
    chosen = values[:count]
    c_ar = rounded(sum(chosen, ZERO) / len(chosen), 4)
    annual = ledger.annual
    annual["c_ar"] = c_ar
    annual["cc"] = rounded(c_ar / annual["ncv"], 5)
    annual["e_fuel"] = emission(annual["fc"], c_ar, annual["of"])
