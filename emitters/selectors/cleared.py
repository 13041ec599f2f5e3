"""Which results of a report count nothing in its score."""

from datetime import date

from emitters.models import AnnualReport, Question, Waiver


def cleared_of(report: AnnualReport, on: date) -> frozenset[str]:
    """Fingerprints of the results whose explanation was accepted or that are waived on that day.
    One query."""
    accepted = Question.objects.filter(report=report, status="accepted")
    waived = Waiver.objects.filter(report=report, status="in_force", valid_to__gte=on)
    marks = accepted.order_by().values_list("fingerprint")
    return frozenset(mark for (mark,) in marks.union(waived.order_by().values_list("fingerprint")))
