"""STA-LOW-VARIANCE: months that resemble each other more than two tests of one sample do."""

from collections.abc import Iterator, Mapping
from statistics import fmean, geometric_mean

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.support import (
    ALL_MONTHS,
    ZERO,
    burning_months,
    default_effect,
    deviation,
    is_measured,
    make_hit,
)
from emitters.facts import CheckContext, CoalTest

P = "check.STA-LOW-VARIANCE."
FLOOR = 0.05  # constant results have no logarithm
NAMES = {
    "ncv": _("自测热值"),
    "c_ar": _("收到基元素碳"),
    "mt": _("全水分"),
    "mad": _("空干基水分"),
    "a_d": _("干基灰分"),
    "v_daf": _("干燥无灰基挥发分"),
    "s_d": _("干基全硫"),
    "h_d": _("干基氢"),
    "c_d": _("干基碳"),
    "q_d": _("干基高位热值"),
}


@check(
    "STA-LOW-VARIANCE",
    name=_("月度数值波动过小"),
    family=Family.STATISTICS,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.INFO,
            "statistics",
            _("机组{generator}全年{fields}波动很小（变异系数低于{limit}%）。"),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "statistics",
            _(
                "机组{generator}全年{count}项检测结果（标准差：{fields}）各月之间的差异平均为同一煤样重复测定差异的{ratio}倍，与一个煤样反复检测相当。"
            ),
        ),
    },
    basis=_(
        "GB/T 211、212、213、214、476 规定的重复性限除以2.8为同一煤样重复测定的标准差；"
        "各月煤样不同、检测日期不同，其差异应明显大于此值（校核目录§11.3、§13）"
    ),
    what=_(
        "检测报告各项（换算为干基、干燥无灰基）各月标准差除以重复性标准差，六项以上的几何平均值低于1.4为严重；"
        "自测热值、元素碳、全水分、干基碳个别项变异系数低于0.5%的仅提示；缺省值月份不计。"
    ),
    why=_("发现编造检测值、一个煤样分装成12个月。"),
    explain=_("坑口单一煤层供煤的证明、同矿其他用户的波动。"),
    ask=_("逐日化验记录、矿方煤质报告、留存样复测。"),
    parameters=("low", "repeatability", "fields", "ratio", "months"),
)
def low_variance(ctx: CheckContext) -> Iterator[Hit]:
    """Spread of measured coal months against that of repeated tests of one sample."""
    least = ctx.p(P + "months")
    seen = False
    for account in ctx.accounts.generators:
        columns = {n: v for n, v in _columns(ctx, account).items() if len(v) >= least}
        seen = seen or bool(columns)
        yield from _smooth_hits(ctx, account, columns)
    if not seen:
        raise NotRun(_("实测元素碳的燃煤月份不足。"))


def _columns(ctx: CheckContext, account: GeneratorAccount) -> Mapping[str, list[float]]:
    """Measured monthly values: the plant's own, and the laboratory's on comparable bases."""
    coal = account.coal
    columns: dict[str, list[float]] = {name: [] for name in NAMES}
    if coal is None:
        return columns
    measured = {m: x for m, x in burning_months(coal) if is_measured(ctx, coal, m)}
    for entry in measured.values():
        if entry.ncv and entry.c_ar:
            columns["ncv"].append(float(entry.ncv))
            columns["c_ar"].append(float(entry.c_ar))
    for month in ALL_MONTHS:
        tests = ctx.report.tests_of(account.number, month) if month in measured else []
        if len(tests) == 1:
            for name, value in _bases(tests[0]):
                columns[name].append(value)
    return columns


def _bases(test: CoalTest) -> Iterator[tuple[str, float]]:
    """Results free of what varies for other reasons: dry, volatiles without ash."""
    for name in ("mt", "mad"):
        if (value := getattr(test, name)) is not None:
            yield name, float(value)
    if test.mad is None or not test.mad < 100:
        return
    dry = 100 / (100 - float(test.mad))
    pairs = (("a_d", "aad"), ("s_d", "stad"), ("h_d", "had"), ("c_d", "cad"), ("q_d", "qgrad"))
    for name, source in pairs:
        if (value := getattr(test, source)) is not None:
            yield name, float(value) * dry
    if test.vad is not None and test.aad is not None and test.mad + test.aad < 100:
        yield "v_daf", 100 * float(test.vad) / float(100 - test.mad - test.aad)


def _smooth_hits(
    ctx: CheckContext, account: GeneratorAccount, columns: Mapping[str, list[float]]
) -> Iterator[Hit]:
    spreads = {n: deviation(v) for n, v in columns.items()}
    shares = {n: 100 * s / m for n, s in spreads.items() if (m := fmean(columns[n]))}
    repeat = ctx.p(P + "repeatability")
    tested = {n: max(s / float(repeat[n]), FLOOR) for n, s in spreads.items() if n in repeat}
    low = [n for n in ("ncv", "c_ar", "mt", "c_d") if shares.get(n, 100) < ctx.p(P + "low")]
    enough = len(tested) >= ctx.p(P + "fields")
    ratio = geometric_mean(tested.values()) if enough else 0.0
    accused = enough and ratio < ctx.p(P + "ratio")
    shown = list(tested) if accused else low
    coal = account.coal
    if shown and coal is not None:
        months = [m for m, _entry in burning_months(coal) if is_measured(ctx, coal, m)]
        yield make_hit(
            "B" if accused else "A",
            generator=account.number,
            cells=[coal.use.series["c_ar"].cell()],
            direction=Direction.FAVOURABLE if accused else Direction.UNKNOWN,
            t_co2=default_effect(ctx, account, months) if accused else ZERO,
            root="smooth",
            fields={str(NAMES[n]): f"{spreads[n]:.3f}" for n in shown},
            count=len(shown),
            ratio=f"{ratio:.2f}",
            limit=ctx.p(P + "low"),
            spreads={n: f"{spreads[n]:.4f}" for n in shown},
            repeatability={n: repeat[n] for n in shown if n in repeat},
            variations={n: f"{shares[n]:.3f}" for n in shown if n in shares},
        )
