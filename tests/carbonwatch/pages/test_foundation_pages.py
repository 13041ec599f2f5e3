"""Every page of the foundation for every role: no page breaks, none is shown to the wrong one."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from carbonwatch.accounts.permissions import GRANTS, Perm, Role
from carbonwatch.audit.ledger import record
from carbonwatch.audit.models import AuditEvent
from carbonwatch.checks.registry import all_checks
from carbonwatch.jobs import service
from carbonwatch.jobs.models import Job
from carbonwatch.notifications.models import Notification
from carbonwatch.params.models import Parameter
from carbonwatch.worklist.models import WorkItem
from emitters.models import EmittingUnit
from tests.factories import AnnualReportFactory, OrganisationFactory

pytestmark = pytest.mark.django_db

PAGES = {
    "home": Perm.HOME,
    "overview": Perm.DASHBOARD_VIEW,
    "parameter-list": Perm.PARAMETER_VIEW,
    "check-list": Perm.CHECK_VIEW,
    "job-list": Perm.JOB_VIEW,
    "ledger": Perm.LEDGER_VIEW,
    "organisation-list": Perm.ACCOUNT_MANAGE,
    "organisation-create": Perm.ACCOUNT_MANAGE,
    "person-list": Perm.ACCOUNT_MANAGE,
    "person-create": Perm.ACCOUNT_MANAGE,
    "membership-list": Perm.GRANT_MANAGE,
    "membership-grant": Perm.GRANT_MANAGE,
    "security-people": Perm.GRANT_MANAGE,
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_its_pages_in_both_languages(sign_in, role):
    client, _actor = sign_in(role)
    for route, perm in PAGES.items():
        expected = 200 if perm in GRANTS[role] else 403
        page = client.get(reverse(route))
        assert page.status_code == expected, route
        assert 'lang="zh-Hans"' in page.content.decode()
        assert 'value="en"' in page.content.decode(), f"no language switch on {route}"
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    for route, perm in PAGES.items():
        page = client.get(reverse(route))
        assert page.status_code == (200 if perm in GRANTS[role] else 403), route
        assert '<html lang="en">' in page.content.decode()


def test_language_switch_is_on_pages_outside_too(client):
    for url in (reverse("sign-in"), "/no/such/page/"):
        assert 'action="/i18n/setlang/"' in client.get(url).content.decode()


def duty(actor, *, days, title, year):
    """An open duty of a matter that the actor may see."""
    now = timezone.now()
    unit = EmittingUnit.objects.get_or_create(organisation=actor.organisation)[0]
    report = AnnualReportFactory(unit=unit, year=year)
    return WorkItem.objects.create(
        organisation=actor.organisation, perm=Perm.REPORT_UPLOAD, target="emitters.annualreport",
        target_id=report.pk, flow="annual-report", state="awaited", title=title, url="/parameters/",
        opened_at=now, due_at=now + timedelta(days=days),
    )  # fmt: skip


def test_inbox_shows_duties_messages_and_deadlines(sign_in):
    client, actor = sign_in("unit.filler")
    duty(actor, days=-1, title="过期的事", year=2021)
    duty(actor, days=9, title="将来的事", year=2022)
    done = duty(actor, days=9, title="办过的事", year=2023)
    done.closed_at, done.closed_by = timezone.now(), actor.user
    done.save()
    message = Notification.objects.create(
        user=actor.user,
        organisation=actor.organisation,
        title="新消息",
        url="/checks/",
        at=timezone.now(),
    )
    page = client.get("/").content.decode()
    assert page.index("过期的事") < page.index("将来的事")
    assert "1 件已逾期" in page
    assert "办过的事" not in page
    assert "办过的事" in client.get("/?tab=done").content.decode()
    assert "新消息" in client.get("/?tab=to_read").content.decode()
    assert client.post(reverse("message-open", args=[message.pk])).url == "/checks/"
    assert "新消息" in client.get("/?tab=read").content.decode()
    assert client.get("/?tab=nonsense").status_code == 404
    other, _other = sign_in("unit.filler", OrganisationFactory())
    assert other.post(reverse("message-open", args=[message.pk])).status_code == 404
    assert "过期的事" not in other.get("/").content.decode()


def test_messages_never_lead_away(sign_in):
    client, actor = sign_in("unit.filler")
    message = Notification.objects.create(
        user=actor.user,
        organisation=actor.organisation,
        title="x",
        url="//evil.example",
        at=timezone.now(),
    )
    assert client.post(reverse("message-open", args=[message.pk])).url == reverse("home")
    assert client.post(reverse("messages-read")).url == reverse("home")


def test_parameters_show_source_and_confidence(sign_in):
    client, _actor = sign_in("unit.filler")
    Parameter.objects.create(
        key="grid.factor", value="0.5703", unit="tCO2/MWh", valid_from="2022-01-01",
        valid_to="2022-12-31", source="S01 公告", confidence="UNSURE",
    )  # fmt: skip
    page = client.get(reverse("parameter-list")).content.decode()
    for words in ("grid.factor", "0.5703", "tCO2/MWh", "S01 公告", "待核实"):
        assert words in page
    assert (
        "grid.factor"
        not in client.get("/parameters/?on=2023-05-01").content.decode().split("<tbody")[1]
    )
    assert "grid.factor" in client.get("/parameters/?on=2022-05-01&text=S01").content.decode()


def test_check_catalogue_and_every_page_of_it(sign_in):
    client, _actor = sign_in("unit.filler")
    pages = range(1, len(all_checks()) // 50 + 2)
    listed = "".join(client.get(reverse("check-list"), {"page": n}).content.decode() for n in pages)
    for check in all_checks():
        assert check.code in listed
        page = client.get(reverse("check-detail", args=[check.code]))
        assert page.status_code == 200
        with translation.override("zh-hans"):
            assert str(check.name) in page.content.decode()
    assert client.get(reverse("check-detail", args=["NO-SUCH-CHECK"])).status_code == 404
    assert client.get("/checks/?family=D&severity=fatal").status_code == 200


def test_overview_by_year(sign_in):
    client, _actor = sign_in("province.supervisor")
    assert client.get("/overview/?year=2023").status_code == 200
    for wrong in ("1999", "x", "²"):
        assert client.get(f"/overview/?year={wrong}").status_code == 404


def test_ledger_filter_entry_and_export(sign_in):
    client, actor = sign_in(Role.AUDIT_ADMIN)
    with transaction.atomic():
        record("file.read", actor.user, actor, timezone.now(), name="=1+1")
    page = client.get("/ledger/?action=file.read").content.decode()
    assert "读取文件" in page
    assert "共 1 条" in page
    entry = client.get(reverse("ledger-entry", args=[1])).content.decode()
    assert "摘要相符" in entry
    assert client.get(reverse("ledger-entry", args=[999])).status_code == 404
    assert client.get("/ledger/?export=xlsx").status_code == 200
    assert AuditEvent.objects.filter(action="ledger.exported").count() == 1


def test_the_proof_runs_as_a_job_and_its_page_shows_the_verdict(sign_in):
    client, _actor = sign_in(Role.AUDIT_ADMIN)
    response = client.post(reverse("ledger-verify"))
    job = Job.objects.get(kind="ledger.verify")
    assert response.url == reverse("ledger-proof", args=[job.pk])
    waiting = client.get(response.url).content.decode()
    assert 'hx-get="/ledger/proof/' in waiting
    service.run(job.pk)
    done = client.get(response.url + "?part=1").content.decode()
    assert "台账完好" in done
    assert "hx-get" not in done
    assert "完好" in client.get(reverse("ledger")).content.decode()
    other, _other = sign_in("unit.filler")
    assert other.get(response.url).status_code == 403


def test_attachments_of_nothing_are_not_there(sign_in):
    client, _actor = sign_in("unit.filler")
    assert client.get(reverse("attachment", args=[1])).status_code == 404
