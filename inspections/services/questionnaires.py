"""Questionnaires: brought in from a workbook, previewed, published by another person."""

import hashlib
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from carbonwatch.accounts.models import Actor, Organisation
from carbonwatch.accounts.permissions import AGENCIES, Perm
from carbonwatch.documents.validation import clean_name
from carbonwatch.imports.rules import cure, describe
from carbonwatch.refusals import Forbidden, Invalid
from carbonwatch.workflow.moves import move, shift, start
from emitters.models import EmittingUnit
from inspections import questionnaires
from inspections.models import Audience, Questionnaire, QuestionnaireItem, SelfInspection
from inspections.selfflows import QUESTIONNAIRE_FLOW
from inspections.services.campaign_moves import campaign_unit_advance, self_places
from inspections.services.deadlines import deadline

MAX_BYTES = 5 * 1024 * 1024


@transaction.atomic
def questionnaire_import(*, upload: UploadedFile, actor: Actor, now: datetime) -> Questionnaire:
    """Read a workbook as the next version of its questionnaire. Raises `Invalid` that names every
    faulty cell; nothing is kept then."""
    if not actor.may(Perm.SELF_DRAFT):
        raise Forbidden()
    if (upload.size or 0) > MAX_BYTES:
        raise _refused([_("文件超过 5 MB，不是问卷模板。")])
    source = upload.read()
    draft = questionnaires.read(source)
    if draft.blockers:
        raise _refused([f"{p.place} {describe(p)}{cure(p)}".strip() for p in draft.blockers])
    code = draft.head["code"]
    known = Questionnaire.objects.select_for_update().filter(code=code)
    last = max((q.version for q in known), default=0)
    questionnaire = Questionnaire.objects.create(
        **draft.head,
        version=last + 1,
        file_name=clean_name(upload.name or ""),
        sha256=hashlib.sha256(source).hexdigest(),
        imported_by=actor.user,
        imported_at=now,
    )
    QuestionnaireItem.objects.bulk_create(
        QuestionnaireItem(questionnaire=questionnaire, **item) for item in draft.items
    )
    start(questionnaire, actor, now, code=code, version=last + 1, sha256=questionnaire.sha256)
    return questionnaire


def _refused(texts: list[object]) -> Invalid:
    return Invalid(_("问卷未导入，请按下列提示改正后重新上传。"), fields={"upload": texts})


@transaction.atomic
def questionnaire_publish(
    questionnaire_id: int, *, due_on: date, actor: Actor, now: datetime
) -> Questionnaire:
    """Send it to its audience until the end of `due_on`. Who has begun an older version stays with
    it; whoever has not gets this one."""
    questionnaire: Questionnaire = Questionnaire.objects.visible_to(actor).locked(questionnaire_id)
    QUESTIONNAIRE_FLOW.require("publish", questionnaire, actor)
    due_at = deadline(due_on, now)
    older = Questionnaire.objects.filter(code=questionnaire.code, status="published")
    for old in older.select_for_update():
        shift(old, "replaced", actor, now, by=questionnaire.version)
    questionnaire.published_by, questionnaire.published_at = actor.user, now
    questionnaire.due_on = due_on
    move("publish", questionnaire, actor, now, due_on=due_on.isoformat())
    _send(questionnaire, actor, due_at, now)
    return questionnaire


@transaction.atomic
def questionnaire_drop(
    questionnaire_id: int, *, note: str, actor: Actor, now: datetime
) -> Questionnaire:
    """It is not published, for the reason given."""
    questionnaire: Questionnaire = Questionnaire.objects.visible_to(actor).locked(questionnaire_id)
    move("drop", questionnaire, actor, now, note=note)
    return questionnaire


def _send(questionnaire: Questionnaire, actor: Actor, due_at: datetime, now: datetime) -> None:
    asked = SelfInspection.objects.filter(questionnaire__code=questionnaire.code)
    for idle in asked.filter(status="drafting", answers=None):
        idle.questionnaire = questionnaire
        shift(idle, idle.status, actor, now, due_at=due_at, questionnaire=questionnaire.pk)
    have = set(asked.values_list("organisation_id", flat=True))
    places = self_places()
    for organisation, unit in _audience(questionnaire, actor):
        if organisation.pk not in have:
            inspection = SelfInspection.objects.create(
                questionnaire=questionnaire,
                organisation=organisation,
                unit=unit,
                due_at=due_at,
                campaign_unit_id=places.get(unit.pk) if unit else None,
            )
            start(inspection, actor, now, questionnaire=questionnaire.pk)
            campaign_unit_advance(
                inspection.campaign_unit_id, because="self.drafting", actor=actor, now=now
            )


def _audience(
    questionnaire: Questionnaire, actor: Actor
) -> list[tuple[Organisation, EmittingUnit | None]]:
    if questionnaire.audience == Audience.UNIT:
        units = EmittingUnit.objects.visible_to(actor).filter(organisation__active=True)
        return [(u.organisation, u) for u in units.select_related("organisation")]
    agencies = Organisation.objects.filter(kind__in=AGENCIES, active=True)
    return [(agency, None) for agency in agencies]
