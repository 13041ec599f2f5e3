"""Routes of tips."""

from django.urls import path

from inspections.views import tips

urlpatterns = [
    path("tips/", tips.TipList.as_view(), name="tips"),
    path("tips/new/", tips.TipNew.as_view(), name="tip-new"),
    path("tips/look/", tips.TipLook.as_view(), name="tip-look"),
    path("tips/<int:pk>/", tips.TipDetail.as_view(), name="tip"),
    path("tips/<int:pk>/author/", tips.TipAuthorPage.as_view(), name="tip-author"),
    path("tips/<int:pk>/step/<str:step>/", tips.TipStep.as_view(), name="tip-step"),
]
