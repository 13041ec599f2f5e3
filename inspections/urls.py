"""Routes of inspections."""

from django.urls import path

from inspections.views import findings, inspections

app_name = "inspections"
urlpatterns = [
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
]
