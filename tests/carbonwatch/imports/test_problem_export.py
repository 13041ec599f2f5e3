from io import BytesIO

import openpyxl
import pytest
import xlsxwriter

from carbonwatch.imports.package import Unreadable
from carbonwatch.imports.problem_export import annotated_workbook, compare_problems, problems_xlsx
from carbonwatch.imports.rules import all_rules, cure, describe, in_order, problem, register


def _workbook() -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet("数据")
        page.write(0, 0, "a")
        page.write(1, 1, "17..2")
    return buffer.getvalue()


BLOCKER = problem("not-a-number", sheet="数据", cell="B2", field="耗量", found="17..2")
NOTICE = problem("sheet-unknown", sheet="其他")


def test_the_list_keeps_found_values_as_text():
    live = problem(
        "not-a-number", sheet="数据", cell="B2", field="=x", found='=HYPERLINK("http://a")'
    )
    page = openpyxl.load_workbook(BytesIO(problems_xlsx([live]))).active
    assert page["E2"].value == '=HYPERLINK("http://a")'
    assert page["E2"].data_type == "s"
    assert [c.value for c in page[2]][1:4] == ["数据", "B2", "=x"]


def test_the_workbook_comes_back_with_comments_at_the_cells():
    book = openpyxl.load_workbook(BytesIO(annotated_workbook(_workbook(), [NOTICE, BLOCKER])))
    assert "17..2" in book["数据"]["B2"].comment.text
    assert cure(BLOCKER) in book["数据"]["B2"].comment.text
    assert "其他" in book["数据"]["A1"].comment.text
    assert book["数据"]["B2"].value == "17..2"


def test_a_refused_file_is_not_opened():
    with pytest.raises(Unreadable):
        annotated_workbook(b"not a workbook", [])


def test_comparison_of_two_uploads():
    changed = problem("not-a-number", sheet="数据", cell="B2", field="耗量", found="18..2")
    result = compare_problems([BLOCKER], [changed, NOTICE])
    assert (result.fixed, result.left, result.new) == ((), (changed,), (NOTICE,))
    assert compare_problems([BLOCKER], []).fixed == (BLOCKER,)


def test_order_and_texts():
    first = problem("file-empty")
    assert in_order([NOTICE, BLOCKER, first, BLOCKER]) == (first, BLOCKER, NOTICE)
    assert "17..2" in describe(BLOCKER)
    with pytest.raises(ValueError, match="twice"):
        register(BLOCKER.weight, {"file-empty": ("", "")})


def test_every_rule_says_what_to_do():
    for rule in all_rules():
        assert str(rule.text)
        assert str(rule.cure)
