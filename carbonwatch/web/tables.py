"""Columns that many lists share."""

from typing import Any

from django.utils.safestring import SafeString

from carbonwatch.templatetags.watch import status_badge


class StatusMixin:
    """The state of a matter as a badge on the page, in words in the export. Comes before `Table`."""

    def render_status(self, record: Any) -> SafeString:
        """The badge of the state."""
        return status_badge(record)

    def value_status(self, record: Any) -> str:
        """For the export."""
        return str(record.flow.state(record.status).label)
