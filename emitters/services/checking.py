"""What the checks say of a version, and how it is written: results, questions, figures. The intake and
the re-check share this, so that a question has one life whoever ran the checks."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from carbonwatch.checks.registry import Check, Hit, Severity
from carbonwatch.checks.runner import RunReport
from carbonwatch.params.service import in_force
from carbonwatch.params.values import Parameters
from carbonwatch.workflow.moves import Shift
from emitters.calc.accounts import Accounts, account
from emitters.facts import CheckContext, ReportFacts
from emitters.fingerprint import fingerprint, plain
from emitters.models import CheckResult, Question, ReportFeatures, ReportVersion
from emitters.peers import Features, Peers, features_of
from emitters.peers.features import MAKE
from emitters.privacy import without_others
from emitters.risk import score
from emitters.runner import CATALOGUE, run_in_force
from emitters.selectors.cleared import cleared_of
from emitters.selectors.surroundings import revisions_of, surroundings_of
from emitters.services.corrections import corrected
from emitters.services.scores import CENT, put_score


@dataclass(frozen=True)
class Checked:
    """What the checks say of a report. Its score depends on what has been cleared by the time that
    it is stored."""

    accounts: Accounts
    run: RunReport
    params: Parameters
    features: Features


PeersOf = Callable[[Features], Peers]
"""From the features of a version to what the population rules find on it."""


def check_report(
    version: ReportVersion, facts: ReportFacts, peers_of: PeersOf | None = None
) -> Checked:
    """Recompute and check the facts of a version among what is stored. Without `peers_of` it is not
    compared with its peers, which takes longer than all the rest: the intake leaves that to the
    re-check that follows it."""
    context = context_of(version, facts, in_force())
    features = features_of(context.accounts, context.outside)
    if peers_of is not None:
        context = replace(context, peers=peers_of(features))
    return Checked(context.accounts, run_in_force(context), context.params, features)


def context_of(version: ReportVersion, facts: ReportFacts, params: Parameters) -> CheckContext:
    """What the checks on a stored version look at, its peers apart."""
    around = surroundings_of(version.report, facts)
    return CheckContext(
        facts, account(facts, params), params, around.history, around.population, around.registry,
        scheme=around.scheme, outside=around.outside, revisions=revisions_of(version),
    )  # fmt: skip


def keep_features(version: ReportVersion, checked: Checked) -> None:
    """Store what the version contributes to comparisons, in place of what stood there."""
    row = ReportFeatures(version=version, made=MAKE, content=checked.features.as_json())
    ReportFeatures.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["version"], update_fields=["made", "content"]
    )


def write_figures(version: ReportVersion, checked: Checked, now: datetime) -> None:
    """Set what the pages show of a version; the caller saves it."""
    accounts = checked.accounts
    version.checked_at, version.catalogue = now, CATALOGUE
    version.t_reported, version.t_recomputed = accounts.t_reported, accounts.t_co2
    version.t_allowance = accounts.allowance_t
    cleared = cleared_of(version.report, timezone.localdate(now))
    put_score(version, score(checked.run, accounts, checked.params, cleared))
    version.not_run = {code: str(reason) for code, reason in checked.run.not_run.items()}


def result_rows(version: ReportVersion, checked: Checked) -> list[CheckResult]:
    """The results of a run as rows that are not saved yet."""
    return [_result(version, check, hit, checked) for check, hit in checked.run.hits]


def ask(
    version: ReportVersion,
    results: Collection[CheckResult],
    now: datetime,
    *,
    crashed: Collection[str] = (),
    newest: bool = True,
) -> list[Shift]:
    """Critical results open, keep or bring back their question, and questions that no longer show are
    cleared, unless their check crashed; every result is told its question. Known questions follow the
    `newest` version only. The changes of the questions, for the caller to take with its own."""
    asked = {r.fingerprint: r for r in results if r.severity == Severity.CRITICAL}
    stored = version.report.questions.select_for_update(of=("self",)).select_related("version")
    known = {q.fingerprint: q for q in stored.order_by("pk")}
    new = [_question(version, r, now) for mark, r in asked.items() if mark not in known]
    shifts = _followed(version, results, asked, known, crashed) if newest else []
    Question.objects.bulk_create(new)
    shifts += [Shift(q, "open", {"check": f"{q.check_code}.{q.letter}"}) for q in new]
    known |= {q.fingerprint: q for q in new}
    for result in results:
        if result.severity == Severity.CRITICAL:
            result.question = known[result.fingerprint]
    return shifts


def _followed(
    version: ReportVersion,
    results: Collection[CheckResult],
    asked: Collection[str],
    known: Mapping[str, Question],
    crashed: Collection[str],
) -> list[Shift]:
    """Known questions point to the version that shows them; those that it no longer shows are
    cleared, and those that it shows again come back."""
    gone = [
        q
        for mark, q in known.items()
        if mark not in asked
        and q.check_code not in crashed
        and q.status in ("open", "explained", "upheld")
    ]
    shifts = corrected(gone, version, results)
    shown = [q for mark, q in known.items() if mark in asked]
    version.report.questions.filter(pk__in=[q.pk for q in shown]).update(version=version)
    for question in shown:
        question.version = version
        if question.status == "cleared":
            question.closing = ""
            shifts.append(Shift(question, "open"))
    return shifts


def _question(version: ReportVersion, result: CheckResult, now: datetime) -> Question:
    """A new question; of a version that others see already, they see it at once."""
    return Question(
        report=version.report,
        fingerprint=result.fingerprint,
        check_code=result.check_code,
        letter=result.letter,
        version=version,
        opened_at=now,
        submitted_at=None if version.submitted_at is None else now,
    )


def _result(version: ReportVersion, check: Check, hit: Hit, checked: Checked) -> CheckResult:
    values = plain(dict(hit.values))
    year = version.report.year
    return CheckResult(
        version=version,
        check_code=check.code,
        letter=hit.letter,
        severity=check.outcomes[hit.letter].severity,
        generator=hit.generator,
        months=list(hit.months),
        cells=list(hit.cells),
        direction=hit.direction,
        t_co2=hit.t_co2.quantize(CENT),
        t_allowance=hit.t_allowance.quantize(CENT),
        money=money(hit.t_co2 + hit.t_allowance, checked.accounts),
        values=without_others(values, version.report.unit.credit_code),
        parameters=[checked.params.find(key, year).snapshot() for key in check.parameter_keys],
        root=hit.root[:80],
        fingerprint=fingerprint(check, hit),
    )


def money(tonnes: Decimal, accounts: Accounts) -> Decimal | None:
    """Tonnes at the year's reference price (CNY); None when no price is on record."""
    return None if accounts.price is None else (tonnes * accounts.price.value).quantize(CENT)
