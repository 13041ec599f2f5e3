"""`python -m tests.bench.detection [--tuning] [--seeds N]`: what the checks find, and whom they accuse.

Thresholds are tuned on the tuning seeds only; the figures that count come from the report seeds. No
database and no clock are used; two processes share the seeds. The exit code tells only whether
everything ran: this is not a test.
"""

import argparse
import logging
import multiprocessing
import os
import pickle
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from pathlib import Path

import django

NEWEST = (2021, 2022, 2023, 2024, 2025)
TUNING = tuple(zip(range(11, 16), NEWEST, strict=True))
REPORT = tuple(zip(range(101, 106), NEWEST, strict=True))


def _judge(seed_and_year):
    from tests.bench.detection.cast import Size
    from tests.bench.detection.judging import judge

    return judge(*seed_and_year, Size())


def _arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tuning", action="store_true", help="the tuning seeds instead")
    parser.add_argument("--seeds", type=int, default=5, help="only the first seeds")
    parser.add_argument("--keep", type=Path, help="also write the verdicts to a file (pickle)")
    return parser.parse_args()


def main():
    """Judge in two processes, print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "carbonwatch.settings")
    django.setup()
    logging.disable(logging.WARNING)
    from tests.bench.detection import tables

    wanted = _arguments()
    began = time.monotonic()
    seeds = (TUNING if wanted.tuning else REPORT)[: wanted.seeds]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
        verdicts = list(chain.from_iterable(pool.map(_judge, seeds)))
    if wanted.keep:
        wanted.keep.write_bytes(pickle.dumps(verdicts))
    blocks = (
        tables.headlines(verdicts),
        tables.ways(verdicts, "province"),
        tables.by_view(verdicts),
        tables.quiet(verdicts, "province"),
        tables.quiet(verdicts, "outside"),
        tables.onset(verdicts),
    )
    sys.stdout.write("\n\n".join("\n".join(block) for block in blocks))
    sys.stdout.write(f"\n\n{len(seeds)} seeds, {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()
