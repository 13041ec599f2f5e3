"""MET-CAL-VALID: meters without valid verification or calibration."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.support import (
    HUNDRED,
    ZERO,
    make_hit,
    month_end,
    outside_rows,
)
from emitters.facts import MONTHS, CheckContext
from emitters.outside import OutsideRow

P = "check.MET-CAL-VALID."


@dataclass(frozen=True)
class Meter:
    """One meter and its certificates in order of begin; `others` are those of like meters beside it."""

    generator: str
    number: str
    kind: str
    rows: tuple[OutsideRow, ...]
    others: tuple[OutsideRow, ...]

    def open_days(self, first: date, last: date) -> int:
        """Days of a span that no certificate covers. Nothing is known of the time before the first
        certificate; after the last one the meter may be out of use, if a like one took its place."""
        begin, end = self.rows[0]["valid_from"], max(r["valid_to"] for r in self.rows)
        within = _uncovered(self.rows, max(first, begin), min(last, end))
        after = max(first, end + timedelta(days=1))
        return within + _uncovered(self.others, after, last)


def _uncovered(rows: tuple[OutsideRow, ...], first: date, last: date) -> int:
    """Days from the first to the last that lie in none of the certificates (in order of begin)."""
    count, day = 0, first
    for row in rows:
        if row["valid_from"] > day:
            count += max(0, (min(row["valid_from"], last + timedelta(days=1)) - day).days)
        day = max(day, row["valid_to"] + timedelta(days=1))
        if day > last:
            return count
    return count + max(0, (last - day).days + 1)


@check(
    "MET-CAL-VALID",
    name=_("计量器具未在检定有效期内"),
    family=Family.LABORATORY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "source",
            _("{kind}{meter}有{count}日不在检定有效期内，{month_list}月数据须按规定保守修正。"),
        ),
        "B": Outcome(
            Severity.INFO,
            "source",
            _("{kind}{meter}有{count}日不在检定有效期内，其后检定误差未超过要求。"),
        ),
        "C": Outcome(
            Severity.CRITICAL,
            "source",
            _("{kind}{meter}检定误差{error}%超过要求准确度{accuracy}%，未作保守修正。"),
        ),
    },
    basis=_(
        "碳排放权交易管理暂行条例：应使用经检定或校准合格的计量器具；检定周期不超过12个月；"
        "未检定的，活动数据乘以（1＋要求准确度）、产出数据乘以（1－要求准确度）"
    ),
    what=_("每台器具的检定有效期与用它计量的月份比较；空档30日以内且其后误差合格的仅提示。"),
    why=_("发现失准或被调校的计量器具。"),
    explain=_("停机期间检定、备用器具证书、检定预约记录。"),
    ask=_("检定证书原件、铅封记录、皮带秤校验（链码、实物）记录。"),
    parameters=("gap_days", "fuel_kinds", "output_kinds"),
)
def calibration(ctx: CheckContext) -> Iterator[Hit]:
    """Each meter's certificates over the months in which its generator was at work."""
    meters = list(_meters(outside_rows(ctx, "calibration", any_year=True)))
    active = [m for m in meters if _months_at_work(ctx, m.generator)]
    if not active:
        raise NotRun(_("计量器具检定记录没有对应的运行机组。"))
    for meter in active:
        yield from _gap_hits(ctx, meter)
        yield from _error_hits(ctx, meter)


def _meters(rows: tuple[OutsideRow, ...]) -> Iterator[Meter]:
    grouped: dict[tuple[str, str, str], list[OutsideRow]] = defaultdict(list)
    for r in rows:
        grouped[r["generator"] or "", str(r["kind"]), str(r["meter"])].append(r)
    for (generator, kind, number), own in grouped.items():
        beside = [
            r
            for (g, k, n), others in grouped.items()
            if (g, k) == (generator, kind) and n != number
            for r in others
        ]
        own, beside = (sorted(x, key=lambda r: r["valid_from"]) for x in (own, beside))
        yield Meter(generator, number, kind, tuple(own), tuple(beside))


def _accounts(ctx: CheckContext, generator: str) -> list[GeneratorAccount]:
    return [a for a in ctx.accounts.generators if generator in ("", a.number)]


def _months_at_work(ctx: CheckContext, generator: str) -> list[int]:
    return [m for m in MONTHS if any(a.t_month[m - 1] for a in _accounts(ctx, generator))]


def _gap_hits(ctx: CheckContext, meter: Meter) -> Iterator[Hit]:
    year = ctx.report.year
    open_days: dict[int, int] = {}
    for month in _months_at_work(ctx, meter.generator):
        if count := meter.open_days(date(year, month, 1), month_end(year, month)):
            open_days[month] = count
    if not open_days:
        return
    count = sum(open_days.values())
    short = count <= ctx.p(P + "gap_days") and not _excess(_next(meter, year, max(open_days)))
    yield _hit(ctx, meter, "B" if short else "A", list(open_days), count=count, days=open_days)


def _next(meter: Meter, year: int, month: int) -> OutsideRow | None:
    """The certificate that ends a gap: what it found tells of the time before."""
    last = month_end(year, month)
    return next((r for r in meter.rows if r["valid_to"] >= last), None)


def _excess(row: OutsideRow | None) -> Decimal:
    """Points by which the error that was found exceeds the accuracy required; 0 when unknown."""
    if row is None or row["error_found"] is None or row["accuracy"] is None:
        return ZERO
    return max(ZERO, abs(row["error_found"]) - row["accuracy"])


def _error_hits(ctx: CheckContext, meter: Meter) -> Iterator[Hit]:
    year = ctx.report.year
    for row in meter.rows:
        concerns = row["valid_from"].year in (year, year + 1)  # found then, true of the year before
        if concerns and _excess(row) and row["adjusted"] != "是":
            months = _months_at_work(ctx, meter.generator)
            if row["valid_from"].year == year:
                months = [m for m in months if m <= row["valid_from"].month]
            yield _hit(
                ctx, meter, "C", months, error=row["error_found"], accuracy=row["accuracy"],
                share=_excess(row),
            )  # fmt: skip


def _hit(
    ctx: CheckContext,
    meter: Meter,
    letter: str,
    months: list[int],
    *,
    share: Decimal | None = None,
    **values: Any,
) -> Hit:
    """`share`: percent by which the rule moves the figure; by default the accuracy required."""
    accounts = _accounts(ctx, meter.generator)
    known = [r["accuracy"] for r in meter.rows if r["accuracy"] is not None]
    percent = share if share is not None else (max(known) if known else ZERO)
    burnt = sum((a.t_month[m - 1] or ZERO for a in accounts for m in months), ZERO)
    allowed = sum((a.allowance_t or ZERO for a in accounts), ZERO) * len(months) / 12
    return make_hit(
        letter,
        generator=meter.generator,
        months=months,
        direction=Direction.FAVOURABLE if letter != "B" else Direction.UNKNOWN,
        t_co2=burnt * percent / HUNDRED if meter.kind in ctx.p(P + "fuel_kinds") else ZERO,
        t_allowance=allowed * percent / HUNDRED
        if meter.kind in ctx.p(P + "output_kinds")
        else ZERO,
        root=f"meter:{meter.number}",
        meter=meter.number,
        kind=meter.kind,
        certificates=[
            {"from": r["valid_from"], "to": r["valid_to"], "error": r["error_found"],
             "place": r.place}
            for r in meter.rows
        ],
        **values,
    )  # fmt: skip
