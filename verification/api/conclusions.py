"""Endpoints of assignments and conclusions."""

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework import serializers
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from carbonwatch.accounts.permissions import Perm
from carbonwatch.web.api import Endpoint, answers
from verification.models import Assignment, NonconformityClass, NonconformityResult
from verification.selectors.values import verified_values
from verification.services.conclusions import conclusion_save, conclusion_submit


class AssignmentOut(serializers.Serializer):
    """One assignment."""

    id = serializers.IntegerField()
    report = serializers.IntegerField(source="report_id")
    version = serializers.IntegerField(source="version_id")
    unit_name = serializers.CharField(source="report.unit.organisation.name")
    year = serializers.IntegerField(source="report.year")
    agency = serializers.CharField(source="agency.name")
    status = serializers.CharField()
    due_on = serializers.DateField()


class ValueIn(serializers.Serializer):
    """One verified value (annual); `generator` is empty for the plant."""

    generator = serializers.CharField(allow_blank=True, max_length=16)
    code = serializers.CharField(max_length=16)
    after = serializers.DecimalField(max_digits=20, decimal_places=6, allow_null=True)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=400, default="")


class NonconformityIn(serializers.Serializer):
    """One entry of the non-conformity list."""

    kind = serializers.ChoiceField(choices=NonconformityClass.choices)
    description = serializers.CharField(max_length=2000)
    parameter = serializers.CharField(required=False, allow_blank=True, max_length=120, default="")
    cause = serializers.CharField(required=False, allow_blank=True, max_length=2000, default="")
    correction = serializers.CharField(
        required=False, allow_blank=True, max_length=2000, default=""
    )
    result = serializers.ChoiceField(choices=NonconformityResult.choices)


class ConclusionIn(serializers.Serializer):
    """A conclusion; values that are not named stay as reported."""

    conformity = serializers.CharField(max_length=4000)
    changes = serializers.CharField(required=False, allow_blank=True, max_length=4000, default="")
    uncovered = serializers.CharField(required=False, allow_blank=True, max_length=4000, default="")
    visited_on = serializers.DateField(required=False, allow_null=True, default=None)
    values = ValueIn(many=True)
    nonconformities = NonconformityIn(many=True)


class Assignments(Endpoint):
    """GET /api/v1/assignments/"""

    permission = Perm.ASSIGNMENT_VIEW

    @answers(AssignmentOut, paged=True)
    def get(self, request: Request) -> Response:
        """Assignments in the caller's scope."""
        rows = Assignment.objects.visible_to(self.actor).select_related(
            "report__unit__organisation", "agency"
        )
        return self.page_of(request, rows, AssignmentOut)


class Conclusion(Endpoint):
    """PUT /api/v1/assignments/<pk>/conclusion/"""

    permission = Perm.CONCLUSION_EDIT
    parser_classes = [JSONParser]

    @answers(AssignmentOut, takes=ConclusionIn)
    def put(self, request: Request, pk: int) -> HttpResponseBase:
        """Write the conclusion; earlier signatures no longer stand."""
        data = ConclusionIn(data=request.data)
        data.is_valid(raise_exception=True)
        facts = data.validated_data

        def write() -> Response:
            seen = Assignment.objects.visible_to(self.actor).select_related("version").one(pk=pk)
            given = {
                (v["generator"], v["code"]): (v["after"], v["reason"]) for v in facts["values"]
            }
            assignment = conclusion_save(
                pk,
                texts={name: facts[name] for name in ("conformity", "changes", "uncovered")},
                visited_on=facts["visited_on"],
                values=verified_values(seen.version, given),
                nonconformities=facts["nonconformities"],
                actor=self.actor,
                now=timezone.now(),
            )
            return Response(AssignmentOut(assignment).data)

        return self.once(request, write)


class Submit(Endpoint):
    """POST /api/v1/assignments/<pk>/submit/"""

    permission = Perm.CONCLUSION_SUBMIT
    parser_classes = [JSONParser]

    @answers(AssignmentOut)
    def post(self, request: Request, pk: int) -> HttpResponseBase:
        """Submit the signed conclusion."""

        def submit() -> Response:
            return Response(
                AssignmentOut(conclusion_submit(pk, actor=self.actor, now=timezone.now())).data
            )

        return self.once(request, submit)
