"""How far a work plan is: inspections done against those planned, by city, quarter and risk class."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, ExtractQuarter, NullIf

from carbonwatch.accounts.models import Actor
from carbonwatch.params.regions import REGION_CHOICES
from emitters.models import AnnualReport
from inspections.models import Inspection, RiskClass, WorkPlan
from inspections.models.workplans import QUARTERS

Place = tuple[str, int, str]
MONTHS = 3


@dataclass(frozen=True)
class Part:
    """One risk class of a cell."""

    risk: RiskClass
    quota: int
    done: int

    @property
    def credited(self) -> int:
        """What counts: more than was asked for in one class makes up for nothing in another."""
        return min(self.done, self.quota)


@dataclass(frozen=True)
class Cell:
    """A city (or the province) in a quarter (or the year); `over`: its last day has passed."""

    quarter: int
    parts: tuple[Part, ...]
    over: bool

    @property
    def quota(self) -> int:
        """How many were planned."""
        return sum(p.quota for p in self.parts)

    @property
    def done(self) -> int:
        """How many of the planned ones were done."""
        return sum(p.credited for p in self.parts)

    @property
    def late(self) -> bool:
        """Whether the time is over and something is missing."""
        return self.over and self.done < self.quota

    @property
    def asked(self) -> list[Part]:
        """The classes in which something is planned or done."""
        return [p for p in self.parts if p.quota or p.done]


@dataclass(frozen=True)
class Row:
    """A city; `own`: the reader's."""

    city: str
    name: object
    cells: tuple[Cell, ...]
    total: Cell
    own: bool = False


@dataclass(frozen=True)
class Matrix:
    """Every city that the plan asks something of, or that did something; and the province."""

    rows: list[Row]
    total: Row


def done_in(year: int) -> dict[Place, int]:
    """Inspections of a year whose conclusion was approved, by city, by the quarter in which they were
    concluded, by the risk class that the unit's latest report has today (medium when it has none); one
    query. Sums alone, which every bureau may compare: nothing of a unit."""
    latest = AnnualReport.objects.filter(unit=OuterRef("unit")).exclude(current=None)
    band = NullIf(Subquery(latest.order_by("-year").values("current__risk_band")[:1]), Value(""))
    rows = (
        Inspection.objects.filter(status="closed", concluded_at__year=year)
        .order_by()
        .annotate(quarter=ExtractQuarter("concluded_at"))
        .annotate(risk=Coalesce(band, Value(str(RiskClass.MEDIUM))))
        .values("city", "quarter", "risk")
        .annotate(n=Count("pk"))
    )
    return {(r["city"], r["quarter"], r["risk"]): r["n"] for r in rows}


def ends_on(year: int, quarter: int) -> date:
    """The first day after a quarter."""
    month = quarter * MONTHS + 1
    return date(year + month // 13, (month - 1) % 12 + 1, 1)


def matrix_of(plan: WorkPlan, actor: Actor, today: date) -> Matrix:
    """The plan with its progress; the reader's own city first."""
    asked = {(q.city, q.quarter, q.risk): q.number for q in plan.quotas.all()}
    done = done_in(plan.year)
    over = {q: ends_on(plan.year, q) <= today for q in QUARTERS}
    present = {city for city, _quarter, _risk in [*asked, *done]}
    own = actor.organisation.city
    rows = [
        _row(city, name, asked, done, over, own=city == own)
        for city, name in REGION_CHOICES
        if city in present
    ]
    rows.sort(key=lambda row: not row.own)
    return Matrix(rows, _sum_up(rows, over))


def _row(
    city: str,
    name: object,
    asked: Mapping[Place, int],
    done: Mapping[Place, int],
    over: Mapping[int, bool],
    *,
    own: bool,
) -> Row:
    cells = tuple(
        Cell(
            quarter,
            tuple(
                Part(r, asked.get((city, quarter, r), 0), done.get((city, quarter, r), 0))
                for r in RiskClass
            ),
            over[quarter],
        )
        for quarter in QUARTERS
    )
    return Row(city, name, cells, _whole(cells), own)


def _whole(cells: Iterable[Cell]) -> Cell:
    """Cells added up: what counts, so that the parts of a row are its total."""
    quota: Counter[RiskClass] = Counter()
    done: Counter[RiskClass] = Counter()
    over = True
    for cell in cells:
        over = over and cell.over
        for part in cell.parts:
            quota[part.risk] += part.quota
            done[part.risk] += part.credited
    return Cell(0, tuple(Part(r, quota[r], done[r]) for r in RiskClass), over)


def _sum_up(rows: list[Row], over: Mapping[int, bool]) -> Row:
    empty = tuple(Part(r, 0, 0) for r in RiskClass)
    columns = [[row.cells[q - 1] for row in rows] or [Cell(q, empty, over[q])] for q in QUARTERS]
    cells = tuple(_whole(column) for column in columns)
    return Row("", "", cells, _whole(cells))
