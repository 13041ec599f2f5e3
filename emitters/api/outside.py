"""Endpoints of outside records: kinds, upload with a mapping, state and problems, rows with their place."""

from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from carbonwatch.accounts.permissions import Perm
from carbonwatch.jobs.service import job_for
from carbonwatch.web.api import Endpoint, answers
from emitters.api.reports import ProblemOut
from emitters.models import OutsideFile, OutsideRecord
from emitters.outside import KINDS
from emitters.outside.headers import choices_of, suggestions
from emitters.selectors.versions import problems_of
from emitters.services.outside import (
    kinds_of,
    outside_discard,
    outside_map,
    outside_upload,
    outside_withdraw,
)
from emitters.services.outside_reading import read_kept


class FieldOut(serializers.Serializer):
    """A column of a kind. `needed`: the file must have it; `required`: in every row."""

    name = serializers.CharField()
    label = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    choices = serializers.ListField(child=serializers.CharField())
    needed = serializers.BooleanField()
    required = serializers.BooleanField()


class KindOut(serializers.Serializer):
    """A kind of outside record that the caller's organisation provides."""

    code = serializers.CharField()
    title = serializers.CharField()
    sheet = serializers.CharField(source="sheet.name")
    fields_ = FieldOut(many=True, source="sheet.fields")

    def get_fields(self) -> dict[str, Any]:
        """`fields` is a name that serializers keep for themselves."""
        found = super().get_fields()
        return {name.rstrip("_"): field for name, field in found.items()}


class AskedOut(serializers.Serializer):
    """A column whose meaning is to be told; `field` is what it probably is."""

    letter = serializers.CharField()
    header = serializers.CharField()
    samples = serializers.ListField(child=serializers.CharField())
    field = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    known = serializers.BooleanField()


class ColumnOut(serializers.Serializer):
    """How a column was read; `field` is empty for one that was left out."""

    letter = serializers.CharField()
    header = serializers.CharField()
    field = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(allow_blank=True)


class OutsideOut(serializers.Serializer):
    """A file: where it stands and where it comes from. Problems, columns and the hash only for its
    provider and the provincial lead office, who see the whole of it."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    status = serializers.CharField()
    progress = serializers.IntegerField()
    provider = serializers.CharField(source="provider.name")
    uploaded_at = serializers.DateTimeField()
    in_force_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True)
    rows = serializers.IntegerField()
    years = serializers.ListField(child=serializers.IntegerField())
    receipt = serializers.CharField(allow_null=True)
    file_name = serializers.CharField(allow_null=True)
    sha256 = serializers.CharField(allow_null=True)
    size = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField(allow_null=True)
    end_note = serializers.CharField(allow_null=True)
    uploaded_by = serializers.CharField(allow_null=True)
    sheet = serializers.CharField(allow_null=True)
    header_row = serializers.IntegerField(source="header", allow_null=True)
    columns = ColumnOut(many=True)
    asked = AskedOut(many=True)
    problems = ProblemOut(many=True)


class OutsideLineOut(serializers.Serializer):
    """A file in the list."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    status = serializers.CharField()
    provider = serializers.CharField(source="provider.name")
    uploaded_at = serializers.DateTimeField()
    in_force_at = serializers.DateTimeField(allow_null=True)
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True)
    rows = serializers.IntegerField()
    years = serializers.ListField(child=serializers.IntegerField())


class RecordOut(serializers.Serializer):
    """A row: what it says, of whom, and where it stands in the file."""

    id = serializers.IntegerField()
    place = serializers.SerializerMethodField()
    row = serializers.IntegerField(source="number")
    owner = serializers.CharField()
    about = serializers.CharField(allow_blank=True)
    year = serializers.IntegerField(allow_null=True)
    month = serializers.IntegerField(allow_null=True)
    day = serializers.DateField(allow_null=True)
    values = serializers.DictField()

    def get_place(self, record: OutsideRecord) -> str:
        """Provider, file and cell, as results name it."""
        return f"{record.file.source} {record.file.sheet}!A{record.number}"


class ChoiceIn(serializers.Serializer):
    """What a column is: the name of a field (empty: leave it out), and the unit of its numbers."""

    field = serializers.CharField(allow_blank=True)
    unit = serializers.CharField(required=False, allow_blank=True, default="")


