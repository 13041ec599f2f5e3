"""The life of a random draw (双随机抽查), as data."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step


def own_draw(draw: Any, actor: Actor) -> object | None:
    """The province sees every draw, but each authority holds its own."""
    if draw.organisation_id != actor.organisation.pk:
        return _("须由准备抽查的机关办理。")
    return None


def nothing_arranged(draw: Any, actor: Actor) -> object | None:
    """A draw whose inspections are arranged stands."""
    if draw.drawn_units.exclude(inspection=None).exists():
        return _("已按抽取结果安排检查，不能作废。")
    return None


DRAW_FLOW = Flow(
    "draw",
    _("双随机抽查"),
    states=(
        State(
            "preparing",
            _("准备名单"),
            _("核对名单，写明排除的单位及原因，然后冻结名单并公布种子摘要。"),
            Perm.INSPECTION_PLAN,
            10,
            tone="warning",
        ),
        State(
            "frozen",
            _("待抽取"),
            _("由冻结人以外的另一人在见证下抽取，见证号码由见证人当场报出。"),
            Perm.INSPECTION_APPROVE,
            5,
            tone="info",
        ),
        State(
            "drawn",
            _("待公布"),
            _("由抽取人以外的另一人公布结果，任何人可以用公布的记录重算。"),
            Perm.INSPECTION_PLAN,
            5,
            tone="info",
        ),
        State("published", _("已公布"), _("按结果安排检查。"), tone="success"),
        State("void", _("已作废"), _("名单、摘要和作废原因继续公开。"), tone="neutral"),
    ),
    steps=(
        step("freeze", _("冻结名单"), ["preparing"], "frozen", Perm.INSPECTION_PLAN, own_draw),
        step(
            "draw",
            _("抽取"),
            ["frozen"],
            "drawn",
            Perm.INSPECTION_APPROVE,
            own_draw,
            not_by=("prepared_by", "frozen_by"),
        ),
        step(
            "publish",
            _("公布结果"),
            ["drawn"],
            "published",
            Perm.INSPECTION_PLAN,
            own_draw,
            not_by=("drawn_by",),
            tone="success",
        ),
        step(
            "void",
            _("作废"),
            ["preparing", "frozen", "drawn"],
            "void",
            Perm.INSPECTION_APPROVE,
            own_draw,
            nothing_arranged,
            not_by=("prepared_by",),
            tone="danger",
        ),
    ),
)

OPEN_TO_ALL = ("frozen", "drawn", "published", "void")
"""From the freezing on, everybody may read the list and the promise."""
