"""CON-COAL-SUPPLIER."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, Outcome, Severity, check
from emitters.checks.companies import Register
from emitters.checks.comparison import places
from emitters.checks.support import HUNDRED, ZERO, make_hit, outside_rows, rounded
from emitters.facts import CheckContext
from emitters.outside import OutsideRow

CODE = "check.CON-COAL-SUPPLIER."


def _invoices(ctx: CheckContext) -> tuple[OutsideRow, ...]:
    """Invoices for coal of the reporting year: delivered, or where that is not said, issued in it."""
    rows = outside_rows(ctx, "invoice", any_year=True)
    return tuple(r for r in rows if (r["delivered"] or r["day"]).year == ctx.report.year)


def _suppliers(rows: Sequence[OutsideRow]) -> dict[tuple[str, str], list[OutsideRow]]:
    """Invoices by name and code of the seller."""
    found: dict[tuple[str, str], list[OutsideRow]] = {}
    for row in rows:
        key = (str(row["supplier"]), str(row["supplier_code"] or ""))
        found.setdefault(key, []).append(row)
    return found


def _tonnes(rows: Sequence[OutsideRow]) -> Decimal:
    return sum((r["tonnes"] for r in rows), ZERO)


def _months(rows: Sequence[OutsideRow], year: int) -> set[int]:
    return {r["day"].month for r in rows if r["day"].year == year}


def _existence(ctx: CheckContext, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    """Sellers that the business register does not let sell on the day of the invoice."""
    register = Register.of(ctx)
    found = _suppliers(rows)
    answered = any(register.find(name, code) for name, code in found)
    for (name, code), own in found.items():
        company = register.find(name, code)
        if company is None:
            if answered:
                yield _supplier_hit(ctx, "C", name, own)
            continue
        gone = [r for r in own if company.gone_on(r["day"])]
        early = [r for r in own if company.founded_after(r["day"])]
        if company.unknown:
            yield _supplier_hit(ctx, "B", name, own, register=company.place)
        elif company.ended and company.until is None:
            yield _supplier_hit(ctx, "H", name, own, status=company.status, register=company.place)
        elif gone or early:
            yield _supplier_hit(
                ctx, "A", name, gone or early,
                status=company.status, since=company.since or "", until=company.until or "",
                register=company.place,
            )  # fmt: skip


def _supplier_hit(
    ctx: CheckContext, letter: str, name: str, rows: Sequence[OutsideRow], **values: Any
) -> Hit:
    return make_hit(
        letter,
        months=_months(rows, ctx.report.year),
        root=f"supplier:{name}",
        supplier=name,
        count=len(rows),
        tonnes=_tonnes(rows),
        place=places(rows),
        **values,
    )


def _same_number(ctx: CheckContext, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    """One number under two sellers or days; several lines of one invoice are one."""
    seen: dict[str, list[OutsideRow]] = {}
    for row in rows:
        seen.setdefault(row["invoice_no"], []).append(row)
    for number, own in seen.items():
        if len({(r["supplier"], r["day"]) for r in own}) > 1:
            yield make_hit(
                "D",
                months=_months(own, ctx.report.year),
                root=f"invoice:{number}",
                number=number,
                suppliers=sorted({str(r["supplier"]) for r in own}),
                tonnes=_tonnes(own),
                place=places(own),
            )


def _round_tonnes(ctx: CheckContext, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    step = ctx.p(CODE + "round_t")
    for (name, _code), own in _suppliers(rows).items():
        even = [r for r in own if r["tonnes"] % step == 0]
        if len(own) >= ctx.p(CODE + "round_count") and len(even) >= len(own) * ctx.p(
            CODE + "round_share"
        ):
            yield _supplier_hit(
                ctx, "E", name, even, step=step, share=rounded(HUNDRED * len(even) / len(own), 0)
            )


def _late(ctx: CheckContext, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    """Invoices for the year's coal that were issued after the report was due."""
    due = date(ctx.report.year + 1, 3, 31)
    late = [r for r in rows if r["delivered"] and r["day"] > due]
    if late and _tonnes(late) > ctx.p(CODE + "late_share") * _tonnes(rows):
        yield make_hit(
            "F",
            root="invoice-late",
            count=len(late),
            tonnes=_tonnes(late),
            share=rounded(HUNDRED * _tonnes(late) / _tonnes(rows)),
            due=due,
            place=places(late),
        )


def _related(ctx: CheckContext, rows: Sequence[OutsideRow]) -> Iterator[Hit]:
    """Sellers that share people or an address with the plant."""
    register = Register.of(ctx)
    plant = register.find(ctx.report.unit_name, ctx.report.credit_code)
    for (name, code), own in _suppliers(rows).items():
        seller = register.find(name, code)
        shared = plant.shared(seller) if plant and seller and seller is not plant else {}
        if shared and seller and plant:
            yield _supplier_hit(
                ctx, "G", name, own, shared=shared, register=f"{plant.place}；{seller.place}"
            )


@check(
    "CON-COAL-SUPPLIER",
    name=_("煤炭供应商核实"),
    family=Family.CONSISTENCY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL, "source",
            _("{supplier}登记状态为{status}（成立{since}，注销吊销{until}），开票日不在存续期内：{count}张发票，{tonnes} t。"),
        ),
        "B": Outcome(
            Severity.CRITICAL, "source",
            _("市场主体登记查无{supplier}：{count}张发票，{tonnes} t。"),
        ),
        "C": Outcome(
            Severity.INFO, "document",
            _("部门提供的市场主体登记中没有{supplier}：{count}张发票，{tonnes} t，建议补查。"),
        ),
        "D": Outcome(
            Severity.CRITICAL, "document",
            _("发票号码{number}出现在不同销售方或不同日期（{suppliers}），共{tonnes} t。"),
        ),
        "E": Outcome(
            Severity.INFO, "statistics",
            _("{supplier}的发票有{share}%数量为{step} t的整数倍（{count}张）。"),
        ),
        "F": Outcome(
            Severity.INFO, "document",
            _("本年度验收的煤有{count}张发票在{due}之后开具，{tonnes} t，占{share}%。"),
        ),
        "G": Outcome(
            Severity.INFO, "cross",
            _("{supplier}与本单位登记信息相同：{shared}，发票{tonnes} t。"),
        ),
        "H": Outcome(
            Severity.INFO, "document",
            _("{supplier}登记状态为{status}，没有注销吊销日期：{count}张发票，{tonnes} t，建议补查。"),
        ),
    },
    basis=_("发票管理办法：发票由真实经营的销售方如实开具；校核目录 CON-COAL-INVOICE。"),
    what=_("发票销售方与市场主体登记比对存续期；发票号码、数量整数倍、开票日期和关联关系逐项核查。"),
    why=_("发现虚构采购、以票据填平燃料账。"),
    explain=_("提供供应商营业执照、名称变更证明、合同、过磅单和付款凭证。"),
    ask=_("向市场监管和税务部门核实供应商与发票，查付款流水和运输单据。"),
    parameters=("round_t", "round_count", "round_share", "late_share"),
)  # fmt: skip
def coal_supplier(ctx: CheckContext) -> Iterator[Hit]:
    """Who sold the coal, and on what paper."""
    rows = _invoices(ctx)
    yield from _existence(ctx, rows)
    yield from _same_number(ctx, rows)
    yield from _round_tonnes(ctx, rows)
    yield from _late(ctx, rows)
    yield from _related(ctx, rows)
