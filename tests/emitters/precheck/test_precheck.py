"""The command on whole workbooks: no database is touched (these tests may not open one)."""

import json
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command

from emitters import runner

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
FALSIFIED = {
    "chp1_2024": {"CON-STOCK-BALANCE", "CON-HEATRATE-MODEL", "CON-FOUR-FACTOR"},
    "big2_2024": {"PHY-C-NCV-BIAS", "PHY-CALORIFIC-MODEL"},
    "cfb5_2023": {"LAB-BATCH-DISGUISE"},
    "big7_2024": {"ARI-C-BASIS", "PHY-MOISTURE"},
}


def run(target, *args):
    """Exit code and the JSON."""
    try:
        call_command("precheck", *map(str, args), "--json", str(target))
        code = 0
    except SystemExit as stop:
        code = stop.code
    return code, json.loads(target.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    code, content = run(tmp_path_factory.mktemp("out") / "out.json", WORKBOOKS / "good")
    return code, {r["file"].removesuffix(".xlsx"): r for r in content["reports"]}


def test_all_samples_are_readable_and_recomputed(checked):
    code, reports = checked
    assert code == 1  # the falsified ones hold a fatal result
    assert len(reports) == 14
    for report in reports.values():
        assert report["readable"]
        assert not report["crashed"]
        assert abs(report["tco2_reported"] - report["tco2_recomputed"]) <= 1


def test_honest_samples_are_not_accused(checked):
    for name, report in checked[1].items():
        if name not in FALSIFIED:
            assert report["acceptance"] != "not_acceptable", name
            assert sum(r["severity"] == "critical" for r in report["results"]) <= 1, name


@pytest.mark.parametrize("name", sorted(FALSIFIED))
def test_falsified_samples_are_found(checked, name):
    report = checked[1][name]
    grave = {r["check"] for r in report["results"] if r["severity"] in ("fatal", "critical")}
    assert FALSIFIED[name] <= grave
    assert report["acceptance"] != "acceptable"
    assert report["tco2_at_stake"] > 0
    assert report["risk_score"] >= 40


def test_results_say_where_and_what(checked):
    for report in checked[1].values():
        for result in report["results"]:
            assert result["message"]
            assert "{" not in result["message"]
            assert result["severity"] in ("fatal", "critical", "info")
            assert all("!" in cell for cell in result["cells"])


@pytest.mark.parametrize(
    ("name", "fail_on", "code"),
    [("mid6_2020", "critical", 0), ("big7_2024", "fatal", 1), ("big7_2024", "never", 0)],
)
def test_exit_codes(tmp_path, name, fail_on, code):
    path = WORKBOOKS / "good" / f"{name}.xlsx"
    assert run(tmp_path / "o.json", path, "--fail-on", fail_on)[0] == code


def test_unreadable_files_are_told_with_their_reason(tmp_path, capsys):
    bad = WORKBOOKS / "bad" / "calamine__pass_protected.xlsx"
    code, content = run(tmp_path / "o.json", bad, tmp_path / "missing.xlsx", "--fail-on", "never")
    assert code == 2
    for report in content["reports"]:
        assert report["readable"] is False
        assert report["problems"][0]["message"]
    assert "无法读取" in capsys.readouterr().out


def test_many_files_give_the_same_in_two_processes(tmp_path, checked, monkeypatch):
    source = WORKBOOKS / "good" / "mid6_2020.xlsx"
    for name in ("a", "b", "c"):
        shutil.copy(source, tmp_path / f"{name}.xlsx")
    monkeypatch.setattr(runner, "MANY", 2)
    code, content = run(tmp_path / "o.json", tmp_path)
    assert code == 0
    assert [r["file"] for r in content["reports"]] == ["a.xlsx", "b.xlsx", "c.xlsx"]
    expected = checked[1]["mid6_2020"]["results"]
    assert [r["results"] for r in content["reports"]] == [expected] * 3


def test_the_rule_book_lists_every_check(capsys):
    call_command("check_catalogue", "--format", "json")
    book = json.loads(capsys.readouterr().out)
    codes = {c["code"] for c in book}
    assert {"FRM-MONTH-COMPLETE", "ARI-C-BASIS"} <= codes
    assert all(c["basis"] and c["what"] and c["why"] and c["explain"] and c["ask"] for c in book)
    call_command("check_catalogue")
    assert "### ARI-C-BASIS" in capsys.readouterr().out
