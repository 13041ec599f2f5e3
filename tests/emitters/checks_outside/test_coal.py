"""Case tables of CON-COAL-INVOICE, CON-COAL-SUPPLIER, CON-GAS-SETTLE and CON-OTHER-REPORTS."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest

from carbonwatch.checks.registry import Direction, NotRun
from emitters.facts import FuelUse
from tests.emitters.checks_outside.records import (
    MONTHS,
    YEAR,
    hits,
    invoices,
    letters,
    monthly,
    output,
    plant,
    rows_of,
    scaled,
)
from tests.emitters.factories import series

REPORT = plant()
BOUGHT = REPORT.stocks[0].series["buy"]
SELLER = "91210999MA0000001X"


def with_gas():
    """The plant with natural gas beside its coal: 100 万Nm3 a month at the default carbon."""
    generator = REPORT.generators[0]
    amounts = {"fc": D(100), "ncv": D("389.31"), "c_ar": D("5.9642"), "of": D(99)}
    rows = {
        code: series("化石燃料燃烧", n, [value] * 12, value, columns=tuple("FGHIJKLMNOPQR"))
        for n, (code, value) in enumerate(amounts.items(), 10)
    }
    fuels = (*generator.fuels, FuelUse("1#", "天然气", "", rows))
    return replace(REPORT, generators=(replace(generator, fuels=fuels),))


def batches(kind, factor):
    """A waybill or a batch at the gate for each month's purchases."""
    return rows_of(
        kind,
        [
            {"day": date(YEAR, m, 15), "tonnes": BOUGHT[m] * D(str(factor)), "supplier": "样本矿"}
            | ({"waybill_no": f"W{m:03d}"} if kind == "rail" else {})
            for m in MONTHS
        ],
    )


def concentrated(share):
    """The year's surplus in three months only."""
    return invoices(REPORT, tonnes=lambda m: BOUGHT[m] * (1 + (D(share) if m in (4, 5, 6) else 0)))


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ((invoices(REPORT),), []),
        ((invoices(REPORT, 1.0149),), []),
        ((invoices(REPORT, 1.016),), ["A"]),
        ((invoices(REPORT, 1.031),), ["B"]),
        # Bought by the group, or not yet invoiced: told, not held against.
        ((invoices(REPORT, 0.98),), []),
        ((invoices(REPORT, 0.9),), ["C"]),
        # Three months that the year's total hides.
        ((concentrated("0.055"),), []),
        ((concentrated("0.061"),), ["D"]),
        # Waybills weigh what was loaded: 1.2 % may be lost on the way; half may come by road.
        ((batches("rail", 1.012),), []),
        ((batches("rail", 1.05),), ["B"]),
        ((batches("rail", 0.5),), []),
        ((batches("receipt", 1.02),), ["A"]),
        # What the weighbridge confirms is asked about, not refused.
        ((invoices(REPORT, 1.05), batches("receipt", 1)), ["A"]),
        ((invoices(REPORT, 1.05), batches("receipt", 1.05)), ["B", "B"]),
    ],
)
def test_invoices(records, expected):
    assert letters("CON-COAL-INVOICE", REPORT, *records) == expected


def test_hidden_purchases_are_weighed_and_led_to_consumption():
    (hit,) = hits("CON-COAL-INVOICE", REPORT, invoices(REPORT, 1.04))
    hidden = BOUGHT.total * D("0.04")
    used = REPORT.stocks[0].series["used"].total
    assert abs(hit.values["implied_use"] - used - hidden) < 1
    burnt = output(REPORT, "e_unit").total
    assert abs(hit.t_co2 - hidden * burnt / used) < 5
    assert hit.direction == Direction.FAVOURABLE
    assert hit.values["suppliers"][0]["place"].endswith("煤炭发票!A12、煤炭发票!A13")
    assert len(hit.cells) == 12


