"""Reading and intake of one workbook, against openpyxl on the same file."""

import warnings
from io import BytesIO
from pathlib import Path

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from carbonwatch.jobs import service
from carbonwatch.jobs.models import Job
from emitters import layouts
from emitters.models import AnnualReport, ReportVersion
from emitters.services.obligations import obligation_make
from emitters.services.reports import report_submit
from emitters.services.uploads import report_upload
from emitters.workbook import read_report
from tests.bench.measure import alternating, ms, report
from tests.factories import NOW, UnitFactory, make_actor

GOOD = Path(__file__).parents[1] / "workbooks" / "good"
SAMPLES = (
    ("1 generator", "chp1_2022.xlsx", ("chp1_2019.xlsx", "chp1_2020.xlsx")),
    ("2 generators", "big7_2024.xlsx", ("big7_2023.xlsx",)),
)
SHEETS = [sheet.name for sheet in layouts.SHEETS]


def read_cells(source):
    """The same cells with their addresses by openpyxl's quick way."""
    book = openpyxl.load_workbook(BytesIO(source), read_only=True, data_only=True)
    found = {}
    for name in SHEETS:
        for row in book[name].iter_rows():
            for cell in row:
                if cell.value is not None:
                    found[name, cell.coordinate] = cell.value
    book.close()
    return found


def merely_read(source):
    """All values without addresses."""
    book = openpyxl.load_workbook(BytesIO(source), read_only=True, data_only=True)
    count = sum(1 for sheet in book for _row in sheet.iter_rows(values_only=True))
    book.close()
    return count


class Plant:
    """The plant of a sample, its earlier reports already in."""

    def __init__(self, name, history):
        source = read_report((GOOD / name).read_bytes()).facts
        self.unit = UnitFactory(
            organisation__code=source.credit_code, organisation__name=source.unit_name
        )
        own = self.unit.organisation
        self.filler, self.checker = make_actor("unit.filler", own), make_actor("unit.checker", own)
        self.jobs, self.year, self.source = [], source.year, (GOOD / name).read_bytes()
        for earlier in history:
            version = self.upload((GOOD / earlier).read_bytes())
            service.run(Job.objects.get(target_id=version.pk).pk)
            version.report.questions.update(status="explained")
            report_submit(version.pk, actor=self.checker, now=NOW)

    def upload(self, content):
        """A version that waits to be read."""
        year = read_report(content).facts.year
        due = AnnualReport.objects.filter(unit=self.unit, year=year).first()
        due = due or obligation_make(
            unit=self.unit, year=year, basis="", due_on=NOW.date(), actor=None, now=NOW
        )
        return report_upload(
            report_id=due.pk,
            upload=SimpleUploadedFile("report.xlsx", content),
            actor=self.filler,
            now=timezone.now(),
            reason="更正",
        )

    def next_version(self):
        """The same workbook as another file (a zip may carry any comment), waiting."""
        comment = f"{len(self.jobs):04d}".encode()
        version = self.upload(self.source[:-2] + bytes([len(comment), 0]) + comment)
        self.jobs.append(Job.objects.get(target_id=version.pk))

    def take_in(self):
        """What a worker does with the newest version."""
        service.run(self.jobs[-1].pk)


def run():
    """Both bars."""
    warnings.simplefilter("ignore", UserWarning)
    for machines, name, history in SAMPLES:
        source = (GOOD / name).read_bytes()
        ours, theirs = alternating(
            lambda s=source: read_report(s), lambda s=source: read_cells(s), runs=11
        )
        detail = f"{ms(ours)} / openpyxl {ms(theirs)}, {len(read_cells(source))} cells"
        report(f"read one workbook into facts, {machines}", detail, ours / theirs, 0.2)
        plant = Plant(name, history)
        ours, theirs = alternating(
            plant.take_in, lambda s=source: merely_read(s), runs=11, before=plant.next_version
        )
        ended = ReportVersion.objects.get(pk=plant.jobs[-1].target_id)
        assert ended.status in ("checked", "superseded"), ended.problems
        detail = f"{ms(ours)} / openpyxl {ms(theirs)}, {len(history)} earlier years"
        report(f"whole intake of one workbook, {machines}", detail, ours / theirs, 0.5)
