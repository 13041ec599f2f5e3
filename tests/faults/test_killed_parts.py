"""Parts killed at random under a batch of uploads: every file ends in exactly one version."""

import json
import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

pytestmark = pytest.mark.services
FILES, CLIENTS, KILLS = 24, 4, 12
PATIENCE = 150  # seconds, on a machine that has other things to do as well
VICTIMS = ("worker", "web", "redis", "postgres")


def insist(parts, row, deadline):
    """Upload until it is acknowledged; the number of tries, or what stands in the way."""
    tries = 0
    time.sleep(random.uniform(0, 2))  # so that the files come while the parts are killed
    while time.monotonic() < deadline:
        tries += 1
        answer = parts.upload(row)
        if answer is not None and answer[0] == 202:
            return tries
        if answer is not None and answer[0] < 500:
            return f"{row['report']}: {answer}"
        time.sleep(0.3)
    return f"{row['report']}: not acknowledged within {PATIENCE} s"


def test_no_file_is_lost_doubled_or_half_stored(parts, tmp_path):
    seed = int(os.environ.get("FAULTS_SEED", random.randrange(10**6)))
    rows = json.loads(parts.batch("make", str(tmp_path), str(FILES)))
    parts.break_out(seed, VICTIMS, KILLS)
    deadline = time.monotonic() + PATIENCE
    with ThreadPoolExecutor(CLIENTS) as clients:
        tries = list(clients.map(lambda row: insist(parts, row, deadline), rows))
    parts.calm()
    told = f"FAULTS_SEED={seed}, killed {parts.log}, tries {tries}\n"
    sys.stdout.write(told)
    assert all(isinstance(n, int) for n in tries), told
    found = json.loads(parts.batch("inspect", str(tmp_path)))
    assert found["wrong"] == [], told
    assert len(found["states"]) == FILES
    assert found["states"].count("checked") >= FILES - 2, told  # one file may be hit twice
