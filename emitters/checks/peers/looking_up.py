"""The one way in which a check on a report reaches what a population rule found."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from carbonwatch.checks.registry import Hit, NotRun
from emitters.facts import CheckContext


def found(ctx: CheckContext, code: str) -> Iterator[Hit]:
    """The rule's results on the report. `NotRun` when it stands alone or could not be compared."""
    if ctx.peers is None:
        raise NotRun(_("须与其他单位的报告比较，在同类比较时执行。"))
    return ctx.peers.hits(code, (ctx.report.credit_code, ctx.report.year))
