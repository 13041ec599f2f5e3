"""The lives of reports: what happens to the workbook of one unit and year."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from carbonwatch.accounts.models import Actor
from carbonwatch.jobs.service import by_hand, claim, job_for
from emitters.closing import Closing
from emitters.models import AnnualReport, Question, ReportVersion
from emitters.services.intake import take_in
from emitters.services.questions import (
    question_accept,
    question_explain,
    question_reopen,
    question_uphold,
)
from emitters.services.reports import report_accept, report_return, report_submit
from emitters.services.uploads import report_upload
from emitters.simulator import Plant
from enforcement.demo.clock import Clock
from enforcement.demo.evidence import photograph
from enforcement.demo.people import Cast, city_login, unit_login
from enforcement.demo.workbooks import Filed, Shelf

EXPLANATIONS = (
    "经核对原始台账和检测报告，数据无误。该月机组检修，运行工况与其他月份不同，附检修记录。",
    "该月更换供煤矿点，煤质变化较大，附采购合同和矿方煤质报告。",
    "年末由第三方盘点煤场，按盘点结果调整库存，附盘点报告。",
    "春节期间样品集中送检，检测机构于节后统一出具报告，附送检单和流转记录。",
    "抄表时点为月末最后一日零时，与日统计存在半日差异，附抄表记录。",
)
ACCEPTED = "说明与所附证据一致，可以解释。"
UPHELD = "所附证据不能说明数据来源，原始记录与报告不一致，疑点成立。"
REOPENED = "请补充当月采样、制样和送检的原始记录。"
RETURNED = "疑点认定成立，请按核实后的数据更正报告。"
RETURNED_FORM = "联系电话与名录登记不一致，请更正后重新提交。"
REASON = "按退回意见核实原始记录后更正。"
OWN_REASON = "自查发现数据与原始记录不一致，主动更正。"
_MAY_EXPLAIN = 0.55  # of falsified years without a fatal result: those whose story was believed
UpheldHook = Callable[[Question, Clock], object]


class StillFatal(Exception):
    """No version of the report can be submitted: it stays a draft."""


@dataclass
class Filing:
    """One unit's report of one year with the people who deal with it."""

    shelf: Shelf
    report: AnnualReport
    cast: Cast
    clock: Clock
    rng: Random
    when_upheld: UpheldHook

    @property
    def plant(self) -> Plant:
        """Whose report it is."""
        return self.shelf.plant

    @property
    def filed(self) -> Filed:
        """Its workbooks."""
        return self.shelf.years[self.report.year]

    def own(self, post: str) -> Actor:
        """Somebody of the unit."""
        return self.cast[f"{unit_login(self.plant)}-{post}"]

    def bureau(self, post: str) -> Actor:
        """Somebody of the city."""
        return self.cast[f"{city_login(self.report.city)}-{post}"]

    @property
    def supervisor(self) -> Actor:
        """Who accepts reports."""
        return self.cast["province-supervisor"]

    def upload(self, content: bytes, *, reason: str = "", name: str = "") -> ReportVersion:
        """Hand a workbook in and have it read at once."""
        at = self.clock.later(1)
        with by_hand(), transaction.atomic():
            version = self._hand_in(content, reason, name, at)
            job = job_for(version)
            # Claimed before anybody else can see it: a worker may be running already.
            claimed = claim(job.pk, timezone.now()) if job else None
        if claimed is not None:
            take_in(claimed, at=self.clock.later())
        version.refresh_from_db()
        return version

    def leave(self, content: bytes) -> None:
        """Hand a workbook in for a worker to read."""
        self._hand_in(content, "", "", self.clock.now)

    def _hand_in(self, content: bytes, reason: str, name: str, at: datetime) -> ReportVersion:
        name = name or f"{self.plant.name}{self.report.year}年度排放报告.xlsx"
        return report_upload(
            report_id=self.report.pk,
            upload=SimpleUploadedFile(name, content),
            reason=reason,
            actor=self.own("filler"),
            now=at,
        )

    def questions(self, *states: str) -> list[Question]:
        """The questions of the newest version in one of these states."""
        latest = self.report.versions.order_by("-number").first()
        found = Question.objects.filter(report=self.report, version=latest, status__in=states)
        return list(found.order_by("pk"))

    def explain(self) -> None:
        """Answer every open question, now and then with a photograph."""
        for question in self.questions("open"):
            question_explain(
                question.pk,
                explanation=self.rng.choice(EXPLANATIONS),
                files=[photograph("原始记录.jpg")] if self.rng.random() < 0.2 else [],
                actor=self.own("filler"),
                now=self.clock.later(),
            )

    def submit(self, version: ReportVersion) -> None:
        """Explain, then send."""
        self.explain()
        report_submit(version.pk, actor=self.own("checker"), now=self.clock.later(2))

    def believe(self) -> None:
        """Decide every explained question in the unit's favour."""
        for question in self.questions("explained"):
            question_accept(
                question.pk, note=ACCEPTED, actor=self.bureau("inspector"), now=self.clock.later()
            )

    def disbelieve(self) -> bool:
        """Uphold the first explained question, if there is one, and follow it up."""
        explained = self.questions("explained")
        if not explained:
            return False
        falsified = self.filed.truth == "falsified"
        question = question_uphold(
            explained[0].pk,
            closing=Closing.FALSIFIED if falsified else Closing.FAVOURABLE,
            note=UPHELD,
            actor=self.bureau("reviewer"),
            now=self.clock.later(3),
        )
        self.when_upheld(question, self.clock)
        return True

    def accept(self, version: ReportVersion) -> None:
        """Believe, then accept."""
        self.clock.later(4)
        self.believe()
        report_accept(
            version.pk, note="材料齐全，予以受理。", actor=self.supervisor, now=self.clock.later(1)
        )

    def send_back(self, version: ReportVersion, *, uphold: bool) -> None:
        """Return it for an upheld question, else for a slip in the form."""
        note = RETURNED if uphold and self.disbelieve() else RETURNED_FORM
        report_return(version.pk, note=note, actor=self.supervisor, now=self.clock.later(2))

    def acceptable(self) -> ReportVersion:
        """A version that can be submitted: a fatal result makes the unit look at its books again."""
        version = self.upload(self.filed.first)
        if version.acceptance == "not_acceptable" and self.filed.corrected:
            version = self.upload(self.filed.corrected, reason=OWN_REASON)
        if version.acceptance == "not_acceptable":
            raise StillFatal
        return version

    def corrected(self) -> ReportVersion:
        """A version that was sent back and the next one, unless the unit corrected itself before."""
        version = self.acceptable()
        if version.number > 1:
            return version
        self.submit(version)
        # What is upheld has to go, and only true books make it go.
        self.send_back(version, uphold=self.filed.truth == "falsified")
        return self.upload(self.filed.corrected, reason=REASON)


