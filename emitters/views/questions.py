"""Questions: the list, one question with its evidence, its steps."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.audit.models import AuditEvent
from carbonwatch.documents.models import Attachment
from carbonwatch.documents.service import attachments_of
from carbonwatch.web.pages import DetailPage, ListPage, StepPage
from emitters.evidence.pack import packs_of
from emitters.filters import QuestionFilter
from emitters.forms import AcceptForm, ExplainForm, NoteForm, UpholdForm
from emitters.models import Question, Waiver
from emitters.models.waivers import LIVE
from emitters.privacy import name_others
from emitters.services.questions import (
    question_accept,
    question_explain,
    question_reopen,
    question_uphold,
)
from emitters.tables import QuestionTable


class QuestionList(ListPage):
    """疑点."""

    permission = Perm.REPORT_VIEW
    model = Question
    related = ("report__unit__organisation",)
    table_class = QuestionTable
    filterset_class = QuestionFilter
    title = _("校核疑点")
    intro = _("疑点是需要说明的数据异常，不是造假结论。企业说明并附证据，由另一人认定。")
    empty = _("没有符合条件的疑点。")
    file_name = "questions"

    def base_queryset(self) -> QuerySet:
        """In the order of the reports."""
        return super().base_queryset().order_by("report", "check_code", "pk")


class QuestionDetail(DetailPage):
    """One question: what was found, where, how to redo it, what would explain it."""

    permission = Perm.REPORT_VIEW
    model = Question
    related = (
        "report__unit__organisation",
        "version__report__unit__organisation",
        "explained_by",
        "decided_by",
    )
    template_name = "emitters/question.html"
    step_url = "emitters:question-step"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Results, attachments, history."""
        context = super().get_context_data(**kwargs)
        question = self.object
        rows = question.results.visible_to(self.actor).current().filter(version=question.version)
        results = list(rows.select_related("version__report"))
        label = "emitters.question"
        waivers = list(
            Waiver.objects.visible_to(self.actor).filter(
                report=question.report_id, fingerprint=question.fingerprint
            )
        )
        context |= {
            "packs": packs_of(question.version, results, self.actor) if results else [],
            "waivers": waivers,
            "may_waive": self.actor.may(Perm.WAIVER_PROPOSE)
            and question.status in ("open", "explained")
            and not any(w.status in LIVE for w in waivers),
            "attachments": Attachment.objects.filter(target=label, target_id=question.pk),
            "history": AuditEvent.objects.filter(target=label, target_id=str(question.pk)).exclude(
                action__in=["read", "refused"]
            )[:50],
        }
        return context


class QuestionStep(StepPage):
    """Explain, accept, uphold, ask for more."""

    permission = Perm.REPORT_VIEW
    model = Question
    template_name = "emitters/question_step.html"
    steps = {
        "explain": (ExplainForm, question_explain),
        "accept": (AcceptForm, question_accept),
        "uphold": (UpholdForm, question_uphold),
        "reopen": (NoteForm, question_reopen),
    }

    def extra_context(self, matter: Question) -> dict[str, Any]:
        """What it is about, and what was said of it."""
        rows = matter.results.visible_to(self.actor).current().filter(version=matter.version_id)
        return {
            "results": name_others(
                rows.select_related("version__report__unit__organisation"), self.actor
            ),
            "attachments": attachments_of(matter),
        }
