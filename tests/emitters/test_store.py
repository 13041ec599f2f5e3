"""What is stored gives the same facts again."""

from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.db.utils import InternalError

from emitters.models import MonthlyRow
from emitters.store import load_facts, store_facts
from emitters.workbook import read_report
from tests.factories import AnnualReportFactory, VersionFactory

GOOD = sorted((Path(__file__).parent.parent / "workbooks" / "good").glob("*.xlsx"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", GOOD, ids=lambda p: p.stem)
def test_stored_facts_come_back_equal(path, django_assert_num_queries):
    facts = read_report(path.read_bytes()).facts
    version = VersionFactory(report=AnnualReportFactory(year=facts.year))
    count = store_facts(version, facts)
    version.save()
    assert count > 30
    with django_assert_num_queries(4):
        again = load_facts([version])[version.pk]
    assert again.generators == facts.generators
    assert again.plant_total == facts.plant_total
    assert again.stocks == facts.stocks
    assert again.tests == facts.tests
    assert again.daily == facts.daily
    assert again == facts


@pytest.mark.django_db
def test_rows_cannot_be_changed_or_deleted():
    facts = read_report(GOOD[0].read_bytes()).facts
    version = VersionFactory(report=AnnualReportFactory(year=facts.year), retain_until="2099-12-31")
    store_facts(version, facts)

    for forbidden in (
        lambda: MonthlyRow.objects.update(annual=0),
        lambda: MonthlyRow.objects.all().delete(),
        lambda: version.delete(),
    ):
        with pytest.raises((InternalError, ProtectedError)), transaction.atomic():
            forbidden()
