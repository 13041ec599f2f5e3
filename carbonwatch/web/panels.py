"""Places where a higher app adds to a lower app's page, without the lower one knowing it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from carbonwatch.accounts.models import Actor


@dataclass(frozen=True)
class Panel:
    """A part of a detail page: `template` gets what `context(object, actor)` returns; None hides it."""

    model: str
    title: Any
    template: str
    context: Callable[[Any, Actor], dict[str, Any] | None]
    order: int = 50
    permission: str = ""


_PANELS: list[Panel] = []


def register_panel(panel: Panel) -> None:
    """Called in `ready()` of the app that adds."""
    _PANELS.append(panel)
    _PANELS.sort(key=lambda p: p.order)


def panels_for(model: str, obj: Any, actor: Actor) -> list[dict[str, Any]]:
    """The panels of an object that the viewer may see, with their context."""
    shown = []
    for panel in _PANELS:
        if panel.model.lower() != model or (panel.permission and not actor.may(panel.permission)):
            continue
        context = panel.context(obj, actor)
        if context is not None:
            shown.append({"title": panel.title, "template": panel.template, **context})
    return shown
