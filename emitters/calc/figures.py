"""Every recomputed figure with its formula, inputs and rule: for pages, built only when asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from emitters.calc import rounding
from emitters.calc.allocation import load_share, year_value
from emitters.calc.records import Accounts, AllowancePart, FuelAccount, GeneratorAccount
from emitters.facts import Series

ZERO, HUNDRED = Decimal(0), Decimal(100)
Inputs = tuple[tuple[Any, Decimal | None, str], ...]  # label, value, cell


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `label` is lazy text, `inputs` are (label, value, cell), `rule` names the source of
    the formula; `generator` is empty for the plant, `fuel` for what is of no single fuel."""

    code: str
    label: Any
    value: Decimal | None
    unit: str
    formula: str
    inputs: Inputs
    rule: str
    generator: str = ""
    fuel: str = ""


def _cell(row: Series | None) -> str:
    return row.cell() if row else ""


def _source(accounts: Accounts, key: str) -> str:
    return accounts.params.find(key, accounts.report.year).source


def _fuel(accounts: Accounts, number: str, fuel: FuelAccount) -> Iterator[Figure]:
    use, unit = fuel.use, (fuel.use.get("fc") or next(iter(fuel.use.series.values()))).unit or "t"
    guide = _source(accounts, "guideline.document")
    amount = (f"{use.fuel} FC", fuel.fc, _cell(use.get("fc")))
    for code, label, of_unit, value in (
        ("ncv", _("收到基低位发热量（年加权）"), f"GJ/{unit}", fuel.ncv),
        ("c_ar", _("收到基元素碳含量（年加权）"), f"tC/{unit}", fuel.c_ar),
    ):
        reported = use.get(code)
        yield Figure(
            f"{code}.{use.fuel}", label, value, of_unit, "Σ(FC×x) ÷ ΣFC",
            (amount, (_("填报值"), reported.annual if reported else None, _cell(reported))), guide, number, use.fuel,
        )  # fmt: skip
    yield Figure(
        f"cc.{use.fuel}", _("单位热值含碳量"), fuel.cc, "tC/GJ", "C_ar ÷ NCV",
        (("C_ar", fuel.c_ar, ""), ("NCV", fuel.ncv, "")), guide, number, use.fuel,
    )  # fmt: skip
    months = tuple(
        (
            _("%(month)s月") % {"month": i},
            m.t_co2,
            row.cell(i) if (row := use.get("e_fuel")) else "",
        )
        for i, m in enumerate(fuel.months, 1)
        if m is not None
    )
    yield Figure(
        f"e_fuel.{use.fuel}", _("化石燃料燃烧排放量"), fuel.t_co2, "tCO2",
        "Σ FC × C_ar × OF × 44/12", months, guide, number, use.fuel,
    )  # fmt: skip


def _totals(accounts: Accounts, unit: GeneratorAccount) -> Iterator[Figure]:
    guide, rows = _source(accounts, "guideline.document"), unit.generator.production
    bought = sum((v for v in unit.t_buy if v is not None), ZERO)
    yield Figure(
        "e_buy", _("购入使用电力排放量"), bought, "tCO2", "AD × EF",
        ((_("填报值"), year_value(unit.generator.purchased.get("e_buy")), _cell(unit.generator.purchased.get("e_buy"))),),
        guide, unit.number,
    )  # fmt: skip
    yield Figure(
        "e_unit", _("机组二氧化碳排放量"), unit.t_co2, "tCO2", "E_burn + E_el",
        (
            ("E_burn", unit.t_burn, ""),
            ("E_el", bought, ""),
            (_("填报值"), year_value(rows.get("e_unit")), _cell(rows.get("e_unit"))),
        ),
        guide, unit.number,
    )  # fmt: skip
    yield Figure(
        "tce", _("标准煤耗量"), rounding.fuel_use(unit.tce), "tce", "Σ(FC×NCV) ÷ 29.3076",
        ((_("燃料热量（GJ）"), rounding.heat(unit.heat_gj), ""),), _source(accounts, "constant.tce_gj"), unit.number,
    )  # fmt: skip
    gen, hours = rows.get("gen"), rows.get("hours")
    yield Figure(
        "lf", _("负荷（出力）系数"), load_share(unit.generator), "%", "W_fd ÷ (Pe × t)",
        (
            ("W_fd", year_value(gen), _cell(gen)),
            ("Pe", unit.generator.capacity_mw, unit.generator.cells.get("capacity_mw", "")),
            ("t", year_value(hours), _cell(hours)),
        ),
        guide, unit.number,
    )  # fmt: skip


