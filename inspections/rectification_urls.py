"""Routes of rectification, part of those of inspections."""

from django.urls import path

from inspections.views import rectification

urlpatterns = [
    path("measures/<int:pk>/", rectification.MeasureDetail.as_view(), name="measure"),
    path(
        "measures/<int:pk>/step/<str:step>/",
        rectification.MeasureStep.as_view(),
        name="measure-step",
    ),
    path("findings/<int:pk>/extend/", rectification.ExtensionAsk.as_view(), name="finding-extend"),
    path(
        "findings/<int:pk>/correct/", rectification.FindingCorrect.as_view(), name="finding-correct"
    ),
    path("extensions/<int:pk>/", rectification.ExtensionDetail.as_view(), name="extension"),
    path(
        "extensions/<int:pk>/step/<str:step>/",
        rectification.ExtensionStep.as_view(),
        name="extension-step",
    ),
]
