"""Numbers of official documents (文号): by issuing organisation, series and year, without gaps."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from carbonwatch.accounts.models import Organisation
from carbonwatch.accounts.permissions import OrgKind
from carbonwatch.documents.models import DocumentNumber
from carbonwatch.params.regions import REGION_NAMES

_SHORT = {
    OrgKind.PROVINCE: "辽双碳",
    OrgKind.ECOLOGY: "辽环",
    OrgKind.DRC: "辽发改",
    OrgKind.SASAC: "辽国资",
    OrgKind.MARKET: "辽市监",
}


def short_name(organisation: Organisation) -> str:
    """The name of an authority as its documents carry it: 沈阳市生态环境局 → 沈阳环."""
    if organisation.kind == OrgKind.CITY:
        return REGION_NAMES.get(organisation.city, "").removesuffix("市") + "环"
    return _SHORT.get(OrgKind(organisation.kind), organisation.name)


def next_number(organisation: Organisation, series: str, now: datetime) -> str:
    """The next number, e.g. `沈阳环责改〔2024〕12号`, in the running transaction.

    Waits for other writers of the series; a roll-back gives the number back.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number belongs to the transaction of the document that carries it")
    year = timezone.localtime(now).year
    DocumentNumber.objects.get_or_create(organisation=organisation, series=series, year=year)
    row = DocumentNumber.objects.select_for_update().get(
        organisation=organisation, series=series, year=year
    )
    row.last += 1
    row.save(update_fields=["last"])
    return f"{short_name(organisation)}{series}〔{row.year}〕{row.last}号"
