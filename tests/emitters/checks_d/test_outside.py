"""Case tables of group D with records of others: the laboratory, its regulator, the samplers."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from tests.emitters.checks_d.conftest import letters, per_test, registered, row
from tests.emitters.factories import coal_test, plant

REPORT = plant(daily=True)
LAB, OTHER = "北方煤质检验中心", "南方煤质检验中心"
ALL_CODES = (
    "LAB-SOURCE-RECON",
    "LAB-ACCREDITATION",
    "LAB-QR-VERIFY",
    "LAB-PDF-FORENSICS",
    "LAB-MIX-HULL",
    "LAB-RETEST",
    "LAB-CUSTODY",
    "LAB-CAPACITY",
    "MET-CAL-VALID",
)


@pytest.mark.parametrize("code", ALL_CODES)
def test_without_records_a_check_does_not_pass(run, code):
    with pytest.raises(NotRun):
        run(code, REPORT)
    strange = [row("grid", credit_code="X", year=2024, month=1)]
    with pytest.raises(NotRun):
        run(code, REPORT, outside=strange)


SOURCE = [
    ({}, []),
    ({3: {"cad": "53.324"}}, []),  # one more decimal than the report shows
    ({3: {"cad": "53.94"}}, ["A"]),
    ({3: {"tested": date(2024, 4, 1)}}, ["A"]),
    ({3: {"month": 4}}, ["A"]),
    ({3: None}, ["B"]),
    ({3: {"client_code": "91210100MA0UD3RT5X"}}, ["C"]),
    ({3: {"vad": "22.67"}}, ["D"]),
    ({3: {"sample_no": "S240310"}}, ["D"]),
    ({3: {"cad": "53.94"}, 5: {"vad": "1"}, 7: None}, ["B", "A", "D"]),
    ({12: None}, []),  # the register ends before: nothing is known of December
]


@pytest.mark.parametrize(("given", "expected"), SOURCE)
def test_the_laboratorys_register(run, given, expected):
    assert letters(run("LAB-SOURCE-RECON", REPORT, outside=registered(REPORT, given))) == expected


def test_a_shaved_carbon_is_weighed_and_shown(run):
    (hit,) = run("LAB-SOURCE-RECON", REPORT, outside=registered(REPORT, {3: {"cad": "55.32"}}))
    # 82,557.95 t × (0.5066 − 0.4883) tC/t × 0.99 × 44/12
    assert abs(hit.t_co2 - Decimal("5484.2")) < 1
    assert hit.direction == Direction.FAVOURABLE
    assert hit.cells == ("煤样检测!S4",)
    assert hit.values["differences"][0]["registered"] == Decimal("55.32")


def test_carbon_reported_too_high_is_not_in_the_plants_favour(run):
    (hit,) = run("LAB-SOURCE-RECON", REPORT, outside=registered(REPORT, {3: {"cad": "52.00"}}))
    assert hit.direction == Direction.UNFAVOURABLE


def test_a_corrected_issue_counts_as_well_as_the_first(run):
    again = registered(REPORT, {3: {"cad": "53.94", "issued": date(2024, 4, 20)}})
    assert run("LAB-SOURCE-RECON", REPORT, outside=[*registered(REPORT), *again]) == []


def test_tests_that_the_report_leaves_out_are_told(run):
    extra = replace(registered(REPORT)[4], values={**registered(REPORT)[4].values})
    extra.values["report_no"] = "MZ2024-09999"
    hits = run("LAB-SOURCE-RECON", REPORT, outside=[*registered(REPORT), extra])
    assert letters(hits) == ["E"]


def certificate(laboratory=LAB, number="CMA210600000007", begin=2019, end=2026, scope=None):
    return row(
        "accreditation",
        laboratory=laboratory,
        certificate=number,
        scope=scope or "煤：碳、氢、全硫、发热量、水分、灰分",
        valid_from=date(begin, 1, 1),
        valid_to=date(end, 6, 30),
    )


CERTIFIED = [
    ([certificate()], []),
    ([certificate(number="cma 210600000007")], []),
    ([certificate(end=2023)], ["A"]),
    ([certificate(end=2024)], ["A"]),  # runs out in the middle of the year
    ([certificate(end=2024), certificate(number="NEW", begin=2024)], []),  # renewed
    ([certificate(number="ZZ"), certificate(OTHER)], ["B"]),
    ([certificate(scope="煤：发热量、全硫、氢")], ["C"]),
    ([certificate(number="ZZ")], ["D"]),
    ([certificate(begin=2026)], "not run"),  # the register does not reach back to the tests
]


@pytest.mark.parametrize(("rows", "expected"), CERTIFIED)
def test_accreditation(run, rows, expected):
    if expected == "not run":
        with pytest.raises(NotRun):
            run("LAB-ACCREDITATION", REPORT, outside=rows)
    else:
        assert letters(run("LAB-ACCREDITATION", REPORT, outside=rows)) == expected


def test_only_the_months_after_a_certificate_ran_out(run):
    (hit,) = run("LAB-ACCREDITATION", REPORT, outside=[certificate(end=2024)])
    assert hit.months == (6, 7, 8, 9, 10, 11, 12)
    assert hit.t_co2 > 0


def files(given):
    return per_test(
        "lab_file",
        REPORT,
        given,
        lambda t: {
            "laboratory": t.laboratory,
            "report_no": t.report_no,
            "sha256": f"{t.row:064x}",
            "producer": "样本检测报告系统",
            "modified": t.issued,
            "overlays": Decimal(0),
            "fonts_odd": Decimal(0),
            "qr": "是",
            "qr_required": "是",
            "qr_report_no": t.report_no,
        },
    )


LATE = date(2024, 6, 1)
FILES = [
    ("LAB-QR-VERIFY", {}, []),
    ("LAB-QR-VERIFY", {3: {"qr": "否", "qr_report_no": ""}}, ["A"]),
    ("LAB-QR-VERIFY", {3: {"qr": "否", "qr_required": "否", "qr_report_no": None}}, []),
    ("LAB-QR-VERIFY", {3: {"qr_report_no": "MZ2024-00001"}}, ["B"]),
    ("LAB-PDF-FORENSICS", {}, []),
    ("LAB-PDF-FORENSICS", {3: {"producer": "WPS 文字"}}, ["B"]),
    ("LAB-PDF-FORENSICS", {3: {"producer": "Microsoft Word", "modified": LATE}}, ["A"]),
    ("LAB-PDF-FORENSICS", {3: {"overlays": Decimal(2), "fonts_odd": Decimal(1)}}, ["A"]),
    ("LAB-PDF-FORENSICS", {3: {"producer": "样本扫描仪", "modified": LATE}}, []),
    ("LAB-PDF-FORENSICS", {m: {"sha256": "ab"} for m in (3, 4)}, ["C"]),
]


@pytest.mark.parametrize(("code", "given", "expected"), FILES)
def test_files(run, code, given, expected):
    assert letters(run(code, REPORT, outside=files(given))) == expected


def test_files_without_a_look_at_the_code_are_not_a_pass(run):
    blank = {m: {"qr": None, "qr_report_no": None} for m in range(1, 13)}
    with pytest.raises(NotRun):
        run("LAB-QR-VERIFY", REPORT, outside=files(blank))


def batches(shift=None, tonnes="50000"):
    """Two coals a month, one richer and one poorer than that month's composite."""
    found = []
    for test in REPORT.tests:
        for n, step in enumerate((-2, 2, 1)):
            values = {"mad": test.mad, "aad": test.aad + step, "stad": test.stad}
            pure = (100 - values["aad"] - test.mad) / (100 - test.aad - test.mad)
            for name in ("vad", "had", "cad", "qgrad"):
                values[name] = getattr(test, name) * pure * (1 + (shift or {}).get(name, 0))
            day = date(2024, test.month, 5 + n)
            found.append(row("receipt", day=day, tonnes=Decimal(tonnes), **values))
    return found


