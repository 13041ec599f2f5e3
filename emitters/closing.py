"""With what a question was closed (check catalogue §12.6): the codes that checks learn from."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Closing(models.TextChoices):
    """What a question turned out to be."""

    FALSIFIED = "falsified", _("查实弄虚作假")
    FAVOURABLE = "favourable", _("查实差错，有利于企业")
    UNFAVOURABLE = "unfavourable", _("查实差错，不利于企业")
    EXPLAINED = "explained", _("情况属实，可以解释")
    RULE_WRONG = "rule_wrong", _("规则不适用或误判")
    NOT_EXAMINED = "not_examined", _("未作核查")


CONFIRMED = (Closing.FALSIFIED, Closing.FAVOURABLE, Closing.UNFAVOURABLE)
"""The check was right: something was wrong."""

REFUTED = (Closing.EXPLAINED, Closing.RULE_WRONG)
"""Somebody looked, and the data hold."""

EXAMINED = (*CONFIRMED, *REFUTED)
"""Closings that say something of the check."""


def closing_of_correction(emissions: Decimal, allowance: Decimal) -> Closing:
    """The code of a question that a corrected version made go, by how emissions and allowance
    changed (new − old, t). What the unit has to surrender grows by emissions − allowance: growth
    means that the error was in its favour. Without a change nobody knows what the question was."""
    change = emissions - allowance
    if change > 0:
        return Closing.FAVOURABLE
    return Closing.UNFAVOURABLE if change < 0 else Closing.NOT_EXAMINED
