"""Which reports a file of outside records concerns: the reverse of `outside_of`."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT

from carbonwatch.imports.cells import plain
from emitters.models import AnnualReport, CoalTestRow, OutsideFile, OutsideRecord, ReportVersion
from emitters.outside.choosing import NEIGHBOURS, OF_LABORATORIES

_TRADING = ("invoice", "rail", "receipt", "heat", "gas")


def reports_concerned(file: OutsideFile) -> QuerySet[AnnualReport]:
    """Reports whose checks may look at a row of the file."""
    concerned = Q(pk__in=[]) | _by_unit(file)
    if file.kind in OF_LABORATORIES:
        concerned |= _by_laboratory(set(file.records.values_list("owner", flat=True).distinct()))
    elif file.kind == "weather":
        concerned |= Q(city__in=file.records.values("owner"))
    elif file.kind == "business":
        concerned |= _by_company(file)
    return AnnualReport.objects.filter(concerned)


def _by_unit(file: OutsideFile) -> Q:
    """The years around each row about a unit; every year for what is valid without one."""
    pairs = file.records.exclude(about="").values_list("about", "year").distinct().order_by()
    years: dict[int | None, set[str]] = {}
    for code, year in pairs:
        years.setdefault(year, set()).add(code)
    concerned = Q(pk__in=[])
    for year, codes in years.items():
        mine = Q(unit__organisation__code__in=codes)
        if year is not None:
            mine &= Q(year__in=[year - n for n in NEIGHBOURS])
        concerned |= mine
    return concerned


def _by_laboratory(owners: Iterable[str]) -> Q:
    """Reports with a test of one of the laboratories (folded names)."""
    wanted = set(owners)
    names = CoalTestRow.objects.values_list("laboratory", flat=True).distinct().order_by()
    spelled = [name for name in names if plain(name) in wanted]
    rows = CoalTestRow.objects.filter(laboratory__in=spelled)
    return Q(versions__in=rows.values("version"))


def _by_company(file: OutsideFile) -> Q:
    """Units that are one of the companies, trade with one, test at one or are advised by one."""
    rows = list(file.records.values_list("owner", "values__name"))
    codes, names = {code for code, _name in rows}, {plain(name) for _code, name in rows}
    trade = (
        OutsideRecord.objects.filter(kind__in=_TRADING, file__status="in_force")
        .annotate(
            seller=KT("values__supplier"),
            seller_code=KT("values__supplier_code"),
            buyer=KT("values__customer"),
            buyer_code=KT("values__customer_code"),
        )
        .values_list("about", "seller", "seller_code", "buyer", "buyer_code")
        .distinct()
        .order_by()
    )
    partners = {
        about
        for about, seller, seller_code, buyer, buyer_code in trade
        if {seller_code, buyer_code} & codes or {plain(seller or ""), plain(buyer or "")} & names
    }
    advised = ReportVersion.objects.filter(basic__咨询机构信用代码__1__in=codes)
    return (
        Q(unit__organisation__code__in=codes | partners)
        | Q(pk__in=advised.values("report"))
        | _by_laboratory(names)
    )
