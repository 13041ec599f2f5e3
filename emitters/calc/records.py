"""What the accounting of a report yields. Plain frozen records; all numbers are `Decimal`.

Tuples of twelve are January to December; None means that the report does not say enough.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from carbonwatch.params.values import Parameters, Value
from emitters.facts import FuelUse, Generator, ReportFacts


@dataclass(frozen=True, slots=True)
class FuelMonth:
    """One fuel in one month. `fc` t | 万Nm3, `ncv` GJ per fc, `c_ar` tC per fc, `cc` tC/GJ, `of` %,
    `t_co2` tCO2 (2 decimals), `heat_gj` GJ (not rounded). `fc` is never None."""

    fc: Decimal
    ncv: Decimal | None
    c_ar: Decimal | None
    cc: Decimal | None
    of: Decimal | None
    t_co2: Decimal | None
    heat_gj: Decimal | None


@dataclass(frozen=True, slots=True)
class FuelAccount:
    """One fuel of one generator in the year. Means are weighted by consumption and rounded as the
    guideline rounds them; None when no month allows them. `t_co2` and `heat_gj` sum the months."""

    use: FuelUse
    months: tuple[FuelMonth | None, ...]
    fc: Decimal
    ncv: Decimal | None
    c_ar: Decimal | None
    cc: Decimal | None
    t_co2: Decimal
    heat_gj: Decimal

    def __getitem__(self, month: int) -> FuelMonth | None:
        """Month 1..12."""
        return self.months[month - 1]

    @property
    def is_coal(self) -> bool:
        """Whether it is coal (燃煤)."""
        return self.use.fuel == "燃煤"


@dataclass(frozen=True, slots=True)
class AllowancePart:
    """One factor or product of the allocation formula (`electricity`, `heat`): the inputs as
    (name, value), the amount in t, rounded down."""

    code: str
    inputs: tuple[tuple[str, Decimal], ...]
    t: Decimal


@dataclass(frozen=True, slots=True)
class AllowanceStep:
    """A plant-level rule after the sum of the generators: `gas_exemption` or `cap20`.

    `target` is `allowance` (the approved amount is topped up, from 2023) or `obligation` (what must be
    surrendered is capped, to 2022).
    """

    code: str
    target: str
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class GeneratorAccount:
    """One generator in the year. `t_buy`, `t_month` tCO2 and `heat_gj_month` GJ (heat of all fuels) by
    month; `t_co2` annual total with purchased power (to 2025); `t_burn` fuels only; `tce` standard
    coal; `class_code` I..IV (empty: outside the allocation); `allowance_t` before plant-level rules,
    None when it cannot be computed."""

    generator: Generator
    fuels: tuple[FuelAccount, ...]
    t_buy: tuple[Decimal | None, ...]
    t_month: tuple[Decimal | None, ...]
    t_burn: Decimal
    t_co2: Decimal
    heat_gj_month: tuple[Decimal, ...]
    heat_gj: Decimal
    tce: Decimal
    class_code: str
    allowance_t: Decimal | None
    allowance_parts: tuple[AllowancePart, ...]

    @property
    def number(self) -> str:
        """机组编号."""
        return self.generator.number

    @property
    def coal(self) -> FuelAccount | None:
        """The coal account, if the generator burns coal."""
        return next((f for f in self.fuels if f.is_coal), None)


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of a report. `t_co2` plant total (integer, half up), `t_exact` the same before that
    rounding, `t_reported` 全部机组二氧化碳排放量, `allowance_t` after plant-level rules, `obligation_t`
    what must be surrendered, `price` the year's reference price in CNY/t with its source."""

    report: ReportFacts
    generators: tuple[GeneratorAccount, ...]
    t_co2: Decimal
    t_exact: Decimal
    t_reported: Decimal | None
    allowance_t: Decimal | None
    allowance_steps: tuple[AllowanceStep, ...]
    obligation_t: Decimal
    price: Value | None
    params: Parameters = field(repr=False, compare=False)

    def of(self, number: str) -> GeneratorAccount | None:
        """The account of a generator (None when the report has no such number)."""
        return next((g for g in self.generators if g.number == number), None)
