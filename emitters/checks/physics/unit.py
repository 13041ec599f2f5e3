"""Group B, generating unit: coal rate, efficiency, capacity, heat rate (catalogue §11.2–3)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.support import (
    ALL_MONTHS,
    CFB,
    HUNDRED,
    ZERO,
    annual,
    heat_share,
    load_factor,
    make_hit,
    month_days,
    ratio,
    rounded,
)
from emitters.facts import CheckContext, Generator

GJ_PER_MWH = Decimal("3.6")
BSUP = "check.PHY-BSUP-CLASS."
CAP = "check.PHY-EFFICIENCY-CAP."
HOURS = "check.PHY-CAPACITY-HOURS."
BHEAT = "check.PHY-BHEAT-RANGE."


def _back_pressure(generator: Generator) -> bool:
    return generator.cooling == "背压"


def class_row(ctx: CheckContext, generator: Generator) -> dict[str, Any] | None:
    """The row of the class table that fits capacity, boiler and steam pressure."""
    size = generator.capacity_mw
    if size is None:
        return None
    boiler = "CFB" if generator.boiler == CFB else "PC"
    for row in ctx.p(BSUP + "classes"):
        fits = row["min_mw"] <= size < row["max_mw"] and row["boiler"] in (boiler, "")
        if fits and (not row["pressure"] or generator.pressure in row["pressure"]):
            return row
    return None


@check(
    "PHY-BSUP-CLASS",
    name=_("供电煤耗与机组等级不符"),
    family=Family.PHYSICS,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "physics",
            _(
                "机组{generator}（{unit_class}）折算供电煤耗{corrected}{unit}低于同类机组常见下限{usual_low}。"
            ),
        ),
        "B": Outcome(
            Severity.FATAL,
            "physics",
            _(
                "机组{generator}（{unit_class}）供电煤耗{rate}{unit}超出物理可能范围{reality_low}～{reality_high}。"
            ),
        ),
        "C": Outcome(
            Severity.INFO,
            "physics",
            _(
                "机组{generator}（{unit_class}）折算供电煤耗{corrected}{unit}高于同类机组常见上限{usual_high}。"
            ),
        ),
    },
    basis=_("校核目录§11.2机组合理范围（按75%负荷）；负荷每降10个百分点煤耗约升2.5%"),
    what=_(
        "供电煤耗＝（1−供热比）×标准煤÷供电量，按负荷折算后与机组等级范围比较；热电联产只与热力学下限比较。"
    ),
    why=_("发现少报耗煤量或多报电量。"),
    explain=_("节能改造验收报告、性能试验报告、供热方式变化、统计口径说明。"),
    ask=_("性能试验报告、皮带秤和电能表台账、上网结算单、供热结算单。"),
    parameters=(
        "classes",
        "gas",
        "load_slope",
        "load_base",
        "load_floor",
        "tolerance",
        "high_slack",
        "air_cooling",
        "lignite",
        "chp_floor",
        "back_pressure",
        "min_hours",
    ),
)
def bsup_class(ctx: CheckContext) -> Iterator[Hit]:
    """Net coal rate (gas: net heat rate) of the year against the class of the unit."""
    seen = False
    for account in ctx.accounts.generators:
        hours = annual(account.generator, "hours")
        if hours is None or hours < ctx.p(BSUP + "min_hours"):
            continue
        judged = _gas_rate(ctx, account) if account.generator.is_gas else _coal_rate(ctx, account)
        if judged is not None:
            seen = True
            yield from _rate_hits(ctx, account, judged)
    if not seen:
        raise NotRun(_("缺少发电量、运行小时、装机容量或燃料热量，无法计算供电煤耗。"))


def _net_supply(account: GeneratorAccount, own_use: Decimal) -> Decimal | None:
    """Net supply as reported; from generation and the class's usual own use when it is not."""
    supplied = annual(account.generator, "sup")
    if supplied:
        return supplied
    generated = annual(account.generator, "gen")
    return generated * (1 - own_use / HUNDRED) if generated else None


def _coal_rate(ctx: CheckContext, account: GeneratorAccount) -> dict[str, Any] | None:
    row = class_row(ctx, account.generator)
    if row is None or not account.tce:
        return None
    supply = _net_supply(account, sum(row["own_use"], ZERO) / 2)
    if not supply:
        return None
    share = heat_share(account)
    rate = (1 - share) * account.tce * 1_000_000 / supply / 1000
    load = load_factor(account)
    base = ctx.p(BSUP + "load_base")
    gap = max(base - max(load, ctx.p(BSUP + "load_floor")), ZERO) if load is not None else ZERO
    usual, reality = _coal_bands(ctx, account, row, share)
    return {
        "unit_class": row["name"],
        "unit": "gce/kWh",
        "rate": rounded(rate, 1),
        "corrected": rounded(rate / (1 + ctx.p(BSUP + "load_slope") * gap), 1),
        "usual": usual,
        "reality": reality,
        "inputs": {"tce": account.tce, "heat_share": share, "net_supply": supply, "load": load},
    }


