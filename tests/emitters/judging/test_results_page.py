"""What the enterprise is told of its draft, and at which cells."""

from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from carbonwatch.audit.models import AuditEvent
from emitters.models import CheckResult
from emitters.selectors.results import grouped, results_of
from emitters.services.questions import question_accept
from tests.emitters.judging.support import World, without_stock
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    return World()


def browser(actor):
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_results_are_grouped_worst_first_with_what_is_still_to_do(world):
    fatal = world.take_in(without_stock("1000"))
    groups = grouped(results_of(fatal, world.filler))
    assert [g.severity for g in groups] == sorted(
        {r.severity for r in fatal.results.all()}, key=["fatal", "critical", "info"].index
    )
    assert groups[0].title == "必须更正"
    assert sum(g.count for g in groups) == fatal.results.count()
    version = world.submitted()
    critical, *_informing = grouped(results_of(version, world.filler))
    assert (critical.count, critical.waiting) == (1, 0)
    question_accept(world.report.questions.get(status="explained").pk, actor=world.inspector,
                    now=NOW)  # fmt: skip
    version = type(version).objects.get(pk=version.pk)
    critical, *_informing = grouped(results_of(version, world.filler))
    assert "不计分" in critical.advice


def test_a_result_names_its_cells_by_sheet():
    result = CheckResult(cells=["燃料购销存!D6", "生产数据!P2", "燃料购销存!E6"])
    assert result.places == [("燃料购销存", ["D6", "E6"]), ("生产数据", ["P2"])]
    assert CheckResult(cells=[]).places == []


def test_the_draft_check_leads_to_the_explanation_in_one_press(world):
    version = world.take_in()
    question = world.report.questions.get()
    explain = reverse("emitters:question-step", args=[question.pk, "explain"])
    filler = browser(world.filler)
    page = filler.get(version.get_absolute_url()).content.decode()
    assert f'href="{explain}"' in page
    for said in (str(question.rule.explain), str(question.rule.ask), "待说明 1 项"):
        assert said in page
    form = filler.get(explain).content.decode()
    for said in (version.results.get(severity="critical").sentence, str(question.rule.ask), "D6"):
        assert said in form
    assert (
        f'href="{explain}"'
        not in browser(world.checker).get(world.report.get_absolute_url()).content.decode()
    )


def test_who_decides_reads_the_explanation_beside_the_form(world):
    world.submitted()
    question = world.report.questions.get()
    page = browser(world.inspector).get(
        reverse("emitters:question-step", args=[question.pk, "accept"])
    )
    assert "年末盘点。" in page.content.decode()


def test_the_workbook_comes_back_with_the_results_at_their_cells(world):
    version = world.take_in()
    answer = browser(world.filler).get(reverse("emitters:version-marked", args=[version.pk]))
    book = openpyxl.load_workbook(BytesIO(answer.content))
    result = version.results.get(severity="critical")
    for sheet, addresses in result.places:
        for address in addresses:
            comment = book[sheet][address].comment.text
            assert result.sentence in comment
            assert str(result.rule.explain) in comment
    assert AuditEvent.objects.filter(action="read", target_id=str(version.pk)).exists()
    outside = browser(world.inspector).get(reverse("emitters:version-marked", args=[version.pk]))
    assert outside.status_code == 404  # a draft belongs to the enterprise
