"""Which units a campaign is about: a query that is shown, and its rows in one form that is hashed."""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from carbonwatch.params.regions import REGION_CHOICES
from carbonwatch.params.service import in_force
from emitters.layouts import INDUSTRIES
from emitters.models import AnnualReport, EmittingUnit, UnitAttributes

Row = tuple[str, str, str, str]
"""Credit code, name, city, industry code."""


def first_period() -> list[int]:
    """The reporting years of the first compliance period (首个履约周期)."""
    return [int(y) for y in in_force().get("campaign.first_period", timezone.localdate())]


@dataclass(frozen=True)
class UnitQuery:
    """The conditions of a list; every one that is given must hold. `codes` are an own selection."""

    first_period: bool = False
    cities: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "UnitQuery":
        """From what the campaign keeps."""
        parts = {k: tuple(stored.get(k, ())) for k in ("cities", "industries", "codes")}
        return cls(first_period=bool(stored.get("first_period")), **parts)

    def stored(self) -> dict[str, Any]:
        """What the campaign keeps."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    def units(self) -> QuerySet[EmittingUnit]:
        """The units, closed ones too: leaving one out needs a reason, and two people."""
        found = EmittingUnit.objects.all()
        industry = UnitAttributes.objects.filter(unit=OuterRef("pk"), valid_to=None)
        found = found.annotate(industry=Subquery(industry.values("industry_code")[:1]))
        if self.first_period:
            named = UnitAttributes.objects.filter(first_period=True).values("unit")
            owing = AnnualReport.objects.filter(year__in=first_period()).values("unit")
            found = found.filter(Q(pk__in=named) | Q(pk__in=owing), industry__in=INDUSTRIES)
        if self.cities:
            found = found.filter(organisation__city__in=self.cities)
        if self.industries:
            found = found.filter(industry__in=self.industries)
        if self.codes:
            found = found.filter(organisation__code__in=self.codes)
        return found.select_related("organisation").order_by("organisation__code")

    def words(self) -> list[str]:
        """The conditions, each in a sentence."""
        said = []
        if self.first_period:
            years = first_period()
            said.append(
                _(
                    "发电单位（行业代码 %(codes)s），登记信息标明纳入首个履约周期，"
                    "或有%(first)s–%(last)s年度报告义务"
                )
                % {"codes": "、".join(INDUSTRIES), "first": years[0], "last": years[-1]}
            )
        if self.cities:
            names = dict(REGION_CHOICES)
            cities = "、".join(str(names.get(c, c)) for c in self.cities)
            said.append(_("所在市为：%(cities)s") % {"cities": cities})
        if self.industries:
            said.append(_("行业代码为：%(codes)s") % {"codes": "、".join(self.industries)})
        if self.codes:
            said.append(_("在所列 %(n)s 个统一社会信用代码之内") % {"n": len(self.codes)})
        return said or [_("全部重点排放单位")]


def rows_of(units: Iterable[EmittingUnit]) -> list[Row]:
    """What is frozen of each unit that the query found."""
    return [
        (u.organisation.code, u.organisation.name, u.organisation.city, u.industry or "")  # type: ignore[attr-defined]
        for u in units
    ]


def canonical(rows: Iterable[Row]) -> bytes:
    """The list as text, by credit code: one line a unit, tabs between its parts. What is hashed is
    what is handed out, so that anybody can compute the hash again."""
    lines = ("\t".join(" ".join(part.split()) for part in row) for row in sorted(rows))
    return "".join(f"{line}\n" for line in lines).encode()


def hash_of(rows: Iterable[Row]) -> str:
    """SHA-256 of the canonical list."""
    return hashlib.sha256(canonical(rows)).hexdigest()
