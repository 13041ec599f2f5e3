"""PEER-WEAK-SIGNALS: small distances from the like that point the same way."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, Outcome, Severity, check
from emitters.checks.peers.looking_up import found
from emitters.facts import CheckContext


@check(
    "PEER-WEAK-SIGNALS",
    name=_("与同类的微弱偏差同向"),
    family=Family.HISTORY,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.INFO,
            "model",
            _(
                "各项指标与同类的偏差均不大，合计偏向有利一侧{total}倍离散（{scores}），仅用于排序。"
            ),
        ),
    },
    basis=_("独立偏差合并（平方和）；校核目录 PEER-ROBUST-Z、STA-ONE-DIRECTION"),
    what=_(
        "折算发电热耗、单位热值含碳量、供热煤耗、采暖期供热量变化，以及检测热值与元素组成之差，与同类的稳健偏差只取有利一侧，"
        "平方相加后开方。组成公式对各种煤都有几个百分点的系统误差，因此只看与同类之差。"
    ),
    why=_("使连续多年同样偏低、因而与自身历史无从比较的单位排在前面；不构成疑点。"),
    explain=_("本项不要求说明。"),
    ask=_("抽查时优先核对所列各项的原始记录。"),
    parameters=("least", "most", "signs", "share"),
)
def weak_signals(ctx: CheckContext) -> Iterator[Hit]:
    """Combined distance from the like."""
    return found(ctx, "PEER-WEAK-SIGNALS")
