"""Endpoints of reports: list, upload, status, results, receipt, submission."""

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework import serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from carbonwatch.accounts.permissions import Perm
from carbonwatch.imports.rules import cure, describe
from carbonwatch.jobs.service import job_for
from carbonwatch.web.api import Endpoint, answers
from emitters.models import AnnualReport, ReportVersion
from emitters.selectors.results import results_of
from emitters.selectors.versions import stored_problems
from emitters.services.reports import report_submit
from emitters.services.uploads import report_upload


class ReportOut(serializers.Serializer):
    """The duty of a unit to report a year."""

    id = serializers.IntegerField()
    unit = serializers.IntegerField(source="unit_id")
    unit_name = serializers.CharField(source="unit.organisation.name")
    year = serializers.IntegerField()
    status = serializers.CharField()
    due_on = serializers.DateField()
    current_version = serializers.IntegerField(source="current_id", allow_null=True)


class ProblemOut(serializers.Serializer):
    """A problem of a workbook: where, what, how to cure it."""

    sheet = serializers.CharField(allow_blank=True)
    cell = serializers.CharField(allow_blank=True)
    field = serializers.CharField(allow_blank=True)
    found = serializers.CharField(allow_blank=True)
    rule = serializers.CharField()
    weight = serializers.CharField()
    message = serializers.CharField()
    cure = serializers.CharField()


class VersionOut(serializers.Serializer):
    """One upload and where it stands."""

    id = serializers.IntegerField()
    report = serializers.IntegerField(source="report_id")
    number = serializers.IntegerField()
    status = serializers.CharField()
    progress = serializers.IntegerField()
    receipt = serializers.CharField()
    sha256 = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    acceptance = serializers.CharField(allow_blank=True)
    risk_score = serializers.FloatField(allow_null=True)
    tco2_reported = serializers.FloatField(source="t_reported", allow_null=True)
    tco2_recomputed = serializers.FloatField(source="t_recomputed", allow_null=True)
    tco2_at_stake = serializers.FloatField(source="t_at_stake", allow_null=True)
    problems = ProblemOut(many=True)


class ResultOut(serializers.Serializer):
    """One check result, as `precheck` prints it."""

    check = serializers.CharField(source="check_code")
    result = serializers.CharField(source="letter")
    severity = serializers.CharField()
    generator = serializers.CharField(allow_blank=True)
    months = serializers.ListField(child=serializers.IntegerField())
    cells = serializers.ListField(child=serializers.CharField())
    direction = serializers.CharField()
    tco2_at_stake = serializers.FloatField(source="t_co2")
    message = serializers.CharField(source="sentence")
    evidence = serializers.DictField()
    question = serializers.IntegerField(source="question_id", allow_null=True)
    closing = serializers.CharField(source="question.closing", default="", allow_blank=True)
    cleared = serializers.BooleanField()


class ReceiptOut(serializers.Serializer):
    """What the receipt proves."""

    receipt = serializers.CharField()
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    year = serializers.IntegerField(source="report.year")
    received_at = serializers.DateTimeField(source="uploaded_at")


class UploadIn(serializers.Serializer):
    """A workbook; `reason` when it corrects what was submitted."""

    workbook = serializers.FileField()
    reason = serializers.CharField(required=False, allow_blank=True, max_length=400)


def version_out(version: ReportVersion) -> dict[str, object]:
    """The version with the progress of its intake and its problems in words."""
    job = job_for(version)
    version.progress = job.progress if job else 0
    stored = version.problems
    version.problems = [
        {"sheet": p.sheet, "cell": p.cell, "field": p.field, "found": p.found, "rule": p.rule,
         "weight": str(p.weight), "message": describe(p), "cure": cure(p)}
        for p in stored_problems(version)
    ]  # fmt: skip
    data = VersionOut(version).data
    version.problems = stored
    return data