def past(filing: Filing) -> None:
    """A year long over: accepted, in the end."""
    version = filing.acceptable()
    filing.submit(version)
    falsified = filing.filed.truth == "falsified" and version.number == 1
    if falsified and filing.rng.random() > _MAY_EXPLAIN and filing.questions("explained"):
        filing.send_back(version, uphold=True)
        version = filing.upload(filing.filed.corrected, reason=REASON)
        filing.submit(version)
    filing.accept(version)


def accepted(filing: Filing) -> None:
    """The newest year, done."""
    version = filing.acceptable()
    filing.submit(version)
    filing.accept(version)


def awaited(filing: Filing) -> None:
    """Nothing has come in."""


def received(filing: Filing) -> None:
    """Handed in this moment."""
    filing.leave(filing.filed.first)


def damaged(filing: Filing) -> None:
    """The file was cut off on its way."""
    half = filing.filed.first[: len(filing.filed.first) // 2]
    filing.upload(half, name="年度排放报告（传输中断）.xlsx")


def wrong_year(filing: Filing) -> None:
    """Last year's workbook by mistake."""
    others = [filed for year, filed in filing.shelf.years.items() if year != filing.report.year]
    if others:
        filing.upload(others[-1].first)


def checked(filing: Filing) -> None:
    """A draft with whatever the checks say of it."""
    filing.upload(filing.filed.first)


def submitted(filing: Filing) -> None:
    """Waiting for the province; one question waits for the city, of others one is decided."""
    filing.submit(filing.acceptable())
    decisions: tuple[Callable[..., object], ...] = (question_accept, question_reopen)
    for question, decide, note in zip(
        filing.questions("explained"),
        decisions,
        (ACCEPTED, REOPENED),
        strict=False,
    ):
        decide(question.pk, note=note, actor=filing.bureau("inspector"), now=filing.clock.later(1))


def returned(filing: Filing) -> None:
    """Sent back, not corrected yet."""
    version = filing.acceptable()
    filing.submit(version)
    filing.send_back(version, uphold=True)


def corrected(filing: Filing) -> None:
    """Sent back, corrected, not submitted yet."""
    filing.corrected()


def corrected_submitted(filing: Filing) -> None:
    """Sent back, corrected, submitted."""
    filing.submit(filing.corrected())


def corrected_accepted(filing: Filing) -> None:
    """Sent back, corrected, accepted."""
    version = filing.corrected()
    filing.submit(version)
    filing.accept(version)


NEWEST: tuple[Callable[[Filing], None], ...] = (
    accepted, submitted, checked, returned, awaited, corrected_accepted, damaged, corrected,
    wrong_year, awaited, corrected_submitted, received,
)  # fmt: skip
"""What the first units do with the newest year; all that can happen."""
USUAL: tuple[Callable[[Filing], None], ...] = (
    accepted, accepted, submitted, accepted, checked, accepted, corrected_accepted, submitted,
    accepted, awaited, accepted, returned,
)  # fmt: skip
"""What the others do."""
QUESTIONED = (submitted, checked, returned, corrected_submitted)
"""What shows how questions are dealt with."""
FINISHED = (accepted, corrected_accepted)
