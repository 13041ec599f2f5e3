"""What an entry of the on-site record (现场检查笔录) is made of, declared once: the phone's forms, the words
of its parts and what the server accepts all follow from it."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from inspections.models import EntryKind


class Result(TextChoices):
    """What was seen of an item of the checklist."""

    CONFORM = "conform", _("符合")
    NOT = "not", _("不符合")
    NA = "na", _("不适用")


class SignatureRole(TextChoices):
    """As whom somebody signs."""

    INSPECTOR = "inspector", _("检查人员")
    INSPECTED = "inspected", _("被检查单位")
    WITNESS = "witness", _("见证人")


class PaperForm(TextChoices):
    """What was handed over."""

    ORIGINAL = "original", _("原件")
    COPY = "copy", _("复印件")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an entry besides its text and place."""

    name: str
    label: Any
    needed: bool = False
    choices: type[TextChoices] | None = None

    def accepts(self, value: object) -> bool:
        """Whether a phone may send this."""
        known = self.choices is None or not value or value in self.choices.values
        return isinstance(value, str) and len(value) <= LONGEST_PART and known

    def worded(self, value: str) -> str:
        """A coded value in words."""
        choices = self.choices
        return str(choices(value).label) if choices and value in choices.values else value


@dataclass(frozen=True, slots=True)
class EntryForm:
    """The form of one kind of entry. `picture` is `photo`, `signature` or nothing; `text` says whether
    there is a text and whether it may be empty."""

    kind: EntryKind
    parts: tuple[Part, ...] = ()
    picture: str = ""
    text: str = ""
    place: bool = False
    added: bool = True  # by a button; items of the checklist are there already
    by_name: dict[str, Part] = field(init=False)

    def __post_init__(self) -> None:
        """Parts by name."""
        object.__setattr__(self, "by_name", {p.name: p for p in self.parts})


LONGEST, LONGEST_PART = 4000, 200
MAY, MUST = "may", "must"
FORMS: tuple[EntryForm, ...] = (
    EntryForm(
        EntryKind.CHECK,
        (Part("result", _("检查结果"), needed=True, choices=Result),),
        text=MAY,
        added=False,
    ),
    EntryForm(EntryKind.FACT, text=MUST, place=True),
    EntryForm(EntryKind.TALK, (Part("person", _("被询问人"), needed=True),), text=MUST),
    EntryForm(EntryKind.PHOTO, picture="photo", text=MAY, place=True),
    EntryForm(
        EntryKind.DOCUMENT,
        (
            Part("name", _("名称或姓名"), needed=True),
            Part("copies", _("份数"), needed=True),
            Part("form", _("原件或复印件"), choices=PaperForm),
            Part("handed_by", _("提供人")),
        ),
    ),
    EntryForm(
        EntryKind.SAMPLE,
        (
            Part("sample_no", _("样品编号"), needed=True),
            Part("keeper", _("保管人"), needed=True),
            Part("amount", _("数量")),
            Part("seal", _("封条编号")),
        ),
    ),
    EntryForm(
        EntryKind.SIGNATURE,
        (
            Part("role", _("签字人身份"), needed=True, choices=SignatureRole),
            Part("name", _("名称或姓名"), needed=True),
            Part("position", _("职务")),
        ),
        picture="signature",
        text=MAY,
    ),
)
FORM_OF: dict[str, EntryForm] = {str(f.kind): f for f in FORMS}
PARTS: dict[str, Part] = {p.name: p for f in FORMS for p in f.parts}

LISTS: tuple[tuple[Any, str], ...] = (
    (_("检查清单"), "check"),
    (_("现场情况"), "fact talk photo"),
    (_("材料和样品"), "document sample"),
    (_("签字"), "signature"),
)
"""The panels of the page, and the kinds that each holds."""
