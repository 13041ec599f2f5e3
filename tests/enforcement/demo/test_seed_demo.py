"""The made-up province: repeatable, in every state, and sound in its ledger, figures and duties."""

import hashlib
from collections.abc import Callable
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from django.test import override_settings

from carbonwatch.accounts.demo import DEMO_PASSWORD
from carbonwatch.accounts.models import Membership, Organisation, User
from carbonwatch.accounts.permissions import OrgKind, Role
from carbonwatch.audit.verify import verify
from carbonwatch.jobs.models import Job
from carbonwatch.params.regions import REGION_NAMES
from carbonwatch.params.service import load_shipped
from carbonwatch.worklist.models import WorkItem
from emitters.models import AnnualReport, EmittingUnit, OutsideFile, Question, ReportVersion
from emitters.services.summaries import rebuild
from emitters.store import load_facts
from enforcement.models import Case, PublicNotice
from inspections.models import Finding
from verification.models import Assignment

pytestmark = pytest.mark.django_db
SIZE = ("--units", "4", "--years", "2023-2025")


def snapshot() -> list[object]:
    """Everything that must not depend on the run: people, reports to the last digit, states."""
    versions = list(
        ReportVersion.objects.select_related("report").order_by(
            "report__unit__organisation__code", "report__year", "number"
        )
    )
    facts = load_facts(versions)
    return [
        list(User.objects.order_by("username").values_list("username", "name")),
        list(Organisation.objects.order_by("code").values_list("code", "name", "city")),
        [
            (v.report.year, v.number, v.status, hashlib.sha256(repr(facts[v.pk]).encode()).hexdigest())
            for v in versions
        ],
        list(Question.objects.order_by("fingerprint").values_list("fingerprint", "status")),
        list(Assignment.objects.order_by("pk").values_list("agency__code", "status")),
        list(Finding.objects.order_by("pk").values_list("unit__organisation__code", "status")),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def both(django_db_setup, django_db_blocker, tmp_path_factory):
    """Two provinces of one seed, one after the other; the second one stands during the tests."""
    folder = tmp_path_factory.mktemp("province")
    own = override_settings(
        MEDIA_ROOT=folder / "files",
        LEDGER_ANCHOR=folder / "head.jsonl",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    with django_db_blocker.unblock(), own:
        with transaction.atomic():
            first = made()
            transaction.set_rollback(True)
        with transaction.atomic():
            yield first, made()
            transaction.set_rollback(True)


def made() -> list[object]:
    load_shipped()
    call_command("seed_demo", *SIZE, stdout=StringIO())
    return snapshot()


def test_same_seed_same_province(both):
    first, second = both
    assert first == second


def test_everybody_is_there(both):
    kinds = set(Organisation.objects.values_list("kind", flat=True))
    assert kinds == set(OrgKind.values)
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
    cities = Organisation.objects.filter(kind=OrgKind.CITY).values_list("city", flat=True)
    assert set(cities) == set(REGION_NAMES)
    assert not User.objects.filter(is_demo=False).exists()
    assert User.objects.get(username="unit-001-filler").check_password(DEMO_PASSWORD)
    assert User.objects.get(username="city-2101sf-chief").check_password(DEMO_PASSWORD)


@pytest.mark.parametrize(
    ("model", "states"),
    [
        (ReportVersion, {"accepted", "submitted", "checked", "returned", "superseded"}),
        (Question, {"open", "explained", "upheld"}),
        (AnnualReport, {"accepted", "filed", "drafting"}),
        (Assignment, {s.code for s in Assignment.flow.states}),
        (Finding, {s.code for s in Finding.flow.states}),
        (Case, {"proposed", "filed", "refused"}),
        (PublicNotice, {"drafted", "returned", "published"}),
    ],
)
def test_work_in_every_state(both, model, states):
    assert set(model.objects.values_list("status", flat=True)) >= states


def test_an_order_is_overdue(both):
    from django.utils import timezone

    assert Finding.objects.filter(status="ordered", due_at__lt=timezone.now()).exists()


def test_books_agree(both):
    verdict = verify()
    assert verdict.ok, verdict.message
    assert rebuild(check_only=True) == []
    assert not Job.objects.exclude(state="done").exists()
    assert EmittingUnit.objects.count() * 3 == AnnualReport.objects.count() == 12


def test_no_duty_dangles(both):
    for item in WorkItem.objects.filter(closed_at=None):
        matter = apps.get_model(item.target)._base_manager.get(pk=item.target_id)
        assert matter.status == item.state, item
        assert matter.due_at == item.due_at, item


def test_time_runs_forward(both):
    late: Callable[..., object] = ReportVersion.objects.filter
    assert not late(submitted_at__lt=F("uploaded_at")).exists()
    assert not late(checked_at__lt=F("uploaded_at")).exists()
    assert not late(decided_at__lt=F("submitted_at")).exists()
    assert not Question.objects.filter(explained_at__lt=F("opened_at")).exists()
    old = ReportVersion.objects.filter(report__year=2023)
    assert {v.uploaded_at.year for v in old} == {2024}


def test_a_full_database_is_left_alone(both):
    before = snapshot()
    call_command("seed_demo", "--if-empty", stdout=(out := StringIO()))
    assert out.getvalue() == ""
    with pytest.raises(CommandError, match="make demo-reset"):
        call_command("seed_demo")
    assert snapshot() == before


def test_production_stays_clean(settings):
    settings.ALLOW_DEMO_ACCOUNTS = False
    with pytest.raises(CommandError):
        call_command("seed_demo")
    with pytest.raises(CommandError):
        call_command("demo_accounts")


def test_accounts_are_shown(both):
    call_command("demo_accounts", stdout=(out := StringIO()))
    lines = out.getvalue().splitlines()
    assert DEMO_PASSWORD in lines[0]
    shown = {line.split()[1] for line in lines[1:]}
    assert shown == set(Role.values)


def test_without_made_up_people(both):
    User.objects.update(is_demo=False)
    call_command("demo_accounts", stdout=(out := StringIO()))
    assert "没有演示账号" in out.getvalue()


def test_other_offices_have_brought_in_their_records(both):
    states = {"in_force", "replaced", "refused", "asking"}
    assert set(OutsideFile.objects.values_list("status", flat=True)) == states
    providers = set(OutsideFile.objects.values_list("provider__kind", flat=True))
    assert {OrgKind.DRC, OrgKind.MARKET, OrgKind.ECOLOGY} <= providers
    with_records = ReportVersion.objects.exclude(not_run__has_key="CON-GRID-POWER")
    assert with_records.filter(report__year=2025, checked_at__isnull=False).exists()
