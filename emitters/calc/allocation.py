"""Free allocation of the year (allocation plans; regulation by dated parameters).

A = Qe × Be × corrections + Qh × Bh, where Qe is net supply (to 2022) or generation (from 2023).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from carbonwatch.params.values import Parameters
from emitters.calc import rounding
from emitters.calc.records import AllowancePart, AllowanceStep, FuelAccount
from emitters.facts import Generator, Series

ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
_UNCONVENTIONAL = {"煤矸石", "煤泥", "水煤浆"}


def year_value(row: Series | None) -> Decimal | None:
    """The year of an additive row: the sum of its months, else the annual figure."""
    if row is None:
        return None
    return row.total if any(v is not None for v in row.months) else row.annual


def class_code(generator: Generator, fuels: Sequence[FuelAccount], split_mw: Decimal) -> str:
    """I..IV by the allocation plan, empty when the generator is outside it or its size is unknown."""
    heat = sum((f.heat_gj for f in fuels), ZERO)
    unconventional = sum((f.heat_gj for f in fuels if f.use.fuel in _UNCONVENTIONAL), ZERO)
    if generator.is_gas:
        return "IV"
    if generator.category not in ("常规燃煤", "非常规燃煤"):
        return ""
    if (
        generator.category == "非常规燃煤"
        or generator.boiler == "循环流化床"
        or unconventional * 2 > heat
    ):
        return "III"
    if generator.capacity_mw is None:
        return ""
    return "I" if generator.capacity_mw >= split_mw else "II"


def load_share(generator: Generator) -> Decimal | None:
    """P13: generation / (capacity × hours) of the year in %, else the reported annual figure."""
    output = year_value(generator.production.get("gen"))
    hours = year_value(generator.production.get("hours"))
    if output is not None and hours and generator.capacity_mw:
        return rounding.load_factor(output / (generator.capacity_mw * hours) * HUNDRED)
    row = generator.production.get("lf")
    return row.annual if row else None


def _piece(piece: Mapping[str, Any], share: Decimal) -> Decimal:
    kind = piece["kind"]
    if kind == "constant":
        return Decimal(piece["value"])
    if kind == "linear":
        return Decimal(piece["base"] + piece["slope"] * (piece["at_percent"] - HUNDRED * share))
    if kind == "power":
        return Decimal(piece["base"] ** (piece["constant"] - piece["slope"] * share))
    if kind == "exponential":
        drop = sum((a * (ONE - (-HUNDRED * share / b).exp()) for a, b in piece["terms"]), ZERO)
        return Decimal(piece["base"] - drop)
    raise ValueError(f"unknown kind of correction: {kind}")


def load_factor_correction(rule: Mapping[str, Any], share: Decimal) -> Decimal:
    """Ff of `correction.load` at a load factor given as a fraction, rounded to 6 decimals."""
    for piece in rule["pieces"]:
        low, high = piece["from"], piece["to"]
        if (low is None or low <= share) and (high is None or share < high):
            return rounding.peak_shaving_factor(_piece(piece, share))
    raise ValueError("the pieces of the load correction leave a gap")


def _load_correction(
    generator: Generator, code: str, rule: Mapping[str, Any], load: Decimal | None
) -> Decimal | None:
    in_scope = code in rule["classes"] and (
        not rule["products"] or generator.product in rule["products"]
    )
    if not in_scope:
        return ONE
    return None if load is None else load_factor_correction(rule, load / HUNDRED)


@dataclass(frozen=True, slots=True)
class Drivers:
    """What a generator's allocation depends on besides parameters. A check may replace one of them and
    ask what the allowance would be. `output` MWh by the basis of the year, `heat` GJ, `heat_ratio` and
    `load` in %."""

    code: str
    output: Decimal | None
    heat: Decimal
    heat_ratio: Decimal
    load: Decimal | None
    cooling: str


def drivers(
    generator: Generator, fuels: Sequence[FuelAccount], params: Parameters, year: int
) -> Drivers:
    """The drivers as the report states them."""
    basis = "sup" if params.get("allocation.basis", year) == "net_supply" else "gen"
    ratio = generator.production.get("heat_ratio")
    return Drivers(
        code=class_code(generator, fuels, params.get("allocation.class_split_mw", year)),
        output=year_value(generator.production.get(basis)),
        heat=year_value(generator.production.get("heat")) or ZERO,
        heat_ratio=(ratio.annual if ratio else None) or ZERO,
        load=load_share(generator),
        cooling=generator.cooling,
    )


def corrections(
    generator: Generator, given: Drivers, params: Parameters, year: int
) -> list[tuple[str, Decimal]] | None:
    """The correction factors of the year by name; None when one cannot be known."""
    factors: list[tuple[str, Decimal]] = []
    cooling = params.maybe("correction.cooling", year)
    if cooling and given.code != "IV":
        factors.append(("Fl", cooling.get(given.cooling, ONE)))
    heat = params.maybe("correction.heat", year)
    if heat:
        slope = heat["gas" if given.code == "IV" else "coal"]
        factors.append(("Fr", ONE - slope * given.heat_ratio / HUNDRED))
    if given.code != "IV":
        load = _load_correction(
            generator, given.code, params.get("correction.load", year), given.load
        )
        if load is None:
            return None
        factors.append(("Ff", load))
    return factors


def allowance(
    generator: Generator, given: Drivers, params: Parameters, year: int
) -> tuple[Decimal | None, tuple[AllowancePart, ...]]:
    """Allowance of a generator in t before plant-level rules, with its two parts. (None, ()) when it
    is outside the allocation or an input is missing."""
    factors = corrections(generator, given, params, year) if given.code else None
    if factors is None or given.output is None:
        return None, ()
    benchmark = params.get("benchmark.electricity", year)[given.code]
    power = given.output * benchmark
    for _, factor in factors:
        power *= factor
    heat_mark = params.get("benchmark.heat", year)["gas" if given.code == "IV" else "coal"]
    parts = (
        AllowancePart(
            "electricity",
            (("Qe", given.output), ("Be", benchmark), *factors),
            rounding.allowance(power),
        ),
        AllowancePart(
            "heat",
            (("Qh", given.heat), ("Bh", heat_mark)),
            rounding.allowance(given.heat * heat_mark),
        ),
    )
    return parts[0].t + parts[1].t, parts


def plant_rules(
    units: Sequence[tuple[str, Decimal, Decimal]], params: Parameters, year: int
) -> tuple[Decimal, Decimal, tuple[AllowanceStep, ...]]:
    """Gas exemption, then the 20 % cap, over (class, allowance t, emissions t) of every generator:
    approved allowance, obligation, and the steps that changed one of them."""
    gas, cap = params.get("allocation.gas_exemption", year), params.get("allocation.cap20", year)
    verified = sum((t for _, _, t in units), ZERO)
    amounts = {
        "allowance": sum((a for _, a, _ in units), ZERO),
        "obligation": verified,
    }
    steps: list[AllowanceStep] = []

    def step(code: str, target: str, after: Decimal) -> None:
        if after != amounts[target]:
            steps.append(AllowanceStep(code, target, amounts[target], after))
            amounts[target] = after

    gap = sum((t - a for code, a, t in units if code == "IV" and t > a), ZERO)
    sign = 1 if gas["target"] == "allowance" else -1
    step("gas_exemption", gas["target"], amounts[gas["target"]] + sign * rounding.annual_total(gap))
    if cap["target"] == "allowance":
        floor = rounding.allowance(cap["share"] * verified)
        step("cap20", "allowance", max(amounts["allowance"], floor))
    else:
        ceiling = rounding.annual_total(amounts["allowance"] + cap["share"] * verified)
        step("cap20", "obligation", min(amounts["obligation"], ceiling))
    return amounts["allowance"], amounts["obligation"], tuple(steps)
