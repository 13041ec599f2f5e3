"""Valid things for tests: organisations, people, units, reports. All of them made up."""

import hashlib
from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from carbonwatch.accounts.models import Actor, Membership, Organisation, User
from carbonwatch.accounts.permissions import ROLES_OF, OrgKind
from emitters.models import AnnualReport, EmittingUnit, ReportVersion, UnitAttributes

NOW = datetime(2024, 4, 10, 8, 0, tzinfo=UTC)
"""A moment in the reporting season of 2023; pass it to services as `now`."""

SHENYANG, DALIAN = "210100", "210200"

_CITY_BOUND = (OrgKind.CITY, OrgKind.UNIT)


class OrganisationFactory(DjangoModelFactory):
    """`OrganisationFactory(kind=OrgKind.CITY, city="210200")`; by default an emitting unit's."""

    class Meta:
        model = Organisation
        skip_postgeneration_save = True

    kind = OrgKind.UNIT
    name = factory.Sequence(lambda n: f"虚构机构{n:04d}")
    code = factory.Sequence(lambda n: f"9121TEST{n:010d}")
    city = factory.LazyAttribute(lambda o: SHENYANG if o.kind in _CITY_BOUND else "")


class UserFactory(DjangoModelFactory):
    """A person with the password `password`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n:04d}")
    name = factory.Sequence(lambda n: f"测试人员{n:04d}")
    password = factory.django.Password("password")


class MembershipFactory(DjangoModelFactory):
    """A post held since 2019."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = "unit.filler"


class UnitFactory(DjangoModelFactory):
    """A state-owned plant with its organisation: `UnitFactory(organisation__city="210200")`."""

    class Meta:
        model = EmittingUnit
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)

    @factory.post_generation
    def attributes(self, create: bool, extracted: object, **fields: object) -> None:
        """Attributes in force since 2019; `attributes__ownership="民营"` changes one."""
        known = {"valid_from": date(2019, 1, 1), "ownership": "省属国企", "industry_code": "4411"}
        UnitAttributes.objects.create(unit=self, **{**known, **fields})


class AnnualReportFactory(DjangoModelFactory):
    """The duty to report 2023, nothing filed yet."""

    class Meta:
        model = AnnualReport

    unit = factory.SubFactory(UnitFactory)
    year = 2023
    city = factory.SelfAttribute("unit.organisation.city")
    due_on = factory.LazyAttribute(lambda o: date(o.year + 1, 3, 31))


class VersionFactory(DjangoModelFactory):
    """A version without its file: `VersionFactory(status="accepted", submitted=True)`.

    `submitted` is false by default for states before the submission.
    """

    class Meta:
        model = ReportVersion

    class Params:
        submitted = factory.LazyAttribute(
            lambda o: o.status in ("submitted", "returned", "accepted", "superseded")
        )

    report = factory.SubFactory(AnnualReportFactory)
    number = factory.LazyAttribute(lambda o: o.report.versions.count() + 1)
    status = "submitted"
    file = factory.Sequence(lambda n: f"reports/{n:032x}")
    file_name = factory.LazyAttribute(lambda o: f"{o.report.year}年度排放报告.xlsx")
    size = 1024
    sha256 = factory.LazyAttribute(lambda o: hashlib.sha256(o.file.encode()).hexdigest())
    receipt = factory.Sequence(lambda n: f"TEST-{n:010d}")
    uploaded_by = factory.SubFactory(UserFactory)
    uploaded_at = NOW
    checked_at = NOW
    submitted_by = factory.Maybe("submitted", factory.SubFactory(UserFactory), None)
    submitted_at = factory.Maybe("submitted", NOW, None)
    retain_until = factory.LazyAttribute(lambda o: date(o.report.year + 6, 12, 31))


def make_actor(
    role: str,
    organisation: Organisation | None = None,
    city: str = SHENYANG,
    *,
    kind: str | None = None,
) -> Actor:
    """A new person in that post. Without an organisation: the one of the role's kind in the city
    (a province or platform has no city), made when there is none. `kind` picks among the kinds that
    know the role (a laboratory's member rather than a verifier's)."""
    if organisation is None:
        wanted = kind or next(k for k, roles in ROLES_OF.items() if role in roles)
        place = city if wanted in _CITY_BOUND else ""
        organisation = Organisation.objects.filter(kind=wanted, city=place).order_by("pk").first()
        organisation = organisation or OrganisationFactory(kind=wanted, city=place)
    membership = MembershipFactory(organisation=organisation, role=role)
    actor = Actor.of(membership.user, organisation, ip="127.0.0.1")
    if actor is None:
        raise ValueError(f"{role} gives no actor in {organisation}")
    return actor
