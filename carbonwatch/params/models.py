"""Facts of law and accounting with the time for which they hold."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class Confidence(models.TextChoices):
    """How sure we are of a value; shown wherever the value is used."""

    SEEN = "SEEN", _("已核对公开文本")
    KNOWN = "KNOWN", _("业内共识，未核对原文")
    UNSURE = "UNSURE", _("待核实")
    ASSUMED = "ASSUMED", _("起始取值，待校准")


class Parameter(models.Model):
    """One value of one key for the data dates `valid_from` to `valid_to` (both inclusive)."""

    key = models.CharField(_("参数"), max_length=120)
    value = models.JSONField(
        _("取值"), null=True
    )  # null: the value is not known, which is a fact too
    unit = models.CharField(_("单位"), max_length=40, blank=True)
    valid_from = models.DateField(_("适用起"))
    valid_to = models.DateField(_("适用止"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=300)
    confidence = models.CharField(_("可信程度"), max_length=8, choices=Confidence.choices)
    note = models.CharField(_("说明"), max_length=600, blank=True)

    class Meta:
        app_label = "carbonwatch"
        verbose_name = _("参数")
        ordering = ["key", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["key", "valid_from"], name="one_parameter_start"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="parameter_range_forward",
            ),
        ]
        triggers = [
            # The embedded server has no btree_gist, so a trigger keeps ranges of one key apart.
            pgtrigger.Trigger(
                name="parameter_no_overlap",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    PERFORM pg_advisory_xact_lock(hashtext('parameter:' || NEW.key));
                    IF EXISTS (
                        SELECT 1 FROM carbonwatch_parameter p
                        WHERE p.key = NEW.key AND p.id <> NEW.id
                          AND p.valid_from <= COALESCE(NEW.valid_to, 'infinity'::date)
                          AND COALESCE(p.valid_to, 'infinity'::date) >= NEW.valid_from
                    ) THEN
                        RAISE EXCEPTION 'parameter % overlaps another value in time', NEW.key
                            USING ERRCODE = 'exclusion_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.valid_from}"
