"""CON-NCV-ENTRY-FIRED: heating value of the coal at the gate against that of the coal in the furnace."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.support import ALL_MONTHS, DEFAULT, ZERO, burning_months, make_hit, rounded
from emitters.facts import CheckContext

P = "check.CON-NCV-ENTRY-FIRED."
Weighted = tuple[Decimal, Decimal]


@check(
    "CON-NCV-ENTRY-FIRED",
    name=_("入厂入炉热值差异常"),
    family=Family.CONSISTENCY,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.INFO,
            "cross",
            _("{month_list}月入厂煤热值比入炉煤高{largest}GJ/t，超过{high}GJ/t。"),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "cross",
            _(
                "{month_list}月入厂煤热值比入炉煤高，平均高{mean}GJ/t，超过{high}GJ/t：入炉热值偏低，或入厂煤质与实际不符。"
            ),
        ),
        "C": Outcome(
            Severity.CRITICAL,
            "cross",
            _(
                "{month_list}月入炉煤热值反而高于入厂煤，平均高{mean}GJ/t，超过{low}GJ/t：煤在煤场不会变好。"
            ),
        ),
    },
    basis=_(
        "行业考核指标：入厂入炉煤热值差一般不超过100～120kcal/kg（约0.42～0.50MJ/kg）；校核目录 CON-NCV-ENTRY-FIRED"
    ),
    what=_(
        "入厂煤批次（部门数据）或本厂入厂煤样的热值按量加权，与各机组入炉热值加权值按三个月滑动比较。"
    ),
    why=_("发现压低入炉热值（按热值×缺省值计算排放时有利）或抬高入炉热值以掩饰煤耗。"),
    explain=_("库存煤的来煤时间、雨季水分、掺配滞后，入厂与入炉采制化的误差分析。"),
    ask=_("入厂验收化验单、入炉逐日热值原始记录、掺烧记录、量热仪比对记录。"),
    parameters=("high", "low", "window", "months"),
)
def entry_fired(ctx: CheckContext) -> Iterator[Hit]:
    """Three-month windows, named by their last month."""
    entry, fired = _entry(ctx), _fired(ctx)
    window = int(ctx.p(P + "window"))
    readings: list[dict[str, Any]] = []
    for month in ALL_MONTHS[window - 1 :]:
        run = range(month - window + 1, month + 1)
        gate, furnace = (_mean([side[m] for m in run if m in side]) for side in (entry, fired))
        if gate is not None and furnace is not None and all(m in entry for m in run):
            readings.append(
                {"month": month, "entry": rounded(gate, 3), "ncv": rounded(furnace, 3),
                 "gap": rounded(gate - furnace, 3)}
            )  # fmt: skip
    if not readings:
        raise NotRun(_("没有连续三个月可比较的入厂煤热值与入炉热值。"))
    yield from _hits(ctx, readings)


def _mean(values: list[Weighted]) -> Decimal | None:
    weight = sum((w for w, _v in values), ZERO)
    return sum((w * v for w, v in values), ZERO) / weight if weight else None


def _grouped(rows: list[tuple[int, Decimal, Decimal]]) -> dict[int, Weighted]:
    found: dict[int, Weighted] = {}
    for month in {m for m, _w, _v in rows}:
        own = [(w, v) for m, w, v in rows if m == month]
        mean = _mean(own)
        if mean is not None:
            found[month] = sum((w for w, _v in own), ZERO), mean
    return found


def _entry(ctx: CheckContext) -> dict[int, Weighted]:
    """By month: batches at the gate by tonnes, else the plant's own tests of receipts, all alike."""
    rows = ctx.outside.of_year("receipt", ctx.report.year) if ctx.outside else ()
    batches = [(r["day"].month, r["tonnes"], r["ncv"]) for r in rows if r["ncv"] and r["tonnes"]]
    tests = [
        (t.month, Decimal(1), t.qnetar)
        for t in ctx.report.tests
        if t.kind == "入厂" and t.month and t.qnetar
    ]
    return _grouped(batches or tests)


def _fired(ctx: CheckContext) -> dict[int, Weighted]:
    rows = [
        (month, entry.fc, entry.ncv)
        for a in ctx.accounts.generators
        if a.coal is not None and a.coal.use.method("ncv") != DEFAULT
        for month, entry in burning_months(a.coal)
        if entry.ncv
    ]
    return _grouped(rows)


def _by_default(ctx: CheckContext) -> bool:
    """Whether emissions follow from heat times a default, so that less heat is less emission."""
    coals = [a.coal for a in ctx.accounts.generators if a.coal]
    return bool(coals) and all(DEFAULT in (c.use.method("c_ar"), c.use.method("cc")) for c in coals)


def _hits(ctx: CheckContext, readings: list[dict[str, Any]]) -> Iterator[Hit]:
    high, low = ctx.p(P + "high"), ctx.p(P + "low")
    above = [r for r in readings if r["gap"] > high]
    below = [r for r in readings if r["gap"] < -low]
    least = ctx.p(P + "months")
    defaults = _by_default(ctx)
    if above:
        letter = "B" if len(above) >= least else "A"
        yield _hit(ctx, letter, above, favourable=defaults)
    if len(below) >= least:
        yield _hit(ctx, "C", below, favourable=False)


def _hit(ctx: CheckContext, letter: str, chosen: list[dict[str, Any]], *, favourable: bool) -> Hit:
    gaps = [r["gap"] for r in chosen]
    mean = sum(gaps, ZERO) / len(gaps)
    heat = _mean(list(_fired(ctx).values())) or ZERO
    emitted = sum((a.coal.t_co2 for a in ctx.accounts.generators if a.coal), ZERO)
    over = mean - ctx.p(P + "high")
    return make_hit(
        letter,
        months=[r["month"] for r in chosen],
        cells=[
            a.coal.use.series["ncv"].cell(r["month"])
            for a in ctx.accounts.generators
            if a.coal and "ncv" in a.coal.use.series
            for r in chosen
        ],
        direction=Direction.FAVOURABLE if favourable else Direction.UNKNOWN,
        t_co2=emitted * max(over, ZERO) / heat if favourable and heat else ZERO,
        root="ncv-entry",
        mean=rounded(abs(mean), 3),
        largest=max(gaps, key=abs),
        high=ctx.p(P + "high"),
        low=ctx.p(P + "low"),
        readings=chosen,
    )
