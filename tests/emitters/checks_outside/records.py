"""Records around the factory's plant: what others would hold of the same year."""

from collections import Counter
from datetime import date
from decimal import Decimal as D

from carbonwatch.checks.registry import get_check
from carbonwatch.params.values import shipped
from emitters.calc.accounts import account
from emitters.facts import CheckContext
from emitters.outside import KINDS, OutsideRecords, OutsideRow
from tests.emitters.factories import plant

YEAR = 2024
MONTHS = range(1, 13)


def rows_of(kind, values, *, source="部门文件.xlsx"):
    """Rows of one file, in order."""
    known = {f.name for f in KINDS[kind].sheet.fields}
    assert all(set(v) <= known for v in values), "a record has only the columns of its kind"
    sheet = KINDS[kind].sheet.name
    return [OutsideRow(kind, v, source, f"{sheet}!A{n}") for n, v in enumerate(values, 2)]


def monthly(kind, *, months=MONTHS, year=YEAR, source="部门文件.xlsx", **series):
    """A row a month; a series is a list by month, a mapping by month, or one value for all."""

    def value(given, month):
        if isinstance(given, dict):
            return given.get(month)
        return given[month - 1] if isinstance(given, list | tuple) else given

    values = [
        {"year": year, "month": m, **{n: value(s, m) for n, s in series.items()}} for m in months
    ]
    return rows_of(kind, values, source=source)


def scaled(series, factor=1):
    """The months of a reported row times a factor."""
    return [None if v is None else v * D(str(factor)) for v in series.months]


def output(report, code):
    """A production row of the only generator."""
    return report.generators[0].production[code]


def hits(code, report, *groups, **around):
    """Results of one check with the records around the report; sentences are filled to prove them."""
    rows = tuple(row for group in groups for row in group)
    outside = OutsideRecords(rows) if rows else None
    context = CheckContext(report, account(report, shipped()), shipped(), outside=outside, **around)
    check = get_check(code)
    found = list(check.run(context))
    for hit in found:
        str(check.outcomes[hit.letter].message).format(**hit.values)
    return found


def letters(code, report, *groups, **around):
    """Letters of the results, in order."""
    return [h.letter for h in hits(code, report, *groups, **around)]


def days_of(hit, name="place"):
    """Places by how often a result names them."""
    return Counter(line[name] for line in hit.values["rows"])


def invoices(report, factor=1, *, lag=12, delivered=True, **given):
    """An invoice a month for what was bought, issued some days after the month."""
    bought = report.stocks[0].series["buy"]
    values = []
    for m in MONTHS:
        year, month = (YEAR, m + 1) if m < 12 else (YEAR + 1, 1)
        end = date(YEAR, m, 28)
        values.append(
            {
                "day": date(year, month, lag),
                "supplier": "样本一号煤炭销售有限公司",
                "supplier_code": "91210999MA0000001X",
                "invoice_no": f"25{m:018d}",
                "tonnes": round(bought[m] * D(str(factor)), 2),
                "delivered": end if delivered else None,
            }
            | {k: v(m) if callable(v) else v for k, v in given.items()}
        )
    return rows_of("invoice", values)


__all__ = [
    "MONTHS",
    "YEAR",
    "days_of",
    "hits",
    "invoices",
    "letters",
    "monthly",
    "output",
    "plant",
    "rows_of",
    "scaled",
]