MIX = [
    (batches(), []),
    (batches({"cad": Decimal("0.1")}), []),  # one outlier may be the plant's own analysis
    (batches({"cad": Decimal("0.1"), "vad": Decimal("0.3")}), ["A"]),
]


@pytest.mark.parametrize(("rows", "expected"), MIX)
def test_the_composite_lies_among_the_coals(run, rows, expected):
    assert letters(run("LAB-MIX-HULL", REPORT, outside=rows)) == expected


def test_too_few_known_tonnes_are_not_a_pass(run):
    with pytest.raises(NotRun):
        run("LAB-MIX-HULL", REPORT, outside=batches(tonnes="500"))


def retested(**given):
    test = REPORT.tests[2]
    values = {n: getattr(test, n) for n in ("mad", "aad", "cad", "qgrad")}
    values |= {k: Decimal(v) if isinstance(v, str) else v for k, v in given.items()}
    base = {"year": 2024, "month": 3, "report_no": test.report_no, "tested": date(2024, 6, 1)}
    return [row("retest", **base | values)]


RETEST = [
    ({}, []),
    ({"cad": "54.28"}, []),
    ({"cad": "54.31"}, ["A"]),
    ({"qgrad": "22.080"}, ["A"]),
    ({"cad": "55.32"}, ["B"]),
    ({"cad": "55.32", "aad": "28.50"}, ["A"]),  # the difference is in the ash of the sample
    ({"cad": "55.32", "tested": date(2025, 6, 1)}, ["A"]),  # a sample that had a year to oxidise
    ({"cad": "54.28", "aad": "29.90", "qgrad": "22.143", "tested": date(2025, 6, 1)}, []),
]


