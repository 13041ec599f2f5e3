"""Routes of inspections."""

from django.urls import path

from inspections.views import findings

app_name = "inspections"
urlpatterns = [
    path("findings/", findings.FindingList.as_view(), name="findings"),
    path("findings/new/", findings.FindingRegister.as_view(), name="finding-register"),
    path("findings/<int:pk>/", findings.FindingDetail.as_view(), name="finding"),
    path("findings/<int:pk>/order/", findings.FindingOrderDocument.as_view(), name="finding-order"),
    path("findings/<int:pk>/step/<str:step>/", findings.FindingStep.as_view(), name="finding-step"),
]
