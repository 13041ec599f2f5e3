"""Numbers of documents: no gap after a roll-back, none twice under concurrency."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from carbonwatch.accounts.models import Organisation
from carbonwatch.documents.numbering import next_number, short_name
from tests.factories import NOW, OrganisationFactory


@pytest.mark.django_db
def test_a_number_that_was_rolled_back_is_given_again():
    bureau = OrganisationFactory(kind="city")
    assert next_number(bureau, "责改", NOW) == "沈阳环责改〔2024〕1号"
    with transaction.atomic():
        next_number(bureau, "责改", NOW)
        transaction.set_rollback(True)
    assert next_number(bureau, "责改", NOW) == "沈阳环责改〔2024〕2号"
    assert next_number(bureau, "通报", NOW) == "沈阳环通报〔2024〕1号"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "city", "short"),
    [("province", "", "辽双碳"), ("ecology", "", "辽环"), ("city", "210200", "大连环")],
)
def test_short_names(kind, city, short):
    assert short_name(OrganisationFactory(kind=kind, city=city)) == short


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_get_each_number_once():
    bureau = OrganisationFactory(kind="city")

    def draw(_i: int) -> str:
        try:
            with transaction.atomic():
                return next_number(Organisation.objects.get(pk=bureau.pk), "责改", NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(draw, range(30)))
    assert sorted(int(n.split("〕")[1][:-1]) for n in numbers) == list(range(1, 31))
