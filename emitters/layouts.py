"""The annual report workbook CW-1: its eight sheets, declared once for writing and for reading.

Labels are the texts in the file and never translated; `title` is the same name for pages. Units,
decimals and requirements follow the reporting guideline of the year (V01..V04, appendix C).
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from carbonwatch.imports.layout import Field, Kind, Parameter, Shape, Sheet
from carbonwatch.params.regions import REGION_CODES

TEMPLATE_VERSION = "CW-1"
FIRST_YEAR, LAST_YEAR = 2019, 2026
GAS_UNIT = "万Nm3"

COAL_RANKS = ("烟煤", "无烟煤", "褐煤")
GAS_FUELS = ("天然气", "高炉煤气", "转炉煤气", "焦炉煤气", "其他煤气")
COAL = "燃煤"
FUELS = (
    COAL,
    "无烟煤",
    "烟煤",
    "褐煤",
    "洗精煤",
    "其他洗煤",
    "煤矸石",
    "煤泥",
    "焦炭",
    "石油焦",
    "其他煤制品",
    "原油",
    "燃料油",
    "汽油",
    "柴油",
    "煤油",
    "其他石油制品",
    "液化天然气",
    "液化石油气",
    "煤焦油",
    "炼厂干气",
    *GAS_FUELS,
)
CATEGORIES = ("常规燃煤", "非常规燃煤", "燃气", "燃油", "其他")
GAS_CATEGORY = "燃气"
CHP, CONDENSING = "热电联产", "纯凝发电"
NATURES = ("中央企业", "省属国企", "市属国企", "民营", "外资", "其他")
INDUSTRIES = ("4411", "4412", "4417", "4419")
BOILERS = ("煤粉炉", "循环流化床", "燃气轮机", "其他")
PRESSURES = ("中压", "高压", "超高压", "亚临界", "超临界", "超超临界")
COOLINGS = ("水冷", "空冷", "背压")
SAMPLE_KINDS = ("入炉", "入厂", "月缩分")
DEFAULT = "缺省值"


def guideline_version(year: int, month: int = 12) -> str:
    """V01..V04 in force for a month (regulation.md §1.1): V02 from April 2022."""
    if (year, month) < (2022, 4):
        return "V01"
    if year <= 2022:
        return "V02"
    return "V03" if year <= 2025 else "V04"


def is_gas_fuel(fuel: str) -> bool:
    """Measured in 万Nm3."""
    return fuel in GAS_FUELS


BASIC = Sheet(
    "基本信息",
    _("基本信息"),
    Shape.FORM,
    (
        Field("template", "模板版本", _("模板版本"), Kind.TEXT, required=True),
        Field(
            "year", "报告年度", _("报告年度"), Kind.INTEGER, required=True, aliases=("报告年份",)
        ),
        Field("unit_name", "单位名称", _("单位名称"), required=True),
        Field(
            "credit_code",
            "统一社会信用代码",
            _("统一社会信用代码"),
            Kind.CODE,
            required=True,
            hint=_("18 位，含校验码（GB 32100）"),
        ),
        Field("permit", "排污许可证编号", _("排污许可证编号"), Kind.CODE),
        Field(
            "city", "所在市", _("所在市"), Kind.CHOICE, choices=tuple(REGION_CODES), required=True
        ),
        Field("nature", "单位性质", _("单位性质"), Kind.CHOICE, choices=NATURES),
        Field("industry", "行业代码", _("行业代码"), Kind.CHOICE, choices=INDUSTRIES),
        Field("representative", "法定代表人", _("法定代表人")),
        Field("contact", "联系人", _("联系人")),
        Field("phone", "联系电话", _("联系电话")),
        Field("longitude", "经度", _("经度"), Kind.NUMBER, decimals=5, unit="°"),
        Field("latitude", "纬度", _("纬度"), Kind.NUMBER, decimals=5, unit="°"),
        Field(
            "altitude",
            "海拔高度",
            _("海拔高度"),
            Kind.NUMBER,
            decimals=0,
            unit="m",
            signed=True,
            needed=False,
            hint=_("2026 年度起必填"),
        ),
        Field(
            "first_period",
            "纳入首个履约周期",
            _("纳入首个履约周期"),
            Kind.CHOICE,
            choices=("是", "否"),
        ),
        Field("consultancy", "报告编制咨询机构", _("报告编制咨询机构"), hint=_("没有委托时留空")),
        Field("consultancy_code", "咨询机构信用代码", _("咨询机构信用代码"), Kind.CODE),
        Field("filler", "填报人", _("填报人")),
        Field("checker", "复核人", _("复核人")),
        Field("approver", "批准人", _("批准人")),
        Field("filled_on", "填报日期", _("填报日期"), Kind.DATE),
        Field("changes", "生产经营变化说明", _("生产经营变化说明")),
    ),
)

GENERATORS = Sheet(
    "机组信息",
    _("机组信息"),
    Shape.TABLE,
    (
        Field(
            "number", "机组编号", _("机组编号"), required=True, hint=_("如 1#；其他表按此编号对应")
        ),
        Field(
            "category", "机组类别", _("机组类别"), Kind.CHOICE, choices=CATEGORIES, required=True
        ),
        Field(
            "product",
            "产品类型",
            _("产品类型"),
            Kind.CHOICE,
            choices=(CONDENSING, CHP),
            required=True,
        ),
        Field("capacity_mw", "装机容量", _("装机容量"), Kind.NUMBER, unit="MW", required=True),
        Field("boiler", "锅炉类型", _("锅炉类型"), Kind.CHOICE, choices=BOILERS),
        Field("pressure", "压力参数", _("压力参数"), Kind.CHOICE, choices=PRESSURES),
        Field("cooling", "冷却方式", _("冷却方式"), Kind.CHOICE, choices=COOLINGS),
        Field("main_fuel", "主要燃料", _("主要燃料")),
        Field("commissioned", "投产日期", _("投产日期"), Kind.DATE),
        Field("note", "备注", _("备注"), needed=False, width=24),
    ),
)

_NUMBER = Field("generator", "机组编号", _("机组编号"))
_PARAMETER = Field("parameter", "参数", _("参数"), required=True, width=24, aliases=("参数名称",))
_UNIT = Field("unit", "单位", _("单位"), aliases=("计量单位",))

FUEL = Sheet(
    "化石燃料燃烧",
    _("化石燃料燃烧"),
    Shape.MONTHLY,
    (
        Field("generator", "机组编号", _("机组编号"), required=True),
        Field("fuel", "燃料品种", _("燃料品种"), Kind.CHOICE, choices=FUELS, required=True),
        Field("rank", "煤种", _("煤种"), Kind.CHOICE, choices=COAL_RANKS, hint=_("非燃煤留空")),
        _PARAMETER,
        _UNIT,
    ),
    (Field("method", "确定方式", _("确定方式")),),
)
PURCHASED = Sheet("购入使用电力", _("购入使用电力"), Shape.MONTHLY, (_NUMBER, _PARAMETER, _UNIT))
PRODUCTION = Sheet("生产数据", _("生产数据"), Shape.MONTHLY, (_NUMBER, _PARAMETER, _UNIT))
STOCKS = Sheet(
    "燃料购销存",
    _("燃料购销存"),
    Shape.MONTHLY,
    (
        Field("fuel", "燃料品种", _("燃料品种"), Kind.CHOICE, choices=FUELS, required=True),
        Field("parameter", "项目", _("项目"), required=True, width=14),
        _UNIT,
    ),
)
TESTS = Sheet(
    "煤样检测",
    _("煤样检测"),
    Shape.TABLE,
    (
        Field("generator", "机组编号", _("机组编号"), hint=_("全厂共用的样品留空")),
        Field("month", "月份", _("月份"), Kind.INTEGER, required=True, hint=_("1–12")),
        Field("kind", "样品类型", _("样品类型"), Kind.CHOICE, choices=SAMPLE_KINDS, required=True),
        Field("sample_no", "样品编号", _("样品编号"), Kind.CODE, width=16),
        Field("sampled", "采样日期", _("采样日期"), Kind.DATE),
        Field("sent", "送检日期", _("送检日期"), Kind.DATE),
        Field("received", "收样日期", _("收样日期"), Kind.DATE),
        Field("tested", "检测日期", _("检测日期"), Kind.DATE),
        Field("issued", "报告日期", _("报告日期"), Kind.DATE),
        Field("report_no", "报告编号", _("报告编号"), Kind.CODE, width=16),
        Field("laboratory", "检测机构", _("检测机构"), width=24),
        Field(
            "certificate",
            "资质编号",
            _("资质编号"),
            Kind.CODE,
            width=18,
            hint=_("CMA 或 CNAS 编号"),
        ),
        Field("mt", "全水分Mar", _("全水分"), Kind.NUMBER, unit="%", decimals=2),
        Field("mad", "空干基水分Mad", _("空干基水分"), Kind.NUMBER, unit="%", decimals=2),
        Field("aad", "空干基灰分Aad", _("空干基灰分"), Kind.NUMBER, unit="%", decimals=2),
        Field("vad", "空干基挥发分Vad", _("空干基挥发分"), Kind.NUMBER, unit="%", decimals=2),
        Field("stad", "空干基全硫Stad", _("空干基全硫"), Kind.NUMBER, unit="%", decimals=2),
        Field("had", "空干基氢Had", _("空干基氢"), Kind.NUMBER, unit="%", decimals=2),
        Field("cad", "空干基碳Cad", _("空干基碳"), Kind.NUMBER, unit="%", decimals=2),
        Field(
            "qgrad",
            "空干基高位发热量Qgrad",
            _("空干基高位发热量"),
            Kind.NUMBER,
            unit="GJ/t",
            decimals=3,
        ),
        Field(
            "qnetar",
            "收到基低位发热量Qnetar",
            _("收到基低位发热量"),
            Kind.NUMBER,
            unit="GJ/t",
            decimals=3,
        ),
        Field("car", "收到基元素碳Car", _("收到基元素碳"), Kind.NUMBER, unit="tC/t", decimals=4),
        Field("tester", "检测人", _("检测人")),
        Field("reviewer", "审核人", _("审核人")),
    ),
)
DAILY = Sheet(
    "日入炉煤",
    _("日入炉煤"),
    Shape.TABLE,
    (
        Field("day", "日期", _("日期"), Kind.DATE, required=True),
        Field("generator", "机组编号", _("机组编号"), required=True),
        Field("coal_t", "入炉煤量", _("入炉煤量"), Kind.NUMBER, unit="t", decimals=2),
        Field(
            "ncv", "收到基低位发热量", _("收到基低位发热量"), Kind.NUMBER, unit="GJ/t", decimals=3
        ),
        Field("mt", "全水分Mar", _("全水分"), Kind.NUMBER, unit="%", decimals=2),
    ),
)
SHEETS = (BASIC, GENERATORS, FUEL, PURCHASED, PRODUCTION, STOCKS, TESTS, DAILY)

_CALC = ("计算",)
FUEL_PARAMETERS = (
    Parameter("fc", "燃料消耗量", _("燃料消耗量"), "t", 2, GAS_UNIT, choices=("入炉", "入厂")),
    Parameter(
        "ncv",
        "收到基低位发热量",
        _("收到基低位发热量"),
        "GJ/t",
        3,
        "GJ/万Nm3",
        choices=("自测", "外检", DEFAULT),
    ),
    Parameter(
        "c_ar",
        "收到基元素碳含量",
        _("收到基元素碳含量"),
        "tC/t",
        4,
        "tC/万Nm3",
        choices=("每日检测", "每批检测", "月缩分样", DEFAULT),
    ),
    Parameter("cc", "单位热值含碳量", _("单位热值含碳量"), "tC/GJ", 5, choices=("计算", DEFAULT)),
    Parameter(
        "of", "碳氧化率", _("碳氧化率"), "%", 2, choices=(DEFAULT,), hint=_("按百分数填写，如 99")
    ),
    Parameter("e_fuel", "化石燃料燃烧排放量", _("化石燃料燃烧排放量"), "tCO2", 2, choices=_CALC),
)
PURCHASED_PARAMETERS = (
    Parameter("buy_e", "购入使用电量", _("购入使用电量"), "MWh", 3),
    Parameter("ef", "电网排放因子", _("电网排放因子"), "tCO2/MWh", 4),
    Parameter("e_buy", "购入使用电力排放量", _("购入使用电力排放量"), "tCO2", 2),
)
PRODUCTION_PARAMETERS = (
    Parameter("gen", "发电量", _("发电量"), "MWh", 3),
    Parameter("sup", "供电量", _("供电量"), "MWh", 3),
    Parameter("grid_out", "上网电量", _("上网电量"), "MWh", 3),
    Parameter("heat", "供热量", _("供热量"), "GJ", 2),
    Parameter("heat_ratio", "供热比", _("供热比"), "%", 2, hint=_("按百分数填写，如 18.20")),
    Parameter("b_power", "发电煤耗", _("发电（供电）煤耗"), "tce/MWh", 3, "万Nm3/MWh"),
    Parameter("b_heat", "供热煤耗", _("供热煤耗"), "tce/GJ", 3, "万Nm3/GJ"),
    Parameter("hours", "运行小时数", _("运行小时数"), "h", 2),
    Parameter("lf", "负荷系数", _("负荷系数"), "%", 2, hint=_("按百分数填写，如 65.83")),
    Parameter("i_power", "发电碳排放强度", _("发电（供电）碳排放强度"), "tCO2/MWh", 4),
    Parameter("i_heat", "供热碳排放强度", _("供热碳排放强度"), "tCO2/GJ", 4),
    Parameter("e_unit", "机组二氧化碳排放量", _("机组二氧化碳排放量"), "tCO2", 2),
)
PLANT_TOTAL = Parameter(
    "e_total", "全部机组二氧化碳排放量", _("全部机组二氧化碳排放量"), "tCO2", 2, annual_decimals=0
)
STOCK_PARAMETERS = (
    Parameter("stk0", "期初库存", _("期初库存"), "t", 2, GAS_UNIT),
    Parameter("buy", "购入量", _("购入量"), "t", 2, GAS_UNIT),
    Parameter("used", "消耗量", _("消耗量"), "t", 2, GAS_UNIT),
    Parameter("out", "其他出库", _("其他出库"), "t", 2, GAS_UNIT, hint=_("外销、损耗或调出")),
    Parameter(
        "adj",
        "盘点调整",
        _("盘点调整"),
        "t",
        2,
        GAS_UNIT,
        signed=True,
        hint=_("盘盈为正，盘亏为负"),
    ),
    Parameter("stk1", "期末库存", _("期末库存"), "t", 2, GAS_UNIT),
)
PARAMETERS: Mapping[str, Parameter] = {
    p.code: p
    for p in (
        *FUEL_PARAMETERS,
        *PURCHASED_PARAMETERS,
        *PRODUCTION_PARAMETERS,
        PLANT_TOTAL,
        *STOCK_PARAMETERS,
    )
}

# Up to V02 power-side figures were per MWh supplied (供电), from V03 per MWh generated (发电).
_SUPPLY_LABELS = {"b_power": "供电煤耗", "i_power": "供电碳排放强度"}
_ALWAYS = frozenset({"gen", "heat", "hours", "lf", "e_unit"})
_TO_V02 = frozenset({"sup", "heat_ratio", "b_power", "b_heat", "i_power", "i_heat"})
_CHP_ONLY = frozenset({"heat_ratio", "b_heat", "i_heat"})


def label_of(parameter: Parameter, year: int) -> str:
    """The row label that the guideline of the year uses."""
    return _SUPPLY_LABELS.get(parameter.code, parameter.label) if year <= 2022 else parameter.label


def required_production(year: int, *, chp: bool) -> frozenset[str]:
    """Codes of 生产数据 that every generator must report (workbook.md, column R)."""
    codes = _ALWAYS if year > 2022 else _ALWAYS | _TO_V02
    return codes if chp else codes - _CHP_ONLY


def purchased_power_reported(year: int) -> bool:
    """Purchased electricity left the accounting with V04."""
    return year <= 2025


def daily_coal_expected(year: int) -> bool:
    """日入炉煤 is expected from 2023, optional before."""
    return year >= 2023
