"""Pages: the overview from 10 000 to 1 000 000 monthly rows, summary rows, lists."""

from datetime import UTC, date, datetime

from django.db import connection
from django.db.models import Count, Q, Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from carbonwatch.accounts.models import Organisation
from carbonwatch.accounts.permissions import OrgKind
from emitters.models import AnnualReport, EmittingUnit, ReportVersion, YearSummary
from emitters.services.summaries import FIGURES
from tests.bench.measure import alternating, ms, report, seconds
from tests.factories import UserFactory, make_actor

YEARS = range(2019, 2026)
ROWS_A_VERSION = 70
CITIES = [f"21{n:02d}00" for n in range(1, 15)]
YEAR = 2025


def fill(units, first):
    """Units with accepted reports of seven years and 70 monthly rows each, in bulk."""
    user = UserFactory()
    numbers = range(first, first + units)
    owners = Organisation.objects.bulk_create(
        Organisation(
            kind=OrgKind.UNIT,
            name=f"虚构发电{n:05d}",
            code=f"9121BENCH{n:09d}",
            city=CITIES[n % len(CITIES)],
        )
        for n in numbers
    )
    plants = EmittingUnit.objects.bulk_create(EmittingUnit(organisation=o) for o in owners)
    reports = AnnualReport.objects.bulk_create(
        AnnualReport(
            unit=plant,
            year=year,
            city=plant.organisation.city,
            status="accepted",
            due_on=date(year + 1, 3, 31),
        )
        for plant in plants
        for year in YEARS
    )
    moment = datetime(2026, 4, 1, tzinfo=UTC)
    versions = ReportVersion.objects.bulk_create(
        ReportVersion(
            report=r, number=1, status="accepted", file=f"reports/{r.pk}", file_name="a.xlsx",
            size=1, sha256=f"{r.pk:064d}", receipt=f"BENCH-{r.pk}", uploaded_by=user,
            uploaded_at=moment, submitted_by=user, submitted_at=moment, t_reported=r.pk % 900000,
            t_at_stake=r.pk % 5000, money_at_stake=r.pk % 500000, risk_score=r.pk % 1000 / 10,
            risk_band=("green", "amber", "red")[r.pk % 3], acceptance="acceptable",
            retain_until=date(2000, 1, 1),
        )
        for r in reports
    )  # fmt: skip
    for due, version in zip(reports, versions, strict=True):
        due.current = version
    AnnualReport.objects.bulk_update(reports, ["current"], batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO emitters_monthlyrow
                (version_id, part, row, generator, fuel, rank, code, unit, method, months, annual)
            SELECT v.id, 'P', n, '1#', '', '', 'gen', 'MWh', '',
                   array_fill((v.id %% 9973)::numeric, ARRAY[12]), v.id
            FROM emitters_reportversion v, generate_series(1, %s) n
            WHERE v.id >= %s
            """,
            [ROWS_A_VERSION, versions[0].pk],
        )
    summarise()


def aggregate(year):
    """The figures of the overview straight from the reports."""
    accepted = Q(current__status="accepted")
    return (
        AnnualReport.objects.filter(year=year)
        .values("city")
        .annotate(
            due=Count("pk"),
            filed=Count("pk", filter=Q(current__status__in=["submitted", "accepted"])),
            accepted=Count("pk", filter=accepted),
            red=Count("pk", filter=Q(current__risk_band="red")),
            amber=Count("pk", filter=Q(current__risk_band="amber")),
            t_reported=Sum("current__t_reported"),
            t_at_stake=Sum("current__t_at_stake"),
            money_at_stake=Sum("current__money_at_stake"),
        )
        .order_by("city")
    )


def summarise():
    """The summary rows in bulk (services keep them up report by report), and fresh statistics."""
    YearSummary.objects.all().delete()
    YearSummary.objects.bulk_create(
        YearSummary(year=year, **row) for year in YEARS for row in aggregate(year)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def signed_in():
    """A supervisor's browser."""
    actor = make_actor("province.supervisor")
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def opened(client, url):
    """Number of queries of a page."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return len(queries)


def monthly_rows():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM emitters_monthlyrow")
        return cursor.fetchone()[0]


def run():
    """Overview, summary, lists."""
    client, url = signed_in(), f"/overview/?year={YEAR}"
    fill(20, 0)
    client.get(url)
    few, queries_few, rows_few = (
        seconds(lambda: client.get(url), runs=15),
        opened(client, url),
        monthly_rows(),
    )
    fill(2020, 20)
    many, queries_many = seconds(lambda: client.get(url), runs=15), opened(client, url)
    detail = f"{rows_few:,} rows {ms(few)}, {monthly_rows():,} rows {ms(many)}"
    report("overview page, time", detail, many / few, 1.5)
    detail = f"{queries_few} and {queries_many} queries"
    report("overview page, more queries", detail, queries_many - queries_few, 0, "")
    rows = YearSummary.objects.filter(year=YEAR).values("city", *FIGURES)
    summary, best = alternating(lambda: list(rows.all()), lambda: list(aggregate(YEAR)), runs=15)
    detail = f"{ms(summary)} / aggregate {ms(best)}, {AnnualReport.objects.count():,} reports"
    report("summary rows read", detail, summary / best)
    with override_settings(ROOT_URLCONF="tests.bench.urls"):
        for path in ("/reports/", "/units/"):
            bare = f"/bare{path}"
            ours, theirs = alternating(
                lambda p=path: client.get(p), lambda p=bare: client.get(p), runs=15
            )
            detail = f"{ms(ours)} / bare page {ms(theirs)}, {opened(client, path)} queries"
            report(f"list page {path}, 50 rows", detail, ours / theirs, 3)
