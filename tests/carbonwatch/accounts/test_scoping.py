"""What belongs to another organisation does not exist for the viewer."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.accounts.scoping import resolve, scope_of
from carbonwatch.refusals import Missing
from emitters.models import EmittingUnit
from tests.factories import DALIAN, MembershipFactory, OrganisationFactory, UnitFactory, make_actor

pytestmark = pytest.mark.django_db
LABEL = "emitters.emittingunit"


@pytest.fixture
def units():
    return UnitFactory(), UnitFactory(organisation__city=DALIAN, attributes__ownership="民营")


@pytest.mark.parametrize(
    ("role", "kind", "seen"),
    [
        ("province.supervisor", OrgKind.PROVINCE, [0, 1]),
        ("department.supervisor", OrgKind.ECOLOGY, [0, 1]),
        ("department.supervisor", OrgKind.SASAC, [0]),
        ("city.inspector", OrgKind.CITY, [0]),
        ("platform.system", OrgKind.PLATFORM, []),
        ("agency.member", OrgKind.VERIFIER, []),
        ("agency.member", OrgKind.LABORATORY, []),
    ],
)
def test_units_by_kind_of_viewer(units, role, kind, seen):
    actor = make_actor(role, kind=kind)
    visible = EmittingUnit.objects.visible_to(actor)
    assert set(visible) == {units[n] for n in seen}


def test_a_unit_sees_itself_alone(units):
    actor = make_actor("unit.filler", units[0].organisation)
    assert list(EmittingUnit.objects.visible_to(actor)) == [units[0]]
    assert resolve(LABEL, units[0].pk, actor) == units[0]
    for pk in (units[1].pk, 999999):
        with pytest.raises(Missing):
            resolve(LABEL, pk, actor)


def test_without_a_rule_nothing_is_seen(units):
    assert not Organisation.objects.filter(
        scope_of(Organisation, make_actor("city.chief"))
    ).exists()


def test_locking_goes_through_scope(units):
    visible = EmittingUnit.objects.visible_to(make_actor("city.chief"))
    with transaction.atomic():
        assert visible.locked(units[0].pk) == units[0]
        with pytest.raises(Missing):
            visible.locked(units[1].pk)


def test_an_actor_needs_a_post_in_force():
    today = timezone.localdate()
    organisation = OrganisationFactory()
    post = MembershipFactory(organisation=organisation)
    assert Actor.of(post.user).organisation == organisation
    post.until = today - timedelta(days=1)
    post.save()
    assert Actor.of(post.user) is None
    post.until, post.since = None, today + timedelta(days=1)
    post.save()
    assert Actor.of(post.user) is None


def test_an_actor_needs_an_active_account_and_organisation():
    post = MembershipFactory()
    post.user.is_active = False
    assert Actor.of(post.user) is None
    post.user.is_active = True
    Organisation.objects.update(active=False)
    assert Actor.of(post.user) is None


def test_an_actor_acts_for_one_organisation_with_its_posts_only():
    post = MembershipFactory(role="unit.filler")
    city = OrganisationFactory(kind=OrgKind.CITY)
    MembershipFactory(user=post.user, organisation=city, role="city.chief", since=date(2020, 1, 1))
    actor = Actor.of(post.user, city)
    assert (actor.kind, actor.roles) == ("city", ("city.chief",))
    assert not actor.may("report.upload")
    assert Actor.of(post.user, OrganisationFactory()) is None