@pytest.mark.parametrize(
    ("factor", "lag", "expected"),
    [(1, 12, []), (1, 28, []), (1.02, 12, ["A"]), (1.05, 12, ["B"])],
)
def test_invoices_without_a_day_of_delivery_lag_by_a_month(factor, lag, expected):
    rows = invoices(REPORT, factor, lag=lag, delivered=False)
    assert letters("CON-COAL-INVOICE", REPORT, rows) == expected
    # January's invoices for December have not been brought in yet: eleven months are compared.
    assert letters("CON-COAL-INVOICE", REPORT, rows[:-1]) == expected


def test_credit_notes_count_against_their_invoices():
    wrong = {
        "day": date(YEAR, 7, 3),
        "supplier": "样本一号煤炭销售有限公司",
        "delivered": date(YEAR, 6, 28),
    }
    extra = rows_of(
        "invoice",
        [
            wrong | {"invoice_no": "9001", "tonnes": D(60000)},
            wrong | {"invoice_no": "9002", "tonnes": D(-60000)},
        ],
        source="更正.xlsx",
    )
    assert letters("CON-COAL-INVOICE", REPORT, invoices(REPORT), extra) == []


@pytest.mark.parametrize(
    ("report", "records"),
    [
        (REPORT, ()),
        (replace(REPORT, stocks=()), (invoices(REPORT),)),
        (REPORT, (invoices(REPORT)[:4],)),
        (plant(year=2022), (invoices(REPORT),)),
    ],
)
def test_invoices_without_both_sides(report, records):
    with pytest.raises(NotRun):
        hits("CON-COAL-INVOICE", report, *records)


def company(name="样本一号煤炭销售有限公司", code=SELLER, status="存续", **more):
    return {"name": name, "code": code, "status": status} | more


def register(*companies):
    return rows_of("business", companies, source="登记.xlsx")


PLANT = company(REPORT.unit_name, REPORT.credit_code, representative="王样本", phone="024-88991234",
                address="样本市样本路1号", controller="样本省国资委")  # fmt: skip


@pytest.mark.parametrize(
    ("companies", "expected"),
    [
        ([], []),
        ([company()], []),
        ([company(status="注销", status_day=date(2024, 1, 20))], ["A"]),
        ([company(status="注销", status_day=date(2025, 6, 1))], []),
        ([company(status="吊销，未注销")], ["H"]),
        ([company(since=date(2024, 6, 1))], ["A"]),
        ([company(status="查无此户")], ["B"]),
        # The register's file speaks of others only: it may not have been asked about this one.
        ([PLANT], []),
        ([PLANT, company(representative="王样本")], ["G"]),
        ([PLANT, company(phone="(024) 8899 1234")], ["G"]),
        # A state owner has thousands of companies.
        ([PLANT, company(controller="样本省国资委")], []),
    ],
)
def test_supplier(companies, expected):
    records = register(*companies) if companies else ()
    assert letters("CON-COAL-SUPPLIER", REPORT, invoices(REPORT), records) == expected


def test_only_invoices_after_the_end_of_the_company_count():
    gone = register(company(status="注销", status_day=date(2024, 10, 1)))
    (hit,) = hits("CON-COAL-SUPPLIER", REPORT, invoices(REPORT), gone)
    # September to December, invoiced from October on.
    assert hit.values["count"] == 4
    assert hit.values["tonnes"] == sum(BOUGHT[m] for m in (9, 10, 11, 12))
    assert hit.values["register"] == "登记.xlsx 市场主体登记!A2"


def test_a_seller_that_the_register_left_out_is_told():
    other = {"supplier": "样本二号煤炭销售有限公司", "supplier_code": "91210999MA0000002X"}
    rows = invoices(REPORT)
    rows[3:5] = [replace(r, values={**r.values, **other}) for r in rows[3:5]]
    found = hits("CON-COAL-SUPPLIER", REPORT, rows, register(company()))
    assert [(h.letter, h.values["supplier"]) for h in found] == [("C", "样本二号煤炭销售有限公司")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # Two lines of one invoice.
        ({0: {"invoice_no": "7"}, 1: {"invoice_no": "7", "day": date(2024, 2, 12)}}, []),
        ({0: {"invoice_no": "7"}, 1: {"invoice_no": "7"}}, ["D"]),
        ({0: {"invoice_no": "7"}, 1: {"invoice_no": "7", "supplier": "样本三号", "day": date(2024, 2, 12)}}, ["D"]),
        ({n: {"tonnes": D(82000)} for n in range(9)}, []),
        ({n: {"tonnes": D(82000)} for n in range(10)}, ["E"]),
        # Coal of the year on paper of the next April.
        ({11: {"day": date(2025, 3, 31)}}, []),
        ({11: {"day": date(2025, 4, 1)}}, ["F"]),
    ],
)  # fmt: skip
def test_paper(changes, expected):
    rows = [
        replace(r, values={**r.values, **changes.get(n, {})})
        for n, r in enumerate(invoices(REPORT))
    ]
    assert letters("CON-COAL-SUPPLIER", REPORT, rows) == expected


