"""A tip from a phone without sign-in to the answer read with number and code."""

import pytest

from carbonwatch.accounts.permissions import Role
from inspections.models import Tip
from tests.inspections.support import proof

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def attachment():
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": proof().read()}


def test_a_tip_and_its_answer(world, visit):
    def enter(role):
        return visit().enter(world.people[role].user.username)

    stranger = visit("phone")
    stranger.go("/sign-in/")
    stranger.click("main a[href='/tips/new/']")
    stranger.look("tip-new")
    stranger.send(
        subject="sample", named="样本辛007热电有限公司", year=2024, text="每月煤样在月底集中制取。",
        files=[attachment()], name="演示举报人", contact="演示电话",
    )  # fmt: skip
    stranger.look("tip-receipt")
    number, code = stranger.page.locator("main dd strong").all_inner_texts()
    tip = Tip.objects.get()

    supervisor = enter(Role.PROVINCE_SUPERVISOR)
    supervisor.go("/tips/", "tips")
    supervisor.go(f"/tips/{tip.pk}/step/accept/", "tip-accept")
    supervisor.send(handler=str(world.people[Role.CITY_INSPECTOR].user.memberships.get().pk))
    with supervisor.refused():
        supervisor.page.goto(f"/tips/{tip.pk}/author/")
        assert "没有找到" in supervisor.page.inner_text("main")

    handler = enter(Role.CITY_INSPECTOR)
    handler.go(f"/tips/{tip.pk}/", "tip-in-hand")
    handler.click(f"main a[href='/tips/{tip.pk}/author/']")
    handler.look("tip-author")
    assert "演示电话" in handler.page.inner_text("main")
    handler.go(f"/tips/{tip.pk}/step/link/", "tip-link")
    handler.send(unit_id=str(world.unit.pk))
    handler.go(f"/tips/{tip.pk}/step/answer/")
    handler.send(outcome="true", feedback="经核查属实，已责令改正。")
    handler.look("tip-answered")
    supervisor.go(f"/tips/{tip.pk}/step/close/")
    supervisor.send()

    stranger.go("/tips/look/", "tip-look")
    stranger.send(number=number, code=code)
    stranger.look("tip-state")
    assert "经核查属实，已责令改正。" in stranger.page.inner_text("main")
    assert world.people[Role.CITY_INSPECTOR].user.name not in stranger.page.inner_text("body")
