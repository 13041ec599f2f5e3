"""LAB-BATCH-DISGUISE: one delivery of samples, reported as if month by month."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.laboratory.dates import described, effect, test_cells
from emitters.checks.laboratory.register import register_of, report_key
from emitters.checks.laboratory.sequence import Numbered, by_series, one_series
from emitters.checks.support import make_hit
from emitters.facts import CheckContext, CoalTest
from emitters.outside import OutsideRow

BATCH = "check.LAB-BATCH-DISGUISE."


@check(
    "LAB-BATCH-DISGUISE",
    name=_("集中送检伪装成逐月检测"),
    family=Family.LABORATORY,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "document",
            _(
                "{month_list}月检测呈集中送检特征：{signs}项迹象同时出现（编号相连：{consecutive}；检测机构同期业务多：{busy}；同周收样或出具：{together}）。"
            ),
        ),
        "B": Outcome(
            Severity.FATAL,
            "source",
            _(
                "检测机构登记表明{month_list}月煤样为集中送检（{proof}），报告所填收样、检测日期与登记不符。"
            ),
        ),
        "C": Outcome(
            Severity.INFO,
            "document",
            _(
                "{month_list}月检测有一项集中送检迹象（编号相连：{consecutive}；同周收样或出具：{together}）。"
            ),
        ),
    },
    basis=_("2022年生态环境部通报案例：一批煤样分月出具报告；校核目录 LAB-BATCH-DISGUISE"),
    what=_(
        "不同月份报告编号几乎相连、而检测机构业务量大；三个月以上样品在7日内收样或出具报告，两项以上为严重；"
        "有检测机构登记时，按登记的收样日期和原始记录编号核对。"
    ),
    why=_("发现集中送检后伪造逐月送检、逐月检测的报告。"),
    explain=_("检测机构业务量很小或为客户单列编号的说明；已申报的延迟送检。"),
    ask=_("检测机构收样登记与报告台账、快递单、仪器原始数据文件、相邻编号报告。"),
    parameters=("months", "window_days", "serial_gap", "busy_serial", "busy_others"),
)
def batch_disguise(ctx: CheckContext) -> Iterator[Hit]:
    """Signs that tests of several months came from one batch."""
    tests = [t for t in ctx.report.tests if t.month and (t.received or t.issued)]
    if len({t.month for t in tests}) < ctx.p(BATCH + "months"):
        raise NotRun(_("有收样或报告日期的检测不足三个月。"))
    yield from _registered(ctx, tests)
    run, busy = _consecutive(ctx)
    crowd = _together(ctx, tests)
    signs = sum((bool(run), bool(run and busy), bool(crowd)))
    if not signs:
        return
    shown = run + [t for t in crowd if t not in run]
    yield make_hit(
        "A" if signs > 1 else "C",
        months=[t.month for t in shown if t.month],
        cells=test_cells(shown, "report_no", "received"),
        direction=Direction.FAVOURABLE,
        t_co2=effect(ctx, shown),
        root="lab-dates",
        signs=signs,
        consecutive="、".join(t.report_no for t in run) or "0",
        busy=busy,
        together="、".join(str(t.month) for t in crowd) or "0",
        tests=[described(t) for t in shown],
    )


def _consecutive(ctx: CheckContext) -> tuple[list[CoalTest], int]:
    """The longest run of nearly consecutive numbers over enough months, and the series' volume.

    A small laboratory that serves one plant numbers it 1 to 12 in all honesty: what contradicts
    the dates is a series that had thousands of numbers, or of which other plants hold numbers.
    """
    gap, least = ctx.p(BATCH + "serial_gap"), ctx.p(BATCH + "months")
    best: list[CoalTest] = []
    busy = 0
    for (laboratory, prefix), numbered in by_series(ctx).items():
        rows = [r for r in numbered if not _says_month(r, ctx.report.year)]
        for run in _runs(rows, int(gap)):
            months = {r.test.month for r in run}
            if len(months) >= least and len(run) > len(best):
                best = [r.test for r in run]
                busy = _others(ctx, laboratory, prefix, run[0].serial)
    return best, busy


def _says_month(row: Numbered, year: int) -> bool:
    """A number that ends in the month of its sample or issue (2304) counts no reports."""
    stamps = {(row.issued.year, row.issued.month), (year, row.test.month or 0)}
    return any(row.test.report_no.strip().endswith(f"{y % 100:02d}{m:02d}") for y, m in stamps)


def _runs(rows: list[Numbered], gap: int) -> Iterator[list[Numbered]]:
    run: list[Numbered] = []
    for row in rows:
        if run and row.serial - run[-1].serial > gap:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def _others(ctx: CheckContext, laboratory: str, prefix: str, serial: int) -> int:
    """How many other reports the series must hold: by the number itself, or by other plants."""
    identity = (ctx.report.credit_code, ctx.report.year)
    known = ctx.population
    if known is not None and one_series(ctx, known, laboratory, prefix):
        held = known.series_size(laboratory, prefix, identity)
        if held >= ctx.p(BATCH + "busy_others"):
            return held
    return serial if serial >= ctx.p(BATCH + "busy_serial") else 0


def _together(ctx: CheckContext, tests: list[CoalTest]) -> list[CoalTest]:
    """Most tests received (else issued) within the window, if of enough different months."""
    window, least = int(ctx.p(BATCH + "window_days")), ctx.p(BATCH + "months")
    best: list[CoalTest] = []
    for step in ("received", "issued"):
        rows: list[tuple[date, Any]] = sorted(
            ((d, t) for t in tests if (d := getattr(t, step)) is not None),
            key=lambda pair: pair[0],
        )
        start = 0
        for end, (day, _test) in enumerate(rows):
            while (day - rows[start][0]).days > window:
                start += 1
            crowd = [t for _day, t in rows[start : end + 1]]
            if len({t.month for t in crowd}) >= least and len(crowd) > len(best):
                best = crowd
    return best


def _registered(ctx: CheckContext, tests: list[CoalTest]) -> Iterator[Hit]:
    """Months that came in one batch by the laboratory's register, though the report spreads them."""
    window, least = int(ctx.p(BATCH + "window_days")), ctx.p(BATCH + "months")
    entries = register_of(ctx)
    found = [
        (test, row)
        for test in tests
        for row in entries.get(report_key(test), ())[-1:]
        if row["client_code"] == ctx.report.credit_code
    ]
    spread = [
        (t, row)
        for t, row in found
        if t.received and row["received"] and abs((t.received - row["received"]).days) > window
    ]
    days = sorted(row["received"] for _t, row in spread)
    batches = [
        [(t, row) for t, row in spread if 0 <= (row["received"] - day).days <= window]
        for day in days
    ]
    files: dict[str, list[tuple[CoalTest, OutsideRow]]] = {}
    for test, row in spread:
        if row["raw_file"]:
            files.setdefault(row["raw_file"], []).append((test, row))
    best = max([*batches, *files.values()], key=lambda b: len({t.month for t, _r in b}), default=[])
    if len({t.month for t, _row in best}) < least:
        return
    batch = [t for t, _row in best]
    received = [row["received"] for _t, row in best]
    yield make_hit(
        "B",
        months=[t.month for t in batch if t.month],
        cells=test_cells(batch, "received"),
        direction=Direction.FAVOURABLE,
        t_co2=effect(ctx, batch),
        root="lab-source",
        proof=f"{min(received)}～{max(received)}",
        register=[
            {
                "report_no": t.report_no,
                "reported": t.received,
                "registered": row["received"],
                "raw_file": row["raw_file"],
                "place": row.place,
            }
            for t, row in best
        ],
    )
