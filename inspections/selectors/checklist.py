"""What to look at on an inspection: the guide, open questions, the control scheme, last findings."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from emitters.models import ControlScheme, EmittingUnit, Question
from inspections.models import Finding

GUIDE = Path(__file__).parents[1] / "data" / "checklist_guide.json"
MOST_QUESTIONS = 30


class Origin(TextChoices):
    """Why an item is on the list."""

    GUIDE = "guide", _("通用事项")
    QUESTION = "question", _("未决疑点")
    SCHEME = "scheme", _("控制方案")
    FINDING = "finding", _("以往问题")


@dataclass(frozen=True)
class Item:
    """One line of a checklist."""

    prompt: str
    origin: str
    basis: str


@lru_cache(maxsize=1)
def guide_items() -> tuple[Item, ...]:
    """The items that every plant is asked, from the shipped file."""
    rows = json.loads(GUIDE.read_text(encoding="utf-8"))["items"]
    return tuple(Item(r["prompt"], Origin.GUIDE, r["basis"]) for r in rows)


def checklist_for(unit: EmittingUnit, year: int, actor: Actor) -> list[Item]:
    """The checklist of an inspection of the unit about the year; texts of documents, in Chinese."""
    return [
        *guide_items(),
        *_questions(unit, actor),
        *_scheme(unit, year, actor),
        *_findings(unit, year, actor),
    ]


def _questions(unit: EmittingUnit, actor: Actor) -> Iterator[Item]:
    waiting = (
        Question.objects.visible_to(actor)
        .filter(report__unit=unit, status__in=["open", "explained", "upheld"])
        .select_related("report")
        .order_by("-report__year", "check_code", "pk")
    )
    for question in waiting[:MOST_QUESTIONS]:
        prompt = f"{question.report.year}年度疑点：{question.rule.name}"
        yield Item(prompt[:300], Origin.QUESTION, question.check_code)


def _scheme(unit: EmittingUnit, year: int, actor: Actor) -> Iterator[Item]:
    scheme = (
        ControlScheme.objects.visible_to(actor)
        .filter(unit=unit, year__lte=year, approved_at__isnull=False)
        .order_by("-number")
        .first()
    )
    if scheme is None:
        return
    for line in scheme.items.exclude(meter="").order_by("pk"):
        prompt = (
            f"{line.generator}机组{line.get_parameter_display()}按方案由{line.meter}"
            f"（{line.get_frequency_display() or '未写明频次'}）取得，核对现场器具和记录"
        )
        yield Item(prompt[:300], Origin.SCHEME, f"数据质量控制方案第{scheme.number}版")


def _findings(unit: EmittingUnit, year: int, actor: Actor) -> Iterator[Item]:
    earlier = (
        Finding.objects.visible_to(actor)
        .filter(unit=unit, year__gte=year - 1)
        .exclude(status__in=["rejected", "registered", "merged"])
        .order_by("-found_at")
    )
    for finding in earlier:
        prompt = f"核对以往问题是否整改到位、是否再次发生：{finding.title}"
        yield Item(prompt[:300], Origin.FINDING, finding.order_number or finding.clause)
