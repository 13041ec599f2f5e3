"""Endpoints of units."""

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from carbonwatch.accounts.permissions import Perm
from carbonwatch.web.api import Endpoint, answers
from emitters.models import EmittingUnit


class UnitOut(serializers.Serializer):
    """A key emitting unit."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="organisation.name")
    credit_code = serializers.CharField()
    city = serializers.CharField(source="organisation.city")
    generators = serializers.SerializerMethodField()

    def get_generators(self, unit: EmittingUnit) -> list[str]:
        """Numbers of the generators."""
        return [g.number for g in unit.generators.all()]


class Units(Endpoint):
    """GET /api/v1/units/"""

    permission = Perm.UNIT_VIEW

    @answers(UnitOut, paged=True)
    def get(self, request: Request) -> Response:
        """Units in the caller's scope, 50 a page; `?city=` narrows."""
        units = (
            EmittingUnit.objects.visible_to(self.actor)
            .select_related("organisation")
            .prefetch_related("generators")
        )
        if city := request.query_params.get("city"):
            units = units.filter(organisation__city=city)
        return self.page_of(request, units, UnitOut)


class Unit(Endpoint):
    """GET /api/v1/units/<pk>/"""

    permission = Perm.UNIT_VIEW

    @answers(UnitOut)
    def get(self, request: Request, pk: int) -> Response:
        """One unit."""
        unit = EmittingUnit.objects.visible_to(self.actor).select_related("organisation").one(pk=pk)
        return Response(UnitOut(unit).data)
