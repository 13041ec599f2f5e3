"""Routes of the emitting units."""

from django.urls import path

from emitters.views import effect, evidence, questions, reports, units, versions, waivers

app_name = "emitters"
urlpatterns = [
    path("units/", units.UnitList.as_view(), name="units"),
    path("units/<int:pk>/", units.UnitDetail.as_view(), name="unit"),
    path("reports/", reports.ReportList.as_view(), name="reports"),
    path("reports/obligations/", reports.Obligations.as_view(), name="obligations"),
    path("reports/<int:pk>/", reports.ReportDetail.as_view(), name="report"),
    path("reports/<int:pk>/upload/", reports.ReportUpload.as_view(), name="report-upload"),
    path("reports/<int:pk>/template/", reports.ReportTemplate.as_view(), name="report-template"),
    path("versions/<int:pk>/", versions.VersionDetail.as_view(), name="version"),
    path(
        "versions/<int:pk>/progress/", versions.VersionProgress.as_view(), name="version-progress"
    ),
    path("versions/<int:pk>/figures/", versions.VersionFigures.as_view(), name="version-figures"),
    path(
        "versions/<int:pk>/differences/<int:number>/",
        versions.VersionDifferences.as_view(),
        name="version-differences",
    ),
    path("versions/<int:pk>/file/", versions.VersionFile.as_view(), name="version-file"),
    path(
        "versions/<int:pk>/problems/<str:form>/",
        versions.VersionProblems.as_view(),
        name="version-problems",
    ),
    path("versions/<int:pk>/receipt/", versions.VersionReceipt.as_view(), name="version-receipt"),
    path("versions/<int:pk>/step/<str:step>/", versions.VersionStep.as_view(), name="version-step"),
    path(
        "versions/<int:pk>/evidence/",
        evidence.VersionEvidencePdf.as_view(),
        name="version-evidence",
    ),
    path("results/<int:pk>/", evidence.ResultEvidence.as_view(), name="result"),
    path("results/<int:pk>/evidence/", evidence.ResultEvidencePdf.as_view(), name="result-pdf"),
    path("questions/", questions.QuestionList.as_view(), name="questions"),
    path("questions/<int:pk>/", questions.QuestionDetail.as_view(), name="question"),
    path("questions/<int:pk>/<str:step>/", questions.QuestionStep.as_view(), name="question-step"),
    path("results/<int:pk>/waiver/", waivers.WaiverPropose.as_view(), name="waiver-propose"),
    path("waivers/", waivers.WaiverList.as_view(), name="waivers"),
    path("waivers/officers/", waivers.WaiverOfficers.as_view(), name="waiver-officers"),
    path("waivers/<int:pk>/", waivers.WaiverDetail.as_view(), name="waiver"),
    path("waivers/<int:pk>/<str:step>/", waivers.WaiverStep.as_view(), name="waiver-step"),
    path("check-effect/", effect.EffectList.as_view(), name="effect"),
    path("receipt/", reports.ReceiptCheck.as_view(), name="receipt-check"),
]
