"""`python -m tests.bench [reading|population|pages|campaigns]`: the speed of the system as ratios.

Every figure is a median; what is compared runs in turns in one process, so the ratios depend little
on the machine. The data go into a database of their own, which is dropped afterwards. The exit
code tells only whether everything ran: this is not a test.
"""

import logging
import os
import sys
import tempfile
import time
from pathlib import Path

import django


def main(wanted):
    """Set up, measure, print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carbonwatch.settings")
    django.setup()
    logging.disable(logging.WARNING)
    from django.test.utils import (
        override_settings,
        setup_databases,
        teardown_databases,
    )

    from carbonwatch.params.service import load_shipped
    from tests.bench import campaigns, pages, population, workbooks
    from tests.bench.measure import table

    sections = {
        "reading": workbooks,
        "population": population,
        "pages": pages,
        "campaigns": campaigns,
    }
    began = time.monotonic()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            override_settings(
                MEDIA_ROOT=Path(folder) / "files", LEDGER_ANCHOR=Path(folder) / "head.jsonl"
            ),
        ):
            load_shipped()
            for name, section in sections.items():
                if not wanted or name in wanted:
                    sys.stderr.write(f"{name}\n")
                    section.run()
    finally:
        teardown_databases(databases, verbosity=0)
    sys.stdout.write(f"\n{table()}\n\nmeasured in {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main(sys.argv[1:])
