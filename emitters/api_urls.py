"""REST routes of the emitting units, below /api/v1/."""

from django.urls import path

from emitters.api import reports, units

app_name = "emitters-api"
urlpatterns = [
    path("units/", units.Units.as_view(), name="units"),
    path("units/<int:pk>/", units.Unit.as_view(), name="unit"),
    path("reports/", reports.Reports.as_view(), name="reports"),
    path("reports/<int:pk>/", reports.Report.as_view(), name="report"),
    path("reports/<int:pk>/versions/", reports.Versions.as_view(), name="versions"),
    path("versions/<int:pk>/", reports.Version.as_view(), name="version"),
    path("versions/<int:pk>/results/", reports.Results.as_view(), name="results"),
    path("versions/<int:pk>/receipt/", reports.Receipt.as_view(), name="receipt"),
    path("versions/<int:pk>/submit/", reports.Submit.as_view(), name="submit"),
]
