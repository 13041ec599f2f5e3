"""What the quarterly report puts into the places of the frame: its menu entry and its own sections."""

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import Perm
from carbonwatch.web.navigation import Entry, register_entry
from inspections.quarterly.filing import CHECKS, FILING
from inspections.quarterly.registry import register_section
from inspections.quarterly.supervising import FINDINGS, INSPECTIONS, STAKES
from inspections.quarterly.telling import TIPS


def declare() -> None:
    """Called in `ready()`."""
    register_entry(Entry(_("日常监管季报"), "inspections:quarters", Perm.QUARTER_VIEW, 44))
    for section in (FILING, CHECKS, INSPECTIONS, FINDINGS, TIPS, STAKES):
        register_section(section)
