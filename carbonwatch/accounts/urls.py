"""Routes of signing in and of the system and security administrators."""

from django.urls import path

from carbonwatch.accounts import security_views as security
from carbonwatch.accounts import system_views as system
from carbonwatch.accounts import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("password/", views.PasswordChange.as_view(), name="password-change"),
    path("organisation/", views.OrganisationSwitch.as_view(), name="organisation-switch"),
    path("session/touch/", views.SessionTouch.as_view(), name="session-touch"),
    path("admin/organisations/", system.OrganisationList.as_view(), name="organisation-list"),
    path(
        "admin/organisations/new/", system.OrganisationCreate.as_view(), name="organisation-create"
    ),
    path(
        "admin/organisations/<int:pk>/",
        system.OrganisationDetail.as_view(),
        name="organisation-detail",
    ),
    path(
        "admin/organisations/<int:pk>/<slug:act>/",
        system.OrganisationAct.as_view(),
        name="organisation-act",
    ),
    path("admin/people/", system.PersonList.as_view(), name="person-list"),
    path("admin/people/new/", system.PersonCreate.as_view(), name="person-create"),
    path("admin/people/<int:pk>/", system.PersonDetail.as_view(), name="person-detail"),
    path("admin/people/<int:pk>/<slug:act>/", system.PersonAct.as_view(), name="person-act"),
    path("security/posts/", security.MembershipList.as_view(), name="membership-list"),
    path("security/posts/grant/", security.MembershipGrant.as_view(), name="membership-grant"),
    path(
        "security/posts/<int:pk>/revoke/",
        security.MembershipRevoke.as_view(),
        name="membership-revoke",
    ),
    path("security/people/", security.SecurityPersonList.as_view(), name="security-people"),
    path("security/people/<int:pk>/", security.SecurityPerson.as_view(), name="security-person"),
    path(
        "security/people/<int:pk>/<slug:act>/",
        security.SecurityPersonAct.as_view(),
        name="security-person-act",
    ),
]