class Reports(Endpoint):
    """GET /api/v1/reports/"""

    permission = Perm.REPORT_VIEW

    @answers(ReportOut, paged=True)
    def get(self, request: Request) -> Response:
        """Reports in the caller's scope; `?year=` and `?status=` narrow."""
        reports = AnnualReport.objects.visible_to(self.actor).select_related("unit__organisation")
        if year := request.query_params.get("year"):
            reports = reports.filter(year=year) if year.isdigit() else reports.none()
        if status := request.query_params.get("status"):
            reports = reports.filter(status=status)
        return self.page_of(request, reports, ReportOut)


class Report(Endpoint):
    """GET /api/v1/reports/<pk>/"""

    permission = Perm.REPORT_VIEW

    @answers(ReportOut)
    def get(self, request: Request, pk: int) -> Response:
        """One report."""
        report = (
            AnnualReport.objects.visible_to(self.actor)
            .select_related("unit__organisation")
            .one(pk=pk)
        )
        return Response(ReportOut(report).data)


class Versions(Endpoint):
    """GET and POST /api/v1/reports/<pk>/versions/"""

    permissions = {"GET": Perm.REPORT_VIEW, "POST": Perm.REPORT_UPLOAD}
    parser_classes = [MultiPartParser]

    @answers(VersionOut, many=True)
    def get(self, request: Request, pk: int) -> Response:
        """The versions of a report that the caller may see, newest first."""
        report = AnnualReport.objects.visible_to(self.actor).one(pk=pk)
        return Response([version_out(v) for v in report.versions.visible_to(self.actor)])

    @answers(VersionOut, takes=UploadIn, status=202)
    def post(self, request: Request, pk: int) -> HttpResponseBase:
        """Upload a workbook. 202: read in the background; ask the version for its status.
        The same file again gives the version that exists."""
        data = UploadIn(data=request.data)
        data.is_valid(raise_exception=True)

        def upload() -> Response:
            version = report_upload(
                report_id=pk,
                upload=data.validated_data["workbook"],
                reason=data.validated_data.get("reason", ""),
                actor=self.actor,
                now=timezone.now(),
            )
            return Response(
                version_out(version),
                status=202,
                headers={"Location": f"/api/v1/versions/{version.pk}/"},
            )

        return self.once(request, upload)


class Version(Endpoint):
    """GET /api/v1/versions/<pk>/"""

    permission = Perm.REPORT_VIEW

    @answers(VersionOut)
    def get(self, request: Request, pk: int) -> Response:
        """Status, progress and problems of a version."""
        return Response(version_out(ReportVersion.objects.visible_to(self.actor).one(pk=pk)))


class Results(Endpoint):
    """GET /api/v1/versions/<pk>/results/"""

    permission = Perm.REPORT_VIEW

    @answers(ResultOut, many=True)
    def get(self, request: Request, pk: int) -> Response:
        """The check results of a version, worst first."""
        version = ReportVersion.objects.visible_to(self.actor).select_related("report").one(pk=pk)
        return Response(ResultOut(results_of(version, self.actor), many=True).data)


class Receipt(Endpoint):
    """GET /api/v1/versions/<pk>/receipt/"""

    permission = Perm.REPORT_VIEW

    @answers(ReceiptOut)
    def get(self, request: Request, pk: int) -> Response:
        """The receipt of an upload."""
        version = ReportVersion.objects.visible_to(self.actor).select_related("report").one(pk=pk)
        return Response(ReceiptOut(version).data)


class Submit(Endpoint):
    """POST /api/v1/versions/<pk>/submit/"""

    permission = Perm.REPORT_SUBMIT
    parser_classes = [JSONParser]

    @answers(VersionOut, takes=None)
    def post(self, request: Request, pk: int) -> HttpResponseBase:
        """Submit a checked version, by another person than the uploader."""

        def submit() -> Response:
            return Response(version_out(report_submit(pk, actor=self.actor, now=timezone.now())))

        return self.once(request, submit)
