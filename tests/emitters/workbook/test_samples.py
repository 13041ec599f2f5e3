"""The samples: good ones read whole, bad ones are refused, re-saved ones read the same."""

import io
import shutil
import subprocess

import openpyxl
import pytest

from carbonwatch.imports.problems import Weight
from emitters import layouts
from emitters.workbook import read_report, write_report, write_template
from tests.emitters.workbook.conftest import WORKBOOKS
from tests.emitters.workbook.probe import bare

GOOD = sorted((WORKBOOKS / "good").iterdir())
BAD = sorted((WORKBOOKS / "bad").iterdir())
BAD_RULES = {
    "calamine__pass_protected.xlsx": "file-encrypted",
    "poi__protected_passtika.xlsx": "file-encrypted",
    "poi__password.xls": "file-encrypted",
    "poi__1904DateWindowing.xls": "file-old-format",
    "poi__54764.xlsx": "file-entity",
    "poi__poc-xmlbomb.xlsx": "file-entity",
    "poi__57893-many-merges.xlsx": "sheet-merges",
    "poi__59746_NoRowNums.xlsx": "sheet-no-address",
    "poi__duplicate-filename.xlsx": "file-duplicate-part",
    "poi__xlsx-corrupted.xlsx": "file-damaged",
    "poi__clusterfuzz-testcase-minimized-POIXSSFFuzzer-5089447305609216.xlsx": "file-damaged",
    "poi__crash-274d6342e4842d61be0fb48eaadad6208ae767ae.xlsx": "file-damaged",
}


@pytest.mark.parametrize("path", GOOD, ids=lambda p: p.stem)
def test_good_sample_reads_without_problems(path):
    reading = read_report(path.read_bytes())
    assert reading.problems == ()
    facts = reading.facts
    assert facts.generators
    assert all(g.fuels and g.production and g.purchased for g in facts.generators)
    assert facts.plant_total.annual == facts.plant_total.annual.to_integral_value()
    assert reading.meta.year == facts.year


def test_values_and_addresses_of_a_sample(sample):
    facts = read_report(sample).facts
    unit = facts.generators[0]
    coal = unit.fuels[0]
    assert (coal.fuel, coal.rank, coal.method("c_ar")) == ("燃煤", "烟煤", "月缩分样")
    assert str(coal.value("fc", 1)) == "79649.65"
    assert coal.get("ncv").cell(3) == "化石燃料燃烧!H3"
    assert coal.get("ncv").cell() == "化石燃料燃烧!R3"
    # Stored as 832429.8800000001; people see 832429.88.
    assert str(facts.stock("燃煤").series["buy"].annual) == "832429.88"
    assert facts.tests[2].cell("issued") == "煤样检测!I4"
    assert facts.daily_cell(facts.daily[0], "ncv") == "日入炉煤!D2"
    assert facts.basic_cells["统一社会信用代码"] == "基本信息!B4"
    assert unit.cells["capacity_mw"] == "机组信息!D2"


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.name)
def test_bad_sample_is_refused_with_words(path, probe):
    found = probe(path.read_bytes())
    first = found.reading.problems[0]
    assert found.reading.facts is None
    assert first.weight is Weight.FILE
    assert first.rule == BAD_RULES.get(path.name, "wrong-file")
    assert "。" in found.texts[0]
    assert found.seconds < 5
    assert found.peak_mb < 300


@pytest.mark.parametrize("path", GOOD, ids=lambda p: p.stem)
def test_written_report_reads_the_same(path):
    facts = read_report(path.read_bytes()).facts
    again = read_report(write_report(facts))
    assert again.problems == ()
    assert bare(again.facts) == bare(facts)


@pytest.mark.parametrize("path", GOOD[:1] + GOOD[10:11], ids=lambda p: p.stem)
def test_resaved_by_openpyxl_reads_the_same(path):
    buffer = io.BytesIO()
    openpyxl.load_workbook(path).save(buffer)
    assert read_report(buffer.getvalue()).facts == read_report(path.read_bytes()).facts


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_resaved_by_libreoffice_reads_the_same(tmp_path):
    facts = read_report(GOOD[9].read_bytes()).facts
    (tmp_path / "written.xlsx").write_bytes(write_report(facts, guide=True))
    sources = [*GOOD[::3], tmp_path / "written.xlsx"]
    out = tmp_path / "out"
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(out),
            *map(str, sources),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    for path in sources:
        again = read_report((out / path.name).read_bytes())
        assert again.problems == (), path.name
        assert again.facts == read_report(path.read_bytes()).facts, path.name


def _template(year):
    return write_template(
        year=year,
        basic={
            "单位名称": "样本热电有限公司",
            "统一社会信用代码": "91211220T2PNDKCGN4",
            "所在市": "营口市",
        },
        generators=[
            {"number": "1#", "category": "常规燃煤", "product": "热电联产", "boiler": "煤粉炉"},
            {"number": "2#", "category": "燃气", "product": "纯凝发电", "boiler": "燃气轮机"},
        ],
        fuels={"1#": [("燃煤", "烟煤"), ("柴油", "")], "2#": [("天然气", "")]},
    )


@pytest.mark.parametrize("year", [2019, 2022, 2023, 2026])
def test_blank_template_lacks_values_only(year):
    reading = read_report(_template(year))
    assert reading.facts is None
    assert {p.rule for p in reading.problems} <= {
        "value-missing",
        "row-empty",
        "altitude-missing",
        "no-data-rows",
    }


def test_template_helps_to_fill_in():
    book = openpyxl.load_workbook(io.BytesIO(_template(2024)))
    assert book.sheetnames == [s.name for s in layouts.SHEETS]
    fuel = book["化石燃料燃烧"]
    assert [c.value for c in fuel[14]][:5] == ["2#", "天然气", None, "燃料消耗量", "万Nm3"]
    lists = {str(v.sqref): v.formula1 for v in fuel.data_validations.dataValidation}
    assert lists["S4"] == '"每日检测,每批检测,月缩分样,缺省值"'
    assert book["煤样检测"].column_dimensions["J"].width > 10
    assert "单位：GJ/t" in book["煤样检测"]["U1"].comment.text
    production = {
        row[1].value: row[0].fill.fgColor.rgb
        for row in book["生产数据"].iter_rows(min_row=2, max_row=13)
    }
    assert production["发电量"] != production["发电煤耗"]  # auxiliary from V03 on
    assert book["生产数据"].freeze_panes == "D2"


def test_codes_stay_text_in_the_template():
    book = openpyxl.load_workbook(io.BytesIO(_template(2024)))
    assert book["基本信息"]["B4"].number_format == "@"
    assert book["基本信息"]["B4"].data_type == "s"
