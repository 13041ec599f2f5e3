"""Section of the quarterly report: tips. Its rows name a tip by its number, and nobody."""

from collections.abc import Callable

from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from carbonwatch.params.regions import REGION_CHOICES
from inspections.models import Tip, TipOutcome, TipSubject
from inspections.quarterly.period import Period
from inspections.quarterly.registry import By, Figure, Section

_CITY = By("city", _("所在市"), "city", [*REGION_CHOICES, ("", _("未注明"))])
_SUBJECT = By("subject", _("举报事项"), "subject", TipSubject.choices)
_OUTCOME = By("outcome", _("核实结果"), "outcome", TipOutcome.choices)


def _tips(code: str, label: object, where: Callable[[Period], Q], *by: By) -> Figure:
    return Figure(code, label, _("件"), Tip, where, "number", Value(""), by=by)


TIPS = Section(
    "tips",
    _("举报线索办理情况"),
    (
        _tips("tips.received", _("收到举报"), lambda p: p.within("received_at"), _SUBJECT, _CITY),
        _tips(
            "tips.declined", _("不予受理"), lambda p: p.within("decided_at") & Q(status="declined")
        ),
        _tips("tips.answered", _("已反馈结果"), lambda p: p.within("answered_at"), _OUTCOME),
        _tips("tips.closed", _("办结举报"), lambda p: p.within("closed_at")),
    ),
    45,
)
