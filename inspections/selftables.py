"""Columns of the lists of self-inspection."""

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from carbonwatch.templatetags.watch import status_badge
from inspections.models import Questionnaire, SelfInspection


class _WithStatus(tables.Table):
    def render_status(self, record: Questionnaire | SelfInspection) -> SafeString:
        """The badge of the state."""
        return status_badge(record)

    def value_status(self, record: Questionnaire | SelfInspection) -> str:
        """For the export."""
        return str(record.flow.state(record.status).label)


class QuestionnaireTable(_WithStatus):
    """Questionnaires by version."""

    title = tables.Column(linkify=lambda record: record.get_absolute_url())
    size = tables.Column(_("题数"))

    class Meta:
        model = Questionnaire
        fields = ("title", "code", "version", "audience", "year", "size", "status", "due_on")


class SelfInspectionTable(_WithStatus):
    """Who answers what, how far it is."""

    organisation = tables.Column(linkify=lambda record: record.get_absolute_url())
    city = tables.Column(_("所在市"), accessor="organisation__city")
    questionnaire = tables.Column(orderable=False)
    due_at = tables.DateColumn(format="Y-m-d")
    declared = tables.Column(_("自报问题"))
    submitted_at = tables.DateColumn(format="Y-m-d")

    class Meta:
        model = SelfInspection
        fields = (
            "organisation",
            "city",
            "questionnaire",
            "status",
            "due_at",
            "declared",
            "submitted_at",
        )

    def render_city(self, record: SelfInspection) -> str:
        """The name of the city."""
        return record.organisation.get_city_display()

    def value_city(self, record: SelfInspection) -> str:
        """For the export."""
        return record.organisation.get_city_display()
