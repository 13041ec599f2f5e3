"""The risk score against the worked example of the catalogue (§12.2) and its guards."""

from decimal import Decimal as D
from types import SimpleNamespace

import pytest

from carbonwatch.checks.registry import Direction, Family, Hit, NotRun, Outcome, Severity
from carbonwatch.checks.runner import RunReport, message, run_checks
from carbonwatch.params.values import shipped
from emitters.calc.accounts import account
from emitters.fingerprint import fingerprint
from emitters.risk import score
from tests.emitters.factories import plant

ACCOUNTS = account(plant(), shipped())


def found(
    family,
    strength,
    *,
    severity="critical",
    t="1000000",
    direction="favourable",
    root="",
    generator="1#",
):
    """A result of an imaginary check; by default material enough to count in full."""
    check = SimpleNamespace(
        code=f"{family}-TEST",
        family=Family(family),
        outcomes={"A": Outcome(Severity(severity), strength, "{n}")},
    )
    hit = Hit(
        "A",
        generator=generator,
        direction=Direction(direction),
        t_co2=D(t),
        root=root,
        values={"n": D("1.50")},
    )
    return check, hit


def scored(*hits, crashed=()):
    return score(
        RunReport(hits=list(hits), crashed=dict.fromkeys(crashed, "x")), ACCOUNTS, shipped()
    )


def test_worked_example_of_the_catalogue():
    batch, bias, change = found("D", "document"), found("B", "physics"), found("E", "history")
    assert scored(batch, bias, change).score == D("80.8")  # 1 − 0.5·0.55·0.70
    assert scored(batch, bias, change).band == "red"
    assert scored(bias).score == D("45.0")
    assert scored(bias).band == "amber"


def test_nothing_found():
    risk = scored()
    assert (risk.score, risk.band, risk.acceptance) == (D("0.0"), "green", "acceptable")


@pytest.mark.parametrize(
    ("t", "m"),
    [("0", "0.3"), ("9394", "0.3"), ("15656.77", "0.5"), ("31313.54", "1"), ("99999999", "1")],
)
def test_materiality_is_clipped(t, m):
    # 2 % of 1 565 677 t is 31 313.54 t.
    (family,) = scored(found("B", "physics", t=t)).families
    assert abs(family.parts[0].m - D(m)) < D("0.002")


def test_documents_count_in_full():
    (family,) = scored(found("D", "cross", t="0")).families
    assert family.parts[0].m == 1


@pytest.mark.parametrize(
    ("direction", "d"), [("favourable", "1"), ("unknown", "0.6"), ("unfavourable", "0.15")]
)
def test_direction(direction, d):
    (family,) = scored(found("B", "physics", direction=direction)).families
    assert family.parts[0].d == D(d)


def test_family_is_capped():
    (family,) = scored(*[found("F", "statistics") for _ in range(9)]).families
    assert family.raw > D("0.6")
    assert family.r == family.cap == D("0.3")


def test_one_root_cause_counts_once_per_generator():
    same = [found("A", "impossible", root="slip"), found("B", "physics", root="slip")]
    parts = {p.check: p.counted for f in scored(*same).families for p in f.parts}
    assert parts == {"A-TEST": True, "B-TEST": False}
    other = found("B", "physics", root="slip", generator="2#")
    assert scored(*same, other).score > scored(*same).score


def test_red_needs_two_families_or_a_contradiction_at_the_source():
    alone = [found("D", "document") for _ in range(3)]  # 0.875, one family
    assert scored(*alone).score >= 70
    assert scored(*alone).band == "amber"
    assert scored(found("D", "source")).band == "red"


def test_what_only_informs_weighs_a_fifth_and_hides_no_tonnes():
    # 0.45 · 0.2 · 1 · 1 = 0.09
    risk = scored(found("B", "physics", severity="info"))
    assert risk.score == D("9.0")
    assert risk.t_at_stake == 0


def test_what_only_informs_does_not_make_red():
    papers = [found("D", "document") for _ in range(3)]
    assert scored(*papers, found("E", "history", severity="info")).band == "amber"
    assert scored(*papers, found("E", "history")).band == "red"


@pytest.mark.parametrize(
    ("severity", "crashed", "status"),
    [("info", (), "acceptable"), ("critical", (), "explain"), ("fatal", (), "not_acceptable"),
     ("info", ("X",), "not_acceptable")],
)  # fmt: skip
def test_acceptance(severity, crashed, status):
    assert scored(found("B", "physics", severity=severity), crashed=crashed).acceptance == status


def test_tonnes_at_stake_are_not_added_up_twice():
    hits = [
        found("C", "cross", t="100"),
        found("B", "physics", t="80"),
        found("B", "physics", t="50", generator="2#"),
        found("C", "cross", t="120", generator=""),
        found("B", "physics", t="900", direction="unfavourable"),
    ]
    risk = scored(*hits)
    assert risk.t_at_stake == 150
    assert risk.money == D("150") * ACCOUNTS.price.value
    assert risk.price["confidence"] == "UNSURE"


def test_explanation_can_be_redone_by_hand():
    risk = scored(found("B", "physics"), found("E", "history", t="100"))
    left = D(1)
    for family in risk.families:
        product = D(1)
        for part in family.parts:
            assert part.p == (part.s * part.d * part.m).quantize(D("0.0001"))
            product *= 1 - part.p
        assert family.r == min(family.cap, 1 - product)
        left *= 1 - family.r
    assert risk.score == (100 * (1 - left)).quantize(D("0.1"))
    assert risk.as_json()["score"] == str(risk.score)


def _check(code, run, first=2019):
    return SimpleNamespace(code=code, run=run, applies_to=lambda year: year >= first)


def test_runner_tells_what_did_not_run_and_what_crashed(caplog):
    def missing(_ctx):
        raise NotRun("没有数据")
        yield

    def broken(_ctx):
        yield Hit("A")
        raise ZeroDivisionError

    checks = [_check("M", missing), _check("B", broken), _check("L", broken, first=2030)]
    run = run_checks(None, 2024, checks)
    assert run.hits == []
    assert run.not_run == {"M": "没有数据"}
    assert list(run.crashed) == ["B"]
    assert "ZeroDivisionError" in run.crashed["B"]


def test_sentence_fills_numbers_as_they_are():
    check, hit = found("B", "physics")
    assert message(check, hit) == "1.50"


def test_a_cleared_result_stays_visible_and_counts_nothing():
    bias, other = found("B", "physics"), found("C", "cross", root="coal")
    print_of = fingerprint(*bias)
    risk = score(RunReport(hits=[bias, other]), ACCOUNTS, shipped(), {print_of})
    assert risk.score == scored(other).score
    (physics, _) = risk.families
    assert (physics.parts[0].cleared, physics.parts[0].counted, physics.r) == (True, False, 0)


def test_explaining_everything_makes_a_report_acceptable_but_never_a_fatal_one():
    bias, fatal = found("B", "physics"), found("A", "impossible", severity="fatal")
    cleared = {fingerprint(*bias), fingerprint(*fatal)}
    assert score(RunReport(hits=[bias]), ACCOUNTS, shipped(), cleared).acceptance == "acceptable"
    both = score(RunReport(hits=[bias, fatal]), ACCOUNTS, shipped(), cleared)
    assert both.acceptance == "not_acceptable"
    assert both.score == scored(fatal).score
