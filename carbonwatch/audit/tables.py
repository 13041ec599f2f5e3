"""The ledger as a list."""

import json
from functools import cached_property

import django_filters as filters
import django_tables2 as tables
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Organisation
from carbonwatch.audit.labels import known_actions, label_of
from carbonwatch.audit.models import AuditEvent


class LedgerTable(tables.Table):
    """Entries, newest first; names of organisations come with one query."""

    seq = tables.Column(
        attrs={"td": {"class": "num"}}, linkify=("ledger-entry", {"pk": tables.A("seq")})
    )
    action = tables.Column(verbose_name=_("事项"))
    organisation_id = tables.Column(verbose_name=_("机构"))
    target = tables.Column(verbose_name=_("对象"), orderable=False)
    payload = tables.Column(
        verbose_name=_("记载内容"),
        orderable=False,
        attrs={"td": {"class": "long", "lang": "zh-Hans"}},
    )
    digest = tables.Column(verbose_name=_("摘要"), orderable=False, attrs={"td": {"class": "hash"}})

    class Meta:
        model = AuditEvent
        fields = (
            "seq",
            "at",
            "action",
            "actor_name",
            "organisation_id",
            "target",
            "payload",
            "digest",
        )
        empty_text = _("没有符合条件的记录。")

    @cached_property
    def names(self) -> dict[int, str]:
        """Organisation names by id."""
        return dict(Organisation.objects.values_list("pk", "name"))

    def render_action(self, value: str) -> object:
        """In words."""
        return label_of(value)

    def render_organisation_id(self, value: int) -> str:
        """By name."""
        return self.names.get(value, str(value))

    def render_target(self, record: AuditEvent) -> str:
        """Label and id."""
        return f"{record.target} {record.target_id}".strip()

    def render_payload(self, value: str) -> str:
        """The facts, short."""
        facts = json.loads(value)
        text = "；".join(f"{k}={v}" for k, v in facts.items() if v not in ("", None))
        return text if len(text) <= 120 else text[:119] + "…"

    def value_payload(self, value: str) -> str:
        """The whole text when it is taken away."""
        return value

    def render_digest(self, value: str) -> str:
        """Enough to compare by eye."""
        return value[:16]

    def value_digest(self, value: str) -> str:
        """The whole digest when it is taken away."""
        return value


class LedgerFilter(filters.FilterSet):
    """By matter, person, object, time, text."""

    action = filters.ChoiceFilter(label=_("事项"), choices=known_actions, empty_label=_("全部"))
    person = filters.CharFilter(label=_("人员"), field_name="actor_name", lookup_expr="icontains")
    organisation = filters.ModelChoiceFilter(
        label=_("机构"),
        queryset=Organisation.objects.all(),
        method="of_organisation",
        empty_label=_("全部"),
    )
    target = filters.CharFilter(
        label=_("对象"), method="of_target", help_text=_("例如 emitters.report 12")
    )
    text = filters.CharFilter(label=_("记载内容"), field_name="payload", lookup_expr="icontains")
    since = filters.DateFilter(label=_("起始日期"), field_name="at", lookup_expr="date__gte")
    until = filters.DateFilter(label=_("截止日期"), field_name="at", lookup_expr="date__lte")

    def of_organisation(self, queryset: QuerySet, name: str, value: Organisation) -> QuerySet:
        """By the id that the entry keeps."""
        return queryset.filter(organisation_id=value.pk)

    def of_target(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Label, or label and id."""
        label, _space, pk = value.strip().lower().partition(" ")
        found = queryset.filter(target__icontains=label)
        return found.filter(target_id=pk.strip()) if pk.strip() else found
