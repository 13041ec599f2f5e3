"""The rules a workbook can break: one text and one cure each, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.imports.problems import Problem, Weight


@dataclass(frozen=True, slots=True)
class Rule:
    """`text` says what is wrong, `cure` what to do; both with `{placeholders}` (`sheet`, `cell`,
    `field`, `found` and the problem's own `values`)."""

    code: str
    weight: Weight
    text: Any
    cure: Any


_RULES: dict[str, Rule] = {}


def register(weight: Weight, rules: Mapping[str, tuple[Any, Any]]) -> None:
    """Add rules of one weight: code -> (text, cure). A code is never given twice."""
    for code, (text, cure) in rules.items():
        if code in _RULES:
            raise ValueError(f"rule {code} is registered twice")
        _RULES[code] = Rule(code, weight, text, cure)


def get_rule(code: str) -> Rule:
    """The rule with that code (KeyError when there is none)."""
    return _RULES[code]


def all_rules() -> list[Rule]:
    """Every rule, in order of code."""
    return [_RULES[code] for code in sorted(_RULES)]


def problem(
    code: str,
    *,
    sheet: str = "",
    cell: str = "",
    field: str = "",
    found: object = "",
    **values: object,
) -> Problem:
    """A problem of a registered rule; its weight is the rule's."""
    return Problem(
        code,
        get_rule(code).weight,
        sheet,
        cell,
        field,
        _short(str(found)),
        tuple(sorted(values.items())),
    )


def describe(item: Problem) -> str:
    """What is wrong, in the language in force."""
    return str(get_rule(item.rule).text).format_map(_filling(item))


def cure(item: Problem) -> str:
    """What to do about it, in the language in force."""
    return str(get_rule(item.rule).cure).format_map(_filling(item))


def in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    """File verdicts first, then blockers, then notices; each in the order met, none twice."""
    rank = {Weight.FILE: 0, Weight.BLOCKER: 1, Weight.NOTICE: 2}
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: rank[p.weight]))


def _filling(item: Problem) -> dict[str, Any]:
    return {
        "sheet": item.sheet,
        "cell": item.cell,
        "field": item.field,
        "found": item.found,
        **dict(item.values),
    }


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"


_RESAVE = _("请用 Excel 或 WPS 打开该文件，另存为“Excel 工作簿（*.xlsx）”后重新上传。")

register(
    Weight.FILE,
    {
        "file-empty": (_("文件是空的。"), _("请重新选择填报好的工作簿后上传。")),
        "file-too-large": (
            _("文件过大（{size} MB，上限 {limit} MB）。"),
            _("请删除图片和无关工作表后重新保存。"),
        ),
        "file-encrypted": (
            _("文件已加密，系统无法读取。"),
            _("请在 Excel 或 WPS 中取消打开密码，保存后重新上传。"),
        ),
        "file-old-format": (_("文件是旧版 Excel 格式（.xls）或其他旧版文档，不支持。"), _RESAVE),
        "file-other-type": (_("文件不是 Excel 工作簿（实际是{kind}）。"), _RESAVE),
        "file-damaged": (
            _("文件已损坏，无法完整读取（{where}）。"),
            _("请用 Excel 或 WPS 打开并修复，另存后重新上传；打不开时请使用备份文件。"),
        ),
        "file-inflated": (
            _("文件解压后过大（{where}），疑似异常文件。"),
            _("请下载空白模板，只粘贴数据后重新上传。"),
        ),
        "file-duplicate-part": (
            _("文件内有重名的部件“{where}”，不同软件读到的内容可能不同。"),
            _RESAVE,
        ),
        "file-entity": (
            _("文件内含有外部实体或文档类型声明（{where}），出于安全原因不予读取。"),
            _RESAVE,
        ),
        "file-encoding": (_("文件部件“{where}”不是 UTF-8 编码。"), _RESAVE),
        "file-active": (
            _("文件含有宏、控件、嵌入对象或动态数据链接（{where}），出于安全原因不予读取。"),
            _("请删除宏、控件和嵌入对象，另存为不含宏的“Excel 工作簿（*.xlsx）”后重新上传。"),
        ),
        "text-encoding": (
            _("文本文件的编码无法识别。"),
            _("请用 Excel 或 WPS 打开后另存为“CSV UTF-8”或 .xlsx 后重新上传。"),
        ),
        "text-quotes": (
            _("文本文件第 {row} 行的引号不成对，无法判断各列的分界。"),
            _("请改正该行的引号，或用 Excel、WPS 打开核对后另存为 .xlsx。"),
        ),
        "file-too-many-sheets": (
            _("工作表过多（{count} 个，上限 {limit} 个）。"),
            _("请只保留模板中的工作表。"),
        ),
        "file-no-sheets": (_("文件中没有工作表。"), _("请下载空白模板填报。")),
        "file-sheet-names": (
            _("有重名的工作表“{where}”。"),
            _("请改正工作表名称，使其与模板一致。"),
        ),
        "sheet-too-far": (
            _("工作表“{sheet}”的单元格范围过大（到第 {rows} 行、第 {columns} 列）。"),
            _("请删除数据区以外的空行、空列（选中后右键“删除”），保存后重新上传。"),
        ),
        "sheet-merges": (
            _("工作表“{sheet}”的合并单元格过多（{count} 处）。"),
            _("请取消合并单元格后重新保存。"),
        ),
        "sheet-no-address": (_("工作表“{sheet}”的单元格没有地址或地址无效（{found}）。"), _RESAVE),
        "sheet-double-cell": (
            _("工作表“{sheet}”中单元格 {found} 出现两次，无法判断以哪个为准。"),
            _RESAVE,
        ),
    },
)

