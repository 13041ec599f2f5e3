"""Of two reports that hold one test: whose coal was tested? And how such places are shown."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from emitters.checks.support import ZERO
from emitters.facts import CheckContext
from emitters.population import Identity, LabRef, lab_ref

REUSE = "check.LAB-REPORT-REUSE."
Pair = tuple[LabRef, LabRef]  # a test of this report and its like in another


def identity_of(ctx: CheckContext) -> Identity:
    """What names the report among others."""
    return ctx.report.credit_code, ctx.report.year


def past_tests(ctx: CheckContext) -> list[LabRef]:
    """Tests of the enterprise's other years, as far as the population does not hold them."""
    known = ctx.population
    return [lab_ref(h, t) for h in ctx.history if not (known and known.knows(h)) for t in h.tests]


def owners(ctx: CheckContext, pairs: Iterable[Pair]) -> dict[Identity, bool | None]:
    """For every other report that holds tests of this one: True when they are of *this* report's
    coal, False when they are the other's, None when nothing tells.

    What tells, in this order: within one enterprise the earlier year; the plant's own heating values,
    which fit the coal that was tested; whether a plant uses that laboratory for other tests too.
    """
    grouped: dict[Identity, list[Pair]] = defaultdict(list)
    for own, other in pairs:
        grouped[other.identity].append((own, other))
    return {identity: _owner(ctx, identity, rows) for identity, rows in grouped.items()}


def _owner(ctx: CheckContext, identity: Identity, rows: list[Pair]) -> bool | None:
    code, year = identity
    if code == ctx.report.credit_code:
        return ctx.report.year < year
    verdict = _by_heat(ctx, rows)
    return _by_habit(ctx, identity, rows) if verdict is None else verdict


def _by_heat(ctx: CheckContext, rows: list[Pair]) -> bool | None:
    gaps = [
        (own.heat_gap, other.heat_gap)
        for own, other in rows
        if own.heat_gap is not None and other.heat_gap is not None
    ]
    ours = sum((a for a, _b in gaps), ZERO)
    theirs = sum((b for _a, b in gaps), ZERO)
    ratio, least = ctx.p(REUSE + "owner_ratio"), ctx.p(REUSE + "owner_gap")

    def foreign(gap: Decimal, rival: Decimal) -> bool:
        return gap > least * len(gaps) and gap > ratio * rival

    if foreign(theirs, ours):
        return True
    return False if foreign(ours, theirs) else None


def _by_habit(ctx: CheckContext, identity: Identity, rows: list[Pair]) -> bool | None:
    """Who has further tests of that laboratory is its client; a thief may have none."""
    laboratory = rows[0][0].laboratory
    mine, other = {own.row for own, _o in rows}, {o.row for _own, o in rows}
    ours = sum(
        1 for t in ctx.report.tests if t.laboratory.strip() == laboratory and t.row not in mine
    )
    held = ctx.population.held(identity, laboratory) if ctx.population else []
    theirs = sum(1 for r in held if r.row not in other)
    if bool(ours) == bool(theirs):
        return None
    return bool(ours)


def place(ref: LabRef) -> dict[str, Any]:
    """Where a test stands, as evidence."""
    return {
        "credit_code": ref.credit_code,
        "unit": ref.unit_name,
        "year": ref.year,
        "generator": ref.generator,
        "month": ref.month,
        "report_no": ref.report_no,
        "row": ref.row,
    }


def uses(ctx: CheckContext, rows: Iterable[LabRef]) -> str:
    """Places in words; another enterprise's name is shown, its data are not."""
    words = []
    for ref in rows:
        where = "" if ref.credit_code == ctx.report.credit_code else f"{ref.unit_name} "
        words.append(f"{where}{ref.year}-{ref.month or 0:02d} {ref.generator}".strip())
    return "；".join(words)
