"""Problem rules of the annual report workbook (the general ones: `carbonwatch.imports.rules`)."""

from django.utils.translation import gettext_lazy as _

from carbonwatch.imports.problems import Weight
from carbonwatch.imports.rules import register

_TEMPLATE = _("请在本系统下载该单位、该年度的空白模板，填报后上传。")

register(
    Weight.FILE,
    {
        "wrong-file": (
            _("这不是年度排放报告工作簿：没有模板中的任何工作表（文件中的工作表：{found}）。"),
            _("请核对是否选错文件；年度排放报告应使用本系统下载的模板。"),
        ),
        "wrong-template": (
            _("工作簿与年度排放报告模板不符：{found}。"),
            _TEMPLATE,
        ),
        "wrong-version": (
            _("模板版本为“{found}”，本系统只接受 {expected}。"),
            _TEMPLATE,
        ),
        "wrong-year": (
            _("报告年度为 {found}，应为 {expected}。"),
            _("请核对是否选错文件，或改正“基本信息”中的报告年度。"),
        ),
        "year-not-covered": (
            _("报告年度“{found}”不在可受理的范围（{first}–{last}）内。"),
            _("请改正“基本信息”中的报告年度。"),
        ),
        "reader-died": (
            _("读取该文件时程序多次中断，未能读取。"),
            _("请检查文件是否损坏：用 Excel 或 WPS 打开，另存为新的 .xlsx 文件后重新上传。"),
        ),
        "wrong-unit": (
            _("工作簿属于统一社会信用代码为 {found} 的单位，应为 {expected}。"),
            _("请核对是否选错文件，或改正“基本信息”中的统一社会信用代码。"),
        ),
    },
)

register(
    Weight.BLOCKER,
    {
        "credit-code": (
            _("“{found}”不是有效的统一社会信用代码（校验码不符或位数不对）。"),
            _("请对照营业执照改正（18 位，GB 32100）。"),
        ),
        "generator-unknown": (
            _("机组编号“{found}”不在“机组信息”中。"),
            _("请改正机组编号，或在“机组信息”中补充该机组。"),
        ),
        "generator-twice": (
            _("机组编号“{found}”重复（首次在第 {first} 行）。"),
            _("每台机组只填一行。"),
        ),
        "generators-none": (_("“机组信息”中没有机组。"), _("请逐台填写机组。")),
        "parameter-unknown": (
            _("“{found}”不是本表的项目。"),
            _("本表的项目有：{choices}。"),
        ),
        "parameter-of-other-version": (
            _("{year} 年度应填“{expected}”，不应填“{found}”（指南版本不同，口径不同）。"),
            _("请按当年指南的口径重新计算后填写。"),
        ),
        "row-twice": (_("与第 {first} 行重复：{found}。"), _("请只保留一行。")),
        "row-missing": (
            _("缺少“{field}”一行（{owner}）。"),
            _("请按模板补上该行并填写各月数据。"),
        ),
        "row-empty": (
            _("“{field}”一行没有任何数据（{owner}）。"),
            _("请填写各月数据；没有发生的填 0。"),
        ),
        "unit-differs": (
            _("“{field}”的单位应为 {expected}，实际是“{found}”。"),
            _("请换算为规定单位后填写，并改正“单位”一列。"),
        ),
        "unit-missing": (
            _("“{field}”没有写单位，应为 {expected}。"),
            _("请确认数值的单位并补写。"),
        ),
        "fraction": (
            _("“{field}”的数值都不大于 1（如 {found}），像是小数而不是百分数。"),
            _("请按百分数填写：填 99，不要填 0.99。"),
        ),
        "rank-without-coal": (_("燃料“{found}”不是燃煤，不应填写煤种。"), _("请清空煤种。")),
        "rank-missing": (_("燃煤没有填写煤种。"), _("请从烟煤、无烟煤、褐煤中选择。")),
        "month-out-of-range": (_("月份应为 1–12，实际是 {found}。"), _("请改正月份。")),
        "day-outside-year": (_("日期 {found} 不在报告年度 {year} 内。"), _("请改正日期。")),
        "altitude-missing": (_("2026 年度起必须填写海拔高度。"), _("请填写厂址海拔高度（米）。")),
    },
)

register(
    Weight.NOTICE,
    {
        "unit-name-differs": (
            _("单位名称“{found}”与登记的“{expected}”不同。"),
            _("如已更名，请先办理名称变更；否则请改正。"),
        ),
        "generators-differ": (
            _("机组与登记的不同：报告中为 {found}，登记为 {expected}。"),
            _("如有新投产或关停的机组，请先更新机组登记；否则请改正。"),
        ),
        "no-data-rows": (
            _("工作表“{sheet}”没有数据行，而按本年度和机组情况应有数据。"),
            _("请补充数据；确实没有的，请在“生产经营变化说明”中说明。"),
        ),
    },
)
