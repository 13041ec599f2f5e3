"""Plants, people with tokens, and workbooks for tries of faults."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from knox.models import AuthToken
from stdnum.cn import uscc

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import OrgKind
from emitters.models import AnnualReport
from emitters.services.obligations import obligation_make
from emitters.workbook import read_report, write_report
from tests.emitters.factories import plant
from tests.factories import NOW, OrganisationFactory, UnitFactory, make_actor

YEAR = 2024


@dataclass
class Try:
    """A plant that owes its report: two people with tokens, and the workbook they will send."""

    report: AnnualReport
    filler: Actor
    checker: Actor
    tokens: dict[str, str]
    workbook: bytes


def credit_code(number: int) -> str:
    """A valid made-up credit code."""
    body = f"91210000{number:09d}"
    return body + uscc.calc_check_digit(body)


@cache
def _clean(number: int) -> bytes:
    """One critical result (the stocks do not balance), so that a question is opened."""
    facts = plant(
        year=YEAR,
        name=f"虚构热电{number:04d}有限公司",
        credit_code=credit_code(number),
        stock={"adj": {6: "-5000"}},
    )
    form = {
        "模板版本": "CW-1",
        "所在市": "沈阳市",
        "单位性质": "省属国企",
        "行业代码": "4411",
        "法定代表人": "甲",
        "联系人": "乙",
        "联系电话": "024-00000000",
        "纳入首个履约周期": "是",
        "填报人": "丙",
        "复核人": "丁",
        "批准人": "甲",
    }
    return write_report(replace(facts, basic={**facts.basic, **form}))


def facts_of(workbook: bytes):
    """What the workbook holds."""
    reading = read_report(workbook)
    assert reading.facts is not None, reading.problems
    return reading.facts


def make_province() -> None:
    """The bureau and the province, who get the duties."""
    for kind, city in ((OrgKind.PROVINCE, ""), (OrgKind.CITY, "210100")):
        office = OrganisationFactory(kind=kind, city=city)
        make_actor("province.supervisor" if kind == OrgKind.PROVINCE else "city.inspector", office)


def make_try(number: int) -> Try:
    """Plant `number` with the duty to report."""
    unit = UnitFactory(
        organisation__code=credit_code(number),
        organisation__name=f"虚构热电{number:04d}有限公司",
    )
    report = obligation_make(
        unit=unit, year=YEAR, basis="名录", due_on=date(YEAR + 1, 3, 31), actor=None, now=NOW
    )
    people = [make_actor(role, unit.organisation) for role in ("unit.filler", "unit.checker")]
    tokens = {p.user.username: AuthToken.objects.create(user=p.user)[1] for p in people}
    return Try(report, *people, tokens, _clean(number))
