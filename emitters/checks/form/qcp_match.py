"""FRM-QCP-MATCH: what the report used against the control scheme and against last year's source."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, NotRun, Outcome, Severity, check
from emitters.checks.support import ALL_MONTHS, make_hit, month_end
from emitters.facts import COAL, CheckContext, Generator, ReportFacts
from emitters.schemes import SchemeFacts, SchemeParameter, departures, priority


@check(
    "FRM-QCP-MATCH",
    name=_("与数据质量控制方案不一致"),
    family=Family.ARITHMETIC,
    level="L0",
    outcomes={
        "A": Outcome(
            Severity.CRITICAL,
            "cross",
            _("机组{generator}{parameters}的确定方式或检测机构与控制方案不一致：{listed}。"),
        ),
        "B": Outcome(
            Severity.FATAL,
            "impossible",
            _("机组{generator}燃煤消耗量由上年的{before}改为{now}，数据来源的优先级不得降低。"),
        ),
        "C": Outcome(
            Severity.CRITICAL,
            "cross",
            _("控制方案第{number}版于{approved}批准，晚于其适用的{month_list}月月末。"),
        ),
        "D": Outcome(
            Severity.CRITICAL,
            "cross",
            _("机组{generator}消耗量按入炉煤确定，而元素碳样品均为入厂煤，煤量与煤质状态不一致。"),
        ),
    },
    basis=_(
        "核算与报告指南：应按数据质量控制方案获取数据，优先级高的来源不得弃用；核查技术指南表7～表9"
    ),
    what=_("报告的确定方式、检测机构、样品类型与现行控制方案和上年报告比较。"),
    why=_("发现改用更有利的计量来源、事后修改方案。"),
    explain=_("计量器具故障期间的替代计量审批、经批准的方案修订。"),
    ask=_("控制方案各版本及审批记录、计量器具故障和检修记录。"),
)
def follows_scheme(ctx: CheckContext) -> Iterator[Hit]:
    """Against the scheme where one is known, and against the year before."""
    last = next((h for h in ctx.history if h.year == ctx.report.year - 1), None)
    if ctx.scheme is None and last is None:
        raise NotRun(_("没有现行的数据质量控制方案，也没有上年报告。"))
    if ctx.scheme is not None:
        yield from _departure_hits(ctx.scheme, ctx.report)
        yield from _late_hits(ctx.scheme, ctx.report)
    for generator in ctx.report.generators:
        before = last.generator(generator.number) if last else None
        yield from _source_hits(generator, before)
        yield from _state_hits(ctx.report, generator)


def _departure_hits(scheme: SchemeFacts, report: ReportFacts) -> Iterator[Hit]:
    found = list(departures(scheme, report))
    names = {code: str(label) for code, label in SchemeParameter.choices}
    for generator in report.generators:
        own = [d for d in found if d.generator == generator.number]
        if own:
            yield make_hit(
                "A",
                generator=generator.number,
                cells=[d.cell for d in own if d.cell],
                root=f"scheme:{generator.number}",
                parameters="、".join(dict.fromkeys(names[d.parameter] for d in own)),
                listed="；".join(f"{names[d.parameter]}：{d.planned}→{d.found}" for d in own),
                number=scheme.number,
            )


def _late_hits(scheme: SchemeFacts, report: ReportFacts) -> Iterator[Hit]:
    """A first scheme may come late; a revision may not reach back."""
    if scheme.number == 1 or scheme.year != report.year:
        return
    late = [m for m in ALL_MONTHS if month_end(report.year, m) < scheme.approved]
    if late and scheme.approved > date(report.year, 1, 31):
        yield make_hit("C", months=late, number=scheme.number, approved=scheme.approved)


def _coal_method(generator: Generator | None) -> tuple[str, str]:
    """Method and cell of the coal burnt."""
    for use in generator.fuels if generator else ():
        row = use.get("fc")
        if use.fuel == COAL and row is not None:
            return row.method, row.cell()
    return "", ""


def _source_hits(generator: Generator, before: Generator | None) -> Iterator[Hit]:
    (now, cell), (then, _cell) = _coal_method(generator), _coal_method(before)
    if now and then and priority("fc", now) > priority("fc", then):
        yield make_hit(
            "B", generator=generator.number, cells=[cell], root=f"scheme:{generator.number}",
            before=then, now=now,
        )  # fmt: skip


def _state_hits(report: ReportFacts, generator: Generator) -> Iterator[Hit]:
    method, cell = _coal_method(generator)
    kinds = {t.kind for t in report.tests if t.generator in ("", generator.number) and t.kind}
    if method == "入炉" and kinds == {"入厂"}:
        yield make_hit("D", generator=generator.number, cells=[cell], kinds="入厂")
