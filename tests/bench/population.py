"""Population lookups and the re-check of stored reports."""

import time
from itertools import combinations

import pandas as pd
from django.db import connection, transaction

from carbonwatch.checks.runner import run_checks
from carbonwatch.params.values import shipped
from emitters.calc.accounts import account
from emitters.facts import CheckContext
from emitters.models import AnnualReport, EmittingUnit
from emitters.population import (
    LAB_GROUPS,
    LAB_VALUES,
    MONTH_GROUPS,
    MONTH_VALUES,
    Population,
    lab_ref,
    month_refs,
)
from emitters.risk import score
from emitters.simulator import province
from emitters.store import load_facts, store_facts
from tests.bench.measure import alternating, ms, report
from tests.factories import OrganisationFactory, VersionFactory

UNITS, YEAR = 80, 2024
PROVINCE = 300  # units of the bar


def stored():
    """The made-up reports of one year in the database; their versions."""
    versions = []
    for _plant, year, facts, _truth in province(1, UNITS, (YEAR,)):
        owner = OrganisationFactory(code=facts.credit_code, name=facts.unit_name, city="210100")
        unit = EmittingUnit.objects.create(organisation=owner)
        due = AnnualReport.objects.create(
            unit=unit, year=year, city="210100", due_on=f"{year + 1}-03-31"
        )
        version = VersionFactory(report=due)
        with transaction.atomic():
            store_facts(version, facts)
            version.save()
        versions.append(version)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return versions


def recheck(versions, params):
    """Load, recompute, check and score; how long that took, and the facts."""
    began = time.perf_counter()
    facts = load_facts(versions)
    population = Population.from_reports(facts.values())
    for report_facts in facts.values():
        accounts = account(report_facts, params)
        context = CheckContext(report_facts, accounts, params, (), population, None)
        score(run_checks(context, YEAR), accounts, params)
    return time.perf_counter() - began, list(facts.values())


def twins(facts):
    """The population's way: every row is indexed, then looked up."""
    tests = [lab_ref(f, t) for f in facts for t in f.tests]
    months = [m for f in facts for m in month_refs(f)]

    def work():
        population = Population(tests, months)
        for ref in tests:
            list(population.tests.twins(ref, 4))
        for ref in months:
            list(population.months.twins(ref, 3))

    return work, tests, months


def in_pandas(refs, names, groups):
    """The same pairs by grouping columns of floats."""
    frame = pd.DataFrame([[*map(_float, r.values)] for r in refs], columns=names)

    def work():
        for group in groups:
            for pair in combinations(group, 2):
                counts = frame.dropna(subset=list(pair)).groupby(list(pair)).size()
                counts[counts > 1]

    return work


def _float(value):
    return None if value is None else float(value)


def run():
    """Figures; the bar of the re-check is for 300 units."""
    versions, params = stored(), shipped()
    recheck(versions[: UNITS // 4], params)  # warm-up
    half, _facts = recheck(versions[: UNITS // 2], params)
    whole, facts = recheck(versions, params)
    report(
        "re-check of a province-year, 300 units",
        f"{UNITS // 2} units {ms(half)}, {UNITS} units {ms(whole)}; by the unit",
        whole / UNITS * PROVINCE,
        60,
        "s",
    )
    report("its growth, twice the units", "time by the unit", whole / half / 2, 1.5)
    work, tests, months = twins(facts)
    labs, rows = (
        in_pandas(tests, LAB_VALUES, LAB_GROUPS),
        in_pandas(months, MONTH_VALUES, MONTH_GROUPS),
    )
    ours, theirs = alternating(work, lambda: (labs(), rows()), runs=5)
    report(
        "population lookups (equal values)",
        f"{len(tests)} tests, {len(months)} months: {ms(ours)} / pandas {ms(theirs)}",
        ours / theirs,
    )