register(
    Weight.BLOCKER,
    {
        "sheet-missing": (
            _("没有找到工作表“{sheet}”。"),
            _("请从模板中补回该工作表，名称须与模板一致。"),
        ),
        "header-not-found": (
            _("没有找到表头：前 {rows} 行中没有一行像是列名。"),
            _("请下载该类数据的模板填写，或在数据上方保留一行列名。"),
        ),
        "header-not-first": (
            _("工作表“{sheet}”的表头在第 {row} 行，应在第 1 行。"),
            _("请删除表头以上的行。"),
        ),
        "column-missing": (
            _("工作表“{sheet}”缺少列“{field}”。"),
            _("请按模板补上该列，表头文字须与模板一致。"),
        ),
        "column-unit": (
            _("列“{field}”写的单位是“{found}”，不能换算为 {expected}。"),
            _("请换算为 {expected} 后重新上传，并改正表头中的单位。"),
        ),
        "column-twice": (_("列“{field}”出现两次。"), _("请删除多余的一列。")),
        "label-missing": (_("缺少项目“{field}”。"), _("请按模板在 A 列补上该项目，在 B 列填写。")),
        "label-twice": (_("项目“{field}”出现两次。"), _("请删除多余的一行。")),
        "value-missing": (
            _("“{field}”没有填写。"),
            _("请填写；合并单元格请先取消合并，逐行填写。"),
        ),
        "not-a-number": (_("“{found}”不是数字（{field}）。"), _("请填写数字，不要带文字或单位。")),
        "number-too-large": (_("“{found}”超出可接受的数值范围（{field}）。"), _("请核对数量级。")),
        "negative": (_("“{field}”为负数：{found}。"), _("请核对后填写不小于 0 的数。")),
        "not-an-integer": (_("“{found}”不是整数（{field}）。"), _("请填写整数。")),
        "not-a-date": (
            _("“{found}”不是日期（{field}）。"),
            _("请填写 Excel 日期，或 2024-01-31、2024/1/31、2024年1月31日 的形式。"),
        ),
        "date-out-of-range": (_("日期 {found} 不合理（{field}）。"), _("请核对年份。")),
        "not-a-choice": (
            _("“{found}”不在“{field}”的可选项中。"),
            _("请从以下选项中选择：{choices}。"),
        ),
        "not-a-text": (
            _("“{field}”应为文字，实际是日期或逻辑值：{found}。"),
            _("请把单元格设为文本后重新填写。"),
        ),
        "text-too-long": (
            _("“{field}”的文字过长（上限 {limit} 字）：{found}"),
            _("请精简后重新填写。"),
        ),
        "code-as-number": (
            _("“{field}”存成了数字 {found}，位数可能已丢失。"),
            _("请把单元格设为“文本”格式后重新完整填写。"),
        ),
        "digits-lost": (
            _("“{field}”的长数字 {found} 存成了数值，末尾数字已丢失。"),
            _("请把单元格设为“文本”格式后重新完整填写。"),
        ),
        "formula-without-value": (
            _("单元格是公式，但没有保存计算结果（{field}）。"),
            _("请用 Excel 或 WPS 打开文件，等待计算完成并保存，再重新上传。"),
        ),
        "cell-error": (
            _("单元格的值是错误值 {found}（{field}）。"),
            _("请改正公式或直接填写数值。"),
        ),
        "value-in-nameless-column": (
            _("没有表头的列中有数据“{found}”。"),
            _("请补上表头，或删除这些数据。"),
        ),
    },
)

register(
    Weight.NOTICE,
    {
        "external-links": (
            _("文件含有到其他工作簿的链接；已按保存的计算结果读取。"),
            _("建议粘贴为数值。"),
        ),
        "pictures-unread": (
            _("文件中的图片（WPS 单元格图片）未读取。"),
            _("需要提交的图片请作为附件上传。"),
        ),
        "sheet-hidden": (_("工作表“{sheet}”是隐藏的，已照常读取。"), _("请取消隐藏并核对内容。")),
        "sheet-unknown": (
            _("工作表“{sheet}”不属于模板，未读取。"),
            _("如有需要填报的数据，请移到模板的工作表中。"),
        ),
        "column-unknown": (
            _("列“{found}”不属于模板，未读取。"),
            _("如有需要填报的数据，请移到模板的列中。"),
        ),
        "column-converted": (
            _("列“{field}”的单位是“{found}”，已按 1 {found} = {factor} {expected} 换算。"),
            _("请核对换算后的数值；表头单位写错的，请改正后重新上传。"),
        ),
        "column-remark": (
            _("列“{field}”括号中的“{found}”不是已知的单位，按 {expected} 读取。"),
            _("请核对该列数值的单位。"),
        ),
        "label-unknown": (
            _("项目“{found}”不属于模板，未读取。"),
            _("如有需要填报的数据，请填到模板的项目中。"),
        ),
        "value-outside-form": (
            _("B 列以外的内容“{found}”未读取。"),
            _("如是需要填报的数据，请移到 B 列。"),
        ),
        "date-1904": (_("文件使用 1904 日期系统，日期已按该系统换算。"), _("请核对各项日期。")),
    },
)
