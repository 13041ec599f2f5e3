"""Group B, fuel: heating value, carbon per heat, oxidation against bands (catalogue §11.1)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import FuelAccount, GeneratorAccount
from emitters.checks.support import (
    DEFAULT,
    HUNDRED,
    UNCONVENTIONAL,
    ZERO,
    band_key,
    burning_months,
    carbon_per_heat,
    is_measured,
    make_hit,
    rounded,
)
from emitters.facts import CheckContext, CoalTest

NCV = "check.PHY-NCV-RANK."
CC = "check.PHY-CC-RANK."
Reading = tuple[int, Decimal]


def _beyond(value: Decimal, band: Sequence[Decimal]) -> bool:
    return not band[0] <= value <= band[1]


def _split(
    readings: Sequence[Reading], band: dict[str, Sequence[Decimal]]
) -> tuple[list[int], list[int]]:
    """Months outside reality, and months outside the usual band only."""
    impossible = [m for m, v in readings if _beyond(v, band["reality"])]
    unusual = [m for m, v in readings if m not in impossible and _beyond(v, band["usual"])]
    return impossible, unusual


def _evidence(readings: Sequence[Reading], months: Sequence[int]) -> list[dict[str, Any]]:
    return [{"month": m, "value": v} for m, v in readings if m in months]


def _fuels_with_band(
    ctx: CheckContext, key: str
) -> Iterator[tuple[GeneratorAccount, FuelAccount, dict[str, Sequence[Decimal]]]]:
    bands = ctx.p(key)
    for account in ctx.accounts.generators:
        for fuel in account.fuels:
            band = bands.get(band_key(account.generator, fuel))
            if band is not None:
                yield account, fuel, band


def _fuel_values(fuel: FuelAccount, band: dict[str, Sequence[Decimal]]) -> dict[str, Any]:
    return {
        "fuel": fuel.use.fuel,
        "rank": fuel.use.rank,
        "usual_low": band["usual"][0],
        "usual_high": band["usual"][1],
        "reality_low": band["reality"][0],
        "reality_high": band["reality"][1],
    }


@check(
    "PHY-NCV-RANK",
    name=_("发热量与燃料品种不符"),
    family=Family.PHYSICS,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "physics",
            _(
                "机组{generator}{fuel}{rank}{month_list}月低位发热量超出常见范围{usual_low}～{usual_high}，且无外检结果印证。"
            ),
        ),
        "B": Outcome(
            Severity.FATAL,
            "physics",
            _(
                "机组{generator}{fuel}{rank}{month_list}月低位发热量超出物理可能范围{reality_low}～{reality_high}。"
            ),
        ),
        "C": Outcome(
            Severity.CRITICAL,
            "physics",
            _(
                "机组{generator}申报煤种为{rank}，但检测的干燥无灰基挥发分{vdaf}%、恒湿无灰基高位发热量{maf}MJ/kg指向{found}。"
            ),
        ),
        "D": Outcome(
            Severity.INFO,
            "physics",
            _(
                "机组{generator}{fuel}{rank}{month_list}月低位发热量略超常见范围{usual_low}～{usual_high}（个别月份，或有外检印证）。"
            ),
        ),
    },
    basis=_(
        "《企业温室气体排放核查技术指南 发电设施》经验值；GB/T 5751 煤炭分类；校核目录§11.1合理范围"
    ),
    what=_(
        "逐月低位发热量与该燃料、煤种的常见范围和可能范围比较；由检测报告换算干燥无灰基挥发分，与申报煤种比较。"
    ),
    why=_("发现煤种申报错误、单位错位、虚假检测和天然气参比条件错误。"),
    explain=_("掺烧比例、煤源变化、液化天然气与管道气切换的供应商证明。"),
    ask=_("逐日热值化验记录、煤质检测报告原件、煤炭购销合同与矿源证明。"),
    parameters=("bands", "few_months", "confirm_gap", "vdaf_margin", "lignite_maf", "ash_max"),
)
def ncv_rank(ctx: CheckContext) -> Iterator[Hit]:
    """Monthly heating value against the band of its fuel, declared rank against the tests."""
    seen = False
    for account, fuel, band in _fuels_with_band(ctx, NCV + "bands"):
        if fuel.use.method("ncv") == DEFAULT:
            continue
        readings = [(m, x.ncv) for m, x in burning_months(fuel) if x.ncv]
        seen = seen or bool(readings)
        yield from _ncv_hits(ctx, account, fuel, readings, band)
        if fuel.is_coal:
            yield from _rank_hits(ctx, account, fuel)
    if not seen:
        raise NotRun(_("没有实测低位发热量，或燃料没有合理范围。"))


def _ncv_hits(
    ctx: CheckContext,
    account: GeneratorAccount,
    fuel: FuelAccount,
    readings: list[Reading],
    band: dict[str, Sequence[Decimal]],
) -> Iterator[Hit]:
    default = ctx.params.maybe("coal.default_ncv", ctx.report.year) if fuel.is_coal else None
    readings = [(m, v) for m, v in readings if v != default]
    impossible, unusual = _split(readings, band)
    row = fuel.use.series["ncv"] if readings else None
    confirmed = [m for m in unusual if _lab_agrees(ctx, account.number, m, dict(readings)[m])]
    open_months = [m for m in unusual if m not in confirmed]
    many = len(open_months) >= ctx.p(NCV + "few_months")
    for letter, months in (
        ("B", impossible),
        ("A" if many else "D", open_months),
        ("D", confirmed),
    ):
        if months and row is not None:
            yield make_hit(
                letter,
                generator=account.number,
                months=months,
                cells=(row.cell(m) for m in months),
                root=f"ncv:{fuel.use.fuel}",
                annual=fuel.ncv,
                readings=_evidence(readings, months),
                **_fuel_values(fuel, band),
            )


def _lab_agrees(ctx: CheckContext, number: str, month: int, ncv: Decimal) -> bool:
    """An external composite that agrees within reproducibility rules out slips of unit and fuel."""
    limit = ctx.p(NCV + "confirm_gap")
    tests = ctx.report.tests_of(number, month)
    return any(t.qnetar is not None and abs(t.qnetar - ncv) <= limit for t in tests)


def _dry_ash_free(test: CoalTest) -> tuple[Decimal, Decimal] | None:
    """V_daf in %, and gross heat moist and ash-free in MJ/kg; None when the test lacks values."""
    if None in (test.mad, test.aad, test.vad, test.qgrad, test.mt):
        return None
    burnable = HUNDRED - test.mad - test.aad  # type: ignore[operator]
    wet = (HUNDRED - test.mt) / (HUNDRED - test.mad)  # type: ignore[operator]
    ash_free = HUNDRED - test.aad * wet  # type: ignore[operator]
    if burnable <= 0 or ash_free <= 0:
        return None
    return HUNDRED * test.vad / burnable, HUNDRED * test.qgrad * wet / ash_free  # type: ignore[operator]


def _rank_found(ctx: CheckContext, declared: str, vdaf: Decimal, maf: Decimal) -> str | None:
    """The rank the tests point to when it is clearly another one (margin for blends)."""
    margin, lignite = ctx.p(NCV + "vdaf_margin"), ctx.p(NCV + "lignite_maf")
    anthracite_max = ctx.p("plausibility.anthracite_vdaf_max")
    lignite_min = ctx.p("plausibility.lignite_vdaf_min")
    if vdaf <= anthracite_max - (ZERO if declared == "无烟煤" else margin):
        found = "无烟煤"
    elif vdaf > lignite_min and maf <= lignite:
        found = "褐煤"
    else:
        found = "烟煤"
    near_anthracite = declared == "无烟煤" and vdaf <= anthracite_max + margin
    near_lignite = declared == "褐煤" and vdaf > lignite_min - margin and maf <= lignite + margin
    near_bituminous = declared == "烟煤" and found == "褐煤" and maf > lignite - margin
    same = found == declared or near_anthracite or near_lignite or near_bituminous
    return None if same else found


def _rank_hits(ctx: CheckContext, account: GeneratorAccount, fuel: FuelAccount) -> Iterator[Hit]:
    if fuel.use.rank == "" or band_key(account.generator, fuel) == UNCONVENTIONAL:
        return
    ash_max = ctx.p(NCV + "ash_max")
    tests = [
        t
        for t in ctx.report.tests
        if t.generator in ("", account.number) and t.aad is not None and t.aad <= ash_max
    ]
    converted = [pair for t in tests if (pair := _dry_ash_free(t)) is not None]
    if not converted:
        return
    vdaf = sum((v for v, _m in converted), ZERO) / len(converted)
    maf = sum((m for _v, m in converted), ZERO) / len(converted)
    found = _rank_found(ctx, fuel.use.rank, vdaf, maf)
    if found:
        yield make_hit(
            "C",
            generator=account.number,
            cells=(t.cell("vad") for t in tests if "vad" in t.cells),
            root="rank",
            rank=fuel.use.rank,
            found=found,
            vdaf=rounded(vdaf),
            maf=rounded(maf),
            tests=len(converted),
        )


@check(
    "PHY-CC-RANK",
    name=_("单位热值含碳量与煤种不符"),
    family=Family.PHYSICS,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "physics",
            _(
                "机组{generator}{fuel}{rank}单位热值含碳量偏低：全年{annual}，{month_list}月低于常见下限{usual_low}tC/GJ。"
            ),
        ),
        "B": Outcome(
            Severity.FATAL,
            "physics",
            _(
                "机组{generator}{fuel}{rank}{month_list}月单位热值含碳量或元素碳含量超出物理可能范围{reality_low}～{reality_high}tC/GJ。"
            ),
        ),
        "C": Outcome(
            Severity.INFO,
            "physics",
            _(
                "机组{generator}{fuel}{rank}{month_list}月单位热值含碳量超出常见范围{usual_low}～{usual_high}tC/GJ（个别月份或偏高）。"
            ),
        ),
    },
    basis=_("《企业温室气体排放核查技术指南 发电设施》表8参考值；校核目录§11.1合理范围"),
    what=_("单位热值含碳量＝收到基元素碳含量÷收到基低位发热量，与煤种范围比较；缺省值月份不参加。"),
    why=_("发现只改碳不改热、虚构全水分、错用煤种。"),
    explain=_("惰质组含量高的煤种检测资料、同矿其他用户的检测值、煤源变化证明。"),
    ask=_("元素碳检测报告原件与检测机构留底、水分原始记录、煤样留存样复测。"),
    parameters=("bands", "few_months", "c_ar", "inertinite"),
)
def cc_rank(ctx: CheckContext) -> Iterator[Hit]:
    """Measured carbon per heat against the band of its rank."""
    seen = False
    for account, fuel, band in _fuels_with_band(ctx, CC + "bands"):
        readings = [
            (m, cc)
            for m, x in burning_months(fuel)
            if is_measured(ctx, fuel, m) and (cc := carbon_per_heat(x)) is not None
        ]
        if readings:
            seen = True
            yield from _cc_hits(ctx, account, fuel, readings, band)
    if not seen:
        raise NotRun(_("没有实测的单位热值含碳量。"))


def _cc_hits(
    ctx: CheckContext,
    account: GeneratorAccount,
    fuel: FuelAccount,
    readings: list[Reading],
    band: dict[str, Sequence[Decimal]],
) -> Iterator[Hit]:
    impossible, unusual = _split(readings, band)
    impossible += [m for m in _impossible_carbon(ctx, account, fuel) if m not in impossible]
    values = dict(readings)
    low = [m for m in unusual if values[m] < band["usual"][0]]
    high = [m for m in unusual if values[m] > band["usual"][1] + ctx.p(CC + "inertinite")]
    year = _weighted(fuel, [m for m, _v in readings])
    persistent = year < band["usual"][0] or len(low) >= ctx.p(CC + "few_months")
    for letter, months in (("B", impossible), ("A" if persistent else "C", low), ("C", high)):
        if not months:
            continue
        direction = _carbon_direction(band, values, months)
        yield make_hit(
            letter,
            generator=account.number,
            months=months,
            cells=(fuel.use.series["c_ar"].cell(m) for m in months),
            direction=direction,
            t_co2=_missing_carbon(ctx, fuel, values, months, band, direction),
            root="carbon" if fuel.is_coal else f"carbon:{fuel.use.fuel}",
            annual=rounded(year, 5),
            readings=_evidence(readings, months),
            **_fuel_values(fuel, band),
        )


def _impossible_carbon(
    ctx: CheckContext, account: GeneratorAccount, fuel: FuelAccount
) -> list[int]:
    """Coal months whose carbon per tonne no coal has; gangue and slime have no lower limit."""
    if not fuel.is_coal:
        return []
    low, high = ctx.p(CC + "c_ar")
    if band_key(account.generator, fuel) == UNCONVENTIONAL:
        low = ZERO
    return [
        m
        for m, x in burning_months(fuel)
        if x.c_ar and is_measured(ctx, fuel, m) and not low <= x.c_ar <= high
    ]


def _weighted(fuel: FuelAccount, months: Sequence[int]) -> Decimal:
    """Carbon per heat of those months together, tC/GJ."""
    entries = [x for m, x in burning_months(fuel) if m in months and x.c_ar and x.heat_gj]
    heat = sum((x.heat_gj for x in entries if x.heat_gj), ZERO)
    carbon = sum((x.fc * x.c_ar for x in entries if x.c_ar), ZERO)
    return carbon / heat if heat else ZERO


def _carbon_direction(
    band: dict[str, Sequence[Decimal]], values: dict[int, Decimal], months: Sequence[int]
) -> Direction:
    shown = [values[m] for m in months if m in values] or list(values.values())
    middle = sum(band["usual"], ZERO) / 2
    if all(v < middle for v in shown):
        return Direction.FAVOURABLE
    return Direction.UNFAVOURABLE if all(v > middle for v in shown) else Direction.UNKNOWN


def _missing_carbon(
    ctx: CheckContext,
    fuel: FuelAccount,
    values: dict[int, Decimal],
    months: Sequence[int],
    band: dict[str, Sequence[Decimal]],
    direction: Direction,
) -> Decimal:
    """tCO2 up to the reference value of the rank (middle of the band for other fuels)."""
    middle = sum(band["usual"], ZERO) / 2
    reference = ctx.p("coal.reference_cc").get(fuel.use.rank, middle)
    if direction != Direction.FAVOURABLE:
        return ZERO
    return sum(
        (
            (fuel[m].t_co2 or ZERO) * (reference / values[m] - 1)  # type: ignore[union-attr]
            for m in (months or values)
            if m in values and values[m] > 0
        ),
        ZERO,
    )


@check(
    "PHY-OXIDATION",
    name=_("碳氧化率非规定值"),
    family=Family.PHYSICS,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.FATAL,
            "impossible",
            _("机组{generator}{fuel}{month_list}月碳氧化率{reported}%不是当年规定值{required}%。"),
        ),
    },
    basis=_(
        "《企业温室气体排放核算与报告指南 发电设施》碳氧化率缺省值；"
        "2026年起取国家温室气体排放因子数据库"
    ),
    what=_("逐月碳氧化率与报告年度规定值比较（至2025年：煤99%、油98%、气99%）。"),
    why=_("发现用降低碳氧化率的办法少报排放。"),
    explain=_("无；规定值不得自行调整。填报错误应更正。"),
    ask=_("填报依据；如称实测，请其说明适用的规定。"),
)
def oxidation(ctx: CheckContext) -> Iterator[Hit]:
    """Oxidation rates against the list of the year."""
    seen = False
    for account in ctx.accounts.generators:
        for fuel in account.fuels:
            required = _oxidation_of(ctx, fuel)
            if required is None:
                continue
            readings = [(m, x.of) for m, x in burning_months(fuel) if x.of is not None]
            seen = seen or bool(readings)
            wrong = [(m, of) for m, of in readings if of != required]
            if wrong:
                yield _oxidation_hit(account, fuel, wrong, required)
    if not seen:
        raise NotRun(
            _("当年碳氧化率规定值由国家平台按锅炉类型和海拔给出，系统尚无该值，或报告没有填写。")
        )


def _oxidation_of(ctx: CheckContext, fuel: FuelAccount) -> Decimal | None:
    """The rate in force in percent; None where the national database decides."""
    coal: Decimal | None = ctx.params.maybe("oxidation.coal", ctx.report.year)
    if fuel.is_coal or coal is None:
        return coal
    for key in ctx.params.by_key:
        entry = ctx.params.maybe(key, ctx.report.year) if key.startswith("fuel.") else None
        if entry and entry.get("name") == fuel.use.fuel:
            return entry["of"]
    return None


def _oxidation_hit(
    account: GeneratorAccount,
    fuel: FuelAccount,
    wrong: list[tuple[int, Decimal]],
    required: Decimal,
) -> Hit:
    months = [m for m, _of in wrong]
    missing = sum(
        ((fuel[m].t_co2 or ZERO) * (required / of - 1) for m, of in wrong if of > 0),  # type: ignore[union-attr]
        ZERO,
    )
    return make_hit(
        "A",
        generator=account.number,
        months=months,
        cells=(fuel.use.series["of"].cell(m) for m in months),
        direction=Direction.FAVOURABLE if missing > 0 else Direction.UNFAVOURABLE,
        t_co2=missing,
        root="oxidation",
        fuel=fuel.use.fuel,
        reported="、".join(str(v) for v in sorted({of for _m, of in wrong})),
        required=required,
        readings=_evidence(wrong, months),
    )
