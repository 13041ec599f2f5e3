"""Fields and triggers that the records of this app share."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models


def person(label: Any) -> models.ForeignKey:
    """Somebody who takes a later step; empty until then."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=label
    )


def kept(name: str, moment: str) -> pgtrigger.Protect:
    """Decree 775 art. 11: records are kept for at least five years."""
    return pgtrigger.Protect(
        name=f"{name}_kept",
        operation=pgtrigger.Delete,
        condition=pgtrigger.Condition(f"OLD.{moment} > CURRENT_DATE - INTERVAL '5 years'"),
    )


def written_once(name: str) -> pgtrigger.Protect:
    """A row that is only ever added."""
    return pgtrigger.Protect(
        name=f"{name}_written_once", operation=pgtrigger.Update | pgtrigger.Delete
    )
