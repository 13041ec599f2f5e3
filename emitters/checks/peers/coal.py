"""PEER-SAME-COAL and STA-CLONE-RESIDUAL: the coal of others."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.peers.looking_up import found
from emitters.facts import CheckContext

_GAP = _(
    "来煤以{mine}为主，全年{quantity}{value}{unit}；同矿其他{others}家的中位数为{median}{unit}，相差{gap}%。"
)


@check(
    "PEER-SAME-COAL",
    name=_("同源煤含碳量不一致"),
    family=Family.HISTORY,
    level="L3",
    outcomes={
        "A": Outcome(Severity.CRITICAL, "cross", _GAP),
        "B": Outcome(Severity.INFO, "cross", _GAP),
    },
    basis=_("同一矿点、同一煤种的单位热值含碳量应当接近；校核目录 PEER-SAME-COAL"),
    what=_(
        "入厂煤批次显示六成以上煤量来自同一矿点的单位相互比较：单位热值含碳量相差1.5%以上，"
        "或干燥无灰基碳相差1.5个百分点以上；至少有3家其他单位时执行。偏低须说明，偏高仅提示。"
    ),
    why=_("发现改动元素碳、用别处煤样送检。"),
    explain=_("产品等级或采区不同的供货合同和矿方煤质报告。"),
    ask=_("分矿点采购台账、矿方煤质报告、留存样复测。"),
    parameters=("share", "others", "carbon", "pure_carbon"),
)
def same_coal(ctx: CheckContext) -> Iterator[Hit]:
    """Against the other plants of the mine that sends most of the coal."""
    if ctx.outside is None or not ctx.outside.of("receipt"):
        raise NotRun(_("没有入厂煤批次，不知道煤的来源。"))
    return found(ctx, "PEER-SAME-COAL")


@check(
    "STA-CLONE-RESIDUAL",
    name=_("与其他单位波动雷同"),
    family=Family.STATISTICS,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "statistics",
            _(
                "机组{generator}{quantity}逐月波动（扣除季节后）与{place}机组几乎相同，相关系数{correlation}。"
            ),
        ),
    },
    basis=_(
        "不同单位的煤质各自波动，扣除季节后全年相关系数超过0.95极为少见；校核目录 STA-CLONE-RESIDUAL"
    ),
    what=_(
        "同一检测机构或咨询机构的不同单位之间，比较扣除全省月度中位数和自身均值后的12个月序列；同矿供煤的不比较。"
    ),
    why=_("发现同一张表格为多家单位生成数据。"),
    explain=_("共用煤场、同一供应商同批次来煤的证明。"),
    ask=_("两家单位的原始检测记录、电子台账和编制人。"),
    parameters=("correlation", "months", "noise"),
)
def clone_residual(ctx: CheckContext) -> Iterator[Hit]:
    """Against the other clients of the laboratory and the consultancy."""
    return found(ctx, "STA-CLONE-RESIDUAL")
