"""Routes of verification."""

from django.urls import path

from verification.views import assignments

app_name = "verification"
urlpatterns = [
    path("assignments/", assignments.AssignmentList.as_view(), name="assignments"),
    path(
        "assignments/new/<int:report>/",
        assignments.AssignmentMake.as_view(),
        name="assignment-make",
    ),
    path("assignments/<int:pk>/", assignments.AssignmentDetail.as_view(), name="assignment"),
    path(
        "assignments/<int:pk>/conclusion/",
        assignments.ConclusionWrite.as_view(),
        name="conclusion-write",
    ),
    path(
        "assignments/<int:pk>/sign/", assignments.ConclusionSign.as_view(), name="conclusion-sign"
    ),
    path(
        "assignments/<int:pk>/step/<str:step>/",
        assignments.AssignmentStep.as_view(),
        name="assignment-step",
    ),
]
