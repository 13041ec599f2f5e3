"""The figures that the risk score leaves on a version, and their change when a result is cleared."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from carbonwatch.accounts.models import Actor
from carbonwatch.audit.ledger import record
from carbonwatch.params.service import in_force
from emitters.models import AnnualReport, ReportVersion
from emitters.models.reports import SCORED
from emitters.risk import Found, RiskScore, score_again
from emitters.selectors.cleared import cleared_of

CENT = Decimal("0.01")
FIGURES = ("risk", "risk_score", "risk_band", "acceptance", "t_at_stake", "money_at_stake")


def put_score(version: ReportVersion, risk: RiskScore) -> None:
    """Set the figures of a score on a version (not saved)."""
    version.risk, version.risk_score = risk.as_json(), risk.score
    version.risk_band, version.acceptance = risk.band, risk.acceptance
    version.t_at_stake = risk.t_at_stake.quantize(CENT)
    version.money_at_stake = risk.money


def rescore(report: AnnualReport, *, actor: Actor | None, now: datetime, because: str) -> None:
    """Score the versions of a locked report anew after a result was cleared or is open again.

    Runs inside `summarised(report)`. `because` says why in the ledger: the code of the step.
    """
    cleared = cleared_of(report, timezone.localdate(now))
    versions = report.versions.select_for_update(of=("self",)).filter(status__in=SCORED)
    for version in versions.order_by("number"):
        if version.risk:
            _rescore(version, cleared, actor, now, because)


def _rescore(
    version: ReportVersion,
    cleared: Collection[str],
    actor: Actor | None,
    now: datetime,
    because: str,
) -> None:
    found = [Found(r.rule, r.hit, r.fingerprint) for r in version.results.current().order_by("pk")]
    bands = in_force().get("score.bands", version.report.year)
    risk = score_again(version.risk, found, bands, cleared)
    if risk.as_json() == version.risk:
        return
    was = {"risk": str(version.risk_score), "acceptance": version.acceptance}
    put_score(version, risk)
    version.save(update_fields=FIGURES)
    record(
        "report.rescored",
        version,
        actor,
        now,
        because=because,
        was=was,
        risk=str(risk.score),
        acceptance=risk.acceptance,
    )
