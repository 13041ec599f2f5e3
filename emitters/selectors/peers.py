"""Comparing stored reports with each other: their features, and what the population rules find."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import F, QuerySet

from carbonwatch.params.service import in_force
from carbonwatch.params.values import Parameters
from emitters.calc.accounts import account
from emitters.models import ReportFeatures, ReportVersion
from emitters.peers import Features, Peers
from emitters.peers.features import MAKE, features_of
from emitters.store import load_facts

CHUNK = 50  # versions whose facts are in memory at once


def counting(years: Iterable[int]) -> QuerySet[ReportVersion]:
    """The versions that speak for their reports in those years."""
    return ReportVersion.objects.filter(report__year__in=list(years), pk=F("report__current"))


def features_by_version(versions: QuerySet[ReportVersion]) -> dict[int, Features]:
    """Features by version id: stored ones, and those of versions that have none, made from their rows
    (and not stored: the re-check of a version does that)."""
    rows = ReportFeatures.objects.filter(version__in=versions, made=MAKE).order_by("pk")
    found = {pk: Features.of_json(stored) for pk, stored in rows.values_list("pk", "content")}
    missing = versions.exclude(pk__in=found).select_related("report").order_by("pk")
    return found | _made(list(missing), in_force())


def _made(versions: Sequence[ReportVersion], params: Parameters) -> dict[int, Features]:
    made: dict[int, Features] = {}
    for start in range(0, len(versions), CHUNK):
        loaded = load_facts(versions[start : start + CHUNK], daily=False)
        made |= {pk: features_of(account(facts, params)) for pk, facts in loaded.items()}
    return made


def peers_with(version: ReportVersion, own: Features, params: Parameters) -> Peers:
    """What the rules find when a version with these features is compared with what counts in its year
    and the year before. A draft is compared, and counts for nobody."""
    year = version.report.year
    others = counting([year, year - 1]).exclude(pk=version.pk)
    rest = list(features_by_version(others.exclude(report=version.report_id)).values())
    if version.report.current_id == version.pk:
        return Peers.judge([*rest, own], params, years=[year])
    return Peers.judge(rest, params, drafts=[own], years=[year])


def peers_of(years: Iterable[int], params: Parameters) -> Peers:
    """What the rules find on all versions that count in those years."""
    wanted = sorted(set(years))
    looked_at = {*wanted, *(year - 1 for year in wanted)}
    counted: Mapping[int, Features] = features_by_version(counting(looked_at))
    return Peers.judge(counted.values(), params, years=wanted)
