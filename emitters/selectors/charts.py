"""Charts of a unit's data that carry the check results."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from carbonwatch.accounts.models import Actor
from emitters.layouts import PARAMETERS
from emitters.models import CheckResult, EmittingUnit, MonthlyRow, ReportVersion

MONTHS = range(1, 13)
CARBON = ("PHY-CC", "ARI-C", "HIS-", "LAB-VALUE", "ARI-DEFAULT")


def _months_of_years(versions: Iterable[ReportVersion]) -> list[str]:
    return [f"{v.report.year}-{m:02d}" for v in versions for m in MONTHS]


def unit_charts(unit: EmittingUnit, actor: Actor) -> list[dict[str, Any]]:
    """Emissions by month and carbon per heat by generator over all years that the viewer may see,
    with a mark at every month that a fatal or critical result names."""
    versions = list(
        ReportVersion.objects.visible_to(actor)
        .filter(pk__in=unit.reports.values("current"))
        .select_related("report")
        .order_by("report__year")
    )
    if not versions:
        return []
    rows = MonthlyRow.objects.filter(
        version__in=versions, code__in=["cc", "e_total", "ncv"]
    ).exclude(fuel="柴油")
    found: dict[tuple[str, str], dict[int, list[Any]]] = {}
    for row in rows.order_by("row"):
        found.setdefault((row.code, row.generator), {}).setdefault(row.version_id, row.months)
    marked = list(
        CheckResult.objects.current()
        .filter(version__in=versions, severity__in=["fatal", "critical"])
        .select_related("version__report", "question")
    )
    charts = [
        _chart(
            "emissions", _("全部机组二氧化碳排放量"), ["e_total"], found, versions, marked, "bar"
        ),
        _chart("carbon", _("单位热值含碳量"), ["cc"], found, versions, marked, "line"),
        _chart("heat", _("收到基低位发热量"), ["ncv"], found, versions, marked, "line"),
    ]
    return [c for c in charts if c["chart"]["series"]]


def _chart(
    code: str,
    title: str,
    wanted: list[str],
    found: dict[tuple[str, str], dict[int, list[Any]]],
    versions: list[ReportVersion],
    marked: list[CheckResult],
    kind: str,
) -> dict[str, Any]:
    series, generators = [], []
    for (parameter, generator), by_version in found.items():
        if parameter in wanted:
            data = [
                _plain(by_version.get(v.pk, [None] * 12)[m - 1]) for v in versions for m in MONTHS
            ]
            name = f"{generator} {title}" if generator else title
            series.append(
                {"name": name, "type": kind, "data": data, "unit": PARAMETERS[parameter].unit}
            )
            generators.append(generator)
    marks = [
        {
            "series": i,
            "index": index * 12 + month - 1,
            "severity": r.severity,
            "label": f"{r.rule.name}：{r.sentence}",
            "href": r.question.get_absolute_url() if r.question else v.get_absolute_url(),
        }
        for index, v in enumerate(versions)
        for r in marked
        if r.version_id == v.pk and (code != "carbon" or r.check_code.startswith(CARBON))
        for month in r.months
        for i, generator in enumerate(generators)
        if not r.generator or not generator or generator == r.generator
    ]
    return {
        "id": f"chart-{code}",
        "title": title,
        "chart": {
            "kind": "monthly",
            "categories": _months_of_years(versions),
            "series": series,
            "marks": marks,
        },
    }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else str(value.normalize())
