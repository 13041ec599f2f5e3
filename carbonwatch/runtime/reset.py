"""`python -m carbonwatch.runtime.reset`: forget the embedded data, for a fresh made-up province."""

import shutil
import sys

from carbonwatch.runtime import locations
from carbonwatch.runtime.launch import CannotStart, only_one
from carbonwatch.runtime.processes import ProcessNotes, say


def main() -> int:
    """Refuses while the system runs; servers named by DATABASE_URL are never touched."""
    try:
        with only_one():
            ProcessNotes(locations.var_dir() / "processes.json").end_leftovers()
            for folder in ("postgres", "redis", "files", "ledger"):
                shutil.rmtree(locations.var_dir() / folder, ignore_errors=True)
    except CannotStart as error:
        say("reset", str(error), sys.stderr)
        return 1
    say("reset", "The embedded data is gone; `make run` makes a new province.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
