"""The system's routes and, beside them, bare pages with the same rows."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.template import engines
from django.urls import include, path

from emitters.models import AnnualReport, EmittingUnit
from inspections.models import CampaignUnit

TEMPLATE = """<!doctype html><html><body><h1>{{ page }}</h1><table>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}
</table></body></html>"""


def bare(request, queryset, cells):
    """50 rows in a simple table."""
    page = Paginator(queryset, 50).get_page(request.GET.get("page"))
    template = engines["django"].from_string(TEMPLATE)
    return HttpResponse(template.render({"page": page, "rows": map(cells, page)}, request))


def reports(request):
    """The columns of the list of reports."""
    found = AnnualReport.objects.select_related("unit__organisation", "current")
    return bare(
        request,
        found,
        lambda r: (r.unit.organisation.name, r.year, r.city, r.get_status_display(), r.due_on,
                   r.current.t_reported, r.current.t_at_stake, r.current.money_at_stake,
                   r.current.risk_score, r.current.get_risk_band_display()),
    )  # fmt: skip


def units(request):
    """The columns of the list of units."""
    found = (
        EmittingUnit.objects.select_related("organisation")
        .annotate(
            generator_count=Count("generators", distinct=True),
            report_count=Count("reports", distinct=True),
        )
        .order_by("organisation__city", "organisation__name")
    )
    return bare(
        request,
        found,
        lambda u: (u.organisation.name, u.organisation.code, u.organisation.city,
                   u.generator_count, u.report_count),
    )  # fmt: skip


def campaign(request, pk):
    """The columns of the units of a campaign, in their order."""
    return bare(
        request,
        CampaignUnit.objects.filter(campaign=pk),
        lambda r: (r.name, r.credit_code, r.get_city_display(), r.kind, r.get_status_display(),
                   r.get_waits_for_display(), r.due_at, r.included_at, r.covered_at),
    )  # fmt: skip


urlpatterns = [
    path("bare/reports/", reports),
    path("bare/units/", units),
    path("bare/campaigns/<int:pk>/", campaign),
    path("", include("carbonwatch.urls")),
]
handler500 = "carbonwatch.web.errors.broken"
