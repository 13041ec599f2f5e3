"""Routes of the quarterly supervision report."""

from django.urls import path

from inspections.views import quarters

urlpatterns = [
    path("quarters/", quarters.QuarterList.as_view(), name="quarters"),
    path("quarters/new/", quarters.QuarterNew.as_view(), name="quarter-new"),
    path("quarters/items/", quarters.QuarterItemList.as_view(), name="quarter-items"),
    path("quarters/items/<int:pk>/", quarters.QuarterItemOpen.as_view(), name="quarter-item"),
    path("quarters/<int:pk>/", quarters.QuarterDetail.as_view(), name="quarter"),
    path(
        "quarters/<int:pk>/document/", quarters.QuarterDocument.as_view(), name="quarter-document"
    ),
    path(
        "quarters/<int:pk>/workbook/", quarters.QuarterWorkbook.as_view(), name="quarter-workbook"
    ),
    path("quarters/<int:pk>/verify/", quarters.QuarterVerify.as_view(), name="quarter-verify"),
    path("quarters/<int:pk>/step/<str:step>/", quarters.QuarterStep.as_view(), name="quarter-step"),
]
