"""What the frame, the filter bar and the timelines need from the server."""

from typing import Any

from django import forms, template
from django.db.models import Model
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import Role
from carbonwatch.audit.labels import label_of
from carbonwatch.web.forms import dress
from carbonwatch.web.navigation import Entry

register = template.Library()


@register.filter
def posts(actor: Actor) -> list[object]:
    """The posts of an actor in words."""
    return [Role(code).label for code in actor.roles]


@register.simple_tag(takes_context=True)
def other_organisations(context: dict[str, Any]) -> list[Organisation]:
    """The other organisations that the person holds a post in today."""
    actor: Actor = context["actor"]
    today = timezone.localdate()
    held = {
        m.organisation
        for m in actor.user.memberships.select_related("organisation")
        if m.in_force(today)
    }
    return sorted((o for o in held if o.active and o != actor.organisation), key=lambda o: o.name)


@register.filter
def is_section(entry: Entry, path: str) -> bool:
    """Whether the page lies under the entry's list: the entry `emitters:report-list` holds
    `/reports/12/`, unless another entry fits better."""
    try:
        root = reverse(entry.url_name)
    except NoReverseMatch:
        return False
    return root != "/" and path.startswith(root)


@register.simple_tag
def dressed(form: forms.BaseForm) -> forms.BaseForm:
    """A form with the classes of the design system (filter forms are made by django-filter)."""
    dress(form)
    return form


@register.simple_tag(takes_context=True)
def filter_chips(context: dict[str, Any], filterset: Any) -> list[dict[str, Any]]:
    """What the list is filtered by, each with the address of the list without it."""
    params: QueryDict = context["request"].GET
    chips = []
    for bound in filterset.form.visible_fields():
        names = [n for n in params if n == bound.html_name or n.startswith(f"{bound.html_name}_m")]
        texts = [t for n in names for t in params.getlist(n) if t]
        if texts:
            rest = params.copy()
            for name in names:
                del rest[name]
            chips.append(
                {
                    "label": bound.label,
                    "text": _said(bound.field, texts),
                    "without": f"?{rest.urlencode()}",
                }
            )
    return chips


def _said(field: forms.Field, texts: list[str]) -> str:
    if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
        found = field.queryset.filter(pk__in=[t for t in texts if t.isdecimal()])
        return "、".join(str(o) for o in found) or "、".join(texts)
    words = {str(k): str(v) for k, v in getattr(field, "choices", [])}
    return "、".join(words.get(t, t) for t in texts)


@register.filter
def action_label(code: str) -> object:
    """The words for a code of the ledger."""
    return label_of(code)


@register.filter
def label_lower(obj: Model) -> str:
    """`app.model`, as ledger and attachments name a target."""
    return obj._meta.label_lower
