"""Which laboratory and which consultancy served a report, and how far their clients lie off."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carbonwatch.checks.registry import AROUND, Direction, Family
from emitters.models import CheckResult
from emitters.peers.providers import ROLES
from emitters.ranking.parts import Rule
from emitters.ranking.providers import Kind, More, Said, register_kind
from emitters.ranking.standing import ONE, rounded

# The laboratory of most of the tests of a report.
_LABORATORIES = """
    SELECT DISTINCT ON (version_id) version_id, name FROM (
        SELECT found.version_id, btrim(found.laboratory) AS name, count(*) AS n
        FROM emitters_coaltestrow found
        JOIN emitters_annualreport report ON report.current_id = found.version_id
        WHERE report.year = ANY(%s) AND btrim(found.laboratory) <> ''
        GROUP BY 1, 2) counted
    ORDER BY version_id, n DESC, name
"""
_CONSULTANCIES = """
    SELECT version.id, btrim(version.basic -> '报告编制咨询机构' ->> 1)
    FROM emitters_annualreport report
    JOIN emitters_reportversion version ON version.id = report.current_id
    WHERE report.year = ANY(%s)
        AND btrim(version.basic -> '报告编制咨询机构' ->> 1) <> ''
"""
CONDUCT = gettext_lazy("本机构责任类证据")
CLIENTS = gettext_lazy("客户其余证据偏离")
EFFECT = gettext_lazy("客户数据整体偏离")


def _links(sql: str, years: Sequence[int]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(years)])
        return dict(cursor.fetchall())


def laboratories(years: Sequence[int]) -> Mapping[int, str]:
    """By version: the laboratory of most of its tests."""
    return _links(_LABORATORIES, years)


def consultancies(years: Sequence[int]) -> Mapping[int, str]:
    """By version: who wrote the report for the unit, as the report says."""
    return _links(_CONSULTANCIES, years)


def effects_of(role: str) -> More:
    """What SVC-EFFECT said of the providers of a role, the largest favourable effect of each: the
    mean distance of its clients from what their coal and load explain."""

    def more(years: Sequence[int], rule: Rule) -> Mapping[str, Mapping[str, Said]]:
        found: dict[str, Said] = {}
        for values in _effects(role, years):
            said = _said(values, rule)
            name = values["provider"]
            if name not in found or said.value > found[name].value:
                found[name] = said
        return {name: {"effect": said} for name, said in found.items()}

    return more


def _effects(role: str, years: Sequence[int]) -> list[Mapping[str, Any]]:
    rows = CheckResult.objects.current().filter(
        check_code="SVC-EFFECT",
        direction=Direction.FAVOURABLE,
        version__report__year__in=years,
        version__report__current=F("version"),
        values__role=ROLES[role],
    )
    return list(rows.order_by("pk").values_list("values", flat=True))


def _said(values: Mapping[str, Any], rule: Rule) -> Said:
    around = values[AROUND]
    effect = abs(Decimal(around["effect"]))
    value = rounded(min(ONE, effect / rule.effect_full), 4)
    how = _("%(quantity)s：%(n)s 家客户收缩后整体偏离 %(effect)s%% ÷ %(full)s%%，最多计 1")
    names = {"n": around["clients"], "effect": around["effect"], "full": rule.effect_full}
    return Said(value, how % {"quantity": _(values["quantity"]), **names})


def register() -> None:
    """Called at start-up."""
    labels = {"conduct": CONDUCT, "clients": CLIENTS, "effect": EFFECT}
    register_kind(
        Kind(
            "laboratory",
            gettext_lazy("检测机构"),
            frozenset({Family.LABORATORY.value}),
            labels,
            laboratories,
            effects_of("laboratory"),
            order=10,
        )
    )
    register_kind(
        Kind(
            "consultancy",
            gettext_lazy("咨询机构"),
            frozenset({Family.AGENCY.value, Family.PROCESS.value}),
            labels,
            consultancies,
            effects_of("consultancy"),
            order=20,
        )
    )
