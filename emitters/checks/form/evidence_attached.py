"""FRM-EVIDENCE-ATTACHED."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from carbonwatch.checks.registry import Family, Hit, Outcome, Severity, check
from emitters.checks.comparison import unit_numbers
from emitters.checks.support import ALL_MONTHS, is_measured, make_hit, outside_rows
from emitters.facts import CheckContext, Generator
from emitters.outside import OutsideRow

PRIMARY, CROSS = "原始", "交叉"
# Words by which a list of evidence names a parameter, the plainest first.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "fc": ("消耗量", "入炉煤量"),
    "ncv": ("低位发热量", "热值"),
    "c_ar": ("元素碳", "含碳量"),
    "buy_e": ("购入使用电", "外购电", "购入电"),
    "gen": ("发电量",),
    "heat": ("供热量",),
    "hours": ("运行小时",),
}
_TITLES = {
    "fc": "燃料消耗量",
    "ncv": "收到基低位发热量",
    "c_ar": "收到基元素碳含量",
    "buy_e": "购入使用电量",
    "gen": "发电量",
    "heat": "供热量",
    "hours": "运行小时数",
}


@dataclass(frozen=True, slots=True)
class Number:
    """A reported number that needs evidence."""

    generator: str
    code: str
    month: int
    cell: str


def _code(parameter: object) -> str:
    text = str(parameter or "")
    return next((c for c, words in _WORDS.items() if any(w in text for w in words)), "")


def _numbers(ctx: CheckContext, months: Sequence[int]) -> Iterator[Number]:
    """Numbers of those months that somebody metered or had tested; a default, a mean of other months or
    a zero needs no paper. Carbon that claims a test and has none is the business of another check."""
    for account in ctx.accounts.generators:
        generator = account.generator
        for month in months:
            yield from _output(generator, month)
            for fuel in account.fuels:
                entry = fuel[month]
                if not fuel.is_coal or entry is None or not entry.fc:
                    continue
                tested = is_measured(ctx, fuel, month) and ctx.report.tests_of(
                    account.number, month
                )
                for code in ("fc", "ncv", "c_ar") if tested else ("fc", "ncv"):
                    if row := fuel.use.get(code):
                        yield Number(generator.number, code, month, row.cell(month))


def _output(generator: Generator, month: int) -> Iterator[Number]:
    for code in ("gen", "heat", "hours", "buy_e"):
        row = generator.production.get(code) or generator.purchased.get(code)
        if row is not None and row[month]:
            yield Number(generator.number, code, month, row.cell(month))


Shelf = Mapping[tuple[str, int, str], list[OutsideRow]]


def _shelf(rows: Sequence[OutsideRow]) -> Shelf:
    """Papers by parameter, month and role."""
    found: dict[tuple[str, int, str], list[OutsideRow]] = {}
    for row in rows:
        found.setdefault((_code(row["parameter"]), int(row["month"]), row["role"]), []).append(row)
    return found


def _papers(shelf: Shelf, number: Number, role: str) -> list[OutsideRow]:
    """Papers of a number; one without a generator, or with several, stands for all that it names."""
    mine = unit_numbers(number.generator)
    return [
        row
        for row in shelf.get((number.code, number.month, role), ())
        if not row["generator"] or unit_numbers(row["generator"]) >= mine
    ]


def _grouped(numbers: Sequence[Number]) -> Iterator[tuple[str, list[Number]]]:
    for generator in dict.fromkeys(n.generator for n in numbers):
        yield generator, [n for n in numbers if n.generator == generator]


def _hits(letter: str, lacking: Sequence[Number], files: list[str]) -> Iterator[Hit]:
    for generator, own in _grouped(lacking):
        codes = dict.fromkeys(n.code for n in own)
        yield make_hit(
            letter,
            generator=generator,
            months=[n.month for n in own],
            cells=[n.cell for n in own],
            root=f"evidence:{letter}",
            parameters={_TITLES[c]: [n.month for n in own if n.code == c] for c in codes},
            count=len(own),
            files=files,
        )


@check(
    "FRM-EVIDENCE-ATTACHED",
    name=_("支撑材料齐全"),
    family=Family.ARITHMETIC,
    level="L1",
    outcomes={
        "A": Outcome(
            Severity.FATAL, "document",
            _("{generator}机组有{count}个数据没有原始支撑材料：{parameters}月。"),
        ),
        "B": Outcome(
            Severity.CRITICAL, "document",
            _("{generator}机组有{count}个数据没有交叉核对材料：{parameters}月。"),
        ),
        "C": Outcome(
            Severity.CRITICAL, "document",
            _("{generator}机组有{count}个数据的支撑材料不清晰或不完整：{parameters}月。"),
        ),
        "D": Outcome(
            Severity.INFO, "document",
            _("{month_list}月没有支撑材料清单，未能核对。"),
        ),
        "E": Outcome(
            Severity.CRITICAL, "document",
            _("{generator}机组的清单从未列出下列参数，或用了其他名称：{parameters}月。"),
        ),
    },
    basis=_("月度信息化存证要求（核查技术指南表7至表17）：各参数提供原始记录或台账，并有交叉核对材料。"),
    what=_("清单所及月份：每台机组的消耗量、热值、实测元素碳、发电量、供热量、运行小时数、购入电量各有一份“原始”和一份“交叉”材料；一份材料可对应多台机组。"),
    why=_("发现没有出处的数据和只有报告没有台账的情形。"),
    explain=_("补充上传缺少的材料，或说明材料名称与参数的对应关系。"),
    ask=_("抽取所列月份，要求当场调出原始台账。"),
)  # fmt: skip
def evidence_attached(ctx: CheckContext) -> Iterator[Hit]:
    """A primary record and a cross-check behind every number of the months that the list covers."""
    rows = outside_rows(ctx, "evidence")
    covered = sorted({int(r["month"]) for r in rows})
    shelf, numbers = _shelf(rows), list(_numbers(ctx, covered))
    first = {n: _papers(shelf, n, PRIMARY) for n in numbers}
    second = {n: _papers(shelf, n, CROSS) for n in numbers}
    files = sorted({r.source for r in rows})
    listed = {code for code, _month, _role in shelf}
    bare = [n for n in numbers if not first[n]]
    yield from _hits("A", [n for n in bare if n.code in listed], files)
    yield from _hits("E", [n for n in bare if n.code not in listed], files)
    yield from _hits("B", [n for n in numbers if first[n] and not second[n]], files)
    yield from _hits("C", [n for n in numbers if _unreadable(first[n])], files)
    running = {n.month for n in _numbers(ctx, ALL_MONTHS)}
    if missing := sorted(running - set(covered)):
        yield make_hit("D", months=missing, root="evidence:D", files=files)


def _unreadable(papers: Sequence[OutsideRow]) -> bool:
    """All papers of a number are unreadable."""
    return bool(papers) and all(r["readable"] == "否" for r in papers)
