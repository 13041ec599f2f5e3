"""REST routes of the emitting units, below /api/v1/."""

from django.urls import path

from emitters.api import outside, reports, units

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
    path("outside-kinds/", outside.OutsideKinds.as_view(), name="outside-kinds"),
    path("outside/", outside.OutsideFiles.as_view(), name="outside-files"),
    path("outside/<int:pk>/", outside.Outside.as_view(), name="outside-file"),
    path("outside/<int:pk>/records/", outside.OutsideRows.as_view(), name="outside-records"),
    path("outside/<int:pk>/columns/", outside.OutsideColumns.as_view(), name="outside-columns"),
    path("outside/<int:pk>/withdraw/", outside.OutsideWithdraw.as_view(), name="outside-withdraw"),
    path("outside/<int:pk>/discard/", outside.OutsideDiscard.as_view(), name="outside-discard"),
]
