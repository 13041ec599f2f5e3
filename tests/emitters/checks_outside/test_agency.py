"""Case table of VER-COI-OWNERSHIP."""

from dataclasses import replace

import pytest

from carbonwatch.checks.registry import NotRun
from tests.emitters.checks_outside.records import hits, letters, plant, rows_of

REPORT = plant()
REPORT = replace(REPORT, basic={**REPORT.basic, "报告编制咨询机构": "样本低碳咨询有限公司"})
LAB = REPORT.tests[0].laboratory


def register(plant_=None, lab=None, consultant=None, others=()):
    """Three companies with nothing in common but what is given."""
    rows = [
        {"name": name, "code": code, "status": "存续", "representative": boss, "controller": owner,
         "address": f"样本路{n}号", "phone": f"024-2{n}345678"} | (given or {})
        for n, (name, code, boss, owner, given) in enumerate(
            (
                (REPORT.unit_name, REPORT.credit_code, "王样本", "样本能源集团", plant_),
                (LAB, "91210999MA000LAB1X", "李样本", "样本检测集团", lab),
                ("样本低碳咨询有限公司", "91210999MA000CON1X", "张样本", "样本低碳集团", consultant),
                *others,
            )
        )
    ]  # fmt: skip
    return rows_of("business", rows, source="登记.xlsx")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"lab": {"representative": "王样本"}}, ["A"]),
        ({"consultant": {"controller": "样本检测集团"}}, ["A"]),
        ({"consultant": {"controller": "样本能源集团"}}, ["A"]),
        ({"consultant": {"address": "样本路 1号"}}, ["B"]),
        ({"lab": {"phone": "024 20345678"}}, ["B"]),
        # A group's own laboratory is common; a state owner says nothing at all.
        ({"lab": {"controller": "样本能源集团"}}, ["C"]),
        ({"lab": {"controller": "样本能源集团", "address": "样本路0号"}}, ["A"]),
        ({"plant_": {"controller": "样本省国资委"}, "lab": {"controller": "样本省国资委"}}, []),
        # A placeholder is no telephone, an empty cell no address.
        ({"lab": {"phone": "024-00000000"}, "consultant": {"phone": "024-00000000"}}, []),
        ({"lab": {"address": ""}, "consultant": {"address": None}}, []),
    ],
)
def test_ownership(given, expected):
    assert letters("VER-COI-OWNERSHIP", REPORT, register(**given)) == expected


def test_two_laboratories_may_belong_together():
    tests = (replace(REPORT.tests[0], laboratory="样本第二检测中心"), *REPORT.tests[1:])
    second = (("样本第二检测中心", "91210999MA000LAB2X", "李样本", "样本检测集团", None),)
    assert letters("VER-COI-OWNERSHIP", replace(REPORT, tests=tests), register(others=second)) == []


def test_ownership_names_both_places():
    (hit,) = hits("VER-COI-OWNERSHIP", REPORT, register(lab={"representative": "王样本"}))
    assert hit.values["shared"] == {"法定代表人": "王样本"}
    assert hit.values["place"] == "登记.xlsx 市场主体登记!A2；登记.xlsx 市场主体登记!A3"


@pytest.mark.parametrize("rows", [(), register()[:1]])
def test_ownership_without_two_parties(rows):
    with pytest.raises(NotRun):
        hits("VER-COI-OWNERSHIP", REPORT, rows)
