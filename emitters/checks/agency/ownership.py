"""VER-COI-OWNERSHIP as far as the business register tells: plant, laboratory, consultancy."""

from collections.abc import Iterator
from itertools import combinations

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.companies import Company, Register
from emitters.checks.support import make_hit
from emitters.facts import CheckContext

PLANT, LABORATORY, CONSULTANCY = "排放单位", "检测机构", "咨询机构"
_PEOPLE = {"法定代表人", "实际控制人"}


def _parties(ctx: CheckContext, register: Register) -> list[tuple[str, Company]]:
    """Those who made the report and its tests, with their role, as far as the register knows them."""
    report, basic = ctx.report, ctx.report.basic
    sought = [(PLANT, report.unit_name, report.credit_code)]
    sought += [(LABORATORY, name, "") for name in sorted({t.laboratory for t in report.tests})]
    consultancy = str(basic.get("报告编制咨询机构") or "")
    if consultancy:
        sought.append((CONSULTANCY, consultancy, str(basic.get("咨询机构信用代码") or "")))
    return [
        (role, company)
        for role, name, code in sought
        if name and (company := register.find(name, code))
    ]


def _letter(roles: set[str], shared: dict[str, str]) -> str:
    """A group's own laboratory is common and lawful as long as other people lead it elsewhere."""
    if roles == {PLANT, LABORATORY} and set(shared) == {"实际控制人"}:
        return "C"
    return "A" if _PEOPLE & set(shared) else "B"


@check(
    "VER-COI-OWNERSHIP",
    name=_("股权人员关联"),
    family=Family.AGENCY,
    level="L3",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL, "source",
            _("{first_role}{first}与{second_role}{second}登记信息相同：{shared}。"),
        ),
        "B": Outcome(
            Severity.CRITICAL, "cross",
            _("{first_role}{first}与{second_role}{second}登记信息相同：{shared}。"),
        ),
        "C": Outcome(
            Severity.INFO, "cross",
            _("{first_role}{first}与{second_role}{second}同属一个实际控制人：{shared}。"),
        ),
    },
    basis=_("碳排放权交易管理暂行条例第十三条；检验检测机构监督管理办法：独立、公正从事检验检测；校核目录 VER-COI-OWNERSHIP。"),
    what=_("排放单位、检测机构、咨询机构两两比对市场主体登记的法定代表人、实际控制人、住所和联系电话；国资委、财政、政府为实际控制人的不计。"),
    why=_("发现检测、咨询与企业同出一门，或咨询与检测同出一门。"),
    explain=_("提供股权结构、集团内检测机构独立性声明、同一办公楼不同单元的租赁合同。"),
    ask=_("调取市场主体登记档案、社保缴纳单位和检测委托合同。"),
)  # fmt: skip
def ownership(ctx: CheckContext) -> Iterator[Hit]:
    """What the register has in common for those who report, test and advise."""
    parties = _parties(ctx, Register.of(ctx))
    if len(parties) < 2:
        raise NotRun(_("市场主体登记没有排放单位与检测、咨询机构可供比对。"))
    for (first_role, first), (second_role, second) in combinations(parties, 2):
        roles = {first_role, second_role}
        if len(roles) == 1:
            continue  # two laboratories may belong together
        shared = first.shared(second)
        if shared:
            yield make_hit(
                _letter(roles, shared),
                root=f"ownership:{first.name}:{second.name}",
                first_role=first_role,
                first=first.name,
                second_role=second_role,
                second=second.name,
                shared=shared,
                place=f"{first.place}；{second.place}",
            )
