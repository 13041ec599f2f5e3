"""Verifiers in the rankings: whom they verified, and what they should have found."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carbonwatch.checks.registry import Family, Severity
from emitters.closing import REFUTED
from emitters.models import CheckResult
from emitters.ranking.parts import Rule
from emitters.ranking.providers import Kind, Said, register_kind
from emitters.ranking.standing import rounded
from emitters.selectors.providers import CLIENTS, CONDUCT
from verification.models import Assignment

CONCLUDED = ("submitted", "accepted")


def verifiers(years: Sequence[int]) -> Mapping[int, str]:
    """By version that counts: the agency whose conclusion on the report came last."""
    rows = Assignment.objects.filter(report__year__in=years, status__in=CONCLUDED)
    return dict(
        rows.exclude(report__current=None)
        .order_by("submitted_at", "pk")
        .values_list("report__current", "agency__name")
    )


def missed(years: Sequence[int], rule: Rule) -> Mapping[str, Mapping[str, Said]]:
    """Reports that showed fatal or critical results when the conclusion was handed in, not refuted
    since, and in which the agency found nothing at all."""
    shown = CheckResult.objects.filter(
        Q(begun=None) | Q(begun__at__lte=OuterRef("submitted_at")),
        Q(question=None) | ~Q(question__closing__in=REFUTED),
        version=OuterRef("version"),
        severity__in=[Severity.FATAL, Severity.CRITICAL],
    )
    rows = (
        Assignment.objects.filter(report__year__in=years, status__in=CONCLUDED)
        .annotate(found=Count("conclusion__nonconformities"), shown=Exists(shown))
        .order_by("pk")
    )
    by_agency: dict[str, dict[int, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for agency, unit, flagged, found in rows.values_list(
        "agency__name", "report__unit", "shown", "found"
    ):
        by_agency[agency][unit].append(flagged and not found)
    return {agency: {"missed": _rate(units, rule)} for agency, units in by_agency.items()}


def _rate(units: Mapping[int, Sequence[bool]], rule: Rule) -> Said:
    """Drawn to zero the more, the fewer units there are."""
    verified = sum(len(own) for own in units.values())
    overlooked = sum(sum(own) for own in units.values())
    rate = rounded(Decimal(overlooked) / verified, 4)
    value = rounded(rate * len(units) / (len(units) + rule.shrink), 4)
    how = _(
        "已核查 %(verified)s 份，其中漏检 %(overlooked)s 份：%(rate)s × %(n)s÷(%(n)s＋%(shrink)s) ＝ %(value)s"
    )
    told = {"verified": verified, "overlooked": overlooked, "rate": rate, "n": len(units)}
    return Said(value, how % {**told, "shrink": rule.shrink, "value": value})


def register() -> None:
    """Called at start-up."""
    register_kind(
        Kind(
            "verifier",
            gettext_lazy("核查机构"),
            frozenset({Family.AGENCY.value}),
            {"conduct": CONDUCT, "clients": CLIENTS, "missed": gettext_lazy("应发现未发现")},
            verifiers,
            missed,
            order=30,
        )
    )
