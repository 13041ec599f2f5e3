"""A small matter with a life of its own, so that these tests need none of the four apps."""

from carbonwatch.accounts.models import Organisation
from carbonwatch.accounts.permissions import Perm
from carbonwatch.workflow.flow import Flow, State, step
from tests.factories import OrganisationFactory

FLOW = Flow(
    "demo",
    "事项",
    states=(
        State("draft", "草稿", "提交后由市局确认。", Perm.FINDING_ANSWER, 10),
        State("sent", "已提交", "确认后办结。", Perm.FINDING_CONFIRM, 5),
        State("closed", "已办结", "无。"),
    ),
    steps=(
        step("send", "提交", ["draft"], "sent", Perm.FINDING_ANSWER),
        step("return", "退回", ["sent"], "draft", Perm.FINDING_CONFIRM, tone="danger"),
        step(
            "close", "办结", ["sent"], "closed", Perm.FINDING_CONFIRM,
            lambda matter, actor: matter.obstacle, not_by=("finder",),
        ),
    ),
)  # fmt: skip


class Matter:
    """Has what `carbonwatch.workflow.moves` asks of a matter."""

    _meta = Organisation._meta
    flow = FLOW

    def __init__(self, unit, city, status="draft"):
        self.pk = OrganisationFactory().pk
        self.unit, self.city, self.status, self.due_at = unit, city, status, None
        self.obstacle, self.finder_id, self.saved = None, None, 0

    def __str__(self):
        return "2023年度\n事项"

    def save(self):
        self.saved += 1

    def holder(self, perm):
        return self.unit if perm == Perm.FINDING_ANSWER else self.city

    def get_absolute_url(self):
        return f"/matters/{self.pk}/"
