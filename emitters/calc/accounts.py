"""From facts to accounts: `account` is the one door to the accounting."""

from emitters.calc.records import (
    Accounts,
    AllowancePart,
    AllowanceStep,
    FuelAccount,
    FuelMonth,
    GeneratorAccount,
)

__all__ = [
    "Accounts",
    "AllowancePart",
    "AllowanceStep",
    "FuelAccount",
    "FuelMonth",
    "GeneratorAccount",
]
