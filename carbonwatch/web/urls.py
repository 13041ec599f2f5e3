"""Routes of the foundation's own pages."""

from django.urls import path

from carbonwatch.audit import views as audit
from carbonwatch.checks import views as checks
from carbonwatch.dashboards.views import Overview
from carbonwatch.documents.views import AttachmentDownload
from carbonwatch.jobs.views import JobList
from carbonwatch.params.views import ParameterList
from carbonwatch.worklist import views as worklist

urlpatterns = [
    path("", worklist.Home.as_view(), name="home"),
    path("messages/read/", worklist.MessagesRead.as_view(), name="messages-read"),
    path("messages/<int:pk>/open/", worklist.MessageOpen.as_view(), name="message-open"),
    path("overview/", Overview.as_view(), name="overview"),
    path("parameters/", ParameterList.as_view(), name="parameter-list"),
    path("checks/", checks.CheckList.as_view(), name="check-list"),
    path("checks/<slug:code>/", checks.CheckDetail.as_view(), name="check-detail"),
    path("ledger/", audit.Ledger.as_view(), name="ledger"),
    path("ledger/<int:pk>/", audit.LedgerEntry.as_view(), name="ledger-entry"),
    path("ledger/verify/", audit.LedgerVerify.as_view(), name="ledger-verify"),
    path("ledger/proof/<int:pk>/", audit.LedgerProof.as_view(), name="ledger-proof"),
    path("jobs/", JobList.as_view(), name="job-list"),
    path("files/<int:pk>/", AttachmentDownload.as_view(), name="attachment"),
]
