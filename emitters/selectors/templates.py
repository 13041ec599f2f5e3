"""The blank workbook of a report, prefilled with what the registry and the last report know."""

from datetime import date

from emitters.models import AnnualReport, GeneratorAttributes, MonthlyRow
from emitters.workbook import write_template

Fuels = tuple[tuple[str, str], ...]
DEFAULT_FUELS: dict[str, Fuels] = {"燃气": (("天然气", ""),)}


def template_of(report: AnnualReport) -> bytes:
    """An XLSX workbook: rows laid out for the unit's generators and fuels."""
    year_end = date(report.year, 12, 31)
    unit = report.unit
    attributes = unit.attributes.on(year_end).first()
    basic: dict[str, object] = {
        "单位名称": unit.organisation.name,
        "统一社会信用代码": unit.credit_code,
        "所在市": unit.organisation.get_city_display(),
    }
    if attributes is not None:
        basic |= {
            "排污许可证编号": attributes.permit_no,
            "单位性质": attributes.ownership,
            "行业代码": attributes.industry_code,
            "法定代表人": attributes.legal_representative,
            "经度": attributes.longitude,
            "纬度": attributes.latitude,
            "海拔高度": attributes.altitude_m,
            "纳入首个履约周期": "是" if attributes.first_period else "否",
        }
    known = (
        GeneratorAttributes.objects.on(year_end)
        .filter(generator__unit=unit)
        .select_related("generator")
        .order_by("generator__number")
    )
    names = (
        "category",
        "product",
        "capacity_mw",
        "boiler",
        "pressure",
        "cooling",
        "main_fuel",
        "commissioned",
    )
    generators = [
        {"number": a.generator.number, **{n: getattr(a, n) for n in names}} for a in known
    ]
    burnt = fuels_of(report)
    fuels = {}
    for a in known:
        coal: Fuels = (("燃煤", a.rank or "烟煤"), ("柴油", ""))
        number = a.generator.number
        fuels[number] = burnt.get(number) or DEFAULT_FUELS.get(a.category, coal)
    return write_template(year=report.year, basic=basic, generators=generators, fuels=fuels)


def fuels_of(report: AnnualReport) -> dict[str, Fuels]:
    """Fuels by generator as the unit last reported them."""
    last = (
        AnnualReport.objects.filter(unit=report.unit, current__isnull=False, year__lte=report.year)
        .order_by("-year")
        .first()
    )
    if last is None:
        return {}
    rows = MonthlyRow.objects.filter(version=last.current_id, part="F", code="fc").order_by("row")
    found: dict[str, list[tuple[str, str]]] = {}
    for generator, fuel, rank in rows.values_list("generator", "fuel", "rank"):
        found.setdefault(generator, []).append((fuel, rank))
    return {number: tuple(pairs) for number, pairs in found.items()}
