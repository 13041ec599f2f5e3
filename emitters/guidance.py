"""Common defects (共性问题): what goes wrong again and again, shown wrong and right.

Written from the published cases and the verification guide, without names. Closed findings will add
to them.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Defect:
    """One common defect: a wrong and a right example, why it matters, and the checks that see it."""

    code: str
    title: Any
    wrong: Any
    right: Any
    why: Any
    checks: tuple[str, ...]


DEFECTS = (
    Defect(
        "month-missing",
        _("漏填月份或把停机月留空"),
        _("7月机组停运，消耗量、发电量全部留空。"),
        _("7月各项填0，并在“生产经营变化说明”注明停运起止日期。"),
        _("空白表示未报告，0表示没有发生，两者含义不同。"),
        ("FRM-MONTH-COMPLETE",),
    ),
    Defect(
        "percent-fraction",
        _("把百分数填成小数"),
        _("碳氧化率填0.99，负荷系数填0.6583。"),
        _("碳氧化率填99，负荷系数填65.83。"),
        _("工作簿的百分数一律按百分点填写。"),
        ("FRM-UNIT-SLIP", "PHY-OXIDATION"),
    ),
    Defect(
        "unit-slip",
        _("单位或数量级错误"),
        _("燃煤消耗量按万吨填写7.85，热值按kcal/kg填写4800。"),
        _("消耗量填78500.00（t），热值填20.097（GJ/t，4800×4.1868÷1000）。"),
        _("单位错误会使排放量相差数倍至万倍。"),
        ("FRM-UNIT-SLIP", "PHY-NCV-RANK"),
    ),
    Defect(
        "carbon-basis",
        _("元素碳基准换算错误"),
        _("把检测报告的空干基碳60.24%直接当作收到基，填0.6024。"),
        _("收到基＝60.24×(100−11.60)÷(100−2.00)÷100＝0.5434（tC/t）。"),
        _("核算使用收到基；全水分取自本厂每日检测的加权平均，空干基水分取自检测报告。"),
        ("ARI-C-BASIS", "PHY-CC-RANK"),
    ),
    Defect(
        "moisture-source",
        _("换算用的全水分没有来源"),
        _("换算用全水分19.33%，而日台账加权平均为13.52%。"),
        _("按日入炉煤量加权：Σ(日煤量×日全水分)÷Σ日煤量，保留Excel计算表。"),
        _("全水分每多1个百分点，元素碳约低1.1%；2022年通报的案例中有编造全水分的情形。"),
        ("ARI-C-BASIS", "PHY-MOISTURE"),
    ),
    Defect(
        "simple-average",
        _("用算术平均代替加权平均"),
        _("全年热值取12个月的算术平均。"),
        _("全年热值＝Σ(月消耗量×月热值)÷全年消耗量，没有消耗的月份不参与。"),
        _("算术平均会放大用煤少的月份。"),
        ("ARI-ANNUAL-ROLLUP",),
    ),
    Defect(
        "late-test",
        _("超过时限检测仍按实测值"),
        _("3月样品于6月1日出具报告，仍按实测元素碳核算3月。"),
        _("超过采样（月末）后40日的，该月取缺省值，并如实填写各日期。"),
        _("超期检测结果不能采用。"),
        ("LAB-TURNAROUND", "ARI-DEFAULT-VALUES"),
    ),
    Defect(
        "batch-as-months",
        _("集中送检伪装成逐月送检"),
        _("一次寄出6个月的样品，报告日期改成各月。"),
        _("每月缩分后及时送检；确因节假日积压的，如实填写送检、收样日期并说明。"),
        _("改写日期属于弄虚作假，迟送如实填报只是超期。"),
        ("LAB-BATCH-DISGUISE", "LAB-DATE-ORDER", "LAB-NO-SEQUENCE"),
    ),
    Defect(
        "report-reuse",
        _("一份检测报告用于两个月或两家单位"),
        _("把5月的检测结果抄到6月，报告编号只改一位。"),
        _("每月每台机组（或公用煤样）各有报告；公用的机组编号留空。"),
        _("编号、样品或整组数值相同，会被比对发现。"),
        ("LAB-REPORT-REUSE", "LAB-VALUE-REUSE", "STA-REPEAT-TUPLE"),
    ),
    Defect(
        "parameters-missing",
        _("元素碳报告缺少同一样品的其他指标"),
        _("报告只有元素碳一项。"),
        _("同一样品同时给出元素碳、热值、氢、全硫和水分，并带CMA或CNAS标识。"),
        _("这些指标可以互相印证。"),
        ("LAB-PARAM-SET",),
    ),
    Defect(
        "lab-heat",
        _("用检测报告的热值代替本厂月热值"),
        _("月低位发热量直接填检测机构报告的Qnet,ar。"),
        _("月热值按本厂每日（班）测定值和入炉煤量加权；检测报告的热值只用于印证。"),
        _("元素碳报告中的热值不得代替每月热值。"),
        ("LAB-PARAM-SET", "CON-DAILY-SUM"),
    ),
    Defect(
        "stock-plug",
        _("用盘点调整填平煤量"),
        _("每月盘点调整−5000t，使库存与账面相符，消耗量偏低。"),
        _("按实际盘煤调整并附盘煤报告；差异长期同一方向的，查皮带秤和水分差。"),
        _("调整量实际上是烧掉未报的煤。"),
        ("CON-STOCK-BALANCE", "CON-HEATRATE-MODEL"),
    ),
    Defect(
        "daily-ledger",
        _("月数与日台账不符"),
        _("月消耗量按结算煤量倒推，与日入炉煤合计不等。"),
        _("月消耗量＝日入炉煤量合计；夜班跨月的，相邻两月差异相抵并说明。"),
        _("实测值不得人为平衡。"),
        ("CON-DAILY-SUM",),
    ),
    Defect(
        "heat-steam",
        _("供热量按蒸汽全焓计算"),
        _("供热量＝蒸汽量×焓值，没有扣除20℃水焓或回水。"),
        _("直接供汽：蒸汽量×(焓值−83.74)÷1000；有回水、补水的按指南扣除。"),
        _("多算供热量会多得配额。"),
        ("ARI-HEAT-ENTHALPY", "PHY-BHEAT-RANGE"),
    ),
    Defect(
        "hours-standby",
        _("把备用时间计入运行小时"),
        _("热备用、停备时间计入运行小时数，负荷系数偏低。"),
        _("运行小时数只计并网发电时间；与调度停运记录一致。"),
        _("负荷系数低于门槛会得到调峰修正，多得配额。"),
        ("ARI-POWER-IDENTITY", "CON-OUTAGE"),
    ),
    Defect(
        "purchased-power",
        _("停机期间没有购入电量"),
        _("机组停运20天，购入使用电量为0。"),
        _("按下网电量结算单填写；由邻机供电的，在说明中写明。"),
        _("停机后仍有循环水、照明等用电。"),
        ("ARI-PURCHASED-POWER",),
    ),
    Defect(
        "class-attributes",
        _("机组类别、冷却方式与许可不一致"),
        _("装机容量由600MW改报390MW，类别变为300MW等级。"),
        _("按排污许可和核准文件填写；确有改造的附批复和投运日期。"),
        _("类别决定基准值，直接影响配额。"),
        ("FRM-UNIT-REGISTRY",),
    ),
    Defect(
        "scheme-departure",
        _("实际做法与数据质量控制方案不一致"),
        _("方案写入炉煤计量，报告改用入厂煤。"),
        _("按方案执行；计量器具故障时按方案的缺失处理，并先修订方案再改变做法。"),
        _("数据来源的优先级不得降低。"),
        ("FRM-QCP-MATCH",),
    ),
)
