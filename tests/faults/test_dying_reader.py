"""A file that kills its worker twice is refused with a readable reason; the worker lives on."""

import json

import pytest

from carbonwatch.runtime.processes import wait_until

pytestmark = pytest.mark.services


@pytest.mark.parametrize("parts", ["tests.faults.dying_reader"], indirect=True)
def test_a_file_that_kills_its_reader_twice_is_refused(parts, tmp_path):
    (row,) = json.loads(parts.batch("make", str(tmp_path), "1"))
    status, body = parts.upload(row)
    assert status == 202, body
    for attempt in (1, 2):
        assert wait_until(lambda n=attempt: parts.batch("attempts") == str(n), 60, 0.5)
        assert wait_until(lambda: parts.get("/readyz") == 200, 60, 0.5), parts.last_words()
        parts.batch("expire")
    assert wait_until(lambda: parts.batch("waiting") == "0", 60, 0.5), parts.last_words()
    answer = json.loads(parts.upload(row)[1])  # the same key: the stored answer
    version = json.loads(parts.read(f"/api/v1/versions/{answer['id']}/", row["token"]))
    assert version["status"] == "refused"
    (problem,) = version["problems"]
    assert problem["rule"] == "reader-died"
    assert problem["message"]
    assert problem["cure"]
