"""First part of the journey: the enterprise files its report, the agency verifies it."""

from datetime import timedelta
from io import BytesIO

import openpyxl
from django.utils import timezone

from carbonwatch.accounts.models import Organisation
from carbonwatch.accounts.permissions import Role
from emitters.models import Question
from tests.journeys.samples import good, photo, spoiled
from tests.journeys.visitor import Visitor


def upload_with_mistakes(filler: Visitor, report_url: str) -> None:
    """From the inbox to the template, a spoiled workbook, its problems in two files."""
    page = filler.page
    filler.look("enterprise-inbox")
    filler.click(".inbox-title")
    assert page.url.endswith(report_url)
    filler.look("report-awaited")
    name, content = filler.download("text=下载模板")
    assert name.endswith(".xlsx")
    assert "基本信息" in openpyxl.load_workbook(BytesIO(content), read_only=True).sheetnames
    filler.click(".page-actions >> text=上传工作簿")
    filler.look("upload")
    filler.send(workbook=spoiled("chp1_2024.xlsx"))
    page.wait_for_selector("#problems")
    filler.look("problems")
    text = page.inner_text("#problems")
    for said in ("化石燃料燃烧!F2", "约8万吨", "化石燃料燃烧!H5", "见附件"):
        assert said in text, said
    listed = openpyxl.load_workbook(BytesIO(filler.download("text=下载问题清单")[1]))
    assert any("F2" in str(c.value) for row in listed.active for c in row)
    marked = openpyxl.load_workbook(BytesIO(filler.download("text=下载批注后的工作簿")[1]))
    assert marked["化石燃料燃烧"]["F2"].comment is not None


def upload_again(filler: Visitor, system, report_url: str) -> None:
    """The corrected workbook; the person leaves while it waits, comes back, and sees it end."""
    page = filler.page
    system.pause()
    page.goto(f"{report_url}upload/")
    filler.send(workbook=good("chp1_2024.xlsx"))
    page.wait_for_selector("[data-job-state=waiting]")
    filler.look("progress")
    filler.go("/")
    page.go_back()
    page.wait_for_selector("[data-job-state=waiting]")
    system.go_on()
    page.wait_for_selector("#results")
    assert "已改正 2 项" in page.inner_text("#problems")
    filler.look("results")
    filler.click("text=核算过程")
    page.locator("details.figure").first.evaluate("e => { e.open = true }")
    filler.look("figures")
    page.go_back()
    filler.click("dd a[href$='/receipt/']")
    filler.look("receipt")
    page.go_back()


def explain(filler: Visitor, report_url: str) -> None:
    """Every question gets its answer; the first one comes with a photograph."""
    page = filler.page
    page.goto(report_url)
    links = page.locator(".plain-list a").evaluate_all("all => all.map(a => a.pathname)")
    assert links
    for number, link in enumerate(links):
        filler.go(link, "question" if number == 0 else "")
        filler.click("text=说明疑点")
        if number == 0:
            filler.look("explain")
        filler.send(
            explanation="年末盘点按第三方测量结果调整，见盘点照片。", files=[photo("盘点照片.jpg")]
        )
        assert "待认定" in page.inner_text("h1")
        assert "盘点照片.jpg" in page.inner_text(".files")
    filler.look("question-explained")
    assert not Question.objects.filter(status="open").exists()


def submit(checker: Visitor, report_url: str) -> None:
    """Another person hands it in."""
    checker.look()
    checker.go(report_url)
    checker.click("td a[href^='/versions/'] >> nth=0")
    checker.click(".offers >> text=提交报告")
    checker.look("submit")
    checker.send()
    assert "已提交" in checker.page.inner_text("h1")
    checker.look()


def oversee(supervisor: Visitor, unit_url: str) -> None:
    """The dashboard shows it, ranks it, and leads to the unit with its charts."""
    page = supervisor.page
    supervisor.look("province-inbox")
    supervisor.go("/overview/?year=2024", "dashboard")
    assert "样本辛007热电有限公司" in page.inner_text(".ranking")
    supervisor.go("/reports/?year=2024", "reports")
    supervisor.go("/reports/?year=2024&city=210800")
    assert "共 1 条" in page.inner_text(".table-top")
    supervisor.go("/units/", "units")
    supervisor.click("td >> text=样本辛007热电有限公司")
    assert page.url.endswith(unit_url)
    page.wait_for_selector("[data-chart] svg")
    supervisor.look("unit")


def assign(supervisor: Visitor, report_url: str, agency: Organisation) -> None:
    """The province gives the report to an agency."""
    supervisor.page.goto(report_url)
    supervisor.click("a.btn >> text=下达核查任务")
    supervisor.look("assign")
    supervisor.send(
        agency=str(agency.pk),
        due_on=(timezone.localdate() + timedelta(days=20)).isoformat(),
    )
    assert "待承接" in supervisor.page.inner_text("h1")
    supervisor.look()


def verify(visit, world) -> None:
    """The lead takes it on, the member writes, four people sign, the lead submits."""
    lead = visit().enter(world.people[Role.AGENCY_LEAD].user.username)
    lead.look("agency-inbox")
    lead.click(".inbox-title")
    task = lead.page.url
    lead.click(".offers >> text=承接任务")
    lead.look("take")
    lead.send()
    member = visit().enter(world.people[Role.AGENCY_MEMBER].user.username)
    member.go(task)
    member.click("a.btn >> text=编写结论")
    write(member)
    for role in (Role.AGENCY_MEMBER, Role.AGENCY_REVIEWER, Role.AGENCY_MANAGER, Role.AGENCY_LEAD):
        signer = {Role.AGENCY_MEMBER: member, Role.AGENCY_LEAD: lead}.get(role) or visit().enter(
            world.people[role].user.username
        )
        signer.page.goto(task)
        signer.page.click(".page-actions >> text=签署")
        signer.click("#confirm-dialog button[value=yes]")
        assert signer.page.locator(".plain-list li").count() >= 1
    lead.look("conclusion")
    lead.click(".offers >> text=提交结论")
    lead.send()
    assert "结论已提交" in lead.page.inner_text("h1")


def write(member: Visitor) -> None:
    """The conclusion: one value differs, one non-conformity."""
    page = member.page
    member.look("conclusion-empty")
    page.fill("[name='conformity']", "符合核算指南和数据质量控制方案的要求，个别数据已更正。")
    page.fill("[name='visited_on']", timezone.localdate().isoformat())
    first = page.locator("[name='v-0-after']")
    first.fill(str(round(float(first.input_value()) + 120)))
    page.fill("[name='v-0-reason']", "入炉煤皮带秤校准后修正。")
    page.select_option("[name='n-0-kind']", "data")
    page.fill("[name='n-0-description']", "3月入炉煤计量未扣除皮带秤零点漂移。")
    page.fill("[name='n-0-correction']", "校准皮带秤并更正当月数据。")
    page.select_option("[name='n-0-result']", "conforming")
    member.look()
    member.click("main form .action-bar button")
    assert "入炉煤皮带秤校准后修正" in page.inner_text("main")


def take_conclusion(supervisor: Visitor) -> None:
    """The province accepts the conclusion from its inbox."""
    page = supervisor.page
    page.goto("/")
    supervisor.click(".inbox-title >> text=核查")
    supervisor.look("conclusion-submitted")
    supervisor.click(".offers >> text=接收结论")
    supervisor.send(note="结论完整。")
    assert "结论已接收" in page.inner_text("h1")
