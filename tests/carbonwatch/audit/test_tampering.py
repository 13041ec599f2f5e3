"""Whatever a superuser does to the chain is found, the first bad entry named."""

import random
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction

from carbonwatch.audit.anchor import append_anchors
from carbonwatch.audit.ledger import COLUMNS, GENESIS, digest_of, record
from carbonwatch.audit.models import AuditEvent, AuditHead
from carbonwatch.audit.verify import verify
from tests.factories import NOW, make_actor

ENTRIES = 40
TABLE = "carbonwatch_auditevent"
EDITS = {
    "at": lambda v: v + timedelta(microseconds=1),
    "action": lambda v: v + "x",
    "actor_id": lambda v: (v or 0) + 1,
    "actor_name": lambda v: v + "甲",
    "organisation_id": lambda v: None,
    "target": lambda v: v + "x",
    "target_id": lambda v: v + "1",
    "payload": lambda v: v.replace("}", " }"),
    "algorithm": lambda v: "sha256" if v == "sm3" else "sm3",
    "previous": lambda v: "0" * 63 + "1",
    "digest": lambda v: v[::-1],
}


@pytest.fixture
def chain(db):
    """Forty honest entries, of both algorithms, known to the second place."""
    actor = make_actor("city.inspector")
    for number in range(1, ENTRIES + 1):
        event = record("report.submit", actor.organisation, actor, NOW, number=number)
        append_anchors([(event.seq, event.digest)])
    assert verify().ok
    assert verify().anchored == ENTRIES


@contextmanager
def superuser():
    """Triggers do not fire."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")


def entry(seq):
    return AuditEvent.objects.values(*COLUMNS, "digest").get(pk=seq)


def put(cursor, seq, /, **values):
    sets = ", ".join(f"{name} = %s" for name in values)
    cursor.execute(f"UPDATE {TABLE} SET {sets} WHERE seq = %s", [*values.values(), seq])


def rehash(start):
    """Make the chain consistent in itself again from `start` on, and put the head right."""
    with superuser() as cursor:
        previous = entry(start - 1)["digest"] if start > 1 else GENESIS
        for event in AuditEvent.objects.filter(seq__gte=start).order_by("seq"):
            values = {**entry(event.seq), "previous": previous}
            previous = digest_of(values)
            put(cursor, event.seq, previous=values["previous"], digest=previous)
    put_head_right()


def put_head_right():
    last = AuditEvent.objects.order_by("-seq").first()
    AuditHead.objects.update(count=last.seq, digest=last.digest)


def edit(rng):
    seq, name = rng.randint(1, ENTRIES), rng.choice(sorted(EDITS))
    with superuser() as cursor:
        put(cursor, seq, **{name: EDITS[name](entry(seq)[name])})
    return seq, {"edited"}


def edit_and_rehash_the_entry(rng):
    seq = rng.randint(1, ENTRIES)
    values = {**entry(seq), "payload": '{"number": 0}'}
    with superuser() as cursor:
        put(cursor, seq, payload=values["payload"], digest=digest_of(values))
    return seq, {"replaced"}


def edit_and_rehash_the_rest(rng):
    seq = rng.randint(1, ENTRIES)
    with superuser() as cursor:
        put(cursor, seq, actor_name="他人")
    rehash(seq)
    return seq, {"replaced"}


def delete(rng):
    seq = rng.randint(1, ENTRIES - 1)
    with superuser() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE seq = %s", [seq])
    return seq, {"missing"}


def delete_and_close_the_gap(rng):
    seq = rng.randint(1, ENTRIES - 1)
    with superuser() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE seq = %s", [seq])
        for later in range(seq + 1, ENTRIES + 1):
            put(cursor, later, seq=later - 1)
    rehash(seq)
    return seq, {"replaced"}


def insert(rng):
    seq = rng.randint(1, ENTRIES)
    with superuser() as cursor:
        for later in range(ENTRIES, seq - 1, -1):
            put(cursor, later, seq=later + 1)
        forged = AuditEvent(**{**entry(seq + 1), "seq": seq, "action": "forged"})
        forged.digest = digest_of({name: getattr(forged, name) for name in COLUMNS})
        forged.save(force_insert=True)
    if rng.random() < 0.5:
        rehash(seq)
    return seq, {"replaced"}


def append(rng):
    """A good-looking entry behind the last one, unknown to the head."""
    forged = AuditEvent(**{**entry(ENTRIES), "seq": ENTRIES + 1})
    forged.previous = entry(ENTRIES)["digest"]
    forged.digest = digest_of({name: getattr(forged, name) for name in COLUMNS})
    forged.save(force_insert=True)
    return ENTRIES + 1, {"inserted"}


def swap(rng):
    low, high = sorted(rng.sample(range(1, ENTRIES + 1), 2))
    with superuser() as cursor:
        put(cursor, low, seq=-1)
        put(cursor, high, seq=low)
        put(cursor, -1, seq=high)
    if rng.random() < 0.5:
        rehash(low)
        return low, {"replaced"}
    return low, {"edited"}


def cut(rng):
    seq = rng.randint(2, ENTRIES)
    with superuser() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE seq >= %s", [seq])
    if rng.random() < 0.5:
        put_head_right()
    return seq, {"cut"}


def empty(rng):
    with superuser() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")
    if rng.random() < 0.5:
        AuditHead.objects.all().delete()
    return 1, {"cut"}


def spoil_the_head(rng):
    if rng.random() < 0.5:
        AuditHead.objects.update(digest="f" * 64)
        return ENTRIES, {"head"}
    AuditHead.objects.update(count=7)
    return 8, {"head"}


TAMPERINGS = [
    edit, edit_and_rehash_the_entry, edit_and_rehash_the_rest, delete, delete_and_close_the_gap,
    insert, append, swap, cut, empty, spoil_the_head,
]  # fmt: skip


def test_a_hundred_tamperings_are_found_and_named(chain):
    rng = random.Random(20240410)
    wrong = []
    for number in range(110):
        tamper = TAMPERINGS[number % len(TAMPERINGS)]
        savepoint = transaction.savepoint()
        seq, kinds = tamper(rng)
        verdict = verify()
        if verdict.broken_seq != seq or verdict.what not in kinds:
            wrong.append((tamper.__name__, seq, kinds, verdict))
        assert f"第 {verdict.broken_seq} 条" in verdict.message
        transaction.savepoint_rollback(savepoint)
    assert wrong == []
    assert verify().ok


@pytest.mark.parametrize("name", sorted(EDITS))
def test_an_edit_of_any_column_is_found(chain, name):
    with superuser() as cursor:
        put(cursor, 11, **{name: EDITS[name](entry(11)[name])})
    assert (verify().broken_seq, verify().what) == (11, "edited")


def test_an_unknown_algorithm_is_an_edit(chain):
    with superuser() as cursor:
        put(cursor, 3, algorithm="md5")
    assert (verify().broken_seq, verify().what) == (3, "edited")


def test_without_the_second_place_a_broken_link_is_still_found(chain, settings):
    edit_and_rehash_the_entry(random.Random(1))
    settings.LEDGER_ANCHOR.unlink()
    assert verify().what == "unlinked"


def test_a_torn_line_of_the_second_place_is_passed_over(chain, settings):
    with settings.LEDGER_ANCHOR.open("a") as lines:
        lines.write('{"count": 41, "dig')
    assert verify().ok
