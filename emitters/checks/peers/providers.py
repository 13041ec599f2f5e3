"""SVC-EFFECT and STA-BENFORD: what a laboratory, a consultancy or a city serves, as a whole."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, Outcome, Severity, check
from emitters.checks.peers.looking_up import found
from emitters.facts import CheckContext


@check(
    "SVC-EFFECT",
    name=_("服务机构客户整体偏离"),
    family=Family.HISTORY,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.INFO,
            "peer",
            _(
                "{role}{provider}的{clients}家客户，{quantity}整体偏离{mean}%（收缩后{effect}%，"
                "95%区间{interval}），本单位方向相同。"
            ),
        ),
    },
    basis=_("校核目录 SVC-EFFECT：收缩均值 n÷(n＋8)，客户不少于5家，95%区间不含0"),
    what=_(
        "先扣除挥发分、灰分、水分能够解释的部分，再按检测机构、咨询机构平均各客户的偏离，按客户数收缩。"
        "疑点属于该机构，列入机构排序；对客户仅提示。"
    ),
    why=_("发现同一机构对全部客户的小幅调整，逐个单位看不出。"),
    explain=_("客户共用煤源、共用设计等客观原因。"),
    ask=_("该机构的原始检测记录、报告模板和服务合同。"),
    parameters=("clients", "shrink", "effect"),
)
def service_effect(ctx: CheckContext) -> Iterator[Hit]:
    """Clients of a provider whose clients lie off as a whole."""
    return found(ctx, "SVC-EFFECT")


@check(
    "STA-BENFORD",
    name=_("首位数字分布异常（群体）"),
    family=Family.STATISTICS,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.INFO,
            "statistics",
            _(
                "{group}{name}名下{values}个吨数和电量、热量的首位数字，既不符合首位数字定律，也与其他单位不同"
                "（χ²＝{chi_square}，限值{limit}）。"
            ),
        ),
    },
    basis=_("首位数字定律（本福特定律）只适用于跨两个数量级以上的合并数据；校核目录 STA-BENFORD"),
    what=_(
        "按检测机构、咨询机构、所在市合并煤量、发电量、供热量的月度值，不少于500个，"
        "χ²按单位聚集程度折减（Rao–Scott）；不对单个单位计算。"
    ),
    why=_("发现成批编造的台账。"),
    explain=_("所含机组容量相近等客观原因。"),
    ask=_("抽取该群体若干单位的原始计量记录。"),
    parameters=("values", "plants", "orders", "chi_square"),
)
def benford(ctx: CheckContext) -> Iterator[Hit]:
    """Groups that the report belongs to."""
    return found(ctx, "STA-BENFORD")
