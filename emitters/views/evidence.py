"""Evidence packs: a page and a PDF per result, a PDF per report."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.refusals import record_read
from carbonwatch.refusals import Missing
from carbonwatch.web.export import download
from carbonwatch.web.pages import DetailPage, Page
from emitters.evidence.pack import packs_of
from emitters.evidence.paper import evidence_pdf
from emitters.models import CheckResult, ReportVersion
from emitters.selectors.results import results_of

PDF = "application/pdf"
RELATED = ("version__report__unit__organisation", "version__uploaded_by", "question")


class ResultEvidence(DetailPage):
    """One result with all that it rests on."""

    permission = Perm.REPORT_VIEW
    model = CheckResult
    related = RELATED
    template_name = "emitters/evidence.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The pack."""
        context = super().get_context_data(**kwargs)
        (context["pack"],) = packs_of(self.object.version, [self.object], self.actor)
        return context


class ResultEvidencePdf(Page):
    """The same on one sheet of paper."""

    permission = Perm.REPORT_VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The PDF; taking it away is an entry in the ledger."""
        result = CheckResult.objects.visible_to(self.actor).select_related(*RELATED).one(pk=pk)
        now = timezone.now()
        name = _("证据包-%(rule)s-%(report)s.pdf") % {
            "rule": result,
            "report": result.version.report,
        }
        record_read(self.actor, result.version, name, now)
        return download(evidence_pdf(result.version, [result], self.actor, now), name, PDF)


class VersionEvidencePdf(Page):
    """All fatal and critical results of a report, one page each, behind the report's summary."""

    permission = Perm.REPORT_VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The PDF; taking it away is an entry in the ledger."""
        versions = ReportVersion.objects.visible_to(self.actor)
        version = versions.select_related("report__unit__organisation", "uploaded_by").one(pk=pk)
        if version.checked_at is None:
            raise Missing(_("该版本尚未校核，没有证据包。"))
        results = [r for r in results_of(version, self.actor) if r.severity != "info"]
        if not results:
            raise Missing(_("该版本没有须说明或更正的结果，没有证据包。"))
        now = timezone.now()
        name = _("证据包-%(version)s.pdf") % {"version": version}
        record_read(self.actor, version, name, now)
        return download(evidence_pdf(version, results, self.actor, now), name, PDF)
