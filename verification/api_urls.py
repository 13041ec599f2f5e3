"""REST routes of verification, below /api/v1/."""

from django.urls import path

from verification.api import conclusions

app_name = "verification-api"
urlpatterns = [
    path("assignments/", conclusions.Assignments.as_view(), name="assignments"),
    path("assignments/<int:pk>/conclusion/", conclusions.Conclusion.as_view(), name="conclusion"),
    path("assignments/<int:pk>/submit/", conclusions.Submit.as_view(), name="submit"),
]
