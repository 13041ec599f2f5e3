"""What the pages about thresholds show."""

import json
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.checks.registry import Check
from carbonwatch.checks.runner import retirement_key
from carbonwatch.params.models import Parameter
from carbonwatch.params.service import in_force
from carbonwatch.params.values import Value
from emitters.models import AnnualReport, ThresholdProposal
from emitters.thresholds import adjustable


def keys() -> list[str]:
    """Every parameter that a proposal may change."""
    return adjustable(in_force().by_key)


def held_on(key: str, on: date) -> Value | None:
    """The value of a key in force on that day."""
    return next((v for v in in_force().by_key.get(key, ()) if v.covers(on)), None)


def written(key: str) -> str:
    """The newest value of a key as people write it; empty when there is none."""
    row = Parameter.objects.filter(key=key).order_by("-valid_from").first()
    return "" if row is None else json.dumps(row.value, ensure_ascii=False, cls=DjangoJSONEncoder)


def years() -> list[int]:
    """Years with reports that count, newest first."""
    found = AnnualReport.objects.exclude(current=None).order_by("-year").values_list("year")
    return [year for (year,) in found.distinct()]


def threshold_panel(check: Check, actor: Actor) -> dict[str, Any]:
    """For the page of a check: its thresholds to adjust, and what was proposed for them."""
    own = f"check.{check.code}."
    return {
        "keys": [k for k in keys() if k.startswith(own)],
        "retirement": retirement_key(check.code),
        "proposals": ThresholdProposal.objects.visible_to(actor).filter(key__startswith=own),
        "may_propose": actor.may(Perm.THRESHOLD_PROPOSE),
    }