class MappingIn(serializers.Serializer):
    """Columns by the text of their header; a second column of the same text: text followed by `#2`."""

    columns = serializers.DictField(child=ChoiceIn())
    header_row = serializers.IntegerField(required=False, min_value=1, max_value=1000)


class UploadIn(serializers.Serializer):
    """A file; `mapping` (JSON as for `columns/`) says what its columns are, and is remembered;
    `replaces` with a `reason` corrects an older file."""

    kind = serializers.CharField()
    file = serializers.FileField()
    mapping = serializers.JSONField(required=False)
    replaces = serializers.IntegerField(required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=400)


class NoteIn(serializers.Serializer):
    """Why."""

    note = serializers.CharField(max_length=600)


def outside_out(file: OutsideFile, endpoint: Endpoint) -> dict[str, Any]:
    """The file as its reader may see it."""
    whole, job = file.open_to(endpoint.actor), job_for(file)
    shown = {name: getattr(file, name) for name in _PLAIN}
    shown |= {"provider": file.provider, "progress": job.progress if job else 0}
    hidden: dict[str, Any] = dict.fromkeys(_OF_THE_WHOLE)
    if whole:
        hidden = {name: getattr(file, name) for name in _OF_THE_WHOLE}
        hidden["uploaded_by"] = file.uploaded_by.name
    names = ("letter", "header", "field", "unit")
    lists: dict[str, Any] = {"columns": [], "asked": [], "problems": []}
    if whole:
        lists["columns"] = [dict(zip(names, column, strict=True)) for column in file.columns]
        lists["problems"] = [_problem(row) for row in problems_of(file)]
        lists["asked"] = _asked(file) if file.status == "asking" else []
    data: dict[str, Any] = OutsideOut({**shown, **hidden, **lists}).data
    return data


_PLAIN = (
    "id", "kind", "status", "uploaded_at", "in_force_at", "ended_at", "replaces_id", "rows", "years",
)  # fmt: skip
_OF_THE_WHOLE = (
    "receipt", "file_name", "sha256", "size", "reason", "end_note", "uploaded_by", "sheet", "header",
)  # fmt: skip


def _problem(row: dict[str, Any]) -> dict[str, Any]:
    p = row["problem"]
    return {
        "sheet": p.sheet, "cell": p.cell, "field": p.field, "found": p.found, "rule": p.rule,
        "weight": p.weight.value, "message": row["text"], "cure": row["cure"],
    }  # fmt: skip


def _asked(file: OutsideFile) -> list[dict[str, Any]]:
    """The columns as the file names them, with what each probably is."""
    reading = read_kept(file, ask=True)
    likely = suggestions(reading.headers, reading.kind)
    return [
        {
            "letter": header.letter,
            "header": header.text,
            "samples": header.samples,
            "field": likely[header.key].field if header.key in likely else "",
            "unit": likely[header.key].unit if header.key in likely else "",
            "known": header.choice is not None,
        }
        for header in reading.headers
    ]


class OutsideKinds(Endpoint):
    """GET /api/v1/outside-kinds/"""

    permission = Perm.OUTSIDE_VIEW

    @answers(KindOut, many=True)
    def get(self, request: Request) -> Response:
        """The kinds that the caller's organisation provides, with their columns."""
        return Response(KindOut(kinds_of(self.actor), many=True).data)


