"""Tips in every state: made up, anonymous or with a made-up name, about units of the core."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from carbonwatch.accounts.models import Membership
from emitters.simulator import Plant
from enforcement.demo.clock import recent
from enforcement.demo.evidence import photograph
from enforcement.demo.people import Cast, city_login
from inspections import services
from inspections.models import Finding, Tip


@dataclass(frozen=True)
class Story:
    """What somebody told, and how far it came."""

    subject: str
    text: str
    state: str
    name: str = ""


STORIES = (
    Story("sample", "每月送检的煤样不是当月缩分样，是月底从同一堆煤里集中取的。", "linked", "演示举报人"),
    Story("data", "二月的入炉煤台账在核查前重新抄写过，原来的台账收走了。", "received"),
    Story("meter", "给煤机称重传感器的系数在夜班时被调低。", "answered"),
    Story("other", "厂门口道路扬尘严重。", "declined"),
    Story("agency", "核查人员没有到现场，现场照片由企业提供。", "accepted"),
    Story("data", "停机检修那一周，日报上仍填了煤量和发电量。", "closed", "演示举报人"),
)  # fmt: skip


def tell(plants: Sequence[Plant], cast: Cast, now: datetime, rng: Random) -> list[Tip]:
    """One tip a story, handled by the inspector of the city; what was found there is tied to it."""
    return [
        _one(story, plants[turn % len(plants)], cast, now, rng)
        for turn, story in enumerate(STORIES)
    ]


def _one(story: Story, plant: Plant, cast: Cast, now: datetime, rng: Random) -> Tip:
    clock = recent(14, now, rng)
    told = services.tip_submit(
        subject=story.subject,
        named=plant.name,
        text=story.text,
        city=plant.city_code,
        name=story.name,
        contact="演示联系方式" if story.name else "",
        files=[photograph("照片.jpg")] if story.name else [],
        now=clock.at,
    )
    tip, decider = told.tip, cast["province-supervisor"]
    if story.state == "received":
        return tip
    if story.state == "declined":
        reason = "不属于碳排放数据管理职责，请向住房城乡建设部门反映。"
        return services.tip_decline(tip.pk, reason=reason, actor=decider, now=clock.later(2))
    handler = cast[f"{city_login(plant.city_code)}-inspector"]
    post = Membership.objects.get(user=handler.user)
    services.tip_accept(tip.pk, handler=post, actor=decider, now=clock.later(2))
    if story.state == "accepted":
        return tip
    finding = Finding.objects.filter(unit__organisation__code=plant.credit_code).first()
    if finding is not None:
        services.tip_link(tip.pk, finding_id=finding.pk, actor=handler, now=clock.later(1))
    if story.state in ("answered", "closed"):
        services.tip_answer(
            tip.pk,
            outcome="partly",
            feedback="经核查，所反映的问题部分属实，已责令改正并限期整改。感谢您的监督。",
            actor=handler,
            now=clock.later(3),
        )
    if story.state == "closed":
        services.tip_close(tip.pk, note="同意办结。", actor=decider, now=clock.later(1))
    return tip
