"""The checks on annual reports: every module below declares its checks when it is imported.

To add one, add a module. Importing this package registers them all.
"""

import pkgutil
from importlib import import_module

for _module in pkgutil.walk_packages(__path__, f"{__name__}."):
    import_module(_module.name)
