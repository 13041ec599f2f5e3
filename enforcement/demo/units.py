"""The register: units and generators as the authorities know them, and who must report when."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from carbonwatch.accounts.models import Organisation
from carbonwatch.audit.ledger import record
from carbonwatch.params.service import in_force
from emitters.models import (
    AnnualReport,
    EmittingUnit,
    Generator,
    GeneratorAttributes,
    UnitAttributes,
)
from emitters.services.obligations import obligation_make
from emitters.simulator import Plant
from emitters.simulator.machines import Unit
from enforcement.demo.clock import local

SINCE = date(2019, 1, 1)
EXTENSION = timedelta(days=20)
_SOURCE_MARKS = re.compile(r"［[^］]*］")


@transaction.atomic
def register(plants: Sequence[Plant], now: datetime) -> dict[int, EmittingUnit]:
    """Units and generators of all plants with their true attributes, by the plant's index."""
    bodies = {
        o.code: o for o in Organisation.objects.filter(code__in=[p.credit_code for p in plants])
    }
    units = [EmittingUnit(organisation=bodies[p.credit_code]) for p in plants]
    EmittingUnit.objects.bulk_create(units)
    pairs = list(zip(plants, units, strict=True))
    UnitAttributes.objects.bulk_create(_attributes(p, u) for p, u in pairs)
    machines = [(p, Generator(unit=u, number=g.number), g) for p, u in pairs for g in p.generators]
    Generator.objects.bulk_create(generator for _plant, generator, _unit in machines)
    GeneratorAttributes.objects.bulk_create(_generator(*machine) for machine in machines)
    record("demo.registered", None, None, now, units=len(units), generators=len(machines))
    return {plant.index: unit for plant, unit in pairs}


def _attributes(plant: Plant, unit: EmittingUnit) -> UnitAttributes:
    return UnitAttributes(
        unit=unit,
        valid_from=SINCE,
        ownership=plant.ownership,
        industry_code=plant.industry,
        permit_no=plant.permit,
        legal_representative=plant.legal_person,
        longitude=Decimal(str(plant.longitude)),
        latitude=Decimal(str(plant.latitude)),
        altitude_m=Decimal(plant.altitude),
        first_period=True,
    )


def _generator(plant: Plant, generator: Generator, unit: Unit) -> GeneratorAttributes:
    return GeneratorAttributes(
        generator=generator,
        valid_from=SINCE,
        category=unit.category,
        product=unit.product,
        capacity_mw=unit.capacity_mw,
        boiler=unit.boiler,
        pressure=unit.pressure,
        cooling=unit.cooling,
        main_fuel=unit.fuel,
        rank=plant.mines[0].rank if plant.mines else "",
        commissioned=unit.commissioned,
        source="排污许可证及电力业务许可证（演示数据）",
    )


def oblige(unit: EmittingUnit, year: int, now: datetime, *, extended: bool = False) -> AnnualReport:
    """The unit's duty to report a year; `extended` moves a day that is past into the near future."""
    value = in_force().by_key.get("deadline.report", ())
    known = next((v for v in value if v.covers(date(year, 1, 1))), None)
    due_on = date.fromisoformat(known.value) if known else date(year + 1, 5, 31)
    basis = (
        _SOURCE_MARKS.sub("", known.source)
        if known
        else f"{year}年度报告期限尚待核实，演示数据按次年5月31日计"
    )
    today = timezone.localdate(now)
    if extended and due_on < today:
        due_on, basis = today + EXTENSION, "经省级同意延期报告"
    january = local(year + 1, 1, 10, 9, 30)
    return obligation_make(
        unit=unit, year=year, basis=basis[:200], due_on=due_on, actor=None, now=min(january, now)
    )
