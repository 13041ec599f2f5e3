"""What closings say of a check."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from carbonwatch.checks.registry import get_check
from carbonwatch.params.service import load_shipped
from emitters.closing import CONFIRMED, Closing
from emitters.models import Question
from emitters.selectors.effect import effects
from tests.factories import NOW, VersionFactory, make_actor

pytestmark = pytest.mark.django_db

CODE, LETTER, OTHER = "CON-STOCK-BALANCE", "C", "D"
S0 = Decimal("0.45")  # strength of `cross`


@pytest.fixture
def version():
    load_shipped()
    return VersionFactory()


def closed(version, counts, letter=LETTER):
    """Questions by closing code; an empty code is an open question."""
    known = Question.objects.count()
    Question.objects.bulk_create(
        Question(
            report=version.report, version=version, check_code=CODE, letter=letter,
            fingerprint=f"{known + number:064d}", opened_at=NOW, submitted_at=NOW,
            closing=code, status=status_of(code),
        )
        for number, code in enumerate(c for c, n in counts.items() for _n in range(n))
    )  # fmt: skip


def status_of(code):
    if not code:
        return "open"
    return "upheld" if code in CONFIRMED else "accepted"


def effect(letter=LETTER):
    (found,) = effects(NOW.date(), [get_check(CODE)])
    return next(e for e in found.effects if e.letter == letter)


def test_without_closings_the_strength_is_that_in_force(version):
    closed(version, {"": 3})
    found = effect()
    assert (found.raised, found.closed, found.precision) == (3, 0, None)
    assert found.strength == found.learned == S0


def test_a_strength_is_learned_from_what_was_examined(version):
    counts = {
        Closing.FALSIFIED: 2, Closing.FAVOURABLE: 3, Closing.UNFAVOURABLE: 1,
        Closing.EXPLAINED: 4, Closing.RULE_WRONG: 2, Closing.NOT_EXAMINED: 7, "": 5,
    }  # fmt: skip
    closed(version, counts)
    closed(version, {Closing.FALSIFIED: 9}, OTHER)
    found = effect()
    assert (found.raised, found.closed, found.confirmed) == (24, 12, 6)
    assert found.precision == Decimal("0.500")
    assert found.learned == Decimal("0.477")  # (10 · 0.45 + 6) / (10 + 12) = 0.47727
    assert effect(OTHER).learned == Decimal("0.711")  # (4.5 + 9) / 19 = 0.71053


@pytest.mark.parametrize(
    ("confirmed", "explained", "retire"),
    [(1, 28, False), (1, 29, True), (2, 28, False), (1, 19, False), (1, 39, True), (0, 30, True)],
)
def test_a_check_that_is_hardly_ever_right_is_to_be_retired(version, confirmed, explained, retire):
    closed(version, {Closing.FAVOURABLE: confirmed, Closing.EXPLAINED: explained})
    (found,) = effects(NOW.date(), [get_check(CODE)])
    assert found.retire is retire  # 30 closings or more, below 5 %


def test_all_letters_count_together(version):
    closed(version, {Closing.EXPLAINED: 20})
    closed(version, {Closing.EXPLAINED: 20, Closing.FALSIFIED: 3}, OTHER)
    (found,) = effects(NOW.date(), [get_check(CODE)])
    assert (found.closed, found.confirmed, found.retire) == (43, 3, False)


def test_the_pages_show_it_to_the_authorities_only(version, django_assert_max_num_queries):
    closed(version, {Closing.RULE_WRONG: 30})
    client, page = Client(), reverse("check-detail", args=[CODE])
    client.force_login(
        make_actor("city.chief").user, backend="django.contrib.auth.backends.ModelBackend"
    )
    assert "建议停用" in client.get(page).content.decode()
    with django_assert_max_num_queries(12):
        listed = client.get(reverse("emitters:effect"), {"family": "C"}).content.decode()
    assert "badge text-bg-warning" in listed
    assert "CON-STOCK-BALANCE" in listed
    assert client.get(reverse("emitters:effect"), {"retire": "1"}).content.decode().count(
        f">{CODE}</a>"
    ) == len([o for o in get_check(CODE).outcomes.values() if o.severity == "critical"])
    client.force_login(
        make_actor("unit.filler").user, backend="django.contrib.auth.backends.ModelBackend"
    )
    assert "强度估计" not in client.get(page).content.decode()
    assert client.get(reverse("emitters:effect")).status_code == 403
