"""Penalty rules in force on a day, in words. The range is shown, not computed for a case."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from carbonwatch.params.models import Confidence
from carbonwatch.params.values import Parameters, Value

PREFIX = "penalty."
_UNIT_SUBJECTS = ("重点排放单位", "交易主体", "被检查单位和个人")


@dataclass(frozen=True)
class Penalty:
    """One article: what it forbids, what it costs, and how sure we are of it."""

    key: str
    law: str
    article: str
    subject: str
    acts: tuple[str, ...]
    fine: str
    persons: str
    other: tuple[str, ...]
    source: str
    confidence: str
    snapshot: dict[str, Any]

    @property
    def label(self) -> str:
        """For a choice: law, article, acts."""
        return _("%(law)s%(article)s：%(acts)s") % {
            "law": self.law,
            "article": self.article,
            "acts": "；".join(self.acts),
        }


def penalties_on(day: date, params: Parameters) -> list[Penalty]:
    """The articles that punish an act of that day, in the order of their keys."""
    values = [
        v
        for key in sorted(params.by_key)
        if key.startswith(PREFIX)
        for v in params.by_key[key]
        if v.covers(day)
    ]
    return [in_words(v.snapshot()) for v in values if _is_article(v)]


def penalties_of_units(params: Parameters) -> list[tuple[Penalty, Value]]:
    """Every fine on record that an emitting unit can incur, and the value that dates it."""
    known = [
        (in_words(v.snapshot()), v)
        for key in sorted(params.by_key)
        if key.startswith(PREFIX)
        for v in params.by_key[key]
        if _is_article(v)
    ]
    return [(p, v) for p, v in known if p.fine and p.subject in _UNIT_SUBJECTS]


def _is_article(value: Value) -> bool:
    return isinstance(value.value, dict) and bool(value.value.get("article"))


def in_words(snapshot: dict[str, Any]) -> Penalty:
    """From the form in which a case keeps the parameter."""
    rule = snapshot["value"]
    return Penalty(
        key=snapshot["key"],
        law=snapshot["source"].split("［")[0].split("，")[0],
        article=rule["article"],
        subject=rule.get("subject", ""),
        acts=tuple(rule.get("acts", ())),
        fine=_fine(rule.get("fine") or {}),
        persons=_range(rule.get("persons") or {}),
        other=tuple(rule.get("other", ())) + tuple(rule.get("refuse", ())),
        source=snapshot["source"],
        confidence=str(Confidence(snapshot["confidence"]).label),
        snapshot=snapshot,
    )


def _yuan(value: Any) -> str:
    """In 万元, as the law writes amounts."""
    text = format((Decimal(str(value)) / 10000).normalize(), "f")
    return _("%(amount)s万元") % {"amount": number_format(text)}


def _range(fine: dict[str, Any]) -> str:
    if "min" not in fine:
        return ""
    return _("%(low)s以上%(high)s以下") % {"low": _yuan(fine["min"]), "high": _yuan(fine["max"])}


def _fine(fine: dict[str, Any]) -> str:
    if "gains_threshold" in fine:
        many, few = fine["if_gains_ge_threshold"], fine["else"]
        text = _(
            "违法所得%(threshold)s以上的，处违法所得%(low)s倍以上%(high)s倍以下罚款；"
            "没有违法所得或者不足%(threshold)s的，处%(range)s罚款"
        ) % {
            "threshold": _yuan(fine["gains_threshold"]),
            "low": many["multiple_min"],
            "high": many["multiple_max"],
            "range": _range(few),
        }
        return (
            _("没收违法所得；%(text)s") % {"text": text} if many.get("confiscate_gains") else text
        )
    if fine.get("formula") == "shortfall_price_multiple":
        return _("未清缴量×清缴期限前一个月市场均价的%(low)s倍以上%(high)s倍以下") % {
            "low": fine["k_min"],
            "high": fine["k_max"],
        }
    if fine.get("max_of") == "value_traded":
        return _("交易额等值以下")
    return _range(fine)
