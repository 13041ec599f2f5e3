"""PEER-PILE-UP: heaps at the lines that decide over allowances."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, Outcome, Severity, check
from emitters.checks.peers.looking_up import found
from emitters.facts import CheckContext


@check(
    "PEER-PILE-UP",
    name=_("全省数据在界线一侧聚集"),
    family=Family.STATISTICS,
    level="L2",
    outcomes={
        "A": Outcome(
            Severity.INFO,
            "statistics",
            _(
                "机组{generator}配额盈余{value}%，恰在盈亏线有利一侧；全省有{better}台机组在此，"
                "另一侧只有{worse}台。"
            ),
        ),
        "B": Outcome(
            Severity.INFO,
            "statistics",
            _(
                "机组{generator}负荷系数{value}%，恰在调峰修正界线之下；全省有{better}台机组在此，"
                "界线之上只有{worse}台。"
            ),
        ),
    },
    basis=_("校核目录 STA-BACKSOLVED.C、CON-LOAD-CLIFF.C：全省密度在界线处的跳变"),
    what=_(
        "比较全省机组在盈亏线、调峰修正界线两侧等宽区间内的台数；两侧机会均等时出现这种差别的概率低于1%才提示。"
    ),
    why=_("发现按目标倒推数据的风气；只用于排序。"),
    explain=_("许多机组本来就在界线附近；调度记录可以说明真实的调峰。"),
    ask=_("调度记录、运行小时数和容量的依据。"),
    parameters=("surplus", "edge", "load", "least", "heap", "chance"),
)
def pile_up(ctx: CheckContext) -> Iterator[Hit]:
    """Whether the report's generators lie in a heap."""
    return found(ctx, "PEER-PILE-UP")
