"""Routes of inspections."""

from django.urls import include, path

from inspections import quarter_urls
from inspections.views import findings, inspections, questionnaires, selfinspections

app_name = "inspections"
urlpatterns = [
    path("", include("inspections.tip_urls")),
    path("", include("inspections.rectification_urls")),
    path("", include("inspections.campaign_urls")),
    path("", include("inspections.draw_urls")),
    path("", include("inspections.merge_urls")),
    path("", include("inspections.inspector_urls")),
    path("", include("inspections.workplan_urls")),
    path("findings/", findings.FindingList.as_view(), name="findings"),
    path("findings/new/", findings.FindingRegister.as_view(), name="finding-register"),
    path("findings/<int:pk>/", findings.FindingDetail.as_view(), name="finding"),
    path("findings/<int:pk>/order/", findings.FindingOrderDocument.as_view(), name="finding-order"),
    path("findings/<int:pk>/step/<str:step>/", findings.FindingStep.as_view(), name="finding-step"),
    path("inspections/", inspections.InspectionList.as_view(), name="inspections"),
    path("inspections/new/", inspections.InspectionNew.as_view(), name="inspection-new"),
    path("inspections/worker.js", inspections.RecordWorker.as_view(), name="record-worker"),
    path("inspections/<int:pk>/", inspections.InspectionDetail.as_view(), name="inspection"),
    path(
        "inspections/<int:pk>/record/",
        inspections.InspectionRecord.as_view(),
        name="inspection-record",
    ),
    path(
        "inspections/<int:pk>/notice/",
        inspections.InspectionNotice.as_view(),
        name="inspection-notice",
    ),
    path(
        "inspections/<int:pk>/record/document/",
        inspections.InspectionRecordDocument.as_view(),
        name="inspection-record-document",
    ),
    path(
        "inspections/<int:pk>/step/<str:step>/",
        inspections.InspectionStep.as_view(),
        name="inspection-step",
    ),
    path("self/", selfinspections.SelfInspectionList.as_view(), name="self-inspections"),
    path("self/<int:pk>/", selfinspections.SelfInspectionDetail.as_view(), name="self-inspection"),
    path("self/<int:pk>/fill/", selfinspections.SelfFill.as_view(), name="self-fill"),
    path(
        "self/<int:pk>/answers/<int:item>/",
        selfinspections.SelfAnswerSave.as_view(),
        name="self-answer",
    ),
    path(
        "self/<int:pk>/step/<str:step>/",
        selfinspections.SelfInspectionStep.as_view(),
        name="self-inspection-step",
    ),
    path("questionnaires/", questionnaires.QuestionnaireList.as_view(), name="questionnaires"),
    path(
        "questionnaires/import/",
        questionnaires.QuestionnaireImport.as_view(),
        name="questionnaire-import",
    ),
    path(
        "questionnaires/template/",
        questionnaires.QuestionnaireTemplate.as_view(),
        name="questionnaire-template",
    ),
    path(
        "questionnaires/<int:pk>/",
        questionnaires.QuestionnaireDetail.as_view(),
        name="questionnaire",
    ),
    path(
        "questionnaires/<int:pk>/step/<str:step>/",
        questionnaires.QuestionnaireStep.as_view(),
        name="questionnaire-step",
    ),
    *quarter_urls.urlpatterns,
]
