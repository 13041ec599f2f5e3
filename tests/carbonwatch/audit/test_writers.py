"""Many writers at once: one chain, no fork, no gap."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from carbonwatch.audit.ledger import record
from carbonwatch.audit.models import AuditEvent
from carbonwatch.audit.verify import verify
from tests.factories import NOW

WRITERS, EACH = 8, 250


def write(writer):
    try:
        for number in range(EACH):
            with transaction.atomic():
                record("x", None, None, NOW, writer=writer, number=number)
            if number % 50 == 0:
                with transaction.atomic():
                    record("undone", None, None, NOW)
                    transaction.set_rollback(True)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_eight_writers_make_one_chain_from_the_very_first_entry():
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(WRITERS)))
    verdict = verify()
    assert verdict.ok, verdict
    assert verdict.entries == verdict.anchored == WRITERS * EACH
    assert AuditEvent.objects.values("previous").distinct().count() == WRITERS * EACH
