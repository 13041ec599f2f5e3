"""Routes of enforcement. `notices/` is public; `notices/work/` is for those who write them."""

from django.urls import path

from enforcement.views import cases, notices

app_name = "enforcement"
urlpatterns = [
    path("cases/", cases.CaseList.as_view(), name="cases"),
    path("cases/new/", cases.CasePropose.as_view(), name="case-propose"),
    path("cases/<int:pk>/", cases.CaseDetail.as_view(), name="case"),
    path("cases/<int:pk>/step/<str:step>/", cases.CaseStep.as_view(), name="case-step"),
    path("notices/", notices.PublicList.as_view(), name="notices"),
    path("notices/<int:pk>/", notices.PublicDetail.as_view(), name="notice"),
    path("notices/<int:pk>/document/", notices.PublicDocument.as_view(), name="notice-document"),
    path("notices/work/", notices.NoticeList.as_view(), name="notice-list"),
    path("notices/work/new/", notices.NoticeNew.as_view(), name="notice-new"),
    path("notices/work/<int:pk>/", notices.NoticeDetail.as_view(), name="notice-work"),
    path(
        "notices/work/<int:pk>/step/<str:step>/", notices.NoticeStep.as_view(), name="notice-step"
    ),
]