def _coal_bands(
    ctx: CheckContext, account: GeneratorAccount, row: dict[str, Any], share: Decimal
) -> tuple[Sequence[Decimal], Sequence[Decimal]]:
    """Usual and reality bands in gce/kWh, widened or replaced where the table does not fit.

    Heat sold lowers the rate of a CHP: its floor falls from the class's lowest possible rate to
    about 200 g at a heat share of one half, and only steam that needs no condenser goes below.
    """
    usual, reality = list(row["usual"]), list(row["reality"])
    generator = account.generator
    if generator.cooling == "空冷":
        usual[1] += ctx.p(BSUP + "air_cooling")
    coal = account.coal
    if coal is not None and coal.use.rank == "褐煤":
        usual[1] += ctx.p(BSUP + "lignite")
    if _back_pressure(generator):
        band = ctx.p(BSUP + "back_pressure")
        return band["usual"], band["reality"]
    if generator.is_chp or share > 0:
        floor = ctx.p(BSUP + "chp_floor")
        fall = (reality[0] - floor["at_half"]) * min(share, Decimal("0.5")) * 2
        usual[0] = reality[0] - max(fall, ZERO)
        reality[0] = floor["reality"]
    return usual, reality


def _gas_rate(ctx: CheckContext, account: GeneratorAccount) -> dict[str, Any] | None:
    supply = _net_supply(account, Decimal(2))
    if not supply or not account.heat_gj:
        return None
    chp = account.generator.is_chp
    band = ctx.p(BSUP + "gas")["chp" if chp else "condensing"]
    share = heat_share(account)
    rate = rounded((1 - share) * account.heat_gj / supply, 2)
    return {
        "unit_class": "燃气",
        "unit": "GJ/MWh",
        "rate": rate,
        "corrected": rate,
        "usual": band["usual"],
        "reality": band["reality"],
        "inputs": {"heat_gj": account.heat_gj, "heat_share": share, "net_supply": supply},
    }


def _rate_hits(
    ctx: CheckContext, account: GeneratorAccount, judged: dict[str, Any]
) -> Iterator[Hit]:
    usual, reality = judged.pop("usual"), judged.pop("reality")
    slack = ctx.p(BSUP + "tolerance")
    rate, corrected = judged["rate"], judged["corrected"]
    wasteful = reality[1] * ctx.p(BSUP + "high_slack")  # poor plants exist, tenfold slips do not
    if not reality[0] <= rate <= wasteful:
        letter = "B"
    elif corrected < usual[0] * (1 - slack):
        letter = "A"
    elif corrected > usual[1] * (1 + slack):
        letter = "C"
    else:
        return
    low = rate < usual[0]
    missing = account.t_burn * (usual[0] / corrected - 1) if low and corrected else ZERO
    yield make_hit(
        letter,
        generator=account.number,
        cells=[r.cell() for c in ("gen", "sup") if (r := account.generator.production.get(c))],
        direction=Direction.FAVOURABLE if low else Direction.UNFAVOURABLE,
        t_co2=missing,
        root="heat-rate",
        usual_low=rounded(usual[0], 1),
        usual_high=rounded(usual[1], 1),
        reality_low=rounded(reality[0], 1),
        reality_high=rounded(reality[1], 1),
        **judged,
    )


@check(
    "PHY-EFFICIENCY-CAP",
    name=_("能量守恒"),
    family=Family.PHYSICS,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "physics",
            _("机组{generator}全年能量效率{efficiency}%超过{kind}机组上限{limit}%。"),
        ),
        "B": Outcome(
            Severity.FATAL,
            "physics",
            _(
                "机组{generator}能量效率{efficiency}%超过{kind}机组物理极限{limit}%（月份：{month_list}；空为全年）。"
            ),
        ),
    },
    basis=_(
        "核查技术指南：（发电量×3.6＋供热量）÷Σ（燃料消耗量×低位发热量）＜1，"
        "纯凝机组＜46%；校核目录 PHY-EFFICIENCY-CAP"
    ),
    what=_("（3.6×发电量＋供热量）÷燃料输入热量，按纯凝、热电联产、燃气分别与上限比较。"),
    why=_("发现少报燃料或多报电、热。"),
    explain=_("机组外热源（余热、热泵、电锅炉）、烟气冷凝换热、计量口径说明。"),
    ask=_("供热计量表计台账、能量平衡表、燃料计量台账。"),
    parameters=("limits", "large_mw", "min_hours", "month_margin"),
)
def efficiency_cap(ctx: CheckContext) -> Iterator[Hit]:
    """Energy out over energy in, by year, and by month against the reality limit."""
    seen = False
    for account in ctx.accounts.generators:
        made = annual(account.generator, "gen")
        if not account.heat_gj or not made:
            continue
        seen = True
        kind, limits = _limits(ctx, account)
        sold = ZERO if kind.endswith("纯凝") else annual(account.generator, "heat") or ZERO
        year = (GJ_PER_MWH * made + sold) / account.heat_gj
        bad = _impossible_months(ctx, account, kind, limits["reality"])
        letter = "B" if bad or year > limits["reality"] else "A" if year > limits["usual"] else ""
        if letter:
            shown = year if not bad or year > limits["reality"] else max(e for _m, e in bad)
            yield _efficiency_hit(account, letter, shown, kind, limits, bad, made, sold)
    if not seen:
        raise NotRun(_("缺少发电量或燃料热量。"))


