"""Endpoints of findings: list, one, registration, answer of the unit."""

from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from carbonwatch.accounts.permissions import Perm
from carbonwatch.web.api import Endpoint, answers
from inspections.filters import FindingFilter
from inspections.models import Finding, FindingClass, FindingSource, Gravity
from inspections.services import finding_answer, finding_register


class FindingOut(serializers.Serializer):
    """A finding and where it stands."""

    id = serializers.IntegerField()
    unit = serializers.IntegerField(source="unit_id")
    unit_name = serializers.CharField(source="unit.organisation.name")
    city = serializers.CharField()
    year = serializers.IntegerField()
    version = serializers.IntegerField(source="version_id", allow_null=True)
    question = serializers.IntegerField(source="question_id", allow_null=True)
    title = serializers.CharField()
    description = serializers.CharField()
    clause = serializers.CharField(allow_blank=True)
    finding_class = serializers.CharField()
    severity = serializers.CharField()
    tco2_at_stake = serializers.FloatField(source="t_co2")
    allowances_at_stake = serializers.FloatField(source="t_allowance")
    money_at_stake = serializers.FloatField(source="money", allow_null=True)
    status = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    overdue = serializers.BooleanField(source="late")
    found_at = serializers.DateTimeField()
    order_number = serializers.CharField(allow_blank=True)
    order_due_on = serializers.DateField(source="due_on", allow_null=True)
    ordered_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


class Findings(Endpoint):
    """GET and POST /api/v1/findings/"""

    permissions = {"GET": Perm.FINDING_VIEW, "POST": Perm.FINDING_REGISTER}
    parser_classes = [JSONParser, MultiPartParser, FormParser]

    @extend_schema_serializer(component_name="FindingIn")
    class In(serializers.Serializer):
        """A problem of a unit; `question` or `results` say what it rests on."""

        unit = serializers.IntegerField()
        year = serializers.IntegerField(min_value=2019, max_value=2100)
        title = serializers.CharField(max_length=120)
        description = serializers.CharField(max_length=4000)
        finding_class = serializers.ChoiceField(choices=FindingClass.choices)
        severity = serializers.ChoiceField(choices=Gravity.choices)
        source = serializers.ChoiceField(  # type: ignore[assignment]
            choices=FindingSource.choices, default=FindingSource.INSPECTOR
        )
        source_label = serializers.CharField(max_length=200, allow_blank=True, default="")
        clause = serializers.CharField(max_length=300, allow_blank=True, default="")
        tco2_at_stake = serializers.DecimalField(
            max_digits=14, decimal_places=2, min_value=0, required=False
        )
        allowances_at_stake = serializers.DecimalField(
            max_digits=14, decimal_places=2, min_value=0, required=False
        )
        version = serializers.IntegerField(required=False)
        question = serializers.IntegerField(required=False)
        results = serializers.ListField(
            child=serializers.IntegerField(), max_length=50, default=list
        )
        files = serializers.ListField(child=serializers.FileField(), max_length=20, default=list)

    Out = FindingOut

    @answers(FindingOut, paged=True)
    def get(self, request: Request) -> Response:
        """Findings in the caller's scope; the filters are those of the page (`city`, `year`,
        `status`, `severity`, `progress`, `q`)."""
        found = Finding.objects.visible_to(self.actor).select_related("unit__organisation")
        chosen = FindingFilter(request.query_params, queryset=found, actor=self.actor)
        if not chosen.is_valid():
            raise serializers.ValidationError(chosen.errors)
        return self.page_of(request, chosen.qs, self.Out)

    @answers(FindingOut, takes=In, status=201)
    def post(self, request: Request) -> HttpResponseBase:
        """Register a finding; another person has to confirm it."""
        data = self.In(data=request.data)
        data.is_valid(raise_exception=True)

        def register() -> Response:
            finding = finding_register(
                **_facts(data.validated_data), actor=self.actor, now=timezone.now()
            )
            place = {"Location": f"/api/v1/findings/{finding.pk}/"}
            return Response(self.Out(finding).data, status=201, headers=place)

        return self.once(request, register)


def _facts(data: dict[str, Any]) -> dict[str, Any]:
    """From the names of the interface to those of the service."""
    names = {
        "unit": "unit_id",
        "version": "version_id",
        "question": "question_id",
        "results": "result_ids",
        "tco2_at_stake": "t_co2",
        "allowances_at_stake": "t_allowance",
    }
    return {names.get(k, k): v for k, v in data.items()}


class FindingOne(Endpoint):
    """GET /api/v1/findings/<pk>/"""

    permission = Perm.FINDING_VIEW
    Out = FindingOut

    @answers(FindingOut)
    def get(self, request: Request, pk: int) -> Response:
        """One finding."""
        found = Finding.objects.visible_to(self.actor).select_related("unit__organisation")
        return Response(self.Out(found.one(pk=pk)).data)


class FindingAnswer(Endpoint):
    """POST /api/v1/findings/<pk>/answer/"""

    permission = Perm.FINDING_ANSWER
    parser_classes = [MultiPartParser]

    @extend_schema_serializer(component_name="FindingAnswerIn")
    class In(serializers.Serializer):
        """What was done, with proof: field `files`, repeated for several files."""

        text = serializers.CharField(max_length=4000)
        files = serializers.ListField(child=serializers.FileField(), min_length=1, max_length=20)

    Out = FindingOut

    @answers(FindingOut, takes=In)
    def post(self, request: Request, pk: int) -> HttpResponseBase:
        """The unit's answer to a rectification order."""
        data = self.In(data=request.data)
        data.is_valid(raise_exception=True)

        def answer() -> Response:
            finding = finding_answer(
                pk, **data.validated_data, actor=self.actor, now=timezone.now()
            )
            return Response(self.Out(finding).data)

        return self.once(request, answer)
