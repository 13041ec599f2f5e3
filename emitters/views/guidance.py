"""The library of common defects."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.web.pages import TextPage
from emitters.guidance import DEFECTS


class Guidance(TextPage):
    """Common defects, each with a wrong and a right example; `?check=CODE` shows those of one check."""

    permission = Perm.CHECK_VIEW
    template_name = "emitters/guidance.html"
    extra_context = {"title": _("常见问题和正确做法")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The defects."""
        context = super().get_context_data(**kwargs)
        code = self.request.GET.get("check", "")
        chosen = [d for d in DEFECTS if code in d.checks]
        return context | {"defects": chosen or DEFECTS, "narrowed": bool(chosen)}


def defects_of_check(check: Any, actor: Any) -> dict[str, Any] | None:
    """Panel of a check's page."""
    found = [d for d in DEFECTS if check.code in d.checks]
    return {"defects": found} if found else None