def _limits(ctx: CheckContext, account: GeneratorAccount) -> tuple[str, dict[str, Decimal]]:
    """Kind of unit and its limits; any heat sold makes it a cogeneration balance."""
    table = ctx.p(CAP + "limits")
    generator = account.generator
    total = bool(annual(generator, "heat"))
    kind = ("燃气" if generator.is_gas else "燃煤") + ("热电" if total else "纯凝")
    large = (generator.capacity_mw or ZERO) >= ctx.p(CAP + "large_mw")
    if kind == "燃煤纯凝" and large and generator.pressure == "超超临界":
        return kind, table["大型超超临界纯凝"]
    return kind, table[kind]


def _impossible_months(
    ctx: CheckContext, account: GeneratorAccount, kind: str, limit: Decimal
) -> list[tuple[int, Decimal]]:
    """Months beyond reality by more than the shift that a month-end reading explains."""
    ceiling = limit * ctx.p(CAP + "month_margin")
    found = []
    for month in ALL_MONTHS:
        hours = account.generator.value("hours", month)
        made = account.generator.value("gen", month)
        heat_in = account.heat_gj_month[month - 1]
        if not hours or hours < ctx.p(CAP + "min_hours") or not made or not heat_in:
            continue
        sold = ZERO if kind.endswith("纯凝") else account.generator.value("heat", month) or ZERO
        share = (GJ_PER_MWH * made + sold) / heat_in
        if share > ceiling:
            found.append((month, share))
    return found


def _efficiency_hit(
    account: GeneratorAccount,
    letter: str,
    shown: Decimal,
    kind: str,
    limits: dict[str, Decimal],
    bad: list[tuple[int, Decimal]],
    made: Decimal,
    sold: Decimal,
) -> Hit:
    limit = limits["reality" if letter == "B" else "usual"]
    row = account.generator.production["gen"]
    return make_hit(
        letter,
        generator=account.number,
        months=[m for m, _e in bad],
        cells=[row.cell(m) for m, _e in bad] or [row.cell()],
        direction=Direction.FAVOURABLE,
        t_co2=account.t_burn * (shown / limit - 1) if not bad else ZERO,
        root="heat-rate",
        kind=kind,
        efficiency=rounded(shown * HUNDRED),
        limit=rounded(limit * HUNDRED),
        generation=made,
        heat=sold,
        fuel_heat=rounded(account.heat_gj),
        readings=[{"month": m, "efficiency": rounded(e * HUNDRED)} for m, e in bad],
    )


@check(
    "PHY-CAPACITY-HOURS",
    name=_("出力超过装机与小时数"),
    family=Family.PHYSICS,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.FATAL,
            "impossible",
            _(
                "机组{generator}{month_list}月运行小时数超过日历小时，或发电量超过装机容量×运行小时数的{limit}倍。"
            ),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "physics",
            _(
                "机组{generator}{month_list}月利用小时数超过运行小时数（发电量÷装机容量＞运行小时数）。"
            ),
        ),
    },
    basis=_("核查技术指南：利用小时数应小于运行小时数"),
    what=_("运行小时数与日历小时比较；发电量与装机容量×运行小时数比较。"),
    why=_("发现多报发电量、少报运行小时数或装机容量错误。"),
    explain=_("冬季超铭牌出力、合并机组口径、容量变更批复。"),
    ask=_("运行日志、调度记录、电能表台账、容量核定文件。"),
    parameters=("over_limit", "rounding"),
)
def capacity_hours(ctx: CheckContext) -> Iterator[Hit]:
    """Hours against the calendar, generation against capacity times hours."""
    seen = False
    for account in ctx.accounts.generators:
        generator = account.generator
        size, hours = generator.capacity_mw, generator.production.get("hours")
        if hours is None or not size:
            continue
        seen = True
        impossible: list[dict[str, Any]] = []
        over: list[dict[str, Any]] = []
        for month, value in hours.filled():
            made = generator.value("gen", month) or ZERO
            used = ratio(made, size * value) or (ZERO if not made else Decimal(99))
            entry = {"month": month, "hours": value, "generation": made, "ratio": rounded(used, 4)}
            if value > month_days(ctx.report.year, month) * 24 or used > ctx.p(
                HOURS + "over_limit"
            ):
                impossible.append(entry)
            elif used > 1 + ctx.p(HOURS + "rounding"):
                over.append(entry)
        for letter, entries in (("A", impossible), ("B", over)):
            if entries:
                months = [e["month"] for e in entries]
                yield make_hit(
                    letter,
                    generator=generator.number,
                    months=months,
                    cells=[hours.cell(m) for m in months],
                    root="hours",
                    limit=ctx.p(HOURS + "over_limit"),
                    capacity_mw=size,
                    readings=entries,
                )
    if not seen:
        raise NotRun(_("缺少装机容量或运行小时数。"))


