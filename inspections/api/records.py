"""Endpoint of on-site records, for phones that were without a network."""

import json
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from carbonwatch.accounts.permissions import Perm
from carbonwatch.web.api import Endpoint, answers
from inspections.models import EntryKind, Inspection
from inspections.selectors.records import record_of
from inspections.services import Written, entry_write


class RecordOut(serializers.Serializer):
    """The record as it stands; a disputed entry has several standing versions."""

    inspection = serializers.IntegerField()
    status = serializers.CharField()
    open = serializers.BooleanField()
    entries = serializers.ListField(child=serializers.DictField())


class Record(Endpoint):
    """GET and POST /api/v1/inspections/<pk>/record/"""

    permission = Perm.INSPECTION_DO
    parser_classes = [MultiPartParser]

    @extend_schema_serializer(component_name="RecordIn")
    class In(serializers.Serializer):
        """One version of one entry. `uid` is made by the client; `on_top_of` are the versions that
        it was written over, `detail` is a JSON object."""

        uid = serializers.UUIDField()
        entry = serializers.UUIDField()
        kind = serializers.ChoiceField(choices=EntryKind.choices)
        written_at = serializers.DateTimeField()
        text = serializers.CharField(max_length=4000, allow_blank=True, default="")
        detail = serializers.CharField(max_length=4000, default="{}")
        place = serializers.CharField(max_length=200, allow_blank=True, default="")
        sha256 = serializers.CharField(max_length=64, allow_blank=True, default="")
        on_top_of = serializers.CharField(max_length=2000, allow_blank=True, default="")
        file = serializers.FileField(required=False)

        def validate_detail(self, value: str) -> dict[str, str]:
            """An object of texts."""
            try:
                detail = json.loads(value)
            except (ValueError, RecursionError) as error:
                raise serializers.ValidationError(_("detail 须为 JSON 对象。")) from error
            if not isinstance(detail, dict) or not all(isinstance(v, str) for v in detail.values()):
                raise serializers.ValidationError(_("detail 须为 JSON 对象，各项均为文字。"))
            return detail

        def validate_on_top_of(self, value: str) -> list[Any]:
            """Identifiers, separated by commas."""
            one = serializers.UUIDField()
            return [one.run_validation(part) for part in value.split(",") if part]

    Out = RecordOut

    @answers(RecordOut)
    def get(self, request: Request, pk: int) -> Response:
        """The record as it stands."""
        inspection = Inspection.objects.visible_to(self.actor).one(pk=pk)
        return Response(self.Out(record_of(inspection)).data)

    @answers(RecordOut, takes=In)
    def post(self, request: Request, pk: int) -> HttpResponseBase:
        """Take in one version. It has its own identity, so that sending it again changes nothing."""
        inspection = Inspection.objects.visible_to(self.actor).one(pk=pk)
        data = self.In(data=request.data)
        data.is_valid(raise_exception=True)
        facts = dict(data.validated_data)
        file = facts.pop("file", None)

        def write() -> Response:
            entry_write(
                pk, written=Written(**facts), file=file, actor=self.actor, now=timezone.now()
            )
            inspection.refresh_from_db()
            return Response(self.Out(record_of(inspection)).data)

        return self.once(request, write)
