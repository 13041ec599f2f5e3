"""The check results of a version as people read them: worst first, in groups, at their cells."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Actor
from carbonwatch.checks.registry import Severity
from carbonwatch.imports.problem_export import Note
from carbonwatch.imports.problems import Weight
from emitters.models import CheckResult, ReportVersion, Waiver
from emitters.models.waivers import LIVE
from emitters.privacy import name_others

ORDER = {severity: place for place, severity in enumerate(Severity)}


@dataclass(frozen=True)
class ResultGroup:
    """The results of one severity."""

    severity: Severity
    results: Sequence[CheckResult]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.results)

    @property
    def waiting(self) -> int:
        """How many still ask for an explanation."""
        return sum(r.question is not None and r.question.status == "open" for r in self.results)

    @property
    def title(self) -> str:
        """What they ask for, in a word."""
        return {
            Severity.FATAL: _("必须更正"),
            Severity.CRITICAL: _("须说明"),
            Severity.INFO: _("仅提示"),
        }[self.severity]

    @property
    def advice(self) -> str:
        """What to do about them."""
        if all(r.cleared for r in self.results):
            return _("均已说明或豁免，不计分。")
        return {
            Severity.FATAL: _("更正工作簿后重新上传。致命问题不能以说明代替更正。"),
            Severity.CRITICAL: _("逐项说明并附证据，或更正后重新上传；全部说明后才能提交报告。"),
            Severity.INFO: _("供核对参考，不须说明。"),
        }[self.severity]


def results_of(version: ReportVersion, actor: Actor) -> list[CheckResult]:
    """Results, worst first, with their questions and waivers and the other units that the viewer may
    see."""
    rows = name_others(version.results.current().select_related("question"), actor)
    waivers = waivers_of(version, actor)
    for row in rows:
        row.waiver = waivers.get(row.fingerprint)
    return sorted(rows, key=lambda r: (ORDER[Severity(r.severity)], r.check_code, r.letter))


def waivers_of(version: ReportVersion, actor: Actor) -> dict[str, Waiver]:
    """Waivers asked for or in force of a version's report that the viewer may see, by fingerprint."""
    seen = Waiver.objects.visible_to(actor).filter(report=version.report_id, status__in=LIVE)
    return {w.fingerprint: w for w in seen}


def grouped(results: Iterable[CheckResult]) -> list[ResultGroup]:
    """By severity, worst first; only what there is."""
    found: dict[str, list[CheckResult]] = {}
    for result in results:
        found.setdefault(result.severity, []).append(result)
    return [ResultGroup(s, found[s]) for s in Severity if s in found]


def notes_of(results: Iterable[CheckResult]) -> Iterator[Note]:
    """A comment for every cell that a result names."""
    for result in results:
        advice = _("什么可以解释：%(what)s") % {"what": result.rule.explain}
        text = f"【{result.get_severity_display()}】{result.rule.name}：{result.sentence}\n{advice}"
        weight = Weight.NOTICE if result.severity == Severity.INFO else Weight.BLOCKER
        for sheet, addresses in result.places or [("", [""])]:
            for address in addresses:
                yield Note(sheet, address, text, weight)
