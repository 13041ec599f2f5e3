"""Titles of duties and messages in the reader's language; stored are those in Chinese."""

from collections import defaultdict
from collections.abc import Sequence

from django.apps import apps
from django.conf import settings
from django.utils.translation import get_language

from carbonwatch.notifications.models import Notification
from carbonwatch.worklist.models import WorkItem


def name_anew(rows: Sequence[WorkItem | Notification]) -> None:
    """Name each matter in the language of the page, where that is not the stored one.

    One query for each kind of matter; rows whose matter is unknown keep what they have.
    """
    if get_language() == settings.LANGUAGE_CODE:
        return
    duties = WorkItem.objects.filter(url__in={row.url for row in rows})
    targets = {
        url: (label, pk) for url, label, pk in duties.values_list("url", "target", "target_id")
    }
    wanted = defaultdict(set)
    for label, pk in targets.values():
        wanted[label].add(pk)
    matters = {
        (label, pk): matter
        for label, pks in wanted.items()
        for pk, matter in apps.get_model(label)
        ._default_manager.select_related()
        .in_bulk(pks)
        .items()
    }
    for row in rows:
        matter = matters.get(targets.get(row.url, ("", 0)))
        if matter is not None:
            row.title = str(matter)