class OutsideFiles(Endpoint):
    """GET and POST /api/v1/outside/"""

    permissions = {"GET": Perm.OUTSIDE_VIEW, "POST": Perm.OUTSIDE_IMPORT}
    parser_classes = [MultiPartParser]

    @answers(OutsideLineOut, paged=True)
    def get(self, request: Request) -> Response:
        """Files in the caller's scope, newest first; `?kind=` and `?status=` narrow."""
        files = OutsideFile.objects.visible_to(self.actor).select_related("provider")
        for name in ("kind", "status"):
            if wanted := request.query_params.get(name):
                files = files.filter(**{name: wanted})
        return self.page_of(request, files, OutsideLineOut)

    @answers(OutsideOut, takes=UploadIn, status=202)
    def post(self, request: Request) -> HttpResponseBase:
        """Upload a file. 202: read in the background; ask the file for its status. The same file again
        gives the one that exists."""
        data = UploadIn(data=request.data)
        data.is_valid(raise_exception=True)
        given = data.validated_data
        columns, header = _mapping(given["kind"], given.get("mapping"))
        older = given.get("replaces")

        def upload() -> Response:
            seen = OutsideFile.objects.visible_to(self.actor)
            file = outside_upload(
                kind=given["kind"],
                upload=given["file"],
                replaces=None if older is None else seen.one(pk=older),
                reason=given.get("reason", ""),
                columns=columns,
                header=header,
                actor=self.actor,
                now=timezone.now(),
            )
            place = {"Location": f"/api/v1/outside/{file.pk}/"}
            return Response(outside_out(file, self), status=202, headers=place)

        return self.once(request, upload)


def _mapping(kind: str, said: Any) -> tuple[Any, int | None]:
    """Choices by key of the header, and the row of the header, as the request gives them."""
    if not said:
        return {}, None
    data = MappingIn(data=said)
    if not data.is_valid():
        raise serializers.ValidationError({"mapping": data.errors})
    given = data.validated_data
    if kind not in KINDS:  # the service says so
        return {}, None
    return choices_of(KINDS[kind], given["columns"]), given.get("header_row")


class Outside(Endpoint):
    """GET /api/v1/outside/<pk>/"""

    permission = Perm.OUTSIDE_VIEW

    @answers(OutsideOut)
    def get(self, request: Request, pk: int) -> Response:
        """Status, provenance, and what is wrong, by sheet and cell."""
        return Response(outside_out(_file(self, pk), self))


class OutsideRows(Endpoint):
    """GET /api/v1/outside/<pk>/records/"""

    permission = Perm.OUTSIDE_VIEW

    @answers(RecordOut, paged=True)
    def get(self, request: Request, pk: int) -> Response:
        """The rows of a file that the caller may see, in the order of the file."""
        file = _file(self, pk)
        rows = file.records.visible_to(self.actor).select_related("file__provider")
        return self.page_of(request, rows.order_by("number"), RecordOut)


class OutsideColumns(Endpoint):
    """POST /api/v1/outside/<pk>/columns/"""

    permission = Perm.OUTSIDE_IMPORT

    @answers(OutsideOut, takes=MappingIn, status=202)
    def post(self, request: Request, pk: int) -> HttpResponseBase:
        """Say what the columns are; remembered for the provider's next files of the kind, and read
        again in the background."""
        file = _file(self, pk)
        file.flow.require("map", file, self.actor)
        columns, header = _mapping(file.kind, request.data)

        def answer() -> Response:
            row = header or read_kept(file, ask=True).header
            kept = outside_map(
                pk, columns=columns, header=row, actor=self.actor, now=timezone.now()
            )
            return Response(outside_out(kept, self), status=202)

        return self.once(request, answer)


class _Ending(Endpoint):
    """One step with a note."""

    abstract = True
    permission = Perm.OUTSIDE_IMPORT
    service: Any

    @answers(OutsideOut, takes=NoteIn)
    def post(self, request: Request, pk: int) -> HttpResponseBase:
        """Take the step."""
        _file(self, pk)
        data = NoteIn(data=request.data)
        data.is_valid(raise_exception=True)
        note = data.validated_data["note"]

        def end() -> Response:
            file = type(self).service(pk, note=note, actor=self.actor, now=timezone.now())
            return Response(outside_out(file, self))

        return self.once(request, end)


class OutsideWithdraw(_Ending):
    """POST /api/v1/outside/<pk>/withdraw/: rows no longer count, and what rested on them is checked
    again."""

    service = staticmethod(outside_withdraw)


class OutsideDiscard(_Ending):
    """POST /api/v1/outside/<pk>/discard/: give up a file that never came into force."""

    service = staticmethod(outside_discard)


def _file(endpoint: Endpoint, pk: int) -> OutsideFile:
    seen = OutsideFile.objects.visible_to(endpoint.actor)
    file: OutsideFile = seen.select_related("provider", "uploaded_by").one(pk=pk)
    return file
