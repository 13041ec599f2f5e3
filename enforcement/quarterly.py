"""Section of the quarterly supervision report: cases and public notices."""

from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from carbonwatch.params.regions import REGION_CHOICES
from enforcement.models import Case, PublicNotice
from inspections.quarterly.registry import By, Figure, Section

_CITY = By("city", _("所在市"), "city", REGION_CHOICES)

CASES = Section(
    "cases",
    _("立案处罚和公开通报情况"),
    (
        Figure(
            "cases.proposed", _("提请立案"), _("件"), Case, lambda p: p.within("opened_at"),
            "reason", by=(_CITY,),
        ),
        Figure(
            "cases.filed", _("批准立案"), _("件"), Case,
            lambda p: p.within("decided_at") & ~Q(status="refused"), "reason", by=(_CITY,),
        ),
        Figure(
            "cases.refused", _("不予立案"), _("件"), Case,
            lambda p: p.within("decided_at") & Q(status="refused"), "reason",
        ),
        Figure(
            "cases.published", _("公开通报"), _("份"), PublicNotice,
            lambda p: p.within("published_at"), "title", "issuer__name", Value(""),
        ),
    ),
    60,
)  # fmt: skip
