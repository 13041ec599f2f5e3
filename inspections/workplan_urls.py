"""Routes of work plans."""

from django.urls import path

from inspections.views import workplans

urlpatterns = [
    path("workplans/", workplans.WorkPlanList.as_view(), name="workplans"),
    path("workplans/new/", workplans.WorkPlanNew.as_view(), name="workplan-new"),
    path("workplans/<int:pk>/", workplans.WorkPlanDetail.as_view(), name="workplan"),
    path("workplans/<int:pk>/edit/", workplans.WorkPlanEdit.as_view(), name="workplan-edit"),
    path(
        "workplans/<int:pk>/step/<str:step>/",
        workplans.WorkPlanStep.as_view(),
        name="workplan-step",
    ),
]
