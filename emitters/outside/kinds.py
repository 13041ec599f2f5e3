"""Outside records (部门数据): what others than the emitting unit recorded of the same facts.

Each kind is one sheet, declared once: the import reads it, the pages show it, checks of level L3 look
rows up through `CheckContext.outside`. A record is evidence from its source, so its issuer, file and
cell stay with every row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.imports.layout import Field, Kind, Shape, Sheet

YES_NO = ("是", "否")


@dataclass(frozen=True)
class RecordKind:
    """One kind of outside record. `owner` names whose records a row belongs to: `unit` (by
    `credit_code`), `laboratory` (by name), `company` (by `code`), `city`. `providers` are the kinds of
    organisation whose records these are.

    `key` names the fields by which rows of two files speak of the same fact: the same key in another
    file is a correction, not a second fact. `several`: a key may come in several rows of one file
    (lines of an invoice, batches of a day)."""

    code: str
    title: Any
    owner: str
    providers: tuple[str, ...]
    sheet: Sheet
    key: tuple[str, ...]
    several: bool = False

    @property
    def subject(self) -> str:
        """The field with the credit code of the emitting unit that a row speaks of; "" for none."""
        names = {f.name for f in self.sheet.fields}
        return next((n for n in ("credit_code", "client_code") if n in names), "")


def _text(name: str, label: str, title: Promise | str, **more: Any) -> Field:
    return Field(name, label, title, **more)


def _number(name: str, label: str, title: Promise | str, unit: str, **more: Any) -> Field:
    return Field(name, label, title, Kind.NUMBER, unit, **more)


def _day(name: str, label: str, title: Promise | str, **more: Any) -> Field:
    return Field(name, label, title, Kind.DATE, **more)


CREDIT = Field(
    "credit_code",
    "统一社会信用代码",
    _("统一社会信用代码"),
    Kind.CODE,
    required=True,
    aliases=("信用代码", "单位代码"),
    width=22,
)
YEAR = Field("year", "年度", _("年度"), Kind.INTEGER, required=True, aliases=("年", "年份"))
MONTH = Field("month", "月份", _("月份"), Kind.INTEGER, required=True, aliases=("月",))
GENERATOR = _text("generator", "机组编号", _("机组编号"), needed=False, aliases=("机组",))
LABORATORY = _text("laboratory", "检测机构", _("检测机构"), required=True, width=24)
REPORT_NO = _text("report_no", "报告编号", _("报告编号"), required=True, width=18)
ANALYSIS = (
    _number("mt", "全水分Mar", _("全水分Mar"), "%", needed=False),
    _number("mad", "空干基水分Mad", _("空干基水分Mad"), "%", needed=False),
    _number("aad", "空干基灰分Aad", _("空干基灰分Aad"), "%", needed=False),
    _number("vad", "空干基挥发分Vad", _("空干基挥发分Vad"), "%", needed=False),
    _number("stad", "空干基全硫Stad", _("空干基全硫Stad"), "%", needed=False),
    _number("had", "空干基氢Had", _("空干基氢Had"), "%", needed=False),
    _number("cad", "空干基碳Cad", _("空干基碳Cad"), "%", needed=False),
    _number("qgrad", "空干基高位发热量Qgrad", _("空干基高位发热量Qgrad"), "GJ/t", needed=False),
)
_DEPARTMENTS = (OrgKind.PROVINCE, OrgKind.ECOLOGY, OrgKind.DRC, OrgKind.MARKET, OrgKind.CITY)


def _kind(
    code: str,
    name: str,
    title: Promise | str,
    owner: str,
    providers: tuple[str, ...],
    *fields: Field,
    key: tuple[str, ...],
    several: bool = False,
) -> RecordKind:
    sheet = Sheet(name, title, Shape.TABLE, fields)
    return RecordKind(code, title, owner, providers, sheet, key, several)


KINDS: Mapping[str, RecordKind] = {
    k.code: k
    for k in (
        _kind(
            "grid", "电网结算", _("电网结算"), "unit", (OrgKind.DRC,),
            CREDIT, YEAR, MONTH, GENERATOR,
            _number("out_mwh", "上网电量", _("上网电量"), "MWh", required=True),
            _number("buy_mwh", "下网电量", _("下网电量"), "MWh", needed=False),
            _number("gen_mwh", "发电量", _("发电量"), "MWh", needed=False),
            key=("credit_code", "year", "month", "generator"),
        ),
        _kind(
            "heat", "供热结算", _("供热结算"), "unit", (OrgKind.DRC, OrgKind.CITY),
            CREDIT, YEAR, MONTH,
            _text("customer", "用热单位", _("用热单位"), required=True, width=24),
            Field("customer_code", "用热单位信用代码", _("用热单位信用代码"), Kind.CODE, needed=False),
            _number("heat_gj", "结算热量", _("结算热量"), "GJ", required=True),
            _number("steam_t", "蒸汽量", _("蒸汽量"), "t", needed=False),
            _number("enthalpy", "蒸汽焓值", _("蒸汽焓值"), "kJ/kg", needed=False),
            _number("return_gj", "回水热量", _("回水热量"), "GJ", needed=False),
            _number("steady_gj", "合同工业用汽热量", _("合同工业用汽热量"), "GJ", needed=False),
            Field("meter", "计量位置", _("计量位置"), Kind.CHOICE,
                  choices=("厂口", "用户", "面积"), needed=False),
            key=("credit_code", "year", "month", "customer"),
        ),
        _kind(
            "invoice", "煤炭发票", _("煤炭发票"), "unit", (OrgKind.DRC, OrgKind.MARKET),
            CREDIT, _day("day", "开票日期", _("开票日期"), required=True),
            _text("supplier", "销售方", _("销售方"), required=True, width=24),
            Field("supplier_code", "销售方信用代码", _("销售方信用代码"), Kind.CODE, needed=False),
            Field("invoice_no", "发票号码", _("发票号码"), Kind.CODE, required=True),
            _number("tonnes", "数量", _("数量"), "t", required=True, signed=True,
                    hint=_("红字发票填负数")),
            _day("delivered", "验收截止日期", _("验收截止日期"), needed=False),
            key=("credit_code", "invoice_no"), several=True,
        ),
        _kind(
            "rail", "铁路运单", _("铁路运单"), "unit", (OrgKind.DRC,),
            CREDIT, _day("day", "到达日期", _("到达日期"), required=True),
            Field("waybill_no", "运单号", _("运单号"), Kind.CODE, required=True),
            _text("supplier", "发货人", _("发货人"), needed=False, width=24),
            _number("tonnes", "计费重量", _("计费重量"), "t", required=True),
            key=("credit_code", "waybill_no"), several=True,
        ),
        _kind(
            "gas", "燃气结算", _("燃气结算"), "unit", (OrgKind.DRC, OrgKind.MARKET),
            CREDIT, YEAR, MONTH,
            _text("supplier", "供气单位", _("供气单位"), needed=False, width=24),
            _text("fuel", "燃气品种", _("燃气品种"), needed=False, hint=_("空为天然气")),
            _number("volume", "结算气量", _("结算气量"), "万Nm3", required=True),
            key=("credit_code", "year", "month", "supplier", "fuel"),
        ),
        _kind(
            "lab_register", "检测登记", _("检测登记"), "laboratory",
            (OrgKind.LABORATORY, OrgKind.MARKET),
            LABORATORY, REPORT_NO,
            Field("client_code", "委托单位信用代码", _("委托单位信用代码"), Kind.CODE, required=True),
            _text("sample_no", "样品编号", _("样品编号"), needed=False),
            Field("month", "样品月份", _("样品月份"), Kind.INTEGER, needed=False),
            _day("received", "收样日期", _("收样日期"), needed=False),
            _day("tested", "检测日期", _("检测日期"), needed=False),
            _day("issued", "报告日期", _("报告日期"), needed=False),
            _text("instrument", "仪器编号", _("仪器编号"), needed=False),
            _text("operator", "检测人", _("检测人"), needed=False),
            _text("place", "检测地点", _("检测地点"), needed=False),
            _text("raw_file", "原始记录编号", _("原始记录编号"), needed=False),
            *ANALYSIS,
            key=("laboratory", "report_no"), several=True,
        ),
        _kind(
            "lab_file", "检测报告文件", _("检测报告文件"), "laboratory",
            (OrgKind.MARKET, OrgKind.CITY),
            LABORATORY, REPORT_NO,
            _text("sha256", "文件哈希", _("文件哈希"), needed=False),
            _text("producer", "生成软件", _("生成软件"), needed=False),
            _day("modified", "文件修改日期", _("文件修改日期"), needed=False),
            _number("overlays", "覆盖对象数", _("覆盖对象数"), "个", needed=False),
            _number("fonts_odd", "异常字体数", _("异常字体数"), "个", needed=False),
            Field("qr", "有防伪码", _("有防伪码"), Kind.CHOICE, choices=YES_NO, needed=False),
            Field("qr_required", "应有防伪码", _("应有防伪码"), Kind.CHOICE, choices=YES_NO, needed=False),
            _text("qr_report_no", "防伪码对应编号", _("防伪码对应编号"), needed=False),
            key=("laboratory", "report_no"), several=True,
        ),
        _kind(
            "accreditation", "检测资质", _("检测资质"), "laboratory", (OrgKind.MARKET,),
            LABORATORY, _text("certificate", "证书编号", _("证书编号"), required=True),
            _text("scope", "资质范围", _("资质范围"), required=True, width=40),
            _day("valid_from", "生效日期", _("生效日期"), required=True),
            _day("valid_to", "失效日期", _("失效日期"), required=True),
            key=("laboratory", "certificate", "valid_from"),
        ),
        _kind(
            "cems", "在线监测月报", _("在线监测月报"), "unit", (OrgKind.ECOLOGY, OrgKind.CITY),
            CREDIT, YEAR, MONTH, GENERATOR,
            _number("hours", "监测运行小时数", _("监测运行小时数"), "h", needed=False),
            _number("co2_t", "二氧化碳排放量", _("二氧化碳排放量"), "t", needed=False),
            _number("so2_t", "脱硫入口二氧化硫", _("脱硫入口二氧化硫"), "t", needed=False),
            Field("recalibrated", "当月校准", _("当月校准"), Kind.CHOICE, choices=YES_NO, needed=False),
            key=("credit_code", "year", "month", "generator"),
        ),
        _kind(
            "permit", "排污许可设施", _("排污许可设施"), "unit", (OrgKind.ECOLOGY, OrgKind.CITY),
            CREDIT, _text("facility", "设施编号", _("设施编号"), required=True),
            GENERATOR,
            _text("kind", "设施类型", _("设施类型"), needed=False, hint=_("机组、启动锅炉、供热锅炉等")),
            _text("boiler", "锅炉类型", _("锅炉类型"), needed=False),
            _number("capacity_mw", "装机容量", _("装机容量"), "MW", needed=False),
            _text("cooling", "冷却方式", _("冷却方式"), needed=False),
            _text("fuel", "燃料", _("燃料"), needed=False),
            _number("heat_capacity_gjh", "供热能力", _("供热能力"), "GJ/h", needed=False),
            _day("valid_from", "生效日期", _("生效日期"), needed=False),
            _day("retired", "停用日期", _("停用日期"), needed=False),
            key=("credit_code", "facility", "generator", "valid_from"),
        ),
        _kind(
            "business", "市场主体登记", _("市场主体登记"), "company", (OrgKind.MARKET,),
            _text("name", "名称", _("名称"), required=True, width=24),
            Field("code", "统一社会信用代码", _("统一社会信用代码"), Kind.CODE, required=True),
            _text("status", "登记状态", _("登记状态"), required=True),
            _text("representative", "法定代表人", _("法定代表人"), needed=False),
            _text("controller", "实际控制人", _("实际控制人"), needed=False),
            _text("address", "住所", _("住所"), needed=False),
            _text("phone", "联系电话", _("联系电话"), needed=False),
            _day("since", "成立日期", _("成立日期"), needed=False),
            _day("status_day", "注销吊销日期", _("注销吊销日期"), needed=False),
            key=("code",),
        ),
        _kind(
            "outage", "调度停运记录", _("调度停运记录"), "unit", (OrgKind.DRC,),
            CREDIT, _text("generator", "机组编号", _("机组编号"), required=True),
            _day("begin", "停运日期", _("停运日期"), required=True),
            _day("end", "并网日期", _("并网日期"), required=True),
            _text("reason", "停运类型", _("停运类型"), needed=False, hint=_("检修、备用等")),
            key=("credit_code", "generator", "begin"),
        ),
        _kind(
            "weather", "采暖度日", _("采暖度日"), "city", _DEPARTMENTS,
            _text("city", "城市", _("城市"), required=True), YEAR, MONTH,
            _number("hdd", "采暖度日数", _("采暖度日数"), "℃·d", required=True),
            key=("city", "year", "month"),
        ),
        _kind(
            "calibration", "计量器具检定", _("计量器具检定"), "unit",
            (OrgKind.MARKET, OrgKind.CITY, OrgKind.UNIT),
            CREDIT, GENERATOR,
            _text("meter", "器具编号", _("器具编号"), required=True),
            _text("kind", "器具类型", _("器具类型"), required=True, hint=_("皮带秤、汽车衡、热量计等")),
            _day("valid_from", "检定日期", _("检定日期"), required=True),
            _day("valid_to", "有效期至", _("有效期至"), required=True),
            _number("accuracy", "要求准确度", _("要求准确度"), "%", needed=False),
            _number("error_found", "检定误差", _("检定误差"), "%", needed=False, signed=True),
            Field("adjusted", "已保守修正", _("已保守修正"), Kind.CHOICE, choices=YES_NO, needed=False),
            key=("credit_code", "meter", "valid_from"),
        ),
        _kind(
            "byproduct", "灰渣石膏台账", _("灰渣石膏台账"), "unit", (OrgKind.ECOLOGY, OrgKind.CITY),
            CREDIT, YEAR, MONTH,
            _number("ash_t", "灰渣量（干）", _("灰渣量（干）"), "t", required=True),
            _number("gypsum_t", "石膏量", _("石膏量"), "t", needed=False),
            key=("credit_code", "year", "month"),
        ),
        _kind(
            "statistics", "其他部门报表", _("其他部门报表"), "unit", _DEPARTMENTS,
            CREDIT, YEAR,
            _text("agency", "填报口径", _("填报口径"), required=True, hint=_("统计、税务、排污许可等")),
            Field("item", "指标", _("指标"), Kind.CHOICE, required=True,
                  choices=("燃煤消耗量", "发电量", "供热量")),
            _number("amount", "数值", _("数值"), "t|MWh|GJ", required=True),
            key=("credit_code", "year", "agency", "item"),
        ),
        _kind(
            "receipt", "入厂煤批次", _("入厂煤批次"), "unit", (OrgKind.CITY, OrgKind.UNIT),
            CREDIT, _day("day", "到厂日期", _("到厂日期"), required=True),
            _text("supplier", "供应商", _("供应商"), needed=False, width=24),
            _text("mine", "矿点", _("矿点"), needed=False, width=18),
            _number("tonnes", "入厂煤量", _("入厂煤量"), "t", required=True),
            _number("ncv", "收到基低位发热量", _("收到基低位发热量"), "GJ/t", needed=False),
            *ANALYSIS,
            key=("credit_code", "day"), several=True,
        ),
        _kind(
            "custody", "样品流转", _("样品流转"), "unit", (OrgKind.CITY, OrgKind.LABORATORY),
            CREDIT, YEAR, MONTH, GENERATOR,
            Field("seal_no", "封签编号", _("封签编号"), Kind.CODE, needed=False),
            _number("mass_g", "样品质量", _("样品质量"), "g", needed=False),
            _text("posted_city", "寄出城市", _("寄出城市"), needed=False),
            _number("increments", "日缩分份数", _("日缩分份数"), "份", needed=False),
            Field("proportional", "按煤量缩分", _("按煤量缩分"), Kind.CHOICE, choices=YES_NO, needed=False),
            _day("sampled", "采样日期", _("采样日期"), needed=False),
            _day("retained_until", "留样至", _("留样至"), needed=False),
            Field("complete", "交接记录完整", _("交接记录完整"), Kind.CHOICE, choices=YES_NO, needed=False),
            key=("credit_code", "year", "month", "generator"), several=True,
        ),
        _kind(
            "retest", "留样复测", _("留样复测"), "unit", (OrgKind.MARKET, OrgKind.CITY),
            CREDIT, YEAR, MONTH, GENERATOR, REPORT_NO,
            _text("laboratory", "复测机构", _("复测机构"), required=True, width=24),
            _day("tested", "复测日期", _("复测日期"), needed=False),
            *ANALYSIS,
            key=("credit_code", "year", "month", "generator", "report_no"), several=True,
        ),
        _kind(
            "evidence", "支撑材料清单", _("支撑材料清单"), "unit", (OrgKind.UNIT, OrgKind.CITY),
            CREDIT, YEAR, MONTH, GENERATOR,
            _text("parameter", "参数", _("参数"), required=True),
            Field("role", "材料性质", _("材料性质"), Kind.CHOICE, required=True, choices=("原始", "交叉")),
            _text("file", "材料名称", _("材料名称"), required=True, width=24),
            Field("readable", "清晰完整", _("清晰完整"), Kind.CHOICE, choices=YES_NO, needed=False),
            key=("credit_code", "year", "month", "generator", "parameter"), several=True,
        ),
    )
}  # fmt: skip
