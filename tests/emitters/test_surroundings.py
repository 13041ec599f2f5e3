"""What a stored report is compared with: the same as if all reports lay in memory."""

from dataclasses import replace

import pytest

from emitters.facts import ReportFacts
from emitters.population import Population, lab_ref, month_refs
from emitters.selectors.surroundings import surroundings_of
from emitters.store import store_facts
from tests.emitters.factories import plant
from tests.factories import AnnualReportFactory, UnitFactory, VersionFactory

OTHER_ANALYSIS = {
    "mt": "9.1", "mad": "3.3", "aad": "21.7", "vad": "30.1", "stad": "0.77", "had": "3.91",
    "cad": "55.55", "qgrad": "22.22",
}  # fmt: skip
OTHER_VALUES = dict.fromkeys(range(1, 13), OTHER_ANALYSIS)
OTHER_MONTHS = {
    code: {m: f"{1000 * m}.{step}" for m in range(1, 13)}
    for step, code in enumerate(("fc", "gen", "heat", "ncv", "c_ar", "hours"), 1)
}


def stored(facts: ReportFacts, *, unit=None, current: bool = True):
    """The duty of a plant with one version holding these facts."""
    unit = unit or UnitFactory(
        organisation__code=facts.credit_code, organisation__name=facts.unit_name
    )
    report = AnnualReportFactory(unit=unit, year=facts.year)
    version = VersionFactory(report=report)
    store_facts(version, facts)
    version.save()
    if current:
        report.current = version
        report.save()
    return report


def other(code: str, **given) -> ReportFacts:
    """A plant with tests, numbers and months of its own."""
    facts = plant(credit_code=code, name="样本乙发电有限公司", months=OTHER_MONTHS, **given)
    own = (replace(t, report_no=f"ZZ-{t.report_no}", sample_no=f"Z{t.month}") for t in facts.tests)
    return replace(facts, tests=tuple(own))


def place(found):
    """What to sort by."""
    (code, year, *_rest), _values = found
    return code, year, found[0].month


@pytest.mark.django_db
def test_candidates_are_those_of_the_whole(django_assert_max_num_queries):
    own, earlier = plant(year=2024), plant(year=2023)
    report = stored(own)
    stored(earlier, unit=report.unit)
    twin = plant(credit_code="91210100000000001A", name="样本丙发电有限公司")
    far_away = {m: {**v, "laboratory": "远方中心"} for m, v in OTHER_VALUES.items()}
    same_laboratory = other("91210100000000002B", tests=OTHER_VALUES)
    stranger = other("91210100000000003C", tests=far_away)
    draft = replace(twin, credit_code="91210100000000004D")
    for facts in (twin, same_laboratory, stranger):
        stored(facts)
    stored(draft, current=False)

    with django_assert_max_num_queries(15):
        around = surroundings_of(report, own)

    (history,) = around.history
    assert (history.year, history.tests) == (2023, earlier.tests)
    assert history.generators[0].fuels == earlier.generators[0].fuels
    known = [around.population.knows(f) for f in (own, earlier, twin, same_laboratory)]
    assert known == [True] * 4
    assert not around.population.knows(stranger)
    assert not around.population.knows(draft)
    whole = Population.from_reports([own, earlier, twin, same_laboratory, stranger])
    for test in own.tests:
        ref = lab_ref(own, test)
        found, wanted = (list(p.tests.twins(ref, 4)) for p in (around.population, whole))
        assert {r.identity for r, _values in found} >= {(twin.credit_code, 2024)}
        assert sorted(found, key=place) == sorted(wanted, key=place)
        numbered = (ref.laboratory, ref.report_no)
        assert set(around.population.with_number(*numbered)) == set(whole.with_number(*numbered))
    for month in month_refs(own):
        found, wanted = (list(p.months.twins(month, 3)) for p in (around.population, whole))
        assert {r.identity for r, _values in found} >= {(twin.credit_code, 2024)}
        assert sorted(found, key=place) == sorted(wanted, key=place)
    assert around.population.shapes("北方煤质检验中心") == whole.shapes("北方煤质检验中心")
