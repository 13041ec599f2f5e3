"""Group B: what physics allows. Importing the package registers its checks."""

from emitters.checks.physics import fuel, moisture, unit

__all__ = ["fuel", "moisture", "unit"]
