"""Pages of the audit administrator: the ledger, one entry, the proof."""

import json
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Organisation
from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.jobs import KIND, ask_for_proof, last_proof
from carbonwatch.audit.ledger import digest_of, record
from carbonwatch.audit.models import AuditEvent, AuditHead
from carbonwatch.audit.tables import LedgerFilter, LedgerTable
from carbonwatch.jobs.models import Job
from carbonwatch.refusals import Missing
from carbonwatch.web.pages import ListPage, Page, TextPage


class Ledger(ListPage):
    """All entries; taking them away is an entry too."""

    permission = Perm.LEDGER_VIEW
    model = AuditEvent
    table_class = LedgerTable
    filterset_class = LedgerFilter
    template_name = "audit/ledger.html"
    title = _("审计台账")
    intro = _("只增不改：每条记录带有前一条的摘要，任何改动、删除、插入或截断都能被发现。")
    file_name = "ledger"

    def base_queryset(self) -> QuerySet[AuditEvent]:
        """Auditors see every entry; business data behind them stays closed."""
        return AuditEvent.objects.all()

    def extra_context(self) -> dict[str, Any]:
        """The head of the chain and the newest proof."""
        return {"head": AuditHead.objects.first(), "proof": last_proof()}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list, or the file."""
        if request.GET.get("export"):
            with transaction.atomic():
                record(
                    "ledger.exported",
                    None,
                    self.actor,
                    timezone.now(),
                    filter=request.GET.urlencode()[:300],
                )
        return super().get(request, *args, **kwargs)


class LedgerEntry(TextPage):
    """One entry with its digest computed again."""

    permission = Perm.LEDGER_VIEW
    template_name = "audit/entry.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The entry, its neighbours, and whether it holds in itself."""
        entry = AuditEvent.objects.filter(pk=kwargs["pk"]).first()
        if entry is None:
            raise Missing()
        row = AuditEvent.objects.values().get(seq=entry.seq)
        facts = json.loads(entry.payload)
        return {
            "entry": entry,
            "facts": [
                (k, json.dumps(v, ensure_ascii=False) if isinstance(v, dict | list) else v)
                for k, v in facts.items()
            ],
            "organisation": Organisation.objects.filter(pk=entry.organisation_id or 0).first(),
            "holds": digest_of(row) == entry.digest,
            "last": AuditHead.objects.values_list("count", flat=True).first() or 0,
        }


class LedgerVerify(Page):
    """POST: prove the whole chain in the background."""

    permission = Perm.LEDGER_VIEW
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send the job and show its page."""
        job = ask_for_proof(actor=self.actor, now=timezone.now())
        return redirect("ledger-proof", job.pk)


class LedgerProof(Page):
    """The proof: progress, then the verdict. `?part=1` answers the fragment that htmx asks for."""

    permission = Perm.LEDGER_VIEW

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page or its moving part."""
        job = Job.objects.filter(pk=pk, kind=KIND).first()
        if job is None:
            raise Missing()
        template = "audit/_proof.html" if request.GET.get("part") else "audit/proof.html"
        return render(request, template, {"job": job, "verdict": job.payload})
