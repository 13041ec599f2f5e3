"""PEER-ROBUST-Z and PEER-MULTIVAR: a generator against its like."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, Outcome, Severity, check
from emitters.checks.peers.looking_up import found
from emitters.facts import CheckContext

_FAR = _(
    "机组{generator}{quantity}{value}{unit}，同类{peers}台机组的中位数为{median}{unit}，"
    "偏离程度{z}超过{limit}。"
)


@check(
    "PEER-ROBUST-Z",
    name=_("与同类机组相差过大"),
    family=Family.HISTORY,
    level="L2",
    outcomes={
        "A": Outcome(Severity.CRITICAL, "peer", _FAR),
        "B": Outcome(Severity.INFO, "peer", _FAR),
    },
    basis=_("稳健统计：偏离程度＝0.6745×（数值－中位数）÷绝对中位差；校核目录 PEER-ROBUST-Z、§13"),
    what=_(
        "按容量、炉型、压力、产品和冷却方式分组，比较折算发电热耗、单位热值含碳量、厂用电率、供热煤耗、"
        "采暖期供热量同比。同组15台以上以3.5为限，8～14台以5为限，不足8台的向上一级分组收缩；"
        "方向有利于企业的须说明，其余仅提示。"
    ),
    why=_("发现与同类机组相比明显偏低的耗煤、含碳量，或明显偏高的供热量。"),
    explain=_("节能改造和性能试验报告、煤源和煤质证明、新增供热用户、特殊运行方式的说明。"),
    ask=_("性能试验报告、同矿其他用户的检测值、电能表和热量表台账、供热合同。"),
    parameters=(
        "limit",
        "many",
        "limit_few",
        "least",
        "shrink",
        "floor",
        "helps",
        "corrections",
        "sizes",
        "min_hours",
    ),
)
def robust_z(ctx: CheckContext) -> Iterator[Hit]:
    """Single quantities."""
    return found(ctx, "PEER-ROBUST-Z")


@check(
    "PEER-MULTIVAR",
    name=_("多项指标组合异常"),
    family=Family.HISTORY,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.INFO,
            "model",
            _("机组{generator}各项指标的组合在全省少见，主要是{quantities}（{scores}）。"),
        ),
    },
    basis=_("稳健马氏距离；校核目录 PEER-MULTIVAR"),
    what=_(
        "把十二项指标相对同类机组的偏离程度合成一个距离，列出距离最大的百分之二以及其中贡献最大的三项。"
        "只用于排序，不单独作为疑点。"
    ),
    why=_("发现单项都不超限、合在一起却少见的数据。"),
    explain=_("机组或煤源的特殊情况。"),
    ask=_("所列三项指标的原始记录。"),
    parameters=("least", "share", "clip", "quantities", "shrink", "distance"),
)
def multivariate(ctx: CheckContext) -> Iterator[Hit]:
    """Combinations."""
    return found(ctx, "PEER-MULTIVAR")