@check(
    "PHY-BHEAT-RANGE",
    name=_("供热煤耗不合理"),
    family=Family.PHYSICS,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "physics",
            _(
                "机组{generator}全年供热煤耗{rate}kgce/GJ超出{low}～{high}，相当于锅炉效率{efficiency}%。"
            ),
        ),
        "B": Outcome(
            Severity.FATAL,
            "physics",
            _("机组{generator}全年供热煤耗{rate}kgce/GJ低于{low}，意味着锅炉效率超过100%。"),
        ),
    },
    basis=_("1GJ＝34.12kgce；供热煤耗＝供热比×标准煤÷供热量；校核目录 PHY-BHEAT-RANGE"),
    what=_("由供热比、标准煤和供热量重算全年供热煤耗（无供热比时取报告值），与锅炉效率极限比较。"),
    why=_("发现多报供热量或热电分摊失真。"),
    explain=_("机组外热源供热、供热计量点变化、分摊方法说明。"),
    ask=_("供热计量与结算单、热电分摊计算书、锅炉效率试验报告。"),
    parameters=("usual", "reality", "gas_reality", "min_share", "rounding"),
)
def bheat_range(ctx: CheckContext) -> Iterator[Hit]:
    """Coal per unit of heat sold, by year."""
    seen = False
    for account in ctx.accounts.generators:
        heat = annual(account.generator, "heat")
        if not heat or not account.heat_gj or heat < ctx.p(BHEAT + "min_share") * account.heat_gj:
            continue
        found = _heat_rate(ctx, account, heat)
        if found is not None:
            seen = True
            yield from _bheat_hits(ctx, account, heat, *found)
    if not seen:
        raise NotRun(_("没有供热量，或缺少供热比与供热煤耗。"))


def _heat_rate(
    ctx: CheckContext, account: GeneratorAccount, heat: Decimal
) -> tuple[Decimal, Decimal] | None:
    """kgce/GJ and its uncertainty: recomputed, or the coal unit's own three-digit figure."""
    share = heat_share(account)
    if share and account.tce:
        return share * account.tce * 1000 / heat, ZERO
    row = account.generator.production.get("b_heat")
    if row is None or not row.annual or account.generator.is_gas:
        return None
    return row.annual * 1000, ctx.p(BHEAT + "rounding")


def _bheat_hits(
    ctx: CheckContext,
    account: GeneratorAccount,
    heat: Decimal,
    rate: Decimal,
    uncertainty: Decimal,
) -> Iterator[Hit]:
    low, high = ctx.p(BHEAT + "usual")
    floor = ctx.p(BHEAT + ("gas_reality" if account.generator.is_gas else "reality"))
    if account.generator.is_gas:
        low = floor
    if rate + uncertainty < floor:
        letter, edge = "B", floor
    elif rate + uncertainty < low or rate - uncertainty > high:
        letter, edge = "A", low
    else:
        return
    too_low = rate < low
    benchmark = (ctx.params.maybe("benchmark.heat", ctx.report.year) or {}).get(
        "gas" if account.generator.is_gas else "coal", ZERO
    )
    phantom = heat * (1 - rate / low) if too_low else ZERO
    row = account.generator.production["heat"]
    yield make_hit(
        letter,
        generator=account.number,
        cells=[row.cell()],
        direction=Direction.FAVOURABLE if too_low else Direction.UNKNOWN,
        t_allowance=phantom * benchmark,
        root="heat",
        rate=rounded(rate),
        low=edge,
        high=high,
        efficiency=rounded(Decimal("3412.06") / rate) if rate else ZERO,
        heat=heat,
        heat_share=heat_share(account),
        tce=account.tce,
    )
