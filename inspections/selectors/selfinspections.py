"""What other pages show of self-inspection."""

from typing import Any

from carbonwatch.accounts.models import Actor
from inspections.models import Declaration, Finding


def declaration_of_finding(finding: Finding, actor: Actor) -> dict[str, Any] | None:
    """Panel of a finding that the unit declared itself: what it proposes to correct."""
    declared = Declaration.objects.visible_to(actor).filter(finding=finding)
    declaration = declared.select_related("inspection", "question").first()
    return {"declaration": declaration} if declaration else None
