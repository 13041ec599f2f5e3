"""Second part of the journey: a finding, its rectification, a case, a notice, the public, the ledger."""

import re
from io import BytesIO
from zipfile import ZipFile

from carbonwatch.accounts.permissions import Role
from emitters.models import ReportVersion
from tests.journeys.samples import photo
from tests.journeys.visitor import Visitor


def register(inspector: Visitor, question_url: str) -> str:
    """The inspector, on a phone, makes a finding of a question. Returns its address."""
    page = inspector.page
    inspector.look("city-inbox")
    inspector.go(question_url)
    inspector.click("a.btn >> text=登记问题")
    inspector.look("finding-register")
    inspector.page.click("details.more summary")
    inspector.send(  # the figure stands, its evidence is missing: no tonnes, no corrected report
        t_co2=0,
        t_allowance=0,
        title="年末煤炭库存调整依据不足",
        finding_class="data",
        severity="serious",
        photos=[photo("煤场照片.jpg")],
    )
    assert "待确认" in page.inner_text("h1")
    inspector.look("finding-registered")
    return page.url.removeprefix(inspector.base)


def step(visitor: Visitor, matter: str, label: str, name: str = "", **fields) -> None:
    """Go to a matter, press one of its steps, fill the form, send it."""
    visitor.page.goto(matter)
    visitor.click(f".offers >> text={label}")
    visitor.look(name)
    visitor.send(**fields)
    visitor.look()


def rectify(visit, world, inspector: Visitor, finding: str) -> None:
    """Confirmed, ordered, answered, returned once, answered again, accepted, closed."""

    def one(role, size="desk"):
        return visit(size).enter(world.people[role].user.username)

    reviewer, filler = one(Role.CITY_REVIEWER), one(Role.UNIT_FILLER, "phone")
    step(reviewer, finding, "确认问题", note="属实。")
    step(
        inspector, finding, "下达责令改正通知书", "order",
        demand="重新盘点并提交盘点报告。\n补充皮带秤校准记录。", days=15,
    )  # fmt: skip
    name, content = inspector.download("text=下载责令改正通知书")
    assert name.endswith(".docx")
    assert "样本辛007热电有限公司" in ZipFile(BytesIO(content)).read("word/document.xml").decode()
    filler.look("enterprise-phone-inbox")
    step(
        filler, finding, "提交整改答复", "answer", text="已重新盘点。", files=[photo("盘点一.jpg")]
    )
    step(reviewer, finding, "退回整改", note="缺少皮带秤校准记录。", days=7)
    step(filler, finding, "提交整改答复", text="已补充校准记录。", files=[photo("校准记录.jpg")])
    step(reviewer, finding, "整改通过", note="材料齐全。")
    reviewer.look("finding-accepted")
    step(one(Role.CITY_CHIEF), finding, "销号")
    inspector.go(finding, "finding-closed")
    assert "已销号" in inspector.page.inner_text("h1")


def decide_questions(reviewer: Visitor, questions: list[str]) -> None:
    """The city holds each question explained."""
    for number, question in enumerate(questions):
        step(reviewer, question, "认定可以解释", note="已核对盘点报告。")
        if number == 0:
            reviewer.look("question-decided")


def accept_report(supervisor: Visitor, version: ReportVersion) -> None:
    """The province accepts the report."""
    step(supervisor, version.get_absolute_url(), "受理报告", note="同意受理。")
    assert "已受理" in supervisor.page.inner_text("h1")
    supervisor.look("report-accepted")


def bring_case(visit, world, finding: str) -> str:
    """A case officer proposes a case on the finding, the approver files it. Returns its address."""
    officer = visit().enter(world.people[Role.PROVINCE_CASE_OFFICER].user.username)
    officer.go(finding)
    officer.click("a.btn >> text=提请立案")
    officer.look("case-propose")
    law = officer.page.locator("[name='basis_keys']").evaluate_all("all => all.map(e => e.value)")
    officer.send(
        reason="涉嫌年度排放报告存在重大缺陷",
        statement="2024年度排放报告年末库存调整依据不足。",
        basis_keys=[key for key in law if "decree775.a22" in key],
    )
    case = officer.page.url.removeprefix(officer.base)
    approver = visit().enter(world.people[Role.PROVINCE_APPROVER].user.username)
    step(approver, case, "立案", note="同意。")
    approver.go(case, "case-filed")
    assert "已立案" in approver.page.inner_text("h1")
    publish(officer, approver, case)
    return case


def publish(officer: Visitor, approver: Visitor, case: str) -> None:
    """The officer drafts a notice, the approver puts it before the public."""
    officer.go(case)
    officer.click("a.btn >> text=起草通报")
    officer.look("notice-draft")
    officer.send(
        title="关于样本辛007热电有限公司碳排放数据质量问题的通报",
        body="经查，该单位2024年度排放报告年末库存调整依据不足，已责令改正并立案。\n现予通报。",
    )
    draft = officer.page.url.removeprefix(officer.base)
    step(approver, draft, "公开")
    approver.go(draft, "notice-published")


def read_in_public(visitor: Visitor, receipt: ReportVersion) -> None:
    """Anybody reads the notice and checks a receipt."""
    page = visitor.page
    visitor.go("/sign-in/", "sign-in")
    visitor.click(".gate-links >> text=公开通报")
    visitor.look("public-notices")
    visitor.click("td a")
    visitor.look("public-notice")
    assert "现予通报" in page.inner_text("article")
    assert visitor.download("text=下载 DOCX")[0].endswith(".docx")
    visitor.go("/receipt/")
    visitor.page.fill("#id_receipt", receipt.receipt)
    visitor.page.fill("#id_sha256", receipt.sha256)
    visitor.click("main form button")
    visitor.look("receipt-check")
    assert "文件一致" in page.inner_text("main")


def in_english(supervisor: Visitor, pages: dict[str, str]) -> None:
    """The same pages in English, with its longer words."""
    supervisor.page.goto("/")
    supervisor.click("text=English")
    supervisor.look("english-inbox", lang="en")
    for name, path in pages.items():
        supervisor.go(path, f"english-{name}", lang="en")
    supervisor.click("text=简体中文")
    supervisor.look()


def prove(auditor: Visitor) -> None:
    """The audit administrator proves the whole ledger, in both languages."""
    page = auditor.page
    auditor.look()
    auditor.go("/ledger/", "ledger")
    auditor.click("text=验证全部台账")
    page.wait_for_selector(".alert-success")
    auditor.look("ledger-proof")
    auditor.click("text=English")
    auditor.look("ledger-proof-english", lang="en")
    assert re.search(r"/ledger/proof/\d+/$", page.url)
    auditor.click("text=简体中文")
    auditor.look()
