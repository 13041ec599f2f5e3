"""A province in which outside records are brought in, and how a test does it."""

from django.core.files.uploadedfile import SimpleUploadedFile

from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.jobs.models import Job, JobState
from carbonwatch.jobs.service import run
from carbonwatch.params.service import load_shipped
from emitters.models import Generator
from emitters.services.outside import outside_upload
from tests.emitters.outside.files import OTHER, UNIT
from tests.factories import DALIAN, NOW, SHENYANG, OrganisationFactory, UnitFactory, make_actor


class World:
    """Two plants, the offices, two laboratories, an agency; `people` by kind of organisation."""

    def __init__(self):
        load_shipped()
        self.unit = self._plant(UNIT, "样本甲热电", SHENYANG)
        self.other = self._plant(OTHER, "样本乙热电", DALIAN, attributes__ownership="民营")
        self.people = {
            kind: make_actor("department.supervisor", OrganisationFactory(kind=kind))
            for kind in (OrgKind.ECOLOGY, OrgKind.DRC, OrgKind.SASAC, OrgKind.MARKET)
        }
        self.people |= {
            OrgKind.PROVINCE: make_actor("province.supervisor"),
            OrgKind.CITY: make_actor("city.inspector", city=SHENYANG),
            OrgKind.UNIT: make_actor("unit.filler", self.unit.organisation),
            OrgKind.LABORATORY: self._agency(OrgKind.LABORATORY, "样本煤质中心（沈阳）"),
            OrgKind.VERIFIER: self._agency(OrgKind.VERIFIER, "样本核查"),
            OrgKind.CONSULTANCY: self._agency(OrgKind.CONSULTANCY, "样本咨询"),
        }
        self.elsewhere = {
            OrgKind.CITY: make_actor("city.inspector", city=DALIAN),
            OrgKind.UNIT: make_actor("unit.filler", self.other.organisation),
            OrgKind.LABORATORY: self._agency(OrgKind.LABORATORY, "样本另一中心"),
        }

    def _plant(self, code, name, city, **more):
        unit = UnitFactory(
            organisation__code=code, organisation__name=name, organisation__city=city, **more
        )
        Generator.objects.create(unit=unit, number="1#")
        return unit

    def _agency(self, kind, name):
        body = OrganisationFactory(kind=kind, name=name)
        return make_actor("agency.lead", body)

    def upload(self, kind, source, name="file.xlsx", by=OrgKind.DRC, now=NOW, **more):
        """Hand a file in; it waits to be read."""
        actor = self.people[by] if isinstance(by, str) else by
        upload = SimpleUploadedFile(name, source)
        return outside_upload(kind=kind, upload=upload, actor=actor, now=now, **more)

    def bring(self, kind, source, *args, **more):
        """Hand a file in and have it read."""
        file = self.upload(kind, source, *args, **more)
        work()
        file.refresh_from_db()
        return file


def work():
    """Do all background work that waits."""
    while waiting := list(Job.objects.filter(state=JobState.WAITING).values_list("pk", flat=True)):
        for pk in waiting:
            run(pk)
