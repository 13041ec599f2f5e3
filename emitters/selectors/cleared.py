"""Which results of a report count nothing in its score."""

from emitters.models import AnnualReport, Question


def cleared_of(report: AnnualReport) -> frozenset[str]:
    """Fingerprints of the results whose explanation was accepted. One query."""
    accepted = Question.objects.filter(report=report, status="accepted")
    return frozenset(accepted.values_list("fingerprint", flat=True))
