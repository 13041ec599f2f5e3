"""Routes of the emitting units."""

from django.urls import path

from emitters.views import (
    effect,
    evidence,
    guidance,
    outside,
    questions,
    rechecks,
    reports,
    schemes,
    thresholds,
    units,
    versions,
    waivers,
)

app_name = "emitters"
urlpatterns = [
    path("units/", units.UnitList.as_view(), name="units"),
    path("units/<int:pk>/", units.UnitDetail.as_view(), name="unit"),
    path("reports/", reports.ReportList.as_view(), name="reports"),
    path("reports/obligations/", reports.Obligations.as_view(), name="obligations"),
    path("reports/recheck/", rechecks.RecheckYear.as_view(), name="recheck-year"),
    path("rechecks/", rechecks.RunList.as_view(), name="runs"),
    path("rechecks/<int:pk>/", rechecks.RunDetail.as_view(), name="run"),
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
    path("versions/<int:pk>/marked/", versions.VersionMarked.as_view(), name="version-marked"),
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
    path("outside/", outside.OutsideFileList.as_view(), name="outside"),
    path("outside/upload/", outside.OutsideUpload.as_view(), name="outside-upload"),
    path(
        "outside/template/<str:kind>/", outside.OutsideTemplate.as_view(), name="outside-template"
    ),
    path("outside/<int:pk>/", outside.OutsideFileDetail.as_view(), name="outside-file"),
    path("outside/<int:pk>/progress/", outside.OutsideProgress.as_view(), name="outside-progress"),
    path("outside/<int:pk>/file/", outside.OutsideOriginal.as_view(), name="outside-original"),
    path(
        "outside/<int:pk>/problems/<str:form>/",
        outside.OutsideProblems.as_view(),
        name="outside-problems",
    ),
    path("outside/<int:pk>/step/<str:step>/", outside.OutsideStep.as_view(), name="outside-step"),
    path("schemes/", schemes.SchemeList.as_view(), name="schemes"),
    path("schemes/new/", schemes.SchemeNew.as_view(), name="scheme-new"),
    path("schemes/<int:pk>/", schemes.SchemeDetail.as_view(), name="scheme"),
    path("schemes/<int:pk>/lines/", schemes.SchemeFill.as_view(), name="scheme-lines"),
    path("schemes/<int:pk>/<str:step>/", schemes.SchemeStep.as_view(), name="scheme-step"),
    path("guidance/", guidance.Guidance.as_view(), name="guidance"),
    path("thresholds/", thresholds.ThresholdList.as_view(), name="thresholds"),
    path("thresholds/new/", thresholds.ThresholdPropose.as_view(), name="threshold-propose"),
    path("thresholds/results/", thresholds.TrialResults.as_view(), name="trial-results"),
    path("thresholds/scores/", thresholds.TrialScores.as_view(), name="trial-scores"),
    path("thresholds/<int:pk>/", thresholds.ThresholdDetail.as_view(), name="threshold"),
    path(
        "thresholds/<int:pk>/progress/",
        thresholds.ThresholdProgress.as_view(),
        name="threshold-progress",
    ),
    path(
        "thresholds/<int:pk>/<str:step>/",
        thresholds.ThresholdStep.as_view(),
        name="threshold-step",
    ),
    path("receipt/", reports.ReceiptCheck.as_view(), name="receipt-check"),
]
