"""Columns of the lists about thresholds and their dry runs."""

import json

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from carbonwatch.templatetags.watch import badge
from carbonwatch.web.tables import StatusMixin
from emitters.models import Band, ThresholdProposal, TrialResult, TrialScore
from emitters.models.thresholds import Change
from emitters.tables import BAND_TONES, NumberColumn

CHANGE_TONES = {Change.ADDED: "danger", Change.REMOVED: "success", Change.ALTERED: "warning"}


class ThresholdTable(StatusMixin, tables.Table):
    """Proposals: of what, from when, by whom."""

    key = tables.Column(
        linkify=lambda record: record.get_absolute_url(), attrs={"td": {"class": "key"}}
    )
    rule = tables.Column(_("规则"), orderable=False)
    value = tables.Column(orderable=False, attrs={"td": {"class": "long"}})
    valid_from = tables.DateColumn(format="Y-m-d")
    status = tables.Column()
    proposed_by = tables.Column(_("提出人"), accessor="proposed_by__name", default=_("系统"))
    decided_by = tables.Column(_("批准人"), accessor="decided_by__name")
    proposed_at = tables.DateColumn(format="Y-m-d")

    class Meta:
        model = ThresholdProposal
        fields = (
            "key",
            "rule",
            "value",
            "valid_from",
            "status",
            "proposed_by",
            "decided_by",
            "proposed_at",
        )
        order_by = ("-proposed_at",)

    def render_rule(self, record: ThresholdProposal) -> str:
        """The name of the check."""
        return str(record.rule.name) if record.rule else gettext("风险评分")

    def render_value(self, record: ThresholdProposal) -> str:
        """As people write it."""
        return json.dumps(record.value, ensure_ascii=False)


class _TrialTable(tables.Table):
    """Whose report a row of a dry run is about."""

    unit = tables.Column(
        _("重点排放单位"),
        accessor="version__report__unit__organisation__name",
        linkify=lambda record: record.version.get_absolute_url(),
    )
    year = tables.Column(_("年度"), accessor="version__report__year")
    applies = tables.Column()

    def render_applies(self, record: TrialResult | TrialScore) -> str:
        """In words."""
        return gettext("会改变") if record.applies else gettext("仅供参考")

    value_applies = render_applies


class TrialResultTable(_TrialTable):
    """Results that come, go or read otherwise."""

    change = tables.Column()
    rule = tables.Column(_("结果"), accessor="check_code")
    severity = tables.Column()
    generator = tables.Column()
    months = tables.Column(_("月份"), orderable=False)
    direction = tables.Column()
    t_co2 = NumberColumn(decimals=2)
    sentence = tables.Column(_("内容"), orderable=False, attrs={"td": {"class": "long"}})

    class Meta:
        model = TrialResult
        fields = (
            "unit",
            "year",
            "change",
            "rule",
            "severity",
            "generator",
            "months",
            "direction",
            "t_co2",
            "sentence",
            "applies",
        )

    def render_change(self, record: TrialResult) -> SafeString:
        """A coloured word."""
        return badge(record.get_change_display(), CHANGE_TONES[Change(record.change)])

    def value_change(self, record: TrialResult) -> str:
        """For the export."""
        return str(record.get_change_display())

    def render_rule(self, record: TrialResult) -> str:
        """Name, code and letter."""
        return f"{record.rule.name}（{record.check_code}.{record.letter}）"

    def render_months(self, value: list[int]) -> str:
        """In a row."""
        return "、".join(map(str, value)) or "—"

    value_months = render_months


class TrialScoreTable(_TrialTable):
    """Scores before and after."""

    was_score = NumberColumn(decimals=1)
    score = NumberColumn(decimals=1)
    was_band = tables.Column()
    band = tables.Column()
    was_acceptance = tables.Column()
    acceptance = tables.Column()
    was_t = NumberColumn(decimals=2)
    t = NumberColumn(decimals=2)

    class Meta:
        model = TrialScore
        fields = (
            "unit",
            "year",
            "was_score",
            "score",
            "was_band",
            "band",
            "was_acceptance",
            "acceptance",
            "was_t",
            "t",
            "applies",
        )

    def render_was_band(self, record: TrialScore) -> SafeString:
        """A coloured word."""
        return _band(record.was_band)

    def render_band(self, record: TrialScore) -> SafeString:
        """A coloured word."""
        return _band(record.band)

    def value_was_band(self, record: TrialScore) -> str:
        """For the export."""
        return str(record.get_was_band_display())

    def value_band(self, record: TrialScore) -> str:
        """For the export."""
        return str(record.get_band_display())


def _band(band: str) -> SafeString:
    return badge(Band(band).label, BAND_TONES[band])
