"""The pages: list, upload, one file with its rows, naming columns, the panel of a unit."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from carbonwatch.accounts.permissions import OrgKind as K
from emitters.models import OutsideFile, OutsideMapping
from emitters.outside import KINDS
from tests.emitters.outside.files import OTHER, UNIT, grid_rows, text, xlsx
from tests.emitters.outside.world import World, work
from tests.factories import AnnualReportFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    return World()


def browser(actor):
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def said(response, status=200):
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def sheet_of(response):
    """The rows of a downloaded workbook."""
    book = openpyxl.load_workbook(BytesIO(response.content))
    return [[c.value for c in row] for row in book.active.iter_rows()]


def test_a_file_from_the_upload_page_to_its_rows(world):
    client = browser(world.people[K.DRC])
    page = said(client.get(reverse("emitters:outside-upload")))
    assert "电网结算模板" in page
    assert "检测资质" not in page
    upload = SimpleUploadedFile("一季度.xlsx", xlsx(("电网结算", grid_rows())))
    answer = client.post(reverse("emitters:outside-upload"), {"kind": "grid", "upload": upload})
    file = OutsideFile.objects.get()
    assert answer["Location"] == file.get_absolute_url()
    assert "正在处理" in said(client.get(file.get_absolute_url()))
    progress = client.get(reverse("emitters:outside-progress", args=[file.pk]))
    assert "HX-Refresh" not in progress
    work()
    progress = client.get(reverse("emitters:outside-progress", args=[file.pk]))
    assert progress["HX-Refresh"] == "true"
    page = said(client.get(file.get_absolute_url()))
    for part in ("一季度.xlsx", file.sha256, "上网电量（MWh）", "1012", "上传更正后的文件", "撤回"):
        assert part in page
    assert "一季度.xlsx" in said(client.get(reverse("emitters:outside")))


def test_rows_are_filtered_and_taken_away(world):
    client = browser(world.people[K.DRC])
    rows = [*grid_rows(UNIT), *grid_rows(OTHER, out=5000)[1:]]
    file = world.bring("grid", xlsx(("电网结算", rows)))
    url = file.get_absolute_url()
    page = said(client.get(f"{url}?q={OTHER}&month=3"))
    assert "5003" in page
    assert "1003" not in page
    lines = sheet_of(client.get(f"{url}?q={OTHER}&export=xlsx"))
    assert len(lines) == 13
    assert lines[0][:3] == ["位置", "统一社会信用代码", "年度"]
    assert lines[1][:6] == ["A14", OTHER, 2024, 1, "1#", 5001]


def test_a_bad_file_says_what_to_do_and_its_list_goes_along(world):
    client = browser(world.people[K.DRC])
    rows = grid_rows()
    rows[2][4] = "约一千"
    file = world.bring("grid", xlsx(("电网结算", rows)), "坏.xlsx")
    page = said(client.get(file.get_absolute_url()))
    assert "电网结算!E3" in page
    assert "“约一千”不是数字（上网电量）。" in page
    assert "放弃导入" in page
    listed = client.get(reverse("emitters:outside-problems", args=[file.pk, "list"]))
    assert ["电网结算", "E3", "上网电量", "约一千"] in [line[1:5] for line in sheet_of(listed)]
    marked = client.get(reverse("emitters:outside-problems", args=[file.pk, "workbook"]))
    assert openpyxl.load_workbook(BytesIO(marked.content))["电网结算"]["E3"].comment
    original = client.get(reverse("emitters:outside-original", args=[file.pk]))
    assert b"".join(original.streaming_content) == xlsx(("电网结算", rows))


def test_columns_are_named_on_a_page(world):
    client = browser(world.people[K.DRC])
    rows = [["某表"], ["企业代码", "年", "月", "电量", "备注"], [UNIT, 2024, 1, 7, "x"]]
    file = world.bring("grid", text(rows, "gb18030"), "电网.csv")
    url = reverse("emitters:outside-step", args=[file.pk, "map"])
    assert url in said(client.get(file.get_absolute_url()))
    page = said(client.get(url))
    for part in ("企业代码", UNIT, "电量", "不导入", "万千瓦时"):
        assert part in page
    assert 'value="2"' in page, "the row of the header was found"
    said_first = {"header": 2, "field_0": "credit_code", "field_1": "year", "field_2": "month"}
    wrong = client.post(url, {**said_first, "field_3": "month", "unit_3": "万千瓦时"})
    page = said(wrong, 422)
    assert "“月份”已对应到列“月”。" in page
    assert "“月份”不能以 万千瓦时 计。" in page
    assert "还没有对应的列：上网电量" in page
    right = {**said_first, "field_3": "out_mwh", "unit_3": "万千瓦时", "field_4": ""}
    assert client.post(url, right)["Location"] == file.get_absolute_url()
    work()
    file.refresh_from_db()
    assert file.status == "in_force"
    assert OutsideMapping.objects.get().columns["备注"] == ["", ""]
    page = said(client.get(file.get_absolute_url()))
    assert "按 1 万千瓦时 = 10 MWh 换算" in page
    assert "已记住列的对应" in said(client.get(reverse("emitters:outside-upload")))


def test_another_row_can_be_taken_for_the_header(world):
    client = browser(world.people[K.DRC])
    rows = [["甲", "乙", "丙", "丁"], ["企业代码", "年", "月", "电量"], [UNIT, 2024, 1, 7]]
    file = world.bring("grid", text(rows), "电网.csv")
    url = reverse("emitters:outside-step", args=[file.pk, "map"])
    assert "<strong>甲</strong>" in said(client.get(f"{url}?header=1"))
    page = said(client.get(f"{url}?header=2"))
    assert "<strong>企业代码</strong>" in page
    assert "请改选表头所在的行" in said(client.get(f"{url}?header=900"))


def test_a_correction_starts_from_the_file_it_replaces(world):
    client = browser(world.people[K.DRC])
    older = world.bring("grid", xlsx(("电网结算", grid_rows())))
    page = said(client.get(f"{reverse('emitters:outside-upload')}?replaces={older.pk}"))
    assert f'value="{older.pk}" selected' in page
    upload = SimpleUploadedFile("b.xlsx", xlsx(("电网结算", grid_rows(out=2000))))
    sent = {"kind": "grid", "upload": upload, "replaces": older.pk, "reason": ""}
    assert "请填写更正原因" in said(client.post(reverse("emitters:outside-upload"), sent), 422)
    upload.seek(0)
    client.post(reverse("emitters:outside-upload"), {**sent, "reason": "结算更正"})
    work()
    page = said(client.get(older.get_absolute_url()))
    assert "已被替换" in page
    assert "结算更正" in page
    newer = OutsideFile.objects.order_by("-pk").first()
    assert newer.get_absolute_url() in page


def test_a_unit_sees_its_rows_and_nothing_of_others(world):
    rows = [*grid_rows(UNIT), *grid_rows(OTHER, out=5000)[1:]]
    file = world.bring("grid", xlsx(("电网结算", rows)), "两家电厂.xlsx")
    client = browser(world.people[K.UNIT])
    page = said(client.get(file.get_absolute_url()))
    assert "1012" in page
    for hidden in (OTHER, "5003", "两家电厂", "办理记录", "撤回"):
        assert hidden not in page
    listed = said(client.get(reverse("emitters:outside")))
    assert file.get_absolute_url() in listed
    assert "两家电厂" not in listed
    for name, args in (
        ("outside-original", [file.pk]),
        ("outside-problems", [file.pk, "list"]),
    ):
        assert client.get(reverse(f"emitters:{name}", args=args)).status_code == 404
    step = reverse("emitters:outside-step", args=[file.pk, "withdraw"])
    assert client.get(step).status_code == 422
    assert client.post(step, {"note": "x"}).status_code == 422
    lines = sheet_of(client.get(f"{file.get_absolute_url()}?export=xlsx"))
    assert {line[1] for line in lines[1:]} == {UNIT}
    names = {line[3] for line in sheet_of(client.get(f"{reverse('emitters:outside')}?export=xlsx"))}
    assert names == {"文件名", "—"}


def test_naming_columns_shows_strangers_nothing(world):
    rows = [["企业代码", "年", "月", "电量"], [UNIT, 2024, 1, 7]]
    file = world.bring("grid", text(rows), "电网.csv")
    url = reverse("emitters:outside-step", args=[file.pk, "map"])
    province = browser(world.people[K.PROVINCE])
    for answer in (province.get(url), province.post(url, {"header": 1})):
        assert "电量</strong>" not in said(answer, 422)
    assert browser(world.people[K.MARKET]).get(url).status_code == 404


def test_taking_back_asks_for_a_reason(world):
    client = browser(world.people[K.DRC])
    file = world.bring("grid", xlsx(("电网结算", grid_rows())))
    url = reverse("emitters:outside-step", args=[file.pk, "withdraw"])
    assert said(client.post(url, {"note": ""}), 422)
    assert client.post(url, {"note": "口径有误"}).status_code == 302
    page = said(client.get(file.get_absolute_url()))
    assert "已撤回" in page
    assert "口径有误" in page


def test_whoever_provides_nothing_is_told_so(world):
    page = said(browser(world.people[K.VERIFIER]).get(reverse("emitters:outside-upload")))
    assert "贵单位没有需要提供的数据类别" in page


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_template(world, kind):
    client = browser(world.people[K.DRC])
    lines = sheet_of(client.get(reverse("emitters:outside-template", args=[kind])))
    assert lines[0] == [f.label for f in KINDS[kind].sheet.fields]
    assert client.get(reverse("emitters:outside-template", args=["none"])).status_code == 404


def test_the_page_of_a_unit_says_what_is_there_and_what_is_missing(world):
    for year in (2023, 2024):
        AnnualReportFactory(unit=world.unit, year=year)
    world.bring("grid", xlsx(("电网结算", grid_rows(year=2024))))
    url = world.unit.get_absolute_url()
    page = said(browser(world.people[K.PROVINCE]).get(url))
    assert f"?kind=grid&amp;about={UNIT}" in page
    for kind in ("供热结算", "检测登记", "市场主体登记"):
        assert kind in page
    own = said(browser(world.people[K.UNIT]).get(url))
    assert "供热结算" in own
    assert "检测登记" not in own


def test_the_list_is_filtered_by_kind_state_and_unit(world):
    world.bring("grid", xlsx(("电网结算", grid_rows(year=2024))))
    labels = ["统一社会信用代码", "开票日期", "销售方", "发票号码", "数量"]
    world.bring("invoice", text([labels, [OTHER, "2023-03-01", "甲", "1", 9]]), "b.csv")
    client, url = browser(world.people[K.PROVINCE]), reverse("emitters:outside")
    for query, grid, invoice in (
        ("kind=grid", True, False),
        (f"about={OTHER}", False, True),
        ("year=2024", True, False),
        ("status=refused", False, False),
        ("provider=虚构", True, True),
    ):
        page = said(client.get(f"{url}?{query}"))
        shown = {f.kind: f'id="file-{f.pk}"' in page for f in OutsideFile.objects.all()}
        assert shown == {"grid": grid, "invoice": invoice}, query
