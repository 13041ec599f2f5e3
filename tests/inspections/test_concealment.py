"""The concealment rate: what counts, what counts as declared, and that queries do not grow."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspections import services
from inspections.questionnaires import write
from inspections.selectors.concealment import by_city, concealment, findings_counted
from tests.factories import NOW, make_actor
from tests.inspections.support import cast, register

pytestmark = pytest.mark.django_db
AFTER = NOW + timedelta(days=3)
HEAD = (("问卷编号", "Q"), ("问卷名称", "自查"), ("填写对象", "重点排放单位"), ("涉及年度", 2023))
ROWS = [
    ("1", "", "煤样是否齐全？", "是否", "", "是", "采样条款", "", "不需要", "", "否", "核算数据"),
    ("2", "", "秤是否校准？", "是否", "", "是", "计量条款", "", "不需要", "", "否", "核算数据"),
]


@pytest.fixture
def people():
    return cast()


def handed_in(people, declared):
    """Question 1 is declared or denied, question 2 denied."""
    made = services.questionnaire_import(
        upload=SimpleUploadedFile("q.xlsx", write(HEAD, ROWS)),
        actor=make_actor("province.supervisor"), now=NOW,
    )  # fmt: skip
    services.questionnaire_publish(
        made.pk, due_on=timezone.localdate(NOW) + timedelta(days=9),
        actor=make_actor("province.approver"), now=NOW,
    )  # fmt: skip
    matter = made.inspections.get(unit=people.unit)
    bad = {"value": "否", "note": "缺3天", "correction": "补齐"}
    for item in made.questions.all():
        content = bad if declared and item.number == "1" else {"value": "是"}
        services.self_answer_save(
            inspection_id=matter.pk, question_id=item.pk, base=0, content=content,
            actor=people.filler, now=NOW,
        )  # fmt: skip
    return services.self_inspection_submit(matter.pk, actor=people.approver, now=NOW)


def figures(people):
    row = concealment(people.reviewer).get()
    return row.declared, row.found, row.hidden, row.rate


def found(people, **fields):
    known = {"finding_class": "data", "clause": "计量条款", "now": AFTER}
    return register(people, **{**known, **fields})


def test_nothing_found_is_no_rate(people):
    handed_in(people, declared=False)
    assert figures(people) == (0, 0, 0, None)


def test_what_counts_and_what_does_not(people):
    matter = handed_in(people, declared=True)
    hidden = found(people)
    same_clause = found(people, clause="采样条款")
    found(people, year=2022)
    found(people, finding_class="scheme")
    found(people, now=NOW - timedelta(days=1))
    found(people, source="verifier")
    rejected = found(people)
    services.finding_reject(rejected.pk, note="不实", actor=people.reviewer, now=AFTER)
    assert figures(people) == (1, 2, 1, 50.0)
    listed = findings_counted(matter, people.reviewer)
    assert {f.pk: f.was_declared for f in listed} == {hidden.pk: False, same_clause.pk: True}


def test_merged_with_what_was_declared_is_declared(people):
    matter = handed_in(people, declared=True)
    declared = matter.declarations.get().finding
    again, twice, other = found(people), found(people), found(people)
    for merged, kept in ((again, declared), (twice, other)):
        merge = services.merge_propose(
            merged_id=merged.pk, kept_id=kept.pk, reason="同一", actor=people.inspector, now=AFTER
        )
        services.merge_confirm(merge.pk, actor=people.reviewer, now=AFTER)
    assert figures(people) == (1, 2, 1, 50.0)


def test_the_page_sums_by_city_and_opens_its_items(people):
    handed_in(people, declared=False)
    finding = found(people)
    lines = by_city(concealment(make_actor("province.supervisor")))
    assert [(x.city, x.units, x.found, x.hidden, x.rate) for x in lines] == [
        (people.unit.organisation.city, 1, 1, 1, 100.0)
    ]
    client = Client()
    client.force_login(people.reviewer.user, "django.contrib.auth.backends.ModelBackend")
    assert "100.0" in client.get("/concealment/").content.decode()
    row = concealment(people.reviewer).get()
    assert finding.get_absolute_url() in client.get(f"/concealment/{row.pk}/").content.decode()


def test_queries_do_not_grow_with_findings(people):
    handed_in(people, declared=True)
    client = Client()
    client.force_login(people.reviewer.user, "django.contrib.auth.backends.ModelBackend")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/concealment/").status_code == 200
        return len(queries)

    asked()
    few = asked()
    for _n in range(12):
        found(people)
    assert asked() == few
