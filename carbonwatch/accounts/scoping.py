"""Whose objects a person may touch: one query layer, used by pages, API, tasks, exports and files.

A model says in one line how it hangs in the scope (`scope_through = "report__unit"`); the model at
the root registers a rule per kind of organisation. A higher app may add a rule for a lower model
(agencies see what is assigned to them) with `scope_rule`. No rule means: sees nothing.
"""

from collections.abc import Callable
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from carbonwatch.accounts.models import Actor
from carbonwatch.refusals import Missing

Rule = Callable[[Actor], Q]
_RULES: dict[tuple[str, str], list[Rule]] = {}
NOTHING = Q(pk__in=[])
EVERYTHING = ~Q(pk__in=[])  # not Q(): an empty condition vanishes in an OR


def scope_rule(model: str, *kinds: str) -> Callable[[Rule], Rule]:
    """Register who sees what of a root model: `@scope_rule("emitters.Unit", OrgKind.CITY)`.

    Several rules for one pair are alternatives (OR).
    """

    def keep(rule: Rule) -> Rule:
        for kind in kinds:
            _RULES.setdefault((model.lower(), kind), []).append(rule)
        return rule

    return keep


def scope_of(model: type[models.Model], actor: Actor) -> Q:
    """The condition under which rows of the model are the actor's to see."""
    own = _RULES.get((model._meta.label_lower, actor.kind))
    if own:
        condition = Q(pk__in=[])
        for rule in own:
            condition |= rule(actor)
        return condition
    through = getattr(model, "scope_through", "")
    if not through:
        return NOTHING
    if isinstance(through, tuple):
        condition = Q(pk__in=[])
        for path in through:
            condition |= _along(model, path, actor)
        return condition
    return _along(model, through, actor)


def _along(model: type[models.Model], path: str, actor: Actor) -> Q:
    target: Any = model
    for part in path.split("__"):
        target = target._meta.get_field(part).related_model
    return Q(**{f"{path}__in": target.objects.visible_to(actor)})


class ScopedQuerySet(models.QuerySet):
    """Querysets that start from the viewer. Joins are avoided so that rows can be locked."""

    def visible_to(self, actor: Actor) -> Self:
        """Only the rows that the actor's organisation may see."""
        return self.filter(scope_of(self.model, actor))

    def locked(self, pk: object) -> Any:
        """The row, locked until the end of the transaction; `Missing` when it is not visible."""
        row = self.select_for_update(of=("self",)).filter(pk=pk).order_by("pk").first()
        if row is None:
            raise Missing()
        return row

    def one(self, **lookup: object) -> Any:
        """The only row that fits, or `Missing`."""
        # Not in the order of the model, which may join three tables for a single row.
        row = self.filter(**lookup).order_by("pk").first()
        if row is None:
            raise Missing()
        return row


ScopedManager = models.Manager.from_queryset(ScopedQuerySet)


def resolve(label: str, pk: object, actor: Actor) -> Any:
    """The object named by label and id (as ledger, jobs and attachments name it), through scope."""
    return apps.get_model(label)._default_manager.visible_to(actor).one(pk=pk)
