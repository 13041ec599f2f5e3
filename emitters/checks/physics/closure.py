"""Element closure: what a coal test reports has to add up to a coal."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, NotRun, Outcome, Severity, check
from emitters.calc.accounts import GeneratorAccount
from emitters.checks.own.composition import NITROGEN, Composition, fired_coals
from emitters.checks.own.robust import shown
from emitters.checks.support import band_key, make_hit, rounded
from emitters.facts import CheckContext, CoalTest

P = "check.PHY-ELEMENT-CLOSURE."
_PARTS = ("cad", "had", "stad", "aad", "mad")


@check(
    "PHY-ELEMENT-CLOSURE",
    name=_("元素组成不闭合"),
    family=Family.PHYSICS,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.FATAL,
            "impossible",
            _(
                "检测报告{report_no}空干基碳、氢、全硫、灰分、水分合计{total}%，超过{limit}%，同一煤样不可能出现。"
            ),
        ),
        "B": Outcome(
            Severity.CRITICAL,
            "physics",
            _(
                "机组{generator}{month_list}月检测的干燥无灰基碳或氧（差减）超出{rank}范围：碳{carbon_low}～{carbon_high}%，氧{oxygen_low}～{oxygen_high}%。"
            ),
        ),
        "C": Outcome(
            Severity.CRITICAL,
            "physics",
            _("机组{generator}{month_list}月检测的干燥无灰基氢超出煤的范围{low}～{high}%。"),
        ),
        "D": Outcome(
            Severity.INFO,
            "physics",
            _("机组{generator}{month_list}月检测的干燥无灰基碳、氢或氧略超范围（个别检测）。"),
        ),
    },
    basis=_("GB/T 31391、GB/T 476 煤的元素分析；校核目录 PHY-ELEMENT-CLOSURE、§11.1"),
    what=_(
        "空干基碳＋氢＋全硫＋灰分＋水分不超过100.5%；换算干燥无灰基碳、氢，氧由差减（氮取常见值），与煤种范围比较。"
    ),
    why=_("发现编造的检测结果、调换的煤样和基准混用。"),
    explain=_("检测机构对基准、结果的书面更正；高灰煤、碳酸盐的专门说明。"),
    ask=_("检测机构原始记录和留底、留存样复测。"),
    parameters=("sum", "bands", "hydrogen", "few_tests", NITROGEN),
)
def element_closure(ctx: CheckContext) -> Iterator[Hit]:
    """The sum of every test, the composition of each generator's tests."""
    complete = [t for t in ctx.report.tests if all(getattr(t, n) is not None for n in _PARTS)]
    if not complete:
        raise NotRun(_("没有同时给出碳、氢、硫、灰分、水分的煤样检测。"))
    limit = ctx.p(P + "sum")
    for test in complete:
        total = sum((getattr(test, n) for n in _PARTS), Decimal(0))
        if total > limit:
            yield _sum_hit(test, total, limit)
    for account in ctx.accounts.generators:
        possible = [c for c in fired_coals(ctx, ctx.report.year, account.number) if c.oxygen > 0]
        yield from _composition_hits(ctx, account, possible)


def _sum_hit(test: CoalTest, total: Decimal, limit: Decimal) -> Hit:
    return make_hit(
        "A",
        generator=test.generator,
        months=(test.month,) if test.month else (),
        cells=[test.cell(n) for n in _PARTS if n in test.cells],
        root=f"composition:{test.row}",
        report_no=test.report_no,
        total=rounded(total),
        limit=limit,
        parts={n: getattr(test, n) for n in _PARTS},
    )


def _outside(value: float | None, band: Sequence[Decimal]) -> bool:
    return value is not None and not float(band[0]) <= value <= float(band[1])


def _composition_hits(
    ctx: CheckContext, account: GeneratorAccount, coals: Sequence[Composition]
) -> Iterator[Hit]:
    if account.coal is None or not coals:
        return
    band = ctx.p(P + "bands").get(band_key(account.generator, account.coal))
    hydrogen, few = ctx.p(P + "hydrogen"), int(ctx.p(P + "few_tests"))
    strange = [
        c
        for c in coals
        if band
        and (_outside(c.daf("carbon"), band["carbon"]) or _outside(c.daf("oxygen"), band["oxygen"]))
    ]
    wrong = [c for c in coals if _outside(c.daf("hydrogen"), hydrogen)]
    many_strange, many_wrong = len(strange) >= few, len(wrong) >= few
    if many_strange:
        yield _hit("B", account, strange, rank=account.coal.use.rank, **_limits(band))
    if many_wrong:
        yield _hit("C", account, wrong, low=hydrogen[0], high=hydrogen[1])
    rest = ([] if many_strange else strange) + ([] if many_wrong else wrong)
    if rest:
        yield _hit("D", account, list({id(c): c for c in rest}.values()))


def _limits(band: Mapping[str, Sequence[Decimal]]) -> dict[str, Decimal]:
    return {
        f"{name}_{side}": limits[n]
        for name, limits in band.items()
        for n, side in enumerate(("low", "high"))
    }


def _hit(
    letter: str, account: GeneratorAccount, coals: Sequence[Composition], **values: Any
) -> Hit:
    return make_hit(
        letter,
        generator=account.number,
        months=[c.test.month for c in coals if c.test.month],
        cells=[c.test.cell(n) for c in coals for n in ("cad", "had") if n in c.test.cells],
        root="composition",
        readings=[
            {
                "month": c.test.month,
                "report_no": c.test.report_no,
                "c_daf": shown(c.daf("carbon"), 2),
                "h_daf": shown(c.daf("hydrogen"), 2),
                "s_daf": shown(c.daf("sulphur"), 2),
                "o_daf": shown(c.daf("oxygen"), 2),
            }
            for c in coals
        ],
        **values,
    )