@pytest.mark.parametrize(("given", "expected"), RETEST)
def test_retests(run, given, expected):
    assert letters(run("LAB-RETEST", REPORT, outside=retested(**given))) == expected


def test_a_retest_tells_the_direction(run):
    (hit,) = run("LAB-RETEST", REPORT, outside=retested(cad="55.32"))
    assert hit.direction == Direction.FAVOURABLE
    (hit,) = run("LAB-RETEST", REPORT, outside=retested(cad="51.32"))
    assert hit.direction == Direction.UNFAVOURABLE


def custody(given):
    return per_test(
        "custody",
        REPORT,
        given,
        lambda t: {
            "year": 2024,
            "month": t.month,
            "generator": "1#",
            "seal_no": f"F{t.row}",
            "mass_g": Decimal(750),
            "posted_city": "沈阳市",
            "increments": Decimal(31),
            "proportional": "是",
            "sampled": t.sampled,
            "retained_until": t.sampled + timedelta(days=366),
            "complete": "是",
        },
    )


CUSTODY = [
    ({}, []),
    ({3: {"complete": "否"}}, ["A"]),
    ({3: None}, ["A"]),
    (dict.fromkeys(range(1, 11)), []),  # hardly any month was recorded at all
    ({3: {"posted_city": "大连市"}}, ["B"]),
    ({3: {"seal_no": "F5"}}, ["C"]),
    ({3: {"mass_g": Decimal(699)}}, ["D"]),
    ({3: {"retained_until": date(2024, 9, 1)}}, ["D"]),
    ({3: {"proportional": "否"}}, ["E"]),
    ({3: {"increments": Decimal(4)}}, ["E"]),
]


@pytest.mark.parametrize(("given", "expected"), CUSTODY)
def test_custody(run, given, expected):
    report = replace(REPORT, basic={**REPORT.basic, "所在市": "沈阳市"})
    assert letters(run("LAB-CUSTODY", report, outside=custody(given))) == expected


def others(count, day, **given):
    """The laboratory's tests for other clients."""
    base = {"laboratory": LAB, "client_code": "X", "tested": day, "instrument": "CHN-1"}
    return [
        row("lab_register", **base | {"report_no": f"Z{n}", "raw_file": f"Z{n}"} | given)
        for n in range(count)
    ]


