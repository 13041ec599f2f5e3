"""Gap reports of control schemes: against the guideline, and against what a report really used."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from emitters.models import AnnualReport, ControlScheme
from emitters.models.schemes import APPROVED
from emitters.schemes import (
    FREQUENCIES,
    METHODS,
    SchemeFacts,
    SchemeLine,
    SchemeParameter,
    departures,
    priority,
)
from emitters.store import load_facts

METERED = ("fc", "gen", "heat")


@dataclass(frozen=True)
class Gap:
    """One gap: where, what was found, what is asked for, how to close it."""

    generator: str
    parameter: Any
    found: str
    required: str
    cure: str


def scheme_in_force(unit_id: int, year: int) -> SchemeFacts | None:
    """The approved scheme that a reporting year follows: the newest that begins with it or before."""
    approved = ControlScheme.objects.filter(unit=unit_id, status__in=APPROVED, year__lte=year)
    scheme = approved.order_by("-number").first()
    return scheme.facts() if scheme else None


def guideline_gaps(scheme: SchemeFacts, before: SchemeFacts | None = None) -> list[Gap]:
    """What the guideline asks for and the scheme does not say or says otherwise."""
    return [gap for line in scheme.lines for gap in _line_gaps(line, before)]


def _line_gaps(line: SchemeLine, before: SchemeFacts | None) -> Iterator[Gap]:
    label = SchemeParameter(line.parameter).label

    def gap(found: object, required: str, cure: str) -> Gap:
        return Gap(line.generator, label, str(found or _("未填写")), required, cure)

    if line.parameter in METHODS and line.method not in METHODS[line.parameter]:
        yield gap(line.method, "、".join(METHODS[line.parameter]), _("按指南选择确定方式。"))
    if line.frequency not in FREQUENCIES[line.parameter]:
        yield gap(line.frequency, _("指南规定的频次"), _("按指南规定的频次计量或检测。"))
    if line.parameter == "c_ar" and line.method not in ("", "缺省值") and not line.laboratory:
        yield gap("", _("具有CMA资质或CNAS认可的检测机构"), _("填写检测机构名称。"))
    if line.parameter in METERED:
        if not line.meter:
            yield gap("", _("计量器具名称和编号"), _("填写计量器具。"))
        if line.interval is None or line.interval > 12:
            yield gap(line.interval, _("检定周期不超过12个月"), _("安排检定或校准。"))
    if line.parameter == "fc" and line.method == "入炉" and (line.accuracy or 99) > 0.5:
        yield gap(
            line.accuracy, _("皮带秤或给煤机准确度0.5级"), _("提高准确度等级或改用合格器具。")
        )
    earlier = before.line(line.generator, line.parameter) if before else None
    if earlier and priority(line.parameter, line.method) > priority(line.parameter, earlier.method):
        yield gap(line.method, earlier.method, _("数据来源的优先级不得降低，应沿用原来源。"))


def report_gaps(scheme: ControlScheme) -> tuple[AnnualReport | None, list[Gap]]:
    """What the newest report that counts used otherwise; the report, and the gaps."""
    report = (
        AnnualReport.objects.filter(unit=scheme.unit_id, year__gte=scheme.year)
        .exclude(current=None)
        .select_related("current__report", "unit__organisation")
        .order_by("-year")
        .first()
    )
    if report is None or report.current is None:
        return None, []
    facts = load_facts([report.current], daily=False)[report.current.pk]
    return report, [
        Gap(
            d.generator,
            SchemeParameter(d.parameter).label,
            f"{d.found}（{d.cell}）" if d.cell else d.found,
            d.planned,
            _("按方案执行；确需改变的，先修订方案。"),
        )
        for d in departures(scheme.facts(), facts)
    ]
