"""Official documents of this app."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.documents.render import Document, paragraphs
from carbonwatch.refusals import Missing
from inspections.models import Finding

DAY = "Y年n月j日"


def _order_context(finding: Finding) -> dict[str, Any]:
    if finding.ordered_at is None or finding.due_on is None:
        raise Missing(_("尚未下达责令改正通知书。"))
    return {
        "issuer": finding.bureau,
        "number": finding.order_number,
        "unit": finding.unit,
        "credit_code": finding.unit.credit_code,
        "year": finding.year,
        "title": finding.title,
        "finding_class": finding.get_finding_class_display(),
        "severity": finding.get_severity_display(),
        "description": paragraphs(finding.description),
        "clause": finding.clause,
        "basis": finding.order_basis,
        "due_on": date_format(finding.due_on, DAY),
        "demand": paragraphs(finding.order_demand),
        "measures": [
            gettext("%(number)s. %(text)s（%(day)s前完成）")
            % {"number": m.number, "text": m.text, "day": date_format(m.due_on, DAY)}
            for m in finding.measures.filter(order_number=finding.order_number)
        ],
        "ordered_on": date_format(timezone.localtime(finding.ordered_at), DAY),
    }


RECTIFICATION_ORDER = Document(
    "rectification-order",
    _("责令改正通知书"),
    "documents/rectification_order.docx",
    _order_context,
)
