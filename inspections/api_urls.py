"""REST routes of inspections, below /api/v1/."""

from django.urls import path

from inspections.api import findings, records

app_name = "inspections-api"
urlpatterns = [
    path("findings/", findings.Findings.as_view(), name="findings"),
    path("findings/<int:pk>/", findings.FindingOne.as_view(), name="finding"),
    path("findings/<int:pk>/answer/", findings.FindingAnswer.as_view(), name="finding-answer"),
    path("inspections/<int:pk>/record/", records.Record.as_view(), name="record"),
]
