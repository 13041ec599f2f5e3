"""Columns of the lists of self-inspection."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from carbonwatch.web.tables import StatusMixin
from inspections.models import Questionnaire, SelfInspection


class QuestionnaireTable(StatusMixin, tables.Table):
    """Questionnaires by version."""

    title = tables.Column(linkify=lambda record: record.get_absolute_url())
    size = tables.Column(_("题数"))

    class Meta:
        model = Questionnaire
        fields = ("title", "code", "version", "audience", "year", "size", "status", "due_on")


class SelfInspectionTable(StatusMixin, tables.Table):
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
