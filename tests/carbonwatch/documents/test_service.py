"""Attachments are stored once, served through scope, and every opening is in the ledger."""

import errno
import hashlib
import socketserver
import struct
import threading
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError

from carbonwatch.audit.models import AuditEvent
from carbonwatch.documents.models import Attachment
from carbonwatch.documents.service import DiskFull, attach, attachments_of, open_attachment
from carbonwatch.refusals import Invalid, Missing, Refused
from tests.carbonwatch.documents.files import pdf, upload
from tests.factories import DALIAN, NOW, UnitFactory, make_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def filler(unit):
    return make_actor("unit.filler", unit.organisation)


def files(settings):
    return [p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()]


def test_a_file_is_kept_under_a_name_that_tells_nothing(unit, filler, settings):
    content = pdf()
    row = attach(unit, upload("../整改 报告.pdf", content), filler, NOW)
    assert (row.name, row.content_type, row.size) == (
        "整改 报告.pdf",
        "application/pdf",
        len(content),
    )
    assert row.sha256 == hashlib.sha256(content).hexdigest()
    [path] = files(settings)
    assert path.read_bytes() == content
    assert path.suffix == ""
    assert list(attachments_of(unit)) == [row]
    assert AuditEvent.objects.get().action == "document.attach"


def test_it_is_served_to_who_sees_the_object(unit, filler):
    row = attach(unit, upload("报告.pdf", pdf()), filler, NOW)
    inspector = make_actor("city.inspector")
    response = open_attachment(row.pk, inspector, NOW)
    assert b"".join(response.streaming_content) == pdf()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    read = AuditEvent.objects.order_by("-seq").first()
    assert (read.action, read.actor_id, read.target) == (
        "read", inspector.user.pk, "emitters.emittingunit",
    )  # fmt: skip
    response.close()


def test_it_is_missing_for_everybody_else(unit, filler):
    row = attach(unit, upload("报告.pdf", pdf()), filler, NOW)
    entries = AuditEvent.objects.count()
    for actor in (
        make_actor("unit.filler", UnitFactory().organisation),
        make_actor("city.inspector", city=DALIAN),
        make_actor("agency.member"),
        make_actor("platform.system"),
    ):
        with pytest.raises(Missing):
            open_attachment(row.pk, actor, NOW)
    with pytest.raises(Missing):
        open_attachment(999999, filler, NOW)
    assert AuditEvent.objects.count() == entries


def test_a_lost_file_says_so(unit, filler, settings):
    row = attach(unit, upload("报告.pdf", pdf()), filler, NOW)
    files(settings)[0].unlink()
    with pytest.raises(Missing, match="备份"):
        open_attachment(row.pk, filler, NOW)


def test_a_refused_file_leaves_nothing(unit, filler, settings):
    with pytest.raises(Invalid):
        attach(unit, upload("坏.pdf", b"x"), filler, NOW)
    assert (files(settings), Attachment.objects.count()) == ([], 0)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_in_words_and_leaves_nothing(unit, filler, settings, monkeypatch, code):
    def full(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
        raise OSError(code, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(DiskFull, match="存储空间不足"):
        attach(unit, upload("报告.pdf", pdf()), filler, NOW)
    assert (files(settings), Attachment.objects.count()) == ([], 0)


def test_a_row_that_cannot_be_written_takes_its_file_along(unit, filler, settings, monkeypatch):
    def broken(self, *args, **kwargs):
        raise DatabaseError("gone")

    monkeypatch.setattr(Attachment, "save", broken)
    with pytest.raises(DatabaseError):
        attach(unit, upload("报告.pdf", pdf()), filler, NOW)
    assert files(settings) == []


class Clamd(socketserver.StreamRequestHandler):
    """Speaks INSTREAM; finds whatever holds a marker."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        answer = b"stream: Eicar FOUND" if b"eicar" in content else b"stream: OK"
        self.wfile.write(answer + b"\0")


@pytest.fixture
def clamd(settings, tmp_path):
    settings.CLAMD_SOCKET = str(tmp_path / "clamd.sock")
    with socketserver.ThreadingUnixStreamServer(settings.CLAMD_SOCKET, Clamd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


def test_a_scanner_passes_clean_files_and_stops_others(unit, filler, clamd, settings):
    attach(unit, upload("报告.pdf", pdf()), filler, NOW)
    ill = pdf() + b"% eicar"
    with pytest.raises(Invalid, match="病毒"):
        attach(unit, upload("报告.pdf", ill), filler, NOW)
    assert len(files(settings)) == 1


def test_a_scanner_that_does_not_answer_stops_all(unit, filler, settings, tmp_path):
    settings.CLAMD_SOCKET = str(tmp_path / "nobody.sock")
    with pytest.raises(Refused, match="扫描服务"):
        attach(unit, upload("报告.pdf", pdf()), filler, NOW)
    assert files(settings) == []
