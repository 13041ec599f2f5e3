"""One named function for every rounding rule of the guideline (parameters `rounding.*` state the
source of each). All round half up, allowances round down."""

from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal


def _to(decimals: int, mode: str = ROUND_HALF_UP) -> Callable[[Decimal], Decimal]:
    quantum = Decimal(1).scaleb(-decimals)

    def rounded(value: Decimal) -> Decimal:
        return value.quantize(quantum, mode)

    return rounded


fuel_use = _to(2)  # t | 万Nm3
ncv = _to(3)  # GJ/t | GJ/万Nm3
carbon_per_heat = _to(5)  # tC/GJ
carbon_as_received = _to(4)  # tC/t | tC/万Nm3
monthly_emissions = _to(2)  # tCO2
annual_total = _to(0)  # tCO2 of the plant
electricity = _to(3)  # MWh
grid_factor = _to(4)  # tCO2/MWh
heat = _to(2)  # GJ
hours = _to(2)  # h
load_factor = _to(2)  # %
heat_ratio = _to(2)  # %
coal_use_rate = _to(3)  # tce/MWh | tce/GJ
gas_use_rate = _to(4)  # 万Nm3/MWh | 万Nm3/GJ
carbon_intensity = _to(4)  # tCO2/MWh | tCO2/GJ
moisture = _to(2)  # %
peak_shaving_factor = _to(6)
shortfall_rate = _to(2)  # %
allowance = _to(0, ROUND_DOWN)  # t


def half_unit(value: Decimal) -> Decimal:
    """Half of the last shown digit of a number: 0.5434 -> 0.00005. The uncertainty that showing a
    number with so many digits brings; the source of every recomputation tolerance."""
    exponent = value.as_tuple().exponent
    return Decimal(5).scaleb(int(exponent) - 1)
