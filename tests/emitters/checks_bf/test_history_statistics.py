"""Case tables of groups E and F, and the population."""

from dataclasses import replace
from decimal import Decimal

import pytest

from carbonwatch.checks.registry import NotRun
from emitters.population import Population
from tests.emitters.factories import plant

CODE = "91210100MA0UD3RT5X"


def letters(hits):
    return [h.letter for h in hits]


def copied(count, month=5, source=2):
    """Month 5 repeats so many values of month 2."""
    unit = plant().generators[0]
    fuel = unit.fuels[0].series
    rows = {"fc": fuel["fc"], "ncv": fuel["ncv"], "gen": unit.production["gen"]}
    return {"months": {code: {month: str(row[source])} for code, row in list(rows.items())[:count]}}


@pytest.mark.parametrize(("count", "expected"), [(0, []), (2, []), (3, ["A"])])
def test_repeated_rows(run, count, expected):
    assert letters(run("STA-REPEAT-TUPLE", plant(**copied(count)))) == expected


def test_rows_of_another_plant_and_year(run):
    other = plant(credit_code=CODE, name="样本乙热电有限公司", year=2022)
    (hit,) = run("STA-REPEAT-TUPLE", plant(), population=Population.from_reports([other]))
    assert len(hit.months) == 12
    assert "样本乙热电有限公司" in hit.values["uses"]


def test_versions_of_one_report_are_one_report(run):
    known = Population.from_reports([plant(), plant()])
    for code in ("STA-REPEAT-TUPLE", "LAB-REPORT-REUSE", "LAB-VALUE-REUSE"):
        assert run(code, plant(), population=known) == []


def test_defaults_do_not_count_as_repeated(run):
    report = plant(measured=False, months={"c_ar": dict.fromkeys(range(1, 13), "0.6200")})
    assert run("STA-REPEAT-TUPLE", report) == []


def near(value, step):
    return {m: str(Decimal(value) + Decimal(step) * (m % 3)) for m in range(1, 13)}


REPEATED = {
    "mad": ("2.00", "0.07"), "aad": ("26.00", "0.11"), "vad": ("23.50", "0.13"),
    "stad": ("0.90", "0.02"), "had": ("3.90", "0.05"), "cad": ("57.00", "0.18"),
    "qgrad": ("23.200", "0.043"),
}  # fmt: skip


def one_sample(share, count=7):
    """So many results of all months are one sample's, apart by a share of what repeated tests are."""
    return {
        m: {
            name: str(
                Decimal(value) + Decimal(share) * Decimal(step) * ((m * 5 + at * m) % 7 - 3) / 2
            )
            for at, (name, (value, step)) in enumerate(list(REPEATED.items())[:count])
        }
        for m in range(1, 13)
    }


SMOOTH = [
    ({}, []),
    ({"months": {"ncv": near("20.00", "0.10")}}, ["A"]),
    ({"months": {"ncv": near("20.00", "0.02")}}, ["A"]),  # one calm quantity proves nothing
    ({"months": {"ncv": near("20.00", "0.30")}}, []),
    ({"tests": one_sample("1")}, ["B"]),
    ({"tests": one_sample("0")}, ["B"]),  # constant readings
    ({"tests": one_sample("1", 4)}, []),  # the others tell that the coal was not one
    ({"tests": one_sample("2")}, []),  # a single seam differs more than repeated tests do
]


@pytest.mark.parametrize(("given", "expected"), SMOOTH)
def test_low_variance(run, given, expected):
    assert letters(run("STA-LOW-VARIANCE", plant(**given))) == expected


def test_too_few_measured_months_are_not_a_pass(run):
    with pytest.raises(NotRun):
        run("STA-LOW-VARIANCE", plant(measured=False))
    with pytest.raises(NotRun):
        run("STA-REPEAT-TUPLE", replace(plant(), generators=()))
