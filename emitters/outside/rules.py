"""Problem rules of outside records (the general ones: `carbonwatch.imports.rules`)."""

from django.utils.translation import gettext_lazy as _

import emitters.workbook.rules  # noqa: F401 -- codes, months and doubled rows have their texts there
from carbonwatch.imports.problems import Weight
from carbonwatch.imports.rules import register

register(
    Weight.BLOCKER,
    {
        "outside-no-rows": (
            _("工作表“{sheet}”中没有数据行。"),
            _("请核对是否选错文件或工作表。"),
        ),
        "outside-unit-foreign": (
            _("“{found}”不是贵单位可以提供数据的重点排放单位。"),
            _("请删除该行，由有权的部门或单位提供。"),
        ),
        "outside-laboratory-foreign": (
            _("检测机构“{found}”不是本机构（{expected}）。"),
            _("检测机构只登记本机构出具的报告：请删除该行，或改正为本机构登记的全称。"),
        ),
        "outside-city-foreign": (
            _("“{found}”不是本市（{expected}）。"),
            _("请删除该行，由当地提供。"),
        ),
        "outside-city-unknown": (
            _("“{found}”不是省内的市。"),
            _("请填写市的全称，如“沈阳市”。"),
        ),
        "outside-year": (
            _("年份 {found} 不合理（{field}）。"),
            _("请核对年份。"),
        ),
        "outside-order": (
            _("“{field}”（{found}）早于“{first}”（{expected}）。"),
            _("请核对两个日期。"),
        ),
        "outside-known": (
            _("同一事实已在第 {number} 号文件（{name}）的 {place} 中：{found}。"),
            _("如本文件是更正，请重新上传并选择替换该文件；否则请删除重复的行。"),
        ),
        "too-many-problems": (
            _("问题过多：共 {count} 项，只列出前 {shown} 项。"),
            _("请先改正列出的问题；多为同一列格式有误，可整列改正后重新上传。"),
        ),
    },
)

register(
    Weight.NOTICE,
    {
        "outside-unit-unknown": (
            _("“{found}”不在重点排放单位名录中，该行留存但不用于校核。"),
            _("请核对信用代码；单位尚未列入名录的，无须处理。"),
        ),
        "outside-code-doubtful": (
            _("“{found}”不是有效的统一社会信用代码（{field}），已照原样留存。"),
            _("请对照原件核对；原件如此的，无须处理。"),
        ),
        "outside-generator-unknown": (
            _("机组“{found}”不在该单位登记的机组（{expected}）中。"),
            _("请核对机组编号；以后登记该机组的，无须处理。"),
        ),
        "outside-repeated": (
            _("与第 {first} 行相同：{found}。两行都已读取。"),
            _("如是重复录入，请删除一行后重新上传。"),
        ),
        "outside-already": (
            _(
                "同一事实另有第 {number} 号文件（{provider}提供）：{found}。"
                "校核只取其中一处，主管部门的优先于企业自报的。"
            ),
            _("无须处理；两处数值不同的，请与该单位核对。"),
        ),
    },
)
