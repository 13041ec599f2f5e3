"""Organisations and people of every kind, each person in one post."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from carbonwatch.accounts.demo import DEMO_PASSWORD
from carbonwatch.accounts.models import Actor, Membership, Organisation, User
from carbonwatch.accounts.permissions import GRANTS, ROLES_OF, OrgKind, Role
from carbonwatch.audit.ledger import record
from carbonwatch.params.regions import REGION_NAMES
from emitters.simulator import Plant
from emitters.simulator.names import credit_code, laboratory, person

AGENCIES = 3
LABORATORIES = 2
_OFFICES = (
    (OrgKind.PROVINCE, "辽宁省双碳工作领导小组办公室"),
    (OrgKind.ECOLOGY, "辽宁省生态环境厅"),
    (OrgKind.DRC, "辽宁省发展和改革委员会"),
    (OrgKind.SASAC, "辽宁省国有资产监督管理委员会"),
    (OrgKind.MARKET, "辽宁省市场监督管理局"),
)
Posts = Sequence[tuple[str, str]]
"""Roles and the names of those who hold them."""


@dataclass(frozen=True)
class Body:
    """An organisation to be, with its people. `login` opens their account names."""

    login: str
    organisation: Organisation
    posts: Posts


class Cast:
    """Everybody who acts, by account name: `cast["city-210100-inspector"]`."""

    def __init__(self) -> None:
        self._actors: dict[str, Actor] = {}

    def __getitem__(self, login: str) -> Actor:
        return self._actors[login]

    def add(self, actor: Actor) -> None:
        """Make a person available."""
        self._actors[actor.user.username] = actor


@transaction.atomic
def make_people(seed: int, plants: Iterable[Plant], now: datetime) -> Cast:
    """Store all organisations and people; the password is hashed once for all of them."""
    bodies = list(_bodies(Random(f"people/{seed}"), plants))  # noqa: S311
    Organisation.objects.bulk_create(body.organisation for body in bodies)
    password = make_password(DEMO_PASSWORD)
    posts = [
        Membership(
            user=User(username=f"{body.login}-{post}", name=name, password=password, is_demo=True),
            organisation=body.organisation,
            role=role,
        )
        for body in bodies
        for role, name, post in _named(body.posts)
    ]
    User.objects.bulk_create(post.user for post in posts)
    Membership.objects.bulk_create(posts)
    record("demo.peopled", None, None, now, organisations=len(bodies), people=len(posts))
    cast = Cast()
    for post in posts:
        cast.add(Actor(post.user, post.organisation, (post.role,), GRANTS[post.role]))
    return cast


def city_login(city: str) -> str:
    """How the account names of a city's bureau begin."""
    return f"city-{city.lower()}"


def unit_login(plant: Plant) -> str:
    """How the account names of a unit's people begin."""
    return f"unit-{plant.index:03d}"


def _post(role: str) -> str:
    return role.split(".")[1].replace("_", "-")


def _named(posts: Posts) -> Iterator[tuple[str, str, str]]:
    """Role, name, and how the account name ends: the second in a post is `…-2`."""
    held: list[str] = []
    for role, name in posts:
        held.append(role)
        number = held.count(role)
        yield role, name, _post(role) if number == 1 else f"{_post(role)}-{number}"


def _bodies(rng: Random, plants: Iterable[Plant]) -> Iterator[Body]:
    for kind, name in _OFFICES:
        body = _body(rng, str(kind), Organisation(kind=kind, name=name, code=f"LN-{kind.upper()}"))
        if kind == OrgKind.PROVINCE:
            second = (Role.PROVINCE_SUPERVISOR, person(Random("second/province")))  # noqa: S311
            body = Body(body.login, body.organisation, [*body.posts, second])
        yield body
    for city, name in REGION_NAMES.items():
        bureau = f"{name}生态环境{'局' if name.endswith('市') else '分局'}"
        body = _body(
            rng,
            city_login(city),
            Organisation(kind=OrgKind.CITY, name=bureau, code=city, city=city),
        )
        second = (Role.CITY_INSPECTOR, person(Random(f"second/{city}")))  # noqa: S311
        yield Body(body.login, body.organisation, [*body.posts, second])
    yield _body(
        rng,
        "platform",
        Organisation(kind=OrgKind.PLATFORM, name="平台运维中心", code="LN-PLATFORM"),
    )
    yield from _agencies(rng)
    for plant in plants:
        names = (plant.filler, plant.checker, plant.approver)
        unit = Organisation(
            kind=OrgKind.UNIT, name=plant.name, code=plant.credit_code, city=plant.city_code
        )
        yield Body(unit_login(plant), unit, list(zip(ROLES_OF[OrgKind.UNIT], names, strict=True)))


def _agencies(rng: Random) -> Iterator[Body]:
    for n in range(AGENCIES):
        name = f"样本低碳核查{'甲乙丙'[n]}有限公司"
        yield _body(
            rng,
            f"agency-{n + 1}",
            Organisation(kind=OrgKind.VERIFIER, name=name, code=credit_code(rng, "2101")),
        )
    member = (Role.AGENCY_MEMBER,)
    for n in range(LABORATORIES):
        known = laboratory(n)
        organisation = Organisation(
            kind=OrgKind.LABORATORY, name=known.name, code=credit_code(rng, "2101")
        )
        yield _body(rng, f"laboratory-{n + 1}", organisation, member)
    # The same code as the consultant that reports name (simulator.plants).
    code = credit_code(Random("consultant-1"), "2101")  # noqa: S311
    consultancy = Organisation(kind=OrgKind.CONSULTANCY, name="样本低碳咨询甲有限公司", code=code)
    yield _body(rng, "consultancy-1", consultancy, member)


def _body(
    rng: Random, login: str, organisation: Organisation, roles: Sequence[str] | None = None
) -> Body:
    held = ROLES_OF[organisation.kind] if roles is None else roles
    return Body(login, organisation, [(role, person(rng)) for role in held])
