"""What the pages of the quarterly report need."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext

from carbonwatch.params.regions import REGION_CHOICES, REGION_CODES
from carbonwatch.templatetags.watch import NONE, number

register = template.Library()
_REGIONS = dict(REGION_CHOICES)


@register.filter
def told(text: str) -> str:
    """A stored label in the reader's language: it was stored as it stands in the source."""
    if text in REGION_CODES:
        return str(_REGIONS[REGION_CODES[text]])
    return gettext(text) if text else ""


@register.filter
def signed(value: Decimal | None, decimals: int = 0) -> str:
    """A difference with its sign."""
    if value is None:
        return NONE
    return f"+{number(value, decimals)}" if value > 0 else number(value, decimals)
