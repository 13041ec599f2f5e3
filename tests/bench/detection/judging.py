"""Judging the newest report of each life, with more and more to go by."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

from carbonwatch.checks.registry import Severity
from carbonwatch.checks.runner import run_checks
from carbonwatch.params.values import shipped
from emitters.calc.accounts import account
from emitters.fingerprint import fingerprint
from emitters.risk import score
from emitters.runner import Together
from emitters.simulator import outside_of
from tests.bench.detection.cast import Cast, Life, Size
from tests.bench.detection.expected import CORRECTED, EXPLAINS, named

VIEWS = ("alone", "years", "province", "outside")
"""One file by itself; the plant's three years; all files of the province together; these and what
the grid, the heat customers, the laboratory, the railway and the stack recorded."""


@dataclass(frozen=True)
class Result:
    """One result of a check, as it went into the score."""

    code: str
    letter: str
    severity: str
    family: str
    p: float


@dataclass(frozen=True)
class Verdict:
    """How one report was judged in one view. Tonnes in tCO2, allowances in t."""

    seed: int
    view: str
    label: str
    way: str
    strength: str
    since: int
    kind: str
    score: float
    band: str
    families: dict
    results: tuple[Result, ...]
    estimate: float
    estimate_allowances: float
    hidden: float
    allowances: float
    reported: float
    score_after: float
    band_after: str

    @property
    def alarm(self) -> bool:
        return self.band != "green"

    @property
    def criticals(self) -> int:
        return sum(r.severity != Severity.INFO.value for r in self.results)


def judge(seed: int, newest: int, size: Size, views: Iterable[str] = VIEWS) -> list[Verdict]:
    """All verdicts on the plants of a seed."""
    lives = Cast(seed, newest).lives(size)
    province = Together([r for life in lives for r in life.reports], shipped())
    found = []
    for life in lives:
        own = {
            "alone": lambda life=life: Together(life.reports[-1:], shipped()),
            "years": lambda life=life: Together(life.reports, shipped()),
        }
        found += [_verdict(seed, view, life, own.get(view, lambda: province)()) for view in views]
    return found


def _verdict(seed: int, view: str, life: Life, together: Together) -> Verdict:
    report, truth = life.reports[-1], life.truth
    accounts = account(report, shipped())
    context = together.context(report, accounts)
    if view == "outside":
        rng = Random(f"outside/{seed}/{report.credit_code}")
        context = replace(context, outside=outside_of(truth.book, rng))
    run = run_checks(context, report.year)
    risk = score(run, accounts, shipped())
    after = risk
    if truth.label == "odd":
        after = _after(run, accounts, truth.way)
    parts = {f.family: iter(f.parts) for f in risk.families}  # in the order of the results
    return Verdict(
        seed=seed,
        view=view,
        label=truth.label,
        way=truth.way,
        strength=truth.strength,
        since=life.since,
        kind=life.kind,
        score=float(risk.score),
        band=risk.band,
        families={f.family: float(f.r) for f in risk.families},
        results=tuple(_result(c, h, next(parts[c.family.value])) for c, h in run.hits),
        estimate=float(risk.t_at_stake),
        estimate_allowances=float(risk.allowance_at_stake),
        hidden=float(truth.hidden_t),
        allowances=float(truth.allowances_t or 0),
        reported=float(accounts.t_exact),
        score_after=float(after.score),
        band_after=after.band,
    )


def _result(check, hit, part) -> Result:
    p = float(part.p) if part.counted else 0.0
    severity = check.outcomes[hit.letter].severity.value
    return Result(check.code, hit.letter, severity, check.family.value, p)


def _after(run, accounts, event: str):
    """The score once the oddity was explained: results that its true explanation covers are cleared
    (a fatal one never is), those of a slip are gone with the corrected version."""
    names = EXPLAINS[event]
    if names is CORRECTED:
        left = [(c, h) for c, h in run.hits if not named(c.code, names)]
        return score(replace(run, hits=left), accounts, shipped())
    cleared = {fingerprint(c, h) for c, h in run.hits if named(c.code, names)}
    return score(run, accounts, shipped(), cleared)
