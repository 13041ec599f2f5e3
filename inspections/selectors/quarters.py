"""Reads of a quarterly report: figures by section, beside those of the quarter signed before."""

from dataclasses import dataclass, field
from decimal import Decimal

from inspections.models import QuarterEdition, QuarterFigure, QuarterReport


@dataclass(frozen=True)
class Line:
    """A figure and what the report before said."""

    figure: QuarterFigure
    before: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """The difference; None when one of them is not there."""
        if self.before is None or self.figure.value is None:
            return None
        return self.figure.value - self.before


@dataclass(frozen=True)
class Grid:
    """Parts of several figures by the same field: a row for each key, a column for each figure."""

    by: str
    label: str
    heads: list[QuarterFigure]
    rows: list[tuple[str, list[QuarterFigure | None]]]


@dataclass
class Part:
    """A section of the report."""

    code: str
    title: str
    lines: list[Line] = field(default_factory=list)
    parts: list[QuarterFigure] = field(default_factory=list)

    @property
    def grids(self) -> list[Grid]:
        """The tables of the section, in the order in which its figures name them."""
        return [self._grid(by) for by in dict.fromkeys(f.by for f in self.parts)]

    def _grid(self, by: str) -> Grid:
        mine = [f for f in self.parts if f.by == by]
        named = {line.figure.code: line.figure for line in self.lines}
        heads = list(dict.fromkeys(f.of for f in mine))
        cells = {(f.key, f.of): f for f in mine}
        keys = {f.key: f.key_label for f in mine}
        rows = [(label, [cells.get((key, of)) for of in heads]) for key, label in keys.items()]
        return Grid(by, mine[0].by_label, [named[of] for of in heads], rows)


def parts_of(edition: QuarterEdition) -> list[Part]:
    """The sections of an edition, in two queries."""
    before = {}
    if edition.compared_id:
        before = dict(
            QuarterFigure.objects.filter(edition=edition.compared_id).values_list("code", "value")
        )
    found: dict[str, Part] = {}
    for figure in edition.figures.order_by("number"):
        part = found.setdefault(figure.section, Part(figure.section, figure.section_title))
        if figure.by:
            part.parts.append(figure)
        else:
            part.lines.append(Line(figure, before.get(figure.code)))
    return list(found.values())


def compared_report(report: QuarterReport) -> QuarterReport | None:
    """The report with whose figures those of the edition are compared."""
    edition = report.edition
    if edition is None or edition.compared_id is None:
        return None
    return QuarterReport.objects.get(edition=edition.compared_id)
