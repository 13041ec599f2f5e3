"""The names of evidence values for people. A test holds every key that a check yields against them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from emitters.layouts import DAILY, GENERATORS, PARAMETERS, TESTS

_WORDS: Mapping[str, Any] = {
    "a_d": gettext_lazy("干燥基灰分"),
    "allowed": gettext_lazy("允许值"),
    "annual": gettext_lazy("全年填报值"),
    "base_year": gettext_lazy("比较年度"),
    "before": gettext_lazy("变化前"),
    "bought": gettext_lazy("购入电量（MWh）"),
    "burnt": gettext_lazy("各机组消耗合计"),
    "busy": gettext_lazy("检测机构同期业务量"),
    "c_d": gettext_lazy("干燥基碳"),
    "calendar_hours": gettext_lazy("日历小时数"),
    "capacity": gettext_lazy("容量"),
    "carbon": gettext_lazy("含碳量变化（%）"),
    "change": gettext_lazy("变化（%）"),
    "changes": gettext_lazy("变化"),
    "coal": gettext_lazy("燃煤"),
    "computed": gettext_lazy("复算值"),
    "consecutive": gettext_lazy("相连编号"),
    "corrected": gettext_lazy("折算值"),
    "count": gettext_lazy("数量"),
    "counts": gettext_lazy("次数"),
    "credit_code": gettext_lazy("统一社会信用代码"),
    "daily": gettext_lazy("日台账加权值"),
    "date_of": gettext_lazy("日期"),
    "dates": gettext_lazy("日期"),
    "days": gettext_lazy("天数"),
    "days_taken": gettext_lazy("用时（天）"),
    "details": gettext_lazy("明细"),
    "differences": gettext_lazy("差异"),
    "dry_gap": gettext_lazy("干燥基差值"),
    "efficiency": gettext_lazy("效率"),
    "factor": gettext_lazy("指标"),
    "field": gettext_lazy("项目"),
    "fields": gettext_lazy("项目"),
    "formula": gettext_lazy("算式"),
    "found": gettext_lazy("查得值"),
    "fuel": gettext_lazy("燃料"),
    "fuel_heat": gettext_lazy("燃料热量（GJ）"),
    "gain": gettext_lazy("配额差（t）"),
    "gap": gettext_lazy("差值"),
    "gaps": gettext_lazy("逐月差值"),
    "generation": gettext_lazy("发电量（MWh）"),
    "generator": gettext_lazy("机组"),
    "grace": gettext_lazy("宽限（天）"),
    "growth_pct": gettext_lazy("增长（%）"),
    "h_d": gettext_lazy("干燥基氢"),
    "heat_before": gettext_lazy("变化前供热量（GJ）"),
    "heat_gj": gettext_lazy("供热量（GJ）"),
    "heat_rate": gettext_lazy("热耗变化（%）"),
    "heat_share": gettext_lazy("供热份额"),
    "high": gettext_lazy("上限"),
    "holes": gettext_lazy("空缺"),
    "inputs": gettext_lazy("输入值"),
    "is_simple_mean": gettext_lazy("等于算术平均"),
    "issued": gettext_lazy("报告日期"),
    "largest": gettext_lazy("最大一项"),
    "last_closing": gettext_lazy("上期期末"),
    "least": gettext_lazy("最低值"),
    "limit": gettext_lazy("限值"),
    "lines": gettext_lazy("逐项"),
    "listed": gettext_lazy("规定值"),
    "load": gettext_lazy("负荷系数（%）"),
    "low": gettext_lazy("下限"),
    "maf": gettext_lazy("无水无灰基"),
    "mean": gettext_lazy("平均值"),
    "mean_other": gettext_lazy("对照平均"),
    "mean_used": gettext_lazy("采用平均"),
    "missing": gettext_lazy("缺少"),
    "month": gettext_lazy("月份"),
    "net_supply": gettext_lazy("供电量（MWh）"),
    "now": gettext_lazy("变化后"),
    "number": gettext_lazy("编号"),
    "numbers": gettext_lazy("编号"),
    "opening": gettext_lazy("期初"),
    "other": gettext_lazy("对照"),
    "other_month": gettext_lazy("对照月份"),
    "other_year": gettext_lazy("对照年度"),
    "outside": gettext_lazy("外检"),
    "own": gettext_lazy("本处"),
    "oxidation": gettext_lazy("碳氧化率变化（%）"),
    "pairs": gettext_lazy("相同的数值"),
    "pattern": gettext_lazy("编号格式"),
    "places": gettext_lazy("位置"),
    "plug": gettext_lazy("未计入消耗量"),
    "q_d": gettext_lazy("干燥基热值"),
    "rank": gettext_lazy("煤种"),
    "rate": gettext_lazy("煤耗"),
    "ratio": gettext_lazy("比值"),
    "ratio_before": gettext_lazy("变化前比值"),
    "readings": gettext_lazy("逐项数值"),
    "reality": gettext_lazy("可能范围"),
    "reality_high": gettext_lazy("可能上限"),
    "reality_low": gettext_lazy("可能下限"),
    "repeatability": gettext_lazy("重复性"),
    "reported": gettext_lazy("填报值"),
    "required": gettext_lazy("规定"),
    "residual": gettext_lazy("不平衡量"),
    "row": gettext_lazy("行"),
    "rows": gettext_lazy("逐行数值"),
    "s_d": gettext_lazy("干燥基硫"),
    "series": gettext_lazy("序列"),
    "share": gettext_lazy("占比（%）"),
    "share_pct": gettext_lazy("占比（%）"),
    "shared": gettext_lazy("相同项"),
    "signs": gettext_lazy("迹象"),
    "simple": gettext_lazy("算术平均"),
    "spreads": gettext_lazy("离散程度"),
    "tce": gettext_lazy("标准煤（tce）"),
    "test": gettext_lazy("检测值"),
    "tests": gettext_lazy("检测报告"),
    "together": gettext_lazy("同周收样或出具"),
    "unit": gettext_lazy("单位"),
    "unit_class": gettext_lazy("机组类别"),
    "used": gettext_lazy("采用值"),
    "uses": gettext_lazy("使用处"),
    "usual": gettext_lazy("常见范围"),
    "usual_high": gettext_lazy("常见上限"),
    "usual_low": gettext_lazy("常见下限"),
    "v_daf": gettext_lazy("干燥无灰基挥发分"),
    "value": gettext_lazy("数值"),
    "values": gettext_lazy("数值"),
    "variations": gettext_lazy("变异系数（%）"),
    "vdaf": gettext_lazy("干燥无灰基挥发分"),
    "worst_pct": gettext_lazy("最大偏差（%）"),
    "year": gettext_lazy("年度"),
    "years": gettext_lazy("各年数值"),
}
_COLUMNS: Mapping[str, Any] = {code: p.title for code, p in PARAMETERS.items()} | {
    f.name: f.title for f in (*DAILY.fields, *TESTS.fields, *GENERATORS.fields)
}
# Said elsewhere on the page, or not for everybody (`emitters.privacy`).
ELSEWHERE = frozenset(
    {"generator", "month_list", "months", "others", "formula", "period", "credit_code"}
)
# Columns of a table: where and when first, then as the workbook orders them, comparisons last.
_LEADING = ("year", "month", "day", "generator", "report_no", "row")
_ORDER = {key: n for n, key in enumerate(dict.fromkeys((*_LEADING, *_COLUMNS, *_WORDS)))}


def known(key: str) -> bool:
    """Whether the key has a name of its own; Chinese terms and years speak for themselves."""
    return (
        key in _WORDS or key in _COLUMNS or key in ELSEWHERE or not key.isascii() or key.isdigit()
    )


def word(key: str, *, column: bool = False) -> str:
    """The name of an evidence value in the reader's language; as a `column` of the workbook first."""
    first, second = (_COLUMNS, _WORDS) if column else (_WORDS, _COLUMNS)
    named = first.get(key) or second.get(key)
    return str(named) if named is not None else _(key)


def in_order(keys: Iterable[str]) -> list[str]:
    """Keys in the order in which people read them (the database does not keep any)."""
    return sorted(keys, key=lambda key: (_ORDER.get(key, len(_ORDER)), key))
