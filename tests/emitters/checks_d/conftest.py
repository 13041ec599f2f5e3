"""Running one check on facts and outside records, without a database."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

import emitters.checks  # noqa: F401 -- registers every check
from carbonwatch.checks.registry import Hit, get_check
from carbonwatch.checks.runner import message
from emitters.evidence.words import known
from emitters.facts import ReportFacts
from emitters.fingerprint import plain
from emitters.outside import OutsideRecords, OutsideRow
from tests.emitters.checks_bf.conftest import context
from tests.emitters.evidence.test_tables import keys_of

Run = Callable[..., list[Hit]]
ANALYSIS = ("mt", "mad", "aad", "vad", "stad", "had", "cad", "qgrad")


@pytest.fixture(scope="session")
def run() -> Run:
    """Results of one check on one report; every sentence is filled to prove its placeholders."""

    def results(code, report, *, outside=(), history=(), population=None, earlier=()) -> list[Hit]:
        ctx = context(report, history, population)
        records = OutsideRecords(tuple(outside)) if outside else None
        ctx = replace(ctx, outside=records, **({"earlier": tuple(earlier)} if earlier else {}))
        chosen = get_check(code)
        hits = list(chosen.run(ctx))
        for hit in hits:
            assert "{" not in message(chosen, hit)
            assert {key for key in keys_of(plain(dict(hit.values))) if not known(key)} == set()
        return hits

    return results


def letters(hits: Iterable[Hit]) -> list[str]:
    return [h.letter for h in hits]


def row(kind: str, /, **values: object) -> OutsideRow:
    """One record; its place is the same for all."""
    return OutsideRow(kind, values, "部门数据.xlsx", "A2")


def decimals(values: Mapping[str, object]) -> dict[str, object]:
    """Numbers given as text."""
    return {k: Decimal(v) if k in ANALYSIS and isinstance(v, str) else v for k, v in values.items()}


def per_test(kind: str, report: ReportFacts, given: Mapping[int, object], base) -> list[OutsideRow]:
    """One record per test of the report: `base(test)` with what is given for its month; None leaves
    it out."""
    found = []
    for test in report.tests:
        changes = given.get(test.month, {})
        if changes is not None:
            found.append(row(kind, **base(test) | decimals(changes)))
    return found


def registered(report: ReportFacts, given: Mapping[int, object] | None = None) -> list[OutsideRow]:
    """The laboratory's register of the report's tests."""
    return per_test(
        "lab_register",
        report,
        given or {},
        lambda t: {
            "laboratory": t.laboratory,
            "report_no": t.report_no,
            "client_code": report.credit_code,
            "sample_no": t.sample_no,
            "month": t.month,
            "received": t.received,
            "tested": t.tested,
            "issued": t.issued,
            "instrument": "CHN-1",
            "operator": t.tester,
            "place": "一号室",
            "raw_file": f"R{t.row}",
            **{name: getattr(t, name) for name in ANALYSIS},
        },
    )
