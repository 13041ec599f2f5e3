"""Routes of random draws."""

from django.urls import path

from inspections.views import draws

urlpatterns = [
    path("draws/", draws.DrawList.as_view(), name="draws"),
    path("draws/new/", draws.DrawNew.as_view(), name="draw-new"),
    path("draws/public/", draws.PublicDrawList.as_view(), name="public-draws"),
    path("draws/public/<int:pk>/", draws.PublicDraw.as_view(), name="public-draw"),
    path(
        "draws/public/<int:pk>/record/",
        draws.PublicDrawRecord.as_view(),
        name="public-draw-record",
    ),
    path("draws/<int:pk>/", draws.DrawDetail.as_view(), name="draw"),
    path("draws/<int:pk>/exclude/", draws.DrawExclude.as_view(), name="draw-exclude"),
    path("draws/<int:pk>/arrange/", draws.DrawArrange.as_view(), name="draw-arrange"),
    path("draws/<int:pk>/step/<str:step>/", draws.DrawStep.as_view(), name="draw-step"),
]
