"""Population lookups, the re-check of stored reports, the check of many workbooks at once."""

import multiprocessing
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import combinations
from pathlib import Path

import pandas as pd
from django.db import connection, connections, transaction

from carbonwatch.params.values import shipped
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
from emitters.runner import precheck
from emitters.services.recheck_year import recheck_year
from emitters.simulator import province
from emitters.store import store_facts
from emitters.workbook.writer import write_report
from tests.bench.measure import alternating, ms, report
from tests.factories import OrganisationFactory, UserFactory, VersionFactory

UNITS, YEARS = 80, (2022, 2023, 2024)
PROCESSES = 2  # of the worker
PROVINCE = 300  # units of the bars, of three years each
MEGA = 1024 * 1024


def stored(facts):
    """Made-up reports in the database, each the one that counts; their versions."""
    versions, person = (
        [],
        UserFactory(),
    )  # one: hashing a password takes longer than storing a report
    for one in facts:
        owner = OrganisationFactory._meta.model.objects.filter(code=one.credit_code).first()
        owner = owner or OrganisationFactory(
            code=one.credit_code, name=one.unit_name, city="210100"
        )
        unit = EmittingUnit.objects.get_or_create(organisation=owner)[0]
        due = AnnualReport.objects.create(
            unit=unit, year=one.year, city="210100", due_on=f"{one.year + 1}-03-31"
        )
        version = VersionFactory(report=due, uploaded_by=person, submitted_by=person)
        with transaction.atomic():
            store_facts(version, one)
            version.save()
            due.current = version
            due.save(update_fields=["current"])
        versions.append(version)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return versions


def cpu():
    """Seconds that this process and its children have worked."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def timed(work):
    """What a call gives, how long it took, and how long the processor worked for it."""
    began, worked = time.perf_counter(), cpu()
    found = work()
    return found, time.perf_counter() - began, cpu() - worked


def recheck_one(year):
    """A year through the service that the province uses; how many versions."""
    return [*recheck_year(year, "bench")][-1][0]


def recheck():
    """Every stored report again as the worker does it: a job a year, in two processes."""
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(PROCESSES, mp_context=fork) as pool:
        return sum(pool.map(recheck_one, YEARS))


def rechecks(facts):
    """The first re-check writes all results, the second finds nothing new."""
    few = len(YEARS) * (UNITS // 2)
    stored(facts[:few])
    recheck()
    _n, half, _worked = timed(recheck)
    stored(facts[few:])
    _n, first, worked = timed(recheck)
    report(
        "re-check of 900 stored reports (300 units × 3 years), all new",
        f"{len(facts)} reports {ms(first)}, processor {ms(worked)}; by the report",
        first / len(facts) * PROVINCE * len(YEARS),
        None,
        "s",
    )
    n, again, worked = timed(recheck)
    report(
        "re-check of 900 stored reports, checked before",
        f"{n} reports {ms(again)}, processor {ms(worked)}; by the report",
        again / n * PROVINCE * len(YEARS),
        60,
        "s",
    )
    report("its growth, twice the units", "time by the report", again / half / 2, 1.5)


def prechecks(facts):
    """Workbooks read and checked together in two processes."""
    with tempfile.TemporaryDirectory() as folder:
        for one in facts:
            path = Path(folder) / f"{one.credit_code}-{one.year}.xlsx"
            path.write_bytes(write_report(one))
        files = sorted(Path(folder).iterdir())
        _found, half, _worked = timed(lambda: precheck(files[: len(files) // 2], shipped()))
        (found, _outside), whole, worked = timed(lambda: precheck(files, shipped()))
    if any(item.checked is None for item in found):
        raise RuntimeError("a workbook of the bench could not be read")
    memory = sum(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    report(
        "precheck of 900 workbooks (300 plants × 3 years)",
        f"{len(facts)} workbooks {ms(whole)}, processor {ms(worked)}; by the workbook",
        whole / len(facts) * PROVINCE * len(YEARS),
        240,
        "s",
    )
    report("its growth, twice the workbooks", "time by the workbook", whole / half / 2, 1.5)
    report(
        "its memory", f"largest of both processes, {len(facts)} workbooks", memory / MEGA, 4, "GB"
    )


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


def lookups(facts):
    """Equal values among the reports of the last year."""
    work, tests, months = twins([f for f in facts if f.year == YEARS[-1]])
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


def run():
    """Figures; the bars are for 300 units of three years."""
    facts = [one for _plant, _year, one, _truth in province(1, UNITS, YEARS)]
    rechecks(facts)
    prechecks(facts)
    lookups(facts)
