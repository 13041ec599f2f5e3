"""Cards of the supervision overview that speak of reports."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.dashboards.registry import Card, register_card
from carbonwatch.params.regions import REGION_CHOICES, REGION_TILES
from carbonwatch.templatetags.watch import number
from emitters.models import AnnualReport, YearSummary
from emitters.services.summaries import FIGURES

WHOLE_PROVINCE = (OrgKind.PROVINCE, OrgKind.ECOLOGY, OrgKind.DRC)
RANKED = 10
LEVELS = 4


def by_city(actor: Actor, year: int) -> dict[str, dict[str, Any]]:
    """Figures by city: from the summary rows; for those who see only some units, from these units."""
    if actor.kind in WHOLE_PROVINCE:
        rows = YearSummary.objects.filter(year=year)
    elif actor.kind == OrgKind.CITY:
        rows = YearSummary.objects.filter(year=year, city=actor.organisation.city)
    else:
        return _from_reports(actor, year)
    return {row["city"]: row for row in rows.values("city", *FIGURES)}


def _from_reports(actor: Actor, year: int) -> dict[str, dict[str, Any]]:
    counted = Q(current__status__in=["submitted", "accepted"])
    rows = (
        AnnualReport.objects.visible_to(actor)
        .filter(year=year)
        .values("city")
        .annotate(
            due=Count("pk"),
            filed=Count("pk", filter=counted),
            accepted=Count("pk", filter=Q(current__status="accepted")),
            red=Count("pk", filter=counted & Q(current__risk_band="red")),
            amber=Count("pk", filter=counted & Q(current__risk_band="amber")),
            t_reported=Sum("current__t_reported", filter=counted, default=Decimal(0)),
            t_at_stake=Sum("current__t_at_stake", filter=counted, default=Decimal(0)),
            money_at_stake=Sum("current__money_at_stake", filter=counted, default=Decimal(0)),
        )
    )
    return {row["city"]: {"questions": 0, **row} for row in rows}


def progress(actor: Actor, year: int) -> dict[str, Any]:
    """Totals of what the viewer sees, each with the list behind it."""
    cities = by_city(actor, year).values()
    total = {name: sum((c[name] for c in cities), Decimal(0)) for name in FIGURES}
    reports, questions = reverse("emitters:reports"), reverse("emitters:questions")
    share = int(total["filed"] * 100 / total["due"]) if total["due"] else 0
    return {
        "share": share,
        "kpis": [
            {
                "label": _("应报告单位"),
                "value": number(total["due"]),
                "url": f"{reports}?year={year}",
            },
            {
                "label": _("已提交"),
                "value": number(total["filed"]),
                "url": f"{reports}?year={year}&filed=yes",
                "hint": _("提交率 %(share)s%%，已受理 %(accepted)s 家")
                % {"share": share, "accepted": number(total["accepted"])},
            },
            {
                "label": _("红色 / 黄色风险"),
                "value": f"{number(total['red'])} / {number(total['amber'])}",
                "url": f"{reports}?year={year}&band=red",
                "tone": "danger" if total["red"] else "",
            },
            {
                "label": _("未了结疑点"),
                "value": number(total["questions"]),
                "url": f"{questions}?year={year}",
                "tone": "warning" if total["questions"] else "",
            },
            {
                "label": _("报告排放量"),
                "value": number(total["t_reported"] / 10000, 1),
                "unit": _("万tCO2"),
                "url": f"{reports}?year={year}",
            },
            {
                "label": _("涉及排放量"),
                "value": number(total["t_at_stake"] / 10000, 1),
                "unit": _("万tCO2"),
                "url": f"{reports}?year={year}&sort=-t_at_stake",
                "hint": _("疑点可能涉及的排放量，不是认定值"),
            },
            {
                "label": _("涉及金额"),
                "value": number(total["money_at_stake"] / 10000, 1),
                "unit": _("万元"),
                "url": f"{reports}?year={year}&sort=-money",
                "hint": _("按参数中的年度参考价格计算"),
            },
        ],
    }


def city_map(actor: Actor, year: int) -> dict[str, Any]:
    """A tile per city: filed of due, tonnes at stake; the darker the more tonnes."""
    figures = by_city(actor, year)
    most = max((f["t_at_stake"] for f in figures.values()), default=Decimal(0))
    tiles = []
    for code, name in REGION_CHOICES:
        row, column = REGION_TILES[code]
        own = figures.get(code)
        level = (
            0
            if not own or not most
            else int(
                (own["t_at_stake"] * LEVELS / most).to_integral_value(rounding="ROUND_CEILING")
            )
        )
        text = (
            _("%(filed)s/%(due)s 家 · %(t)s 万t")
            % {"filed": own["filed"], "due": own["due"], "t": number(own["t_at_stake"] / 10000, 1)}
            if own
            else _("无任务")
        )
        tiles.append({"name": name, "row": row, "column": column, "level": level, "text": text,
                      "url": f"{reverse('emitters:reports')}?year={year}&city={code}" if own else ""})  # fmt: skip
    return {
        "tiles": tiles,
        "caption": _("各市提交进度和涉及排放量"),
        "legend": _("颜色越深，涉及排放量越大。示意图，不表示行政区域边界。"),
    }


def ranking(actor: Actor, year: int) -> dict[str, Any]:
    """The reports that ask most for a look, with the rules that say so."""
    rows = (
        AnnualReport.objects.visible_to(actor)
        .filter(year=year, current__status__in=["submitted", "accepted"], current__risk_score__gt=0)
        .select_related("unit__organisation", "current")
        .order_by("-current__risk_score", "pk")[:RANKED]
    )
    return {"rows": list(rows)}


def register() -> None:
    """Called at start-up."""
    register_card(
        Card(
            "reports",
            gettext_lazy("报告进度与风险"),
            "emitters/cards/progress.html",
            progress,
            10,
            12,
        )
    )
    register_card(
        Card("cities", gettext_lazy("各市情况"), "emitters/cards/cities.html", city_map, 20, 5)
    )
    register_card(
        Card("ranking", gettext_lazy("风险排序"), "emitters/cards/ranking.html", ranking, 30, 7)
    )