DAY = REPORT.tests[2].tested
CAPACITY = [
    ({}, others(29, DAY), []),
    ({}, others(30, DAY), ["A"]),
    ({}, others(40, DAY, instrument="CHN-2"), []),
    ({}, others(1, DAY, operator="甲", place="二号室"), ["B"]),
    ({}, others(1, DAY, operator="丙", place="二号室"), []),
    ({3: {"raw_file": ""}}, [], ["C"]),
    ({m: {"raw_file": ""} for m in range(1, 13)}, [], []),  # this laboratory names none
    ({}, others(1, DAY, raw_file="R4"), []),  # one run of an instrument holds many samples
    ({}, others(1, date(2024, 4, 1), raw_file="R4"), ["D"]),
]


@pytest.mark.parametrize(("given", "more", "expected"), CAPACITY)
def test_capacity(run, given, more, expected):
    rows = [*registered(REPORT, given), *more]
    assert letters(run("LAB-CAPACITY", REPORT, outside=rows)) == expected


def test_the_register_proves_a_batch(run):
    """Four months came in one parcel, the report spreads them over the year."""
    day = date(2024, 8, 1)
    given = {m: {"received": day, "tested": day, "raw_file": "R1"} for m in (3, 4, 5, 6)}
    hits = run("LAB-BATCH-DISGUISE", REPORT, outside=registered(REPORT, given))
    assert letters(hits) == ["B"]
    assert hits[0].months == (3, 4, 5, 6)
    two = dict.fromkeys((5, 6, 7), given[3])  # July's own sample did come in that week
    assert run("LAB-BATCH-DISGUISE", REPORT, outside=registered(REPORT, two)) == []


def meter(begin, end, number="BS-1", **given):
    base = {"generator": "1#", "kind": "皮带秤", "accuracy": Decimal("0.5"), "adjusted": "否"}
    return row("calibration", meter=number, valid_from=begin, valid_to=end, **base | given)


Y23, Y24, Y25 = (date(y, 1, 10) for y in (2023, 2024, 2025))
WITHIN, BEYOND = Decimal("0.3"), Decimal("-0.8")
METERS = [
    ([meter(Y23, Y24), meter(Y24, Y25)], []),
    ([meter(Y24, Y25)], []),  # nothing is known of the first days
    ([meter(Y23, Y24)], ["A"]),
    ([meter(Y23, Y24), meter(Y24, Y25, "BS-2")], []),  # replaced
    ([meter(Y23, Y24), meter(date(2024, 2, 10), Y25, error_found=WITHIN)], ["B"]),
    ([meter(Y23, Y24), meter(date(2024, 2, 11), Y25, error_found=WITHIN)], ["A"]),
    ([meter(Y23, Y24), meter(date(2024, 2, 1), Y25, error_found=BEYOND)], ["A", "C"]),
    ([meter(Y23, Y24), meter(Y24, Y25, error_found=BEYOND)], ["C"]),
    ([meter(Y23, Y24), meter(Y24, Y25, error_found=BEYOND, adjusted="是")], []),
]


@pytest.mark.parametrize(("rows", "expected"), METERS)
def test_meters(run, rows, expected):
    assert letters(run("MET-CAL-VALID", REPORT, outside=rows)) == expected


def test_an_unverified_scale_puts_its_accuracy_at_stake(run):
    (hit,) = run("MET-CAL-VALID", REPORT, outside=[meter(Y23, date(2024, 11, 30))])
    december = sum(f.value("e_fuel", 12) for f in REPORT.generators[0].fuels)
    assert hit.months == (12,)
    assert abs(hit.t_co2 - december * Decimal("0.005")) < Decimal("0.1")


def test_two_generators_keep_their_own_tests(run):
    """A common test and one of another unit do not disturb each other's register."""
    more = coal_test(3, row=60, generator="9#", report_no="MZ2024-07777")
    report = replace(REPORT, tests=(*REPORT.tests, more))
    assert run("LAB-SOURCE-RECON", report, outside=registered(report)) == []
