"""Comparing stored reports with each other: their features, and what the population rules find."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

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
    return dict(sorted((found | _made(list(missing), in_force())).items()))


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


class Compared:
    """The versions of a year compared with each other, all that count at once, so that looking at all
    of them takes no longer by the version than looking at a few."""

    def __init__(self, year: int, params: Parameters) -> None:
        """From the features as they are stored now."""
        self.year, self.params = year, params
        self.features = features_by_version(counting([year, year - 1]))

    @cached_property
    def together(self) -> Peers:
        """What the rules find on the versions that count."""
        return Peers.judge(self.features.values(), self.params, years=[self.year])

    def of(self, version: ReportVersion, own: Features) -> Peers:
        """What the rules find on one version. A draft is compared by itself, without the version of its
        report that counts."""
        if version.pk in self.features:
            return self.together
        rest = {**self.features}
        rest.pop(version.report.current_id or 0, None)
        return Peers.judge(rest.values(), self.params, drafts=[own], years=[self.year])

    def moved(self, version: ReportVersion, own: Features) -> bool:
        """Whether a version that counts now contributes something else than was compared."""
        stored = self.features.get(version.pk)
        return stored is not None and stored.as_json() != own.as_json()
