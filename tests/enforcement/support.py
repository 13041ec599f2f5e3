"""Cases and notices made by the services themselves."""

from datetime import date

from carbonwatch.accounts.models import Actor
from carbonwatch.params.service import load_shipped
from enforcement import services
from enforcement.models import Case, PublicNotice
from inspections.models import Finding
from tests.factories import NOW

ARTICLE_22 = "penalty.decree775.a22"
MEASURES_39 = "penalty.measures19.m39"


def propose(finding: Finding, actor: Actor, **fields: object) -> Case:
    """A case on one finding, for an act of March 2024 (before Decree 775)."""
    load_shipped()
    known = {
        "finding_ids": [finding.pk],
        "reason": "涉嫌年度排放报告存在重大缺陷",
        "statement": "2023年度排放报告多处数据与原始记录不符。",
        "acted_on": date(2024, 3, 20),
        "basis_keys": [MEASURES_39],
        "actor": actor,
        "now": NOW,
    }
    return services.case_propose(**{**known, **fields})


def draft(actor: Actor, **fields: object) -> PublicNotice:
    """A notice of the province."""
    known = {
        "title": "关于碳排放数据质量问题的通报",
        "body": "经查，某单位存在数据质量问题。\n现予通报。",
        "actor": actor,
        "now": NOW,
    }
    return services.notice_draft(**{**known, **fields})
