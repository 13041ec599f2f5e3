"""Entries belong to a change, cannot be altered, and leave a line in the second place."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.core.management import call_command
from django.db import InternalError, connection, transaction
from django.db.models import F

from carbonwatch.audit.ledger import COLUMNS, digest_of, record
from carbonwatch.audit.models import AuditEvent, AuditHead
from carbonwatch.audit.refusals import record_read, record_refusal
from carbonwatch.audit.verify import verify
from tests.factories import NOW, OrganisationFactory, make_actor

SHANGHAI = timezone(timedelta(hours=8))


@pytest.mark.django_db
def test_every_column_but_the_digest_is_hashed():
    assert {*COLUMNS, "digest"} == {f.attname for f in AuditEvent._meta.concrete_fields}


@pytest.mark.django_db
@pytest.mark.parametrize("algorithm", ["sm3", "sha256"])
@pytest.mark.parametrize(
    "at",
    [
        datetime(2024, 1, 1, tzinfo=UTC),
        datetime(2024, 1, 1, 0, 0, 0, 1, tzinfo=SHANGHAI),
        datetime(2023, 12, 31, 23, 59, 59, 999999, tzinfo=SHANGHAI),
    ],
)
def test_an_entry_hashes_the_same_after_the_database(algorithm, at, settings):
    settings.LEDGER_HASH = algorithm
    actor = make_actor("city.inspector")
    event = record(
        "report.start", actor.organisation, actor, at, name="电厂 “一号”\x00\n", share="0.10"
    )
    stored = AuditEvent.objects.values().get(pk=event.pk)
    assert stored["digest"] == digest_of(stored) == event.digest


@pytest.mark.django_db
def test_half_a_character_in_a_fact_is_kept_escaped():
    event = record("x", None, None, NOW, reason="\ud800")
    assert json.loads(AuditEvent.objects.get(pk=event.pk).payload) == {"reason": "\ud800"}
    assert verify().ok


@pytest.mark.django_db
def test_algorithms_may_change_along_the_chain(settings):
    for name in ("sm3", "sha256", "sm3"):
        settings.LEDGER_HASH = name
        record("x", None, None, NOW)
    assert verify().ok
    # A digest of the standard, to be sure that the names mean what they say.
    event = AuditEvent.objects.values().get(pk=2)
    text = json.dumps(
        [event[c].astimezone(UTC).isoformat() if c == "at" else event[c] for c in COLUMNS],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    assert event["digest"] == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.django_db(transaction=True)
def test_an_entry_needs_a_transaction():
    with pytest.raises(RuntimeError, match="transaction of the change"):
        record("x", None, None, NOW)


@pytest.mark.django_db
def test_an_entry_needs_a_time_with_its_zone():
    with pytest.raises(ValueError, match="zone"):
        record("x", None, None, datetime(2024, 1, 1))  # noqa: DTZ001


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_trace(settings):
    with transaction.atomic():
        record("kept", None, None, NOW)
    with transaction.atomic():
        record("lost", None, None, NOW)
        transaction.set_rollback(True)
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["kept"]
    assert AuditHead.objects.get().count == 1
    lines = settings.LEDGER_ANCHOR.read_text().splitlines()
    assert [json.loads(line)["count"] for line in lines] == [1]


@pytest.mark.django_db(transaction=True)
def test_a_full_second_place_does_not_undo_a_change(settings, caplog):
    settings.LEDGER_ANCHOR.parent.parent.mkdir(parents=True, exist_ok=True)
    settings.LEDGER_ANCHOR.parent.write_text("a file where the folder should be")
    with transaction.atomic():
        record("x", None, None, NOW)
    verdict = verify()
    assert verdict.ok
    assert verdict.unanchored == 1
    assert "on_commit" in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "act",
    [
        lambda: AuditEvent.objects.filter(pk=1).update(action="y"),
        lambda: AuditEvent.objects.update(seq=F("seq") + 1),
        lambda: AuditEvent.objects.get(pk=1).delete(),
        lambda: AuditEvent.objects.get(pk=1).save(),
        lambda: connection.cursor().execute("TRUNCATE carbonwatch_auditevent"),
        lambda: connection.cursor().execute("TRUNCATE carbonwatch_auditevent CASCADE"),
    ],
)
def test_the_table_refuses_to_forget(act):
    record("x", None, None, NOW)
    with pytest.raises(InternalError), transaction.atomic():
        act()
    assert verify().ok


@pytest.mark.django_db
def test_refusals_and_reads_are_entries():
    actor = make_actor("city.inspector")
    organisation = OrganisationFactory()
    record_refusal(actor, "POST /cases/1/decide/", "没有权限", NOW)
    record_read(actor, organisation, "证据.pdf", NOW)
    refused, read = AuditEvent.objects.order_by("seq")
    assert (refused.action, refused.actor_id) == ("refused", actor.user.pk)
    assert json.loads(refused.payload)["what"] == "POST /cases/1/decide/"
    assert (read.action, read.target, read.target_id) == (
        "read",
        "carbonwatch.organisation",
        str(organisation.pk),
    )


@pytest.mark.django_db
def test_commands(capsys, tmp_path):
    call_command("verify_ledger")
    call_command("publish_ledger_head")
    assert '"count": 0' in capsys.readouterr().out
    event = record("x", None, None, NOW)
    call_command("publish_ledger_head", out=tmp_path / "heads.jsonl")
    assert json.loads((tmp_path / "heads.jsonl").read_text())["digest"] == event.digest
    call_command("verify_ledger", json=True)
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["ok"] is True
    with pytest.raises(SystemExit):
        call_command("verify_ledger", strict=True)  # nothing reached the second place in this test
    AuditHead.objects.update(digest="f" * 64)
    with pytest.raises(SystemExit):
        call_command("verify_ledger")
    assert "链首被改动" in capsys.readouterr().out
