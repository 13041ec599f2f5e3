"""Control schemes: two people, versions that stay, gaps against the guideline and the report."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from carbonwatch.audit.models import AuditEvent
from carbonwatch.checks.registry import all_checks
from carbonwatch.refusals import Forbidden, GuardFailed, Refused, WrongState
from emitters.guidance import DEFECTS
from emitters.models import ControlScheme, Generator, SchemeItem
from emitters.schemes import Frequency, SchemeFacts, SchemeLine, SchemeParameter
from emitters.selectors.schemes import guideline_gaps, scheme_in_force
from emitters.services.schemes import (
    scheme_approve,
    scheme_draft,
    scheme_fill,
    scheme_return,
    scheme_submit,
)
from tests.factories import OrganisationFactory, UnitFactory, make_actor

NOW = timezone.now()
GOOD = {"fc": "continuous", "ncv": "day", "c_ar": "month"}


@pytest.fixture
def people(db):
    """Filler and approver of one unit with one generator."""
    filler = make_actor("unit.filler")

    unit = UnitFactory(organisation=filler.organisation)
    Generator.objects.get_or_create(unit=unit, number="1#")
    return filler, make_actor("unit.approver", filler.organisation)


def filled(scheme, filler):
    """Every line settled."""
    lines = [
        {"id": i.pk, "frequency": GOOD.get(i.parameter, "continuous"), "meter": "M-1"}
        for i in scheme.items.all()
    ]
    return scheme_fill(scheme.pk, lines=lines, actor=filler, now=NOW)


def in_force(filler, approver, year=2023):
    """A version that was approved."""
    scheme = filled(scheme_draft(year=year, reason="制定", actor=filler, now=NOW), filler)
    scheme_submit(scheme.pk, actor=filler, now=NOW)
    return scheme_approve(scheme.pk, actor=approver, now=NOW)


def test_a_new_scheme_has_a_line_for_every_parameter_of_every_generator(people):
    scheme = scheme_draft(year=2023, reason="制定", actor=people[0], now=NOW)
    assert [i.parameter for i in scheme.items.all()] == SchemeParameter.values
    assert scheme.number == 1


def test_a_revision_starts_from_what_is_in_force_and_supersedes_it(people):
    first = in_force(*people)
    second = in_force(*people, year=2024)
    first.refresh_from_db()
    assert (first.status, second.number, second.status) == ("superseded", 2, "in_force")
    assert {i.meter for i in second.items.all()} == {"M-1"}
    assert scheme_in_force(second.unit_id, 2023).number == 1
    assert scheme_in_force(second.unit_id, 2025).number == 2
    assert scheme_in_force(second.unit_id, 2022) is None


def test_only_one_version_is_prepared_at_a_time(people):
    scheme_draft(year=2023, reason="制定", actor=people[0], now=NOW)
    with pytest.raises(GuardFailed):
        scheme_draft(year=2024, reason="再来", actor=people[0], now=NOW)


def test_an_unsettled_scheme_is_not_submitted(people):
    scheme = scheme_draft(year=2023, reason="制定", actor=people[0], now=NOW)
    with pytest.raises(GuardFailed):
        scheme_submit(scheme.pk, actor=people[0], now=NOW)


def test_nobody_approves_their_own_scheme(people):
    filler, _approver = people
    scheme = filled(scheme_draft(year=2023, reason="制定", actor=filler, now=NOW), filler)
    scheme_submit(scheme.pk, actor=filler, now=NOW)
    both = replace(filler, perms=filler.perms | {"scheme.approve"})
    with pytest.raises(Refused):
        scheme_approve(scheme.pk, actor=both, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ControlScheme.objects.filter(pk=scheme.pk).update(
            status="in_force", approved_by=filler.user, approved_at=NOW
        )


def test_what_was_submitted_is_not_edited(people):
    filler, approver = people
    scheme = in_force(filler, approver)
    item = scheme.items.first()
    with pytest.raises(WrongState):
        scheme_fill(scheme.pk, lines=[{"id": item.pk, "meter": "x"}], actor=filler, now=NOW)
    with pytest.raises(InternalError), transaction.atomic():
        SchemeItem.objects.filter(pk=item.pk).update(meter="x")
    with pytest.raises(InternalError), transaction.atomic():
        ControlScheme.objects.filter(pk=scheme.pk).delete()


def test_a_returned_scheme_is_mended_and_comes_again(people):
    filler, approver = people
    scheme = filled(scheme_draft(year=2023, reason="制定", actor=filler, now=NOW), filler)
    scheme_submit(scheme.pk, actor=filler, now=NOW)
    scheme_return(scheme.pk, note="补充器具编号", actor=approver, now=NOW)
    item = scheme.items.first()
    scheme_fill(scheme.pk, lines=[{"id": item.pk, "meter": "M-2"}], actor=filler, now=NOW)
    scheme_submit(scheme.pk, actor=filler, now=NOW)
    assert scheme_approve(scheme.pk, actor=approver, now=NOW).status == "in_force"
    actions = AuditEvent.objects.filter(target="emitters.controlscheme").order_by("seq")
    assert [e.action for e in actions] == [
        "scheme.start", "scheme.fill", "scheme.submit", "scheme.return", "scheme.fill",
        "scheme.submit", "scheme.approve",
    ]  # fmt: skip


def test_lines_of_another_scheme_are_not_touched(people):
    mine = scheme_draft(year=2023, reason="制定", actor=people[0], now=NOW)
    stranger = make_actor("unit.filler", OrganisationFactory())

    unit = UnitFactory(organisation=stranger.organisation)
    Generator.objects.get_or_create(unit=unit, number="1#")
    theirs = scheme_draft(year=2023, reason="制定", actor=stranger, now=NOW)
    item = theirs.items.first()
    scheme_fill(mine.pk, lines=[{"id": item.pk, "meter": "x"}], actor=people[0], now=NOW)
    item.refresh_from_db()
    assert item.meter == ""


def test_authorities_do_not_draft(db):
    with pytest.raises(Forbidden):
        scheme_draft(year=2023, reason="x", actor=make_actor("province.supervisor"), now=NOW)


LINE = SchemeLine("1#", "fc", "入炉", "皮带秤1", Frequency.CONTINUOUS, "", 0.5, 12)
GUIDELINE = [
    (LINE, 0),
    (replace(LINE, accuracy=1.0), 1),
    (replace(LINE, accuracy=None), 1),
    (replace(LINE, interval=24), 1),
    (replace(LINE, meter=""), 1),
    (replace(LINE, method="", accuracy=None), 1),
    (replace(LINE, frequency=Frequency.MONTH), 1),
    (SchemeLine("1#", "c_ar", "月缩分样", "", "month", "", None, None), 1),
    (SchemeLine("1#", "c_ar", "月缩分样", "", "month", "样本检测", None, None), 0),
    (SchemeLine("1#", "ncv", "自测", "", "month", "", None, None), 1),
]


@pytest.mark.parametrize(("line", "gaps"), GUIDELINE)
def test_gaps_against_the_guideline(line, gaps):
    assert len(guideline_gaps(SchemeFacts(1, 2023, date(2022, 12, 1), (line,)))) == gaps


def test_a_source_of_lower_priority_is_a_gap():
    before = SchemeFacts(1, 2023, date(2022, 12, 1), (LINE,))
    after = SchemeFacts(2, 2024, date(2023, 12, 1), (replace(LINE, method="入厂"),))
    assert [g.required for g in guideline_gaps(after, before)] == ["入炉"]


def test_the_page_shows_gaps_and_the_form_saves_lines(client, people):
    filler, _approver = people
    scheme = scheme_draft(year=2023, reason="制定", actor=filler, now=NOW)
    client.force_login(filler.user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(scheme.get_absolute_url()).content.decode()
    assert "指南规定的频次" in page
    url = reverse("emitters:scheme-lines", args=[scheme.pk])
    form = {"form-TOTAL_FORMS": "6", "form-INITIAL_FORMS": "6"}
    for n, item in enumerate(scheme.items.all()):
        form |= {
            f"form-{n}-id": item.pk,
            f"form-{n}-meter": "皮带秤1",
            f"form-{n}-frequency": "day",
        }
    wrong = client.post(url, form | {"form-0-accuracy": "很准"})
    assert wrong.status_code == 422
    assert client.post(url, form | {"form-0-accuracy": "0.50"}).status_code == 302
    first = scheme.items.first()
    assert (first.meter, first.frequency, first.accuracy) == ("皮带秤1", "day", Decimal("0.50"))


def test_others_see_a_scheme_only_once_it_is_approved(client, people):
    filler, approver = people
    draft = scheme_draft(year=2023, reason="制定", actor=filler, now=NOW)
    supervisor = make_actor("province.supervisor")
    client.force_login(supervisor.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(draft.get_absolute_url()).status_code == 404
    filled(draft, filler)
    scheme_submit(draft.pk, actor=filler, now=NOW)
    scheme_approve(draft.pk, actor=approver, now=NOW)
    assert client.get(draft.get_absolute_url()).status_code == 200


def test_the_library_of_defects_names_only_checks_that_exist(client, people):

    assert {c for d in DEFECTS for c in d.checks} <= {c.code for c in all_checks()}
    client.force_login(people[0].user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("emitters:guidance")).content.decode()
    assert all(str(d.title) in page for d in DEFECTS)