def _rates(accounts: Accounts, unit: GeneratorAccount) -> Iterator[Figure]:
    """Coal (gas) use and carbon intensity of power and heat; base by the version of the guideline."""
    rows, gas = unit.generator.production, unit.generator.is_gas
    guide = _source(accounts, "guideline.net_supply")
    base_code = (
        "sup" if accounts.params.get("guideline.net_supply", accounts.report.year) else "gen"
    )
    ratio_row, base_row, heat_row = rows.get("heat_ratio"), rows.get(base_code), rows.get("heat")
    ratio = (ratio_row.annual if ratio_row else None) or ZERO
    share, base, heat = ratio / HUNDRED, year_value(base_row), year_value(heat_row)
    fuel = sum((f.fc for f in unit.fuels if f.use.fuel == unit.generator.main_fuel), ZERO)
    whole, unit_name = (fuel, "万Nm3") if gas else (unit.tce, "tce")
    use_rate = rounding.gas_use_rate if gas else rounding.coal_use_rate
    power = (("a", ratio, _cell(ratio_row)), ("W", base, _cell(base_row)))
    heats = (("a", ratio, _cell(ratio_row)), ("Q", heat, _cell(heat_row)))
    for code, label, amount, rate, inputs, of_unit, formula in (
        ("b_power", _("发（供）电煤（气）耗"), whole * (1 - share), use_rate, power, f"{unit_name}/MWh", "(1−a)×B ÷ W"),
        ("b_heat", _("供热煤（气）耗"), whole * share, use_rate, heats, f"{unit_name}/GJ", "a×B ÷ Q"),
        ("i_power", _("发（供）电碳排放强度"), unit.t_co2 * (1 - share), rounding.carbon_intensity, power, "tCO2/MWh", "(1−a)×E ÷ W"),
        ("i_heat", _("供热碳排放强度"), unit.t_co2 * share, rounding.carbon_intensity, heats, "tCO2/GJ", "a×E ÷ Q"),
    ):  # fmt: skip
        divisor = inputs[1][1]
        value = rate(amount / divisor) if divisor else None
        row = rows.get(code)
        shown = (_("填报值"), row.annual if row else None, _cell(row))
        yield Figure(code, label, value, of_unit, formula, (*inputs, shown), guide, unit.number)


_FACTORS = {
    "Qe": _("电量（MWh）"),
    "Be": _("供（发）电基准值"),
    "Fl": _("冷却方式修正系数"),
    "Fr": _("供热量修正系数"),
    "Ff": _("负荷或调峰修正系数"),
    "Qh": _("供热量（GJ）"),
    "Bh": _("供热基准值"),
}


def _part(accounts: Accounts, unit: GeneratorAccount, part: AllowancePart) -> Figure:
    key = "benchmark.electricity" if part.code == "electricity" else "benchmark.heat"
    label = _("供（发）电配额") if part.code == "electricity" else _("供热配额")
    inputs = tuple((_FACTORS[name], value, "") for name, value in part.inputs)
    formula = " × ".join(name for name, _value in part.inputs)
    return Figure(
        f"allowance.{part.code}",
        label,
        part.t,
        "t",
        formula,
        inputs,
        _source(accounts, key),
        unit.number,
    )


def _plant(accounts: Accounts) -> Iterator[Figure]:
    units = tuple((g.number, g.t_co2, "") for g in accounts.generators)
    total = accounts.report.plant_total
    shown = (_("填报值"), accounts.t_reported, _cell(total))
    guide = _source(accounts, "guideline.document")
    yield Figure(
        "e_total",
        _("全部机组二氧化碳排放量"),
        accounts.t_co2,
        "tCO2",
        "Σ E",
        (*units, shown),
        guide,
    )
    rule = _source(accounts, "allocation.basis")
    allowances = tuple((g.number, g.allowance_t, "") for g in accounts.generators)
    for step in accounts.allowance_steps:
        label = {"gas_exemption": _("燃气机组豁免"), "cap20": _("20%缺口上限")}[step.code]
        yield Figure(
            step.code, label, step.after, "t", step.target,
            ((_("调整前"), step.before, ""), (_("调整后"), step.after, "")), _source(accounts, f"allocation.{step.code}"),
        )  # fmt: skip
    yield Figure("allowance", _("免费配额"), accounts.allowance_t, "t", "Σ A", allowances, rule)
    yield Figure("obligation", _("应清缴量"), accounts.obligation_t, "t", "Σ E", (), rule)


def figures(accounts: Accounts) -> list[Figure]:
    """All figures of a report: by generator, then of the plant."""
    found: list[Figure] = []
    for unit in accounts.generators:
        for fuel in unit.fuels:
            found += _fuel(accounts, unit.number, fuel)
        found += _totals(accounts, unit)
        found += _rates(accounts, unit)
        found += [_part(accounts, unit, part) for part in unit.allowance_parts]
    return [*found, *_plant(accounts)]