def test_supplier_without_invoices():
    with pytest.raises(NotRun):
        hits("CON-COAL-SUPPLIER", REPORT, register(company()))


FC = REPORT.generators[0].fuels[0].series["fc"].total
GEN = output(REPORT, "gen").total


def form(item, amount, agency="统计"):
    return rows_of("statistics", [{"year": YEAR, "agency": agency, "item": item, "amount": amount}])


@pytest.mark.parametrize(
    ("item", "amount", "expected", "direction"),
    [
        ("燃煤消耗量", FC, [], None),
        ("燃煤消耗量", FC * D("1.019"), [], None),
        ("燃煤消耗量", FC * D("1.03"), ["A"], Direction.FAVOURABLE),
        ("燃煤消耗量", FC * D("1.06"), ["B"], Direction.FAVOURABLE),
        ("燃煤消耗量", FC * D("0.94"), ["B"], Direction.UNFAVOURABLE),
        ("发电量", GEN * D("1.06"), ["B"], Direction.UNFAVOURABLE),
        ("供热量", D(0), [], None),
    ],
)
def test_other_reports(item, amount, expected, direction):
    found = hits("CON-OTHER-REPORTS", REPORT, form(item, amount))
    assert [h.letter for h in found] == expected
    assert [h.direction for h in found] == ([direction] if expected else [])


def test_power_overstated_against_statistics_is_weighed():
    report = plant(capacity="300")
    made = output(report, "gen").total
    (hit,) = hits("CON-OTHER-REPORTS", report, form("发电量", made / D("1.06")))
    assert hit.direction == Direction.FAVOURABLE
    assert abs(hit.t_allowance - made * (1 - 1 / D("1.06")) * D("0.8049")) < 3


def test_other_reports_without_records():
    with pytest.raises(NotRun):
        hits("CON-OTHER-REPORTS", REPORT)


GAS_PLANT = with_gas()
VOLUME = GAS_PLANT.generators[0].fuels[1].series["fc"]


def gas(factor, **more):
    return monthly("gas", supplier="样本燃气公司", volume=scaled(VOLUME, factor), **more)


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        (gas(1), []),
        (gas("1.0099"), []),
        (gas("1.015"), ["A"]),
        (gas("1.04"), ["B"]),
        # Another company may have delivered the rest.
        (gas("0.9"), ["C"]),
        (gas("0.6") + gas("0.4", fuel="天然气"), []),
        (gas("1.04", months=range(1, 6)), []),
    ],
)
def test_gas(records, expected):
    assert letters("CON-GAS-SETTLE", GAS_PLANT, records) == expected


def test_gas_that_was_settled_and_not_reported_is_weighed():
    (hit,) = hits("CON-GAS-SETTLE", GAS_PLANT, gas("1.05"))
    # 4 % and more of 1,200 万Nm3 at 389.31 × 0.01532 tC and 99 %.
    assert abs(hit.t_co2 - 60 * D("5.9642") * D("0.99") * 44 / 12) < 1
    assert hit.direction == Direction.FAVOURABLE


@pytest.mark.parametrize(("report", "records"), [(GAS_PLANT, ()), (REPORT, gas(1))])
def test_gas_without_both_sides(report, records):
    with pytest.raises(NotRun):
        hits("CON-GAS-SETTLE", report, records)
