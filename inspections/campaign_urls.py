"""Routes of campaigns."""

from django.urls import path

from inspections.views import campaign_batches, campaign_units, campaigns

urlpatterns = [
    path("campaigns/", campaigns.CampaignList.as_view(), name="campaigns"),
    path("campaigns/new/", campaigns.CampaignNew.as_view(), name="campaign-new"),
    path("campaigns/<int:pk>/", campaigns.CampaignDetail.as_view(), name="campaign"),
    path("campaigns/<int:pk>/edit/", campaigns.CampaignEdit.as_view(), name="campaign-edit"),
    path("campaigns/<int:pk>/list/", campaigns.CampaignFile.as_view(), name="campaign-file"),
    path("campaigns/<int:pk>/add/", campaign_units.CampaignUnitAdd.as_view(), name="campaign-add"),
    path(
        "campaigns/<int:pk>/self/",
        campaign_batches.CampaignSelfStart.as_view(),
        name="campaign-self",
    ),
    path(
        "campaigns/<int:pk>/inspect/",
        campaign_batches.CampaignPlan.as_view(),
        name="campaign-inspect",
    ),
    path(
        "campaigns/<int:pk>/step/<str:step>/",
        campaigns.CampaignStep.as_view(),
        name="campaign-step",
    ),
    path(
        "campaigns/units/<int:pk>/",
        campaign_units.CampaignUnitDetail.as_view(),
        name="campaign-unit",
    ),
    path(
        "campaigns/units/<int:pk>/extend/",
        campaign_units.CampaignUnitExtend.as_view(),
        name="campaign-unit-extend",
    ),
    path(
        "campaigns/units/<int:pk>/remove/",
        campaign_units.CampaignUnitRemove.as_view(),
        name="campaign-unit-remove",
    ),
    path(
        "campaigns/changes/",
        campaign_units.CampaignChangeList.as_view(),
        name="campaign-changes",
    ),
    path(
        "campaigns/changes/<int:pk>/",
        campaign_units.CampaignChangeDetail.as_view(),
        name="campaign-change",
    ),
    path(
        "campaigns/changes/<int:pk>/step/<str:step>/",
        campaign_units.CampaignChangeStep.as_view(),
        name="campaign-change-step",
    ),
]
