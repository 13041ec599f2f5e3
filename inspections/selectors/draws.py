"""Reads of a draw: its pool as it would be frozen today, and its public record."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from carbonwatch.accounts.models import Actor
from carbonwatch.params.service import in_force
from emitters.models import AnnualReport, EmittingUnit
from inspections.lots import ALGORITHM, Pool
from inspections.models import Conflict, Draw, DrawMode, Inspection, Inspector

NO_REPORT = "none"


def team_size(year: int) -> int:
    """How many officers a team needs (Administrative Penalty Law art. 42)."""
    return int(in_force().find("inspection.fewest_inspectors", year).value)


def units_of(actor: Actor) -> QuerySet[Any]:
    """The units that the authority draws from, each with the risk band of its latest report."""
    latest = AnnualReport.objects.filter(unit=OuterRef("pk")).exclude(current=None)
    band = latest.order_by("-year").values("current__risk_band")[:1]
    return (
        EmittingUnit.objects.visible_to(actor)
        .select_related("organisation")
        .annotate(band=Subquery(band))
        .order_by("organisation__code")
    )


def weight_of(band: str | None, mode: str, year: int) -> int:
    """1 for plain lots, else the dated weight of the risk band."""
    if mode == DrawMode.PLAIN:
        return 1
    return int(in_force().find(f"draw.weight.{band or NO_REPORT}", year).value)


def listing(draw: Draw, actor: Actor) -> dict[str, Any]:
    """The pool as the record names it, in six queries however many units: whoever is excluded stands
    beside it with the reason."""
    year = draw.inspect_on.year
    excluded = {e.unit_id: e.reason for e in draw.exclusions.all()}
    units, left_out = [], []
    for unit in units_of(actor):
        row: dict[str, Any] = {
            "code": unit.credit_code,
            "name": str(unit),
            "city": unit.organisation.city,
        }
        if unit.pk in excluded:
            left_out.append(row | {"reason": excluded[unit.pk]})
            continue
        band = unit.band or NO_REPORT
        units.append(row | {"band": band, "weight": weight_of(unit.band, draw.mode, year)})
    people = list(inspectors_of(draw))
    return {
        "units": units,
        "excluded": left_out,
        "inspectors": [{"certificate": p.certificate, "name": p.user.name} for p in people],
        "conflicts": _conflicts(people, {u["code"] for u in units}, draw.inspect_on),
        "count": draw.count,
        "team": team_size(year),
    }


def inspectors_of(draw: Draw) -> QuerySet[Inspector]:
    """Those of the authority whose certificates are valid on the day."""
    fit = Inspector.objects.fit_on(draw.inspect_on).filter(organisation=draw.organisation)
    return fit.select_related("user").order_by("certificate")


def _conflicts(people: list[Inspector], codes: set[str], day: date) -> list[dict[str, str]]:
    """Who must keep away from which unit; why is nobody's business but theirs."""
    rows = Conflict.objects.on(day).filter(inspector__in=people, unit__organisation__code__in=codes)
    pairs = rows.values_list("inspector__certificate", "unit__organisation__code")
    return [{"certificate": c, "code": u} for c, u in sorted(set(pairs))]


def pool_of_listing(listed: dict[str, Any]) -> Pool:
    """The pool that a listing freezes. Raises `NotDrawable`."""
    return Pool.of(
        ((u["code"], u["weight"]) for u in listed["units"]),
        (i["certificate"] for i in listed["inspectors"]),
        ((c["certificate"], c["code"]) for c in listed["conflicts"]),
        count=listed["count"],
        team=listed["team"],
    )


def record_of(draw: Draw) -> dict[str, Any]:
    """The public record (JSON): before the draw the list and the promise, after it everything."""
    record: dict[str, Any] = {
        "algorithm": ALGORITHM,
        "title": draw.title,
        "authority": draw.organisation.name,
        "status": draw.status,
        **draw.listed,
        "pool_hash": draw.pool_hash,
        "commitment": draw.commitment,
        "frozen_at": draw.frozen_at.isoformat() if draw.frozen_at else None,
    }
    if draw.status == "void":
        record["void_reason"] = draw.void_reason
    if draw.drawn_at is None:
        return record
    rows = draw.drawn_units.select_related("unit__organisation").order_by("number")
    return record | {
        "seed": draw.seed,
        "witness": draw.witness,
        "witness_name": draw.witness_name,
        "drawn_at": draw.drawn_at.isoformat(),
        "result": [{"code": r.unit.credit_code, "inspectors": r.certificates} for r in rows],
    }


@dataclass(frozen=True)
class ResultRow:
    """A drawn unit in words, and the inspection that came of it."""

    number: int
    unit: EmittingUnit
    inspectors: list[str]
    inspection: Inspection | None


def shown_result(draw: Draw) -> list[ResultRow]:
    """The result in the order of the draw, names as they were frozen."""
    names = {i["certificate"]: i["name"] for i in draw.listed["inspectors"]}
    rows = draw.drawn_units.select_related("unit__organisation", "inspection").order_by("number")
    return [
        ResultRow(r.number, r.unit, [f"{names[c]}（{c}）" for c in r.certificates], r.inspection)
        for r in rows
    ]
