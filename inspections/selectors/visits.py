"""When units were last inspected on site."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Max

from inspections.models import Inspection


def last_visits() -> Mapping[int, date]:
    """The day of the last inspection on site that has begun, by unit."""
    seen = Inspection.objects.filter(manner="on-site", begun_at__isnull=False)
    return dict(seen.order_by().values_list("unit").annotate(Max("visit_on")))
