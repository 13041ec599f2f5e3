"""Routes of the register of inspectors."""

from django.urls import path

from inspections.views import inspectors

urlpatterns = [
    path("inspectors/", inspectors.InspectorList.as_view(), name="inspectors"),
    path("inspectors/new/", inspectors.InspectorNew.as_view(), name="inspector-new"),
    path("inspectors/<int:pk>/", inspectors.InspectorDetail.as_view(), name="inspector"),
    path(
        "inspectors/<int:pk>/conflicts/new/", inspectors.ConflictNew.as_view(), name="conflict-new"
    ),
    path(
        "inspectors/<int:pk>/step/<str:step>/",
        inspectors.InspectorStep.as_view(),
        name="inspector-step",
    ),
    path("conflicts/<int:pk>/end/", inspectors.ConflictEnd.as_view(), name="conflict-end"),
]
