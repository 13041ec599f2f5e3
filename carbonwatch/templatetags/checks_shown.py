"""Names of checks and families in templates."""

import json
from typing import Any

from django import template

from carbonwatch.checks.registry import Family, get_check
from carbonwatch.params.models import Confidence

register = template.Library()


@register.filter
def check_name(code: str) -> object:
    """The name of a check."""
    return get_check(code).name


@register.filter
def family_label(code: str) -> object:
    """The name of a family of proof."""
    return Family(code).label


@register.filter
def as_written(value: Any) -> str:
    """The value of a parameter as people write it: a number, a word, or JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=float)


@register.filter
def confidence_label(code: str) -> object:
    """How sure we are of a parameter, in words."""
    return Confidence(code).label
