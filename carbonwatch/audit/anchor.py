"""The second place of the ledger's head: a file outside the database, one JSON line per entry.

Whoever rewrites the tables as superuser, hashes and head included, is betrayed by this file. Keep
it on another disk or host (`LEDGER_ANCHOR`), and publish the head from time to time.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings


def append_anchors(entries: Iterable[tuple[int, str]]) -> None:
    """Add a line for each entry (count, digest) after the commit; one `write` in append mode is safe
    for several processes.

    The lines are not forced to disk: a power cut may lose the newest ones, never a commit.
    """
    path = Path(settings.LEDGER_ANCHOR)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"count": count, "digest": digest}) + "\n" for count, digest in entries]
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    try:
        os.write(handle, "".join(lines).encode())
    finally:
        os.close(handle)


def read_anchors() -> dict[int, str]:
    """Digest by number of the entry. A line torn by a power cut is passed over."""
    path = Path(settings.LEDGER_ANCHOR)
    anchors: dict[int, str] = {}
    if not path.exists():
        return anchors
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                entry = json.loads(line)
                anchors.setdefault(int(entry["count"]), str(entry["digest"]))
            except (ValueError, TypeError, KeyError):
                continue
    return anchors
