"""Outside records given to the command as files: no database is touched."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from emitters.workbook import read_report
from tests.emitters.outside.files import GRID, OTHER, UNIT, grid_rows, text, xlsx

REPORT = Path(__file__).parents[2] / "workbooks" / "good" / "chp1_2024.xlsx"
CHECK = "CON-GRID-POWER"


def settled(share):
    """The grid's settlement of the sample: its generation or a share of it, 6 % of it own use."""
    rows = [GRID]
    for g in read_report(REPORT.read_bytes()).facts.generators:
        for m in range(1, 13):
            made = float(g.production["gen"][m]) * share
            # Spelled otherwise than in the report.
            rows.append([UNIT, 2024, m, f"#{g.number[0]}", made * 0.94, None, made])
    return rows


@pytest.fixture
def run(tmp_path, capsys):
    def run(*outside, fail_on="fatal"):
        given = [part for path in outside for part in ("--outside", str(path))]
        target = tmp_path / "out.json"
        try:
            call_command(
                "precheck", str(REPORT), *given, "--json", str(target), "--fail-on", fail_on
            )
            code = 0
        except SystemExit as stop:
            code = stop.code
        content = json.loads(target.read_text(encoding="utf-8"))
        return code, content, capsys.readouterr().out

    return run


def test_without_records_the_check_is_not_run(run):
    _code, content, _said = run()
    assert CHECK in content["reports"][0]["not_run"]
    assert content["outside"] == []


@pytest.mark.parametrize(("share", "found"), [(1.0, False), (0.9, True)])
def test_a_workbook_is_recognised_and_compared(run, tmp_path, share, found):
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "结算.xlsx").write_bytes(xlsx(("电网结算", settled(share))))
    code, content, said = run(folder)
    report = content["reports"][0]
    assert CHECK not in report["not_run"]
    results = [r for r in report["results"] if r["check"] == CHECK]
    assert bool(results) == found
    assert (code == 1) == found
    assert content["outside"] == [
        {"file": "结算.xlsx", "kind": "grid", "readable": True, "rows": len(settled(1)) - 1,
         "problems": []}
    ]  # fmt: skip
    assert "部门数据 结算.xlsx（电网结算）" in said
    if found:
        assert "结算.xlsx 电网结算!A2" in json.dumps(results, ensure_ascii=False)


def test_a_text_file_is_recognised_by_its_headers(run, tmp_path):
    path = tmp_path / "导出.csv"
    path.write_bytes(text(settled(1.0), "gb18030"))
    _code, content, _said = run(path)
    assert content["outside"][0]["kind"] == "grid"
    assert CHECK not in content["reports"][0]["not_run"]


def test_records_of_other_units_do_not_matter(run, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx(("电网结算", grid_rows(OTHER))))
    _code, content, _said = run(path)
    assert content["outside"][0]["readable"]
    assert CHECK in content["reports"][0]["not_run"]


def test_one_workbook_may_hold_several_kinds(run, tmp_path):
    labels = ["统一社会信用代码", "开票日期", "销售方", "发票号码", "数量"]
    invoices = [labels, [UNIT, "2024-03-01", "样本煤业", "25210001", 100]]
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx(("电网结算", settled(1.0)), ("煤炭发票", invoices)))
    _code, content, _said = run(path)
    assert {f["kind"]: f["rows"] for f in content["outside"]} == {
        "grid": len(settled(1)) - 1,
        "invoice": 1,
    }


def test_what_cannot_be_used_is_said(run, tmp_path):
    bad = tmp_path / "坏.xlsx"
    rows = grid_rows()
    rows[3][4] = "约一千"
    bad.write_bytes(xlsx(("电网结算", rows)))
    strange = tmp_path / "怪.csv"
    strange.write_bytes(text([["甲", "乙"], [1, 2]]))
    asking = tmp_path / "问.xlsx"
    asking.write_bytes(xlsx(("电网结算", [["代码", "年", "月", "电量"], [UNIT, 2024, 1, 5]])))
    code, content, said = run(bad, strange, asking, tmp_path / "没有.csv")
    assert code == 2
    assert [f["readable"] for f in content["outside"]] == [False] * 4
    assert content["outside"][0]["problems"][0]["cell"] == "E4"
    for part in (
        "电网结算!E4 “约一千”不是数字",
        "怪.csv：无法打开，或不能识别",
        "问.xlsx（电网结算）：有列名不认识",
        "A 代码",
        "没有.csv：无法打开",
    ):
        assert part in said
