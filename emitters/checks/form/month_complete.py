"""FRM-MONTH-COMPLETE."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Direction, Family, Hit, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.support import make_hit
from emitters.facts import MONTHS, CheckContext, Generator, Series

ZERO = Decimal(0)
FUEL_NAMES = {
    "fc": _("燃料消耗量"),
    "ncv": _("收到基低位发热量"),
    "c_ar": _("收到基元素碳含量"),
    "of": _("碳氧化率"),
}
PRODUCTION_NAMES = {
    "gen": _("发电量"),
    "sup": _("供电量"),
    "heat": _("供热量"),
    "hours": _("运行小时数"),
    "e_unit": _("机组二氧化碳排放量"),
}


def _in_service(generator: Generator, year: int, month: int) -> bool:
    start = generator.commissioned
    return start is None or (start.year, start.month) <= (year, month)


def _fuel_holes(account: GeneratorAccount, month: int) -> Iterator[tuple[str, Series | None]]:
    for fuel in account.fuels:
        burnt = fuel.use.value("fc", month)
        if burnt is None:
            yield f"{fuel.use.fuel} {FUEL_NAMES['fc']}", fuel.use.get("fc")
        elif burnt > 0:
            for code in ("ncv", "c_ar", "of"):
                entry = fuel[month]
                known = entry and (entry.c_ar if code == "c_ar" else fuel.use.value(code, month))
                if known is None:
                    yield f"{fuel.use.fuel} {FUEL_NAMES[code]}", fuel.use.get(code)


def _holes(
    ctx: CheckContext, account: GeneratorAccount, month: int
) -> Iterator[tuple[str, Series | None]]:
    yield from _fuel_holes(account, month)
    for code, name in PRODUCTION_NAMES.items():
        required = code != "sup" or ctx.p("guideline.net_supply", month)
        if required and account.generator.value(code, month) is None:
            yield str(name), account.generator.production.get(code)


def _usual_month(account: GeneratorAccount) -> Decimal:
    """Mean emissions of the months that can be computed: what a hidden month may hold."""
    known = [t for t in account.t_month if t]
    return sum(known, ZERO) / len(known) if known else ZERO


def _missing(ctx: CheckContext, account: GeneratorAccount) -> Iterator[Hit]:
    holes: dict[str, list[int]] = {}
    cells: list[str] = []
    hidden: set[int] = set()
    for month in MONTHS:
        if not _in_service(account.generator, ctx.report.year, month):
            continue
        for name, row in _holes(ctx, account, month):
            holes.setdefault(name, []).append(month)
            cells += [row.cell(month)] if row else []
        if any(
            f.use.value("fc", month) is None or (m := f[month]) is None or m.t_co2 is None
            for f in account.fuels
        ):
            hidden.add(month)
    if holes:
        yield make_hit(
            "A",
            generator=account.number,
            months={m for found in holes.values() for m in found},
            cells=cells,
            direction=Direction.FAVOURABLE if hidden else Direction.UNKNOWN,
            t_co2=_usual_month(account) * len(hidden),
            root="missing",
            holes=holes,
        )


def _zero_filled(ctx: CheckContext, account: GeneratorAccount) -> Iterator[Hit]:
    generator = account.generator
    months, cells = [], []
    for month in MONTHS:
        hours = generator.value("hours", month)
        gen, heat = generator.value("gen", month), generator.value("heat", month)
        burnt = [v for f in account.fuels if (v := f.use.value("fc", month)) is not None]
        if hours and ((burnt and not any(burnt)) or (gen == 0 and not heat)):
            months.append(month)
            cells.append(generator.production["hours"].cell(month))
    if months:
        yield make_hit(
            "B",
            generator=account.number,
            months=months,
            cells=cells,
            direction=Direction.FAVOURABLE,
            t_co2=_usual_month(account) * len(months),
            root="missing",
            hours=[generator.value("hours", m) for m in months],
        )


@check(
    "FRM-MONTH-COMPLETE",
    name=_("月度完整性"),
    family=Family.ARITHMETIC,
    level="L0",
    outcomes={
        "A": Outcome(Severity.FATAL, "impossible", _("{generator}机组缺少数据（项目与月份）：{holes}。")),
        "B": Outcome(
            Severity.FATAL, "impossible",
            _("{generator}机组{month_list}月运行小时数大于0（{hours} h），燃料消耗量或产出却全部填报为0。"),
        ),
    },
    basis=_("核算指南：逐月填报燃料消耗量、低位发热量、元素碳含量、碳氧化率和生产数据。"),
    what=_("投产后的每台机组应有12个月的记录；消耗量大于0的燃料应同时有低位发热量、元素碳含量和碳氧化率；空白不等于0。"),
    why=_("发现被隐去的月份和事后补填。"),
    explain=_("年中投产或退役的，提供批准文件；全月停运的，填报0并附停运记录。"),
    ask=_("调取该月生产月报、入炉煤台账和停运记录。"),
)  # fmt: skip
def month_complete(ctx: CheckContext) -> Iterator[Hit]:
    """Twelve complete months for every generator in service."""
    for account in ctx.accounts.generators:
        yield from _missing(ctx, account)
        yield from _zero_filled(ctx, account)
