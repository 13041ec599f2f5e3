"""The evidence pack of a falsified report: one page a result, everything on it that is promised."""

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdfium2 import PdfDocument

from carbonwatch.audit.models import AuditEvent
from carbonwatch.params.service import load_shipped
from emitters.evidence.pack import packs_of
from emitters.evidence.paper import evidence_pdf
from emitters.models import AnnualReport, EmittingUnit
from emitters.selectors.results import results_of
from emitters.services.intake import check_report, store
from emitters.services.reports import set_current
from emitters.workbook import read_report
from tests.factories import OrganisationFactory, UserFactory, VersionFactory, make_actor

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).resolve().parents[2] / "workbooks" / "good"


@pytest.fixture
def version():
    """The sample whose moisture was invented, taken in and submitted."""
    load_shipped()
    facts = read_report((SAMPLES / "big7_2024.xlsx").read_bytes()).facts
    owner = OrganisationFactory(kind="unit", name=facts.unit_name, code=facts.credit_code)
    unit = EmittingUnit.objects.create(organisation=owner)
    report = AnnualReport.objects.create(
        unit=unit, year=2024, city=owner.city, due_on=date(2025, 3, 31)
    )
    made = VersionFactory(report=report, status="received", file_name="big7_2024.xlsx")
    store(made, facts, check_report(made, facts), (), timezone.now())
    made.refresh_from_db()
    made.status, made.submitted_at = "submitted", timezone.now()
    made.submitted_by = UserFactory()
    made.save()
    set_current(made.report)
    return made


def words(pdf):
    """Text of each page without blanks."""
    return ["".join(p.get_textpage().get_text_bounded().split()) for p in PdfDocument(pdf)]


def test_each_result_has_its_page_behind_the_summary(version):
    actor = make_actor("province.supervisor")
    results = [r for r in results_of(version, actor) if r.severity != "info"]
    assert len(results) > 5
    summary, *pages = words(evidence_pdf(version, results, actor, timezone.now()))
    assert len(pages) == len(results)
    assert version.sha256 in summary
    assert f"{version.risk_score}" in summary
    for result, page in zip(results, pages, strict=True):
        for text in (f"{result.check_code}.{result.letter}", result.sentence, result.cells[0]):
            assert "".join(text.split()) in page


def test_a_moisture_result_can_be_redone_from_its_page(version):
    actor = make_actor("province.supervisor")
    result = next(r for r in results_of(version, actor) if r.check_code == "ARI-C-BASIS")
    (page,) = words(evidence_pdf(version, [result], actor, timezone.now()))
    for text in (
        "算式", "日台账加权值", "采用值", result.values["used"][0], result.values["daily"][0],
        "171,121.77tCO2", "moisture_pt=0.3百分点", "检查时索取", version.receipt,
    ):  # fmt: skip
        assert text in page


def test_what_to_ask_for_is_not_told_to_the_unit(version):
    filler = make_actor("unit.filler", version.report.unit.organisation)
    result = results_of(version, filler)[0]
    (page,) = words(evidence_pdf(version, [result], filler, timezone.now()))
    assert "什么可以解释" in page
    assert "检查时索取" not in page
    assert "同年度另有" not in page


def test_packs_take_as_many_queries_for_one_result_as_for_all(
    version, django_assert_max_num_queries
):
    actor = make_actor("province.supervisor")
    results = list(version.results.select_related("version__report"))
    for some in (results[:1], results):
        with django_assert_max_num_queries(12):
            packs = packs_of(version, some, actor)
        assert len(packs) == len(some)
        assert all(p.cells for p in packs if p.result.cells)


def test_taking_a_pack_away_is_an_entry_in_the_ledger(client, version):
    actor = make_actor("province.supervisor")
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    result = version.results.first()
    assert client.get(reverse("emitters:result", args=[result.pk])).status_code == 200
    before = AuditEvent.objects.filter(action="read").count()
    answer = client.get(reverse("emitters:result-pdf", args=[result.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert AuditEvent.objects.filter(action="read").count() == before + 1
