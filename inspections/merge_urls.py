"""Routes of merging, and of the rate of what was not declared."""

from django.urls import path

from inspections.views import concealment, merges

urlpatterns = [
    path("concealment/", concealment.ConcealmentList.as_view(), name="concealment"),
    path("concealment/<int:pk>/", concealment.ConcealmentOf.as_view(), name="concealment-of"),
    path("findings/<int:pk>/merge/", merges.MergeNew.as_view(), name="merge-new"),
    path("merges/<int:pk>/", merges.MergeDetail.as_view(), name="merge"),
    path("merges/<int:pk>/step/<str:step>/", merges.MergeStep.as_view(), name="merge-step"),
]
