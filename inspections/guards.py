"""Why a step of a finding is closed: what is still missing."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor

GRAVE = "grave"
HANDED_IN = ("submitted", "accepted", "superseded")


def answered_with_proof(finding: Any, actor: Actor) -> object | None:
    """Rectification is accepted on proof, never on words alone."""
    answer = finding.last_answer
    if answer is None or not answer.files.exists():
        return _("本轮整改答复没有证明材料：请说明原因退回，要求补充。")
    return None


def measures_answered(finding: Any, actor: Actor) -> object | None:
    """The answer to the order comes after that to each of its measures."""
    number = finding.measures.filter(status__in=["open", "returned"]).count()
    if number:
        return _("还有 %(number)s 项整改措施没有答复，请先逐项答复。") % {"number": number}
    return None


def measures_accepted(finding: Any, actor: Actor) -> object | None:
    """A finding is put right when every one of its measures is."""
    number = finding.measures.exclude(status="accepted").count()
    if number:
        return _("还有 %(number)s 项整改措施没有审查通过。") % {"number": number}
    return None


def another_than_the_confirmer(finding: Any, actor: Actor) -> object | None:
    """A grave finding passes through one more pair of hands."""
    if finding.severity == GRAVE and finding.confirmed_by_id == actor.user.pk:
        return _("严重问题须由确认人以外的另一人审查。")
    return None


def verified_where_due(finding: Any, actor: Actor) -> object | None:
    """Somebody has been there and seen it, where the rule says so."""
    if finding.must_be_verified and finding.verified_at is None:
        return _("本问题须先现场核实，再销号。")
    return None


def corrected_where_due(finding: Any, actor: Actor) -> object | None:
    """A wrong figure is put right by a corrected report, not by a letter."""
    if not finding.correction_due:
        return None
    missing = missing_of_correction(finding)
    if missing:
        return _("本问题涉及报告数据，销号前还缺：%(missing)s。") % {
            "missing": "、".join(str(m) for m in missing)
        }
    return None


def missing_of_correction(finding: Any) -> list[object]:
    """What of the correction is not there yet."""
    version = finding.corrected_version
    missing: list[object] = []
    if version is None:
        missing.append(_("更正后的报告版本"))
    elif version.status not in HANDED_IN:
        missing.append(_("已提交的更正版本（所附版本已被退回）"))
    if finding.t_corrected is None:
        missing.append(_("已更正的排放量"))
    return missing
