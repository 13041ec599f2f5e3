"""Case table of FRM-QCP-MATCH: the report against its control scheme and against last year's source."""

from dataclasses import replace
from datetime import date

import pytest

from carbonwatch.checks.registry import NotRun, get_check
from emitters.schemes import Frequency, SchemeFacts, SchemeLine
from tests.emitters.checks_bf.conftest import context
from tests.emitters.factories import plant

LINE = SchemeLine("1#", "fc", "入炉", "皮带秤1", Frequency.CONTINUOUS, "", 0.5, 12)


def scheme_of(method="入炉", laboratory="", **more):
    carbon = SchemeLine("1#", "c_ar", "月缩分样", "", "month", laboratory, None, None)
    return SchemeFacts(
        more.get("number", 1), 2024, more.get("approved", date(2023, 12, 1)),
        (replace(LINE, method=method), carbon),
    )  # fmt: skip


LABORATORY = plant().tests[0].laboratory
CODE = "FRM-QCP-MATCH"
MATCHES = [
    (scheme_of(), None, []),
    (scheme_of(laboratory=LABORATORY), None, []),
    (scheme_of(laboratory="别家检测中心"), None, ["A"]),
    (scheme_of(method="入厂"), None, ["A"]),
    (scheme_of(number=2, approved=date(2024, 6, 15)), None, ["C"]),
    (scheme_of(number=1, approved=date(2024, 6, 15)), None, []),
    (None, plant(year=2023), []),
]


@pytest.mark.parametrize(("scheme", "before", "letters"), MATCHES)
def test_frm_qcp_match(scheme, before, letters):

    history = [before] if before else []
    ctx = replace(context(plant(year=2024), history), scheme=scheme)
    assert [h.letter for h in get_check(CODE).run(ctx)] == letters


def with_method(report, method):
    """The report with another way to find the coal burnt."""
    unit = report.generators[0]
    coal = unit.fuels[0]
    row = replace(coal.series["fc"], method=method)
    fuels = (replace(coal, series={**coal.series, "fc": row}), *unit.fuels[1:])
    return replace(report, generators=(replace(unit, fuels=fuels),))


def test_a_lower_source_than_last_year_is_not_allowed():

    check = get_check(CODE)
    now, then = with_method(plant(year=2024), "入厂"), plant(year=2023)
    assert [h.letter for h in check.run(context(now, [then]))] == ["B"]
    better = with_method(plant(year=2023), "入厂")
    assert [h.letter for h in check.run(context(plant(year=2024), [better]))] == []


def test_coal_and_samples_of_different_state():

    report = plant(year=2024)
    report = replace(report, tests=tuple(replace(t, kind="入厂") for t in report.tests))
    hits = list(get_check(CODE).run(context(report, [plant(year=2023)])))
    assert [h.letter for h in hits] == ["D"]


def test_nothing_to_compare_with_is_not_run():

    with pytest.raises(NotRun):
        list(get_check(CODE).run(context(plant(year=2024))))
