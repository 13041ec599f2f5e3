"""The access matrix: every route, who may call it with which method, and whose object it names.

A row says which right a route asks for (a `Perm`, `PUBLIC`, or `ACCOUNT`: anybody signed in), which
kind of object the address names, and what the methods answer to those who may. What people reach is
in `tests.access.world`; `expected` puts the two together. A route without a row fails the test.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from carbonwatch.accounts.permissions import PROVINCIAL, OrgKind
from carbonwatch.accounts.permissions import Perm as P
from carbonwatch.web.pages import PUBLIC
from emitters.flows import QUESTION_FLOW, REPORT_FLOW, SCHEME_FLOW, WAIVER_FLOW
from emitters.outside.flow import OUTSIDE_FLOW
from emitters.thresholds import THRESHOLD_FLOW
from enforcement.flows import CASE_FLOW, NOTICE_FLOW
from inspections.campaign_flow import CAMPAIGN_CHANGE_FLOW, CAMPAIGN_FLOW
from inspections.draw_flow import DRAW_FLOW
from inspections.flows import FINDING_FLOW
from inspections.inspection_flow import INSPECTION_FLOW
from inspections.inspector_flow import INSPECTOR_FLOW
from inspections.mergeflow import MERGE_FLOW
from inspections.quarter_flow import QUARTER_FLOW
from inspections.rectification_flows import EXTENSION_FLOW, MEASURE_FLOW
from inspections.selfflows import QUESTIONNAIRE_FLOW, SELF_FLOW
from inspections.tipflow import TIP_FLOW
from inspections.workplan_flow import WORKPLAN_FLOW
from tests.access.world import HANDLER, PLANTS, Person, paper
from verification.flows import ASSIGNMENT_FLOW

ACCOUNT = "account"
NONE = "none"
"""The relation of an id that does not exist."""

SHOWN = frozenset({200})
DONE = frozenset({302, 409, 422})
"""A step was taken, is not possible in this state, or asks for something more."""
STEP = SHOWN | DONE


@dataclass(frozen=True)
class Row:
    """One line of the matrix. `get` and `post` are the statuses for whoever may; None is 405."""

    permission: str
    kind: str = ""
    get: frozenset[int] | None = SHOWN
    post: frozenset[int] | None = None
    put: frozenset[int] | None = None
    argument: str = "pk"
    fixed: Mapping[str, Any] = field(default_factory=dict)  # other parts of the address
    query: str = ""  # the object is named by the query instead of the path
    body: Callable[[], dict[str, Any]] = dict
    step: str = ""  # the right that the step itself asks for
    permissions: Mapping[str, str] = field(default_factory=dict)  # where methods differ
    names: bool = False  # the page publishes names of units, as it should

    def right(self, method: str) -> str:
        """The right that the method asks for."""
        return self.permissions.get(method, self.permission)


def listing(permission: str, **more: Any) -> Row:
    """A list page, with its export."""
    return Row(permission, **more)


def form(permission: str, kind: str = "", **more: Any) -> Row:
    """A page with a form."""
    return Row(permission, kind, SHOWN, DONE, **more)


def press(permission: str, kind: str = "", **more: Any) -> Row:
    """A button: POST only."""
    return Row(permission, kind, None, DONE, **more)


def steps(permission: str, kinds: tuple[str, ...], flow: Any) -> list[Row]:
    """Every step of a flow on every kind of object."""
    return [
        Row(permission, kind, STEP, DONE, fixed={"step": s.code}, step=s.perm)
        for kind in kinds
        for s in flow.steps
    ]


def api(permission: str, kind: str = "", **more: Any) -> Row:
    """An endpoint."""
    return Row(permission, kind, **more)


def _upload() -> dict[str, Any]:
    return {"workbook": paper("x")}


def _answer() -> dict[str, Any]:
    return {"text": "x", "files": [paper("x")]}


def _note() -> dict[str, Any]:
    return {"note": "x", "columns": {}}


CONCLUSION = {"conformity": "x", "values": [], "nonconformities": []}
VERSIONS = ("version", "draft")
CAMPAIGNS = ("campaign", "campaign-draft")
OUTSIDE = ("outside", "register")
"""What the plant brought in itself, and what a laboratory reported about it."""
SCHEMES = ("scheme", "scheme-draft")
DRAWS = ("draw", "draw-open")
"""One that is being prepared, and one whose pool is frozen: everybody may read that."""
PLANS = ("workplan", "workplan-draft")

TABLE: dict[str, Row | list[Row]] = {
    # Without sign-in
    "healthz": Row(PUBLIC),
    "readyz": Row(PUBLIC, get=frozenset({200, 503})),
    "set_language": Row(PUBLIC, get=frozenset({302}), post=frozenset({302, 204})),
    "sign-in": Row(PUBLIC, get=frozenset({200, 302}), post=frozenset({422})),
    "sign-out": Row(PUBLIC, get=None, post=frozenset({302})),
    "session-touch": Row(PUBLIC, get=None, post=frozenset({204, 401})),
    "emitters:receipt-check": Row(PUBLIC),
    "inspections:tip-new": form(PUBLIC),
    "inspections:tip-look": form(PUBLIC),
    "enforcement:notices": Row(PUBLIC),
    "enforcement:notice": [Row(PUBLIC, "published"), Row(PUBLIC, "notice")],
    "enforcement:notice-document": [Row(PUBLIC, "published"), Row(PUBLIC, "notice")],
    "api-schema": Row(PUBLIC),
    "api-token": Row(PUBLIC, get=None, post=frozenset({400})),
    # Everybody
    "password-change": form(ACCOUNT),
    "home": Row(P.HOME),
    "organisation-switch": Row(P.HOME, get=None, post=frozenset({404})),
    "messages-read": press(P.HOME),
    "message-open": press(P.HOME, "message"),
    "api-token-revoke": Row(P.HOME, get=None, post=frozenset({204})),
    "parameter-list": listing(P.PARAMETER_VIEW),
    "check-list": listing(P.CHECK_VIEW),
    "check-detail": Row(P.CHECK_VIEW, fixed={"code": "ARI-HEAT-SPLIT"}),
    "attachment": [
        Row(P.HOME, "evidence", step=P.REPORT_VIEW),
        Row(P.HOME, "proof", step=P.FINDING_VIEW),
        Row(P.HOME, "photo", step=P.FINDING_VIEW),
        Row(P.HOME, "lead-file", step=P.TIP_HANDLE),
    ],
    # Administrators
    "organisation-list": listing(P.ACCOUNT_MANAGE),
    "organisation-create": form(P.ACCOUNT_MANAGE),
    "organisation-detail": Row(P.ACCOUNT_MANAGE, "organisation"),
    "organisation-act": press(P.ACCOUNT_MANAGE, "organisation", fixed={"act": "close"}),
    "person-list": listing(P.ACCOUNT_MANAGE),
    "person-create": form(P.ACCOUNT_MANAGE),
    "person-detail": Row(P.ACCOUNT_MANAGE, "account"),
    "person-act": [
        press(P.ACCOUNT_MANAGE, "account", fixed={"act": "close"}),
        Row(P.ACCOUNT_MANAGE, "account", None, SHOWN, fixed={"act": "reset"}),
    ],
    "job-list": listing(P.JOB_VIEW),
    "membership-list": listing(P.GRANT_MANAGE),
    "membership-grant": form(P.GRANT_MANAGE),
    "membership-revoke": press(P.GRANT_MANAGE, "membership"),
    "security-people": listing(P.GRANT_MANAGE),
    "security-person": Row(P.GRANT_MANAGE, "account"),
    "security-person-act": [
        press(P.GRANT_MANAGE, "account", fixed={"act": act}) for act in ("unlock", "end-sessions")
    ],
    "ledger": listing(P.LEDGER_VIEW),
    "ledger-entry": Row(P.LEDGER_VIEW, "entry"),
    "ledger-verify": press(P.LEDGER_VIEW),
    "ledger-proof": Row(P.LEDGER_VIEW, "ledger-job"),
    # Emitters
    "overview": Row(P.DASHBOARD_VIEW),
    "emitters:units": listing(P.UNIT_VIEW),
    "emitters:unit": Row(P.UNIT_VIEW, "unit"),
    "emitters:reports": listing(P.REPORT_VIEW),
    "emitters:obligations": form(P.REPORT_DECIDE),
    "emitters:recheck-year": form(P.REPORT_DECIDE),
    "emitters:runs": listing(P.REPORT_VIEW),
    "emitters:run": Row(P.REPORT_VIEW, "run"),
    "emitters:report": Row(P.REPORT_VIEW, "report"),
    "emitters:report-upload": form(P.REPORT_UPLOAD, "report"),
    "emitters:report-template": Row(P.REPORT_VIEW, "report"),
    "emitters:version": [Row(P.REPORT_VIEW, k) for k in VERSIONS],
    "emitters:version-progress": [Row(P.REPORT_VIEW, k) for k in VERSIONS],
    "emitters:version-figures": [Row(P.REPORT_VIEW, k) for k in VERSIONS],
    "emitters:version-differences": [
        Row(P.REPORT_VIEW, k, fixed={"number": 1}) for k in VERSIONS
    ],
    "emitters:version-file": [Row(P.REPORT_VIEW, k) for k in VERSIONS],
    "emitters:version-problems": [
        Row(P.REPORT_VIEW, k, fixed={"form": f}) for k in VERSIONS for f in ("list", "workbook")
    ],
    "emitters:version-marked": [Row(P.REPORT_VIEW, k) for k in VERSIONS],
    "emitters:version-receipt": [Row(P.REPORT_VIEW, k) for k in VERSIONS],
    "emitters:version-evidence": [
        Row(P.REPORT_VIEW, "version"),
        Row(P.REPORT_VIEW, "draft", frozenset({404})),  # it has no results
    ],
    "emitters:result": Row(P.REPORT_VIEW, "result"),
    "emitters:result-pdf": Row(P.REPORT_VIEW, "result"),
    "emitters:version-step": steps(P.REPORT_VIEW, VERSIONS, REPORT_FLOW),
    "emitters:questions": listing(P.REPORT_VIEW),
    "emitters:question": Row(P.REPORT_VIEW, "question"),
    "emitters:question-step": steps(P.REPORT_VIEW, ("question",), QUESTION_FLOW),
    "emitters:rankings": listing(P.DASHBOARD_VIEW),
    "emitters:ranking-providers": listing(P.DASHBOARD_VIEW),
    "emitters:ranking-cities": listing(P.DASHBOARD_VIEW),
    "emitters:ranking-city": Row(
        P.DASHBOARD_VIEW, get=frozenset({200, 404}), fixed={"code": "210100"}
    ),
    "emitters:ranking-provider": Row(  # whose clients are seen: tests/emitters/ranking
        P.DASHBOARD_VIEW, get=frozenset({404}), fixed={"kind": "laboratory", "name": "nobody"}
    ),
    "emitters:effect": listing(P.DASHBOARD_VIEW),
    "emitters:waivers": listing(P.WAIVER_VIEW),
    "emitters:waiver": Row(P.WAIVER_VIEW, "waiver"),
    "emitters:waiver-step": steps(P.WAIVER_VIEW, ("waiver",), WAIVER_FLOW),
    "emitters:waiver-propose": form(P.WAIVER_PROPOSE, "result"),
    "emitters:waiver-officers": listing(P.LEDGER_VIEW),
    # Outside records
    "emitters:outside": listing(P.OUTSIDE_VIEW),
    "emitters:outside-upload": form(P.OUTSIDE_IMPORT),
    "emitters:outside-template": Row(P.OUTSIDE_IMPORT, fixed={"kind": "grid"}),
    "emitters:outside-file": [Row(P.OUTSIDE_VIEW, k) for k in OUTSIDE],
    "emitters:outside-progress": [Row(P.OUTSIDE_VIEW, k) for k in OUTSIDE],
    "emitters:outside-original": Row(P.OUTSIDE_VIEW, "original"),
    "emitters:outside-problems": [
        Row(P.OUTSIDE_VIEW, "original", fixed={"form": f}) for f in ("list", "workbook")
    ],
    "emitters:outside-step": steps(P.OUTSIDE_VIEW, OUTSIDE, OUTSIDE_FLOW),
    "emitters:schemes": listing(P.SCHEME_VIEW),
    "emitters:scheme-new": form(P.SCHEME_EDIT),
    "emitters:scheme": [Row(P.SCHEME_VIEW, k) for k in SCHEMES],
    "emitters:scheme-lines": [
        Row(P.SCHEME_EDIT, "scheme", frozenset({409}), frozenset({409})),
        form(P.SCHEME_EDIT, "scheme-draft"),
    ],
    "emitters:scheme-step": steps(P.SCHEME_VIEW, SCHEMES, SCHEME_FLOW),
    "emitters:guidance": Row(P.CHECK_VIEW),
    "emitters:thresholds": listing(P.THRESHOLD_VIEW),
    "emitters:threshold-propose": form(P.THRESHOLD_PROPOSE),
    "emitters:threshold": Row(P.THRESHOLD_VIEW, "threshold"),
    "emitters:threshold-progress": Row(P.THRESHOLD_VIEW, "threshold"),
    "emitters:threshold-step": steps(P.THRESHOLD_VIEW, ("threshold",), THRESHOLD_FLOW),
    "emitters:trial-results": listing(P.THRESHOLD_VIEW),
    "emitters:trial-scores": listing(P.THRESHOLD_VIEW),
    # Verification
    "verification:assignments": listing(P.ASSIGNMENT_VIEW),
    "verification:assignment-make": form(P.ASSIGNMENT_MAKE, "report", argument="report"),
    "verification:assignment": Row(P.ASSIGNMENT_VIEW, "assignment"),
    "verification:conclusion-write": Row(
        P.CONCLUSION_EDIT, "assignment", frozenset({200, 409}), DONE
    ),
    "verification:conclusion-sign": press(P.CONCLUSION_SIGN, "assignment"),
    "verification:assignment-step": steps(P.ASSIGNMENT_VIEW, ("assignment",), ASSIGNMENT_FLOW),
    # Inspections
    "inspections:findings": listing(P.FINDING_VIEW),
    "inspections:finding-register": [
        form(P.FINDING_REGISTER),
        *(form(P.FINDING_REGISTER, k, query=k) for k in ("unit", "version", "question")),
        form(P.FINDING_REGISTER, "draft", query="version"),
        form(P.FINDING_REGISTER, "lead", query="tip"),
        form(P.FINDING_REGISTER, "inspection", query="inspection"),
    ],
    "inspections:finding": [Row(P.FINDING_VIEW, k) for k in ("finding", "tip")],
    "inspections:concealment": listing(P.DASHBOARD_VIEW),
    "inspections:concealment-of": Row(P.DASHBOARD_VIEW, "self", frozenset({200, 404})),
    "inspections:merge-new": [form(P.FINDING_REGISTER, k) for k in ("finding", "tip")],
    "inspections:merge": Row(P.FINDING_VIEW, "merge"),
    "inspections:merge-step": steps(P.FINDING_VIEW, ("merge",), MERGE_FLOW),
    "inspections:finding-order": Row(P.FINDING_VIEW, "finding"),
    "inspections:finding-step": steps(P.FINDING_VIEW, ("finding", "tip"), FINDING_FLOW),
    "inspections:finding-extend": [
        Row(P.FINDING_ANSWER, k, frozenset({200, 409}), DONE) for k in ("finding", "tip")
    ],
    "inspections:finding-correct": [
        Row(P.FINDING_CORRECT, k, frozenset({200, 422}), DONE) for k in ("finding", "tip")
    ],
    "inspections:measure": Row(P.FINDING_VIEW, "measure"),
    "inspections:measure-step": steps(P.FINDING_VIEW, ("measure",), MEASURE_FLOW),
    "inspections:extension": Row(P.FINDING_VIEW, "extension"),
    "inspections:extension-step": steps(P.FINDING_VIEW, ("extension",), EXTENSION_FLOW),
    "inspections:public-draws": Row(PUBLIC),
    "inspections:public-draw": [Row(PUBLIC, "draw-open", names=True), Row(PUBLIC, "draw")],
    "inspections:public-draw-record": [
        Row(PUBLIC, "draw-open", names=True),
        Row(PUBLIC, "draw"),
    ],
    "inspections:draws": listing(P.INSPECTION_VIEW),
    "inspections:draw-new": form(P.INSPECTION_PLAN),
    "inspections:draw": [Row(P.INSPECTION_VIEW, k) for k in DRAWS],
    "inspections:draw-exclude": form(P.INSPECTION_PLAN, "draw"),
    "inspections:draw-arrange": press(P.INSPECTION_PLAN, "draw"),
    "inspections:draw-step": steps(P.INSPECTION_VIEW, DRAWS, DRAW_FLOW),
    "inspections:inspections": listing(P.INSPECTION_VIEW),
    "inspections:inspection-new": [
        form(P.INSPECTION_PLAN),
        form(P.INSPECTION_PLAN, "lead", query="tip", step=P.TIP_HANDLE),
    ],
    "inspections:tips": listing(P.TIP_VIEW),
    "inspections:tip": Row(P.TIP_VIEW, "lead"),
    "inspections:tip-author": Row(P.TIP_HANDLE, "lead-author"),
    "inspections:tip-step": steps(P.TIP_VIEW, ("lead",), TIP_FLOW),
    "inspections:record-worker": Row(PUBLIC),
    "inspections:inspection": Row(P.INSPECTION_VIEW, "inspection"),
    "inspections:inspection-record": Row(P.INSPECTION_DO, "inspection"),
    "inspections:inspection-notice": Row(P.INSPECTION_VIEW, "inspection"),
    "inspections:inspection-record-document": Row(P.INSPECTION_VIEW, "inspection"),
    "inspections:inspection-step": steps(P.INSPECTION_VIEW, ("inspection",), INSPECTION_FLOW),
    "inspections:workplans": listing(P.WORKPLAN_VIEW),
    "inspections:workplan-new": form(P.WORKPLAN_EDIT),
    "inspections:workplan": [Row(P.WORKPLAN_VIEW, k) for k in PLANS],
    "inspections:workplan-edit": [
        Row(P.WORKPLAN_EDIT, "workplan", frozenset({409}), frozenset({409})),
        form(P.WORKPLAN_EDIT, "workplan-draft"),
    ],
    "inspections:workplan-step": steps(P.WORKPLAN_VIEW, PLANS, WORKPLAN_FLOW),
    "inspections:inspectors": listing(P.INSPECTION_PLAN),
    "inspections:inspector-new": form(P.INSPECTOR_KEEP),
    "inspections:inspector": Row(P.INSPECTION_PLAN, "inspector"),
    "inspections:inspector-step": steps(P.INSPECTION_PLAN, ("inspector",), INSPECTOR_FLOW),
    "inspections:conflict-new": form(P.INSPECTOR_KEEP, "inspector"),
    "inspections:conflict-end": form(P.INSPECTOR_KEEP, "conflict"),
    "inspections:self-inspections": listing(P.SELF_VIEW),
    "inspections:self-inspection": Row(P.SELF_VIEW, "self"),
    "inspections:self-fill": Row(P.SELF_ANSWER, "self", frozenset({200, 409}), DONE),
    "inspections:self-answer": press(P.SELF_ANSWER, "self", fixed={"item": 1}),
    "inspections:self-inspection-step": steps(P.SELF_VIEW, ("self",), SELF_FLOW),
    "inspections:questionnaires": listing(P.SELF_VIEW),
    "inspections:questionnaire-import": form(P.SELF_DRAFT),
    "inspections:questionnaire-template": Row(P.SELF_DRAFT),
    "inspections:questionnaire": [
        Row(P.SELF_VIEW, k) for k in ("questionnaire", "questionnaire-new")
    ],
    "inspections:questionnaire-step": steps(
        P.SELF_VIEW, ("questionnaire", "questionnaire-new"), QUESTIONNAIRE_FLOW
    ),
    "inspections:quarters": listing(P.QUARTER_VIEW),
    "inspections:quarter-new": form(P.QUARTER_DRAFT),
    "inspections:quarter": Row(P.QUARTER_VIEW, "quarter"),
    "inspections:quarter-items": listing(P.QUARTER_VIEW),
    "inspections:quarter-item": Row(P.QUARTER_VIEW, "quarter-item", frozenset({302})),
    "inspections:quarter-document": Row(P.QUARTER_VIEW, "quarter"),
    "inspections:quarter-workbook": Row(P.QUARTER_VIEW, "quarter"),
    "inspections:quarter-verify": press(P.QUARTER_VIEW, "quarter"),
    "inspections:quarter-step": steps(P.QUARTER_VIEW, ("quarter",), QUARTER_FLOW),
    "inspections:campaigns": listing(P.CAMPAIGN_VIEW),
    "inspections:campaign-new": form(P.CAMPAIGN_PLAN),
    "inspections:campaign": [Row(P.CAMPAIGN_VIEW, k) for k in CAMPAIGNS],
    "inspections:campaign-edit": form(P.CAMPAIGN_PLAN, "campaign-draft"),
    "inspections:campaign-file": Row(P.CAMPAIGN_VIEW, "campaign-list"),
    "inspections:campaign-add": form(P.CAMPAIGN_WORK, "campaign"),
    "inspections:campaign-step": steps(P.CAMPAIGN_VIEW, CAMPAIGNS, CAMPAIGN_FLOW),
    "inspections:campaign-self": Row(
        P.CAMPAIGN_WORK, "campaign", frozenset({422}), frozenset({422})
    ),  # its stages leave self-inspection out
    "inspections:campaign-inspect": form(P.INSPECTION_PLAN, "campaign"),
    "inspections:campaign-unit": Row(P.CAMPAIGN_VIEW, "campaign-unit"),
    "inspections:campaign-unit-extend": Row(
        P.CAMPAIGN_WORK, "campaign-unit", frozenset({200, 422}), DONE
    ),
    "inspections:campaign-unit-remove": Row(
        P.CAMPAIGN_WORK, "campaign-unit", frozenset({200, 422}), DONE
    ),
    "inspections:campaign-changes": listing(P.INSPECTION_VIEW),
    "inspections:campaign-change": Row(P.INSPECTION_VIEW, "campaign-change"),
    "inspections:campaign-change-step": steps(
        P.INSPECTION_VIEW, ("campaign-change",), CAMPAIGN_CHANGE_FLOW
    ),
    # Enforcement
    "enforcement:cases": listing(P.CASE_VIEW),
    "enforcement:case-propose": form(P.CASE_OPEN, "finding", query="finding"),
    "enforcement:case": Row(P.CASE_VIEW, "case"),
    "enforcement:case-step": steps(P.CASE_VIEW, ("case",), CASE_FLOW),
    "enforcement:notice-list": listing(P.NOTICE_VIEW),
    "enforcement:notice-new": [
        form(P.NOTICE_DRAFT),
        *(form(P.NOTICE_DRAFT, k, query=k) for k in ("case", "finding")),
    ],
    "enforcement:notice-work": [Row(P.NOTICE_VIEW, "notice"), Row(P.NOTICE_VIEW, "published")],
    "enforcement:notice-step": steps(P.NOTICE_VIEW, ("notice", "published"), NOTICE_FLOW),
    # Programs
    "emitters-api:units": api(P.UNIT_VIEW),
    "emitters-api:unit": api(P.UNIT_VIEW, "unit"),
    "emitters-api:reports": api(P.REPORT_VIEW),
    "emitters-api:report": api(P.REPORT_VIEW, "report"),
    "emitters-api:versions": api(
        P.REPORT_VIEW, "report", permissions={"POST": P.REPORT_UPLOAD},
        post=frozenset({202, 409, 422}), body=_upload,
    ),
    "emitters-api:version": [api(P.REPORT_VIEW, k) for k in VERSIONS],
    "emitters-api:results": [api(P.REPORT_VIEW, k) for k in VERSIONS],
    "emitters-api:receipt": [api(P.REPORT_VIEW, k) for k in VERSIONS],
    "emitters-api:submit": [
        api(P.REPORT_SUBMIT, k, get=None, post=frozenset({200, 409, 422})) for k in VERSIONS
    ],
    "emitters-api:outside-kinds": api(P.OUTSIDE_VIEW),
    "emitters-api:outside-files": api(
        P.OUTSIDE_VIEW, permissions={"POST": P.OUTSIDE_IMPORT}, post=frozenset({400})
    ),
    "emitters-api:outside-file": [api(P.OUTSIDE_VIEW, k) for k in OUTSIDE],
    "emitters-api:outside-records": [api(P.OUTSIDE_VIEW, k) for k in OUTSIDE],
    **{
        f"emitters-api:outside-{step}": [
            api(P.OUTSIDE_IMPORT, k, get=None, post=frozenset({200, 400, 409, 422}), body=_note)
            for k in OUTSIDE
        ]
        for step in ("columns", "withdraw", "discard")
    },
    "verification-api:assignments": api(P.ASSIGNMENT_VIEW),
    "verification-api:conclusion": api(
        P.CONCLUSION_EDIT, "assignment", get=None, put=frozenset({200, 409}),
        body=lambda: CONCLUSION,
    ),
    "verification-api:submit": api(
        P.CONCLUSION_SUBMIT, "assignment", get=None, post=frozenset({200, 409, 422})
    ),
    "inspections-api:findings": api(
        P.FINDING_VIEW, permissions={"POST": P.FINDING_REGISTER}, post=frozenset({400})
    ),
    "inspections-api:finding": [api(P.FINDING_VIEW, k) for k in ("finding", "tip")],
    "inspections-api:finding-answer": [
        api(P.FINDING_ANSWER, k, get=None, post=frozenset({200, 409}), body=_answer)
        for k in ("finding", "tip")
    ],
    "inspections-api:record": api(P.INSPECTION_DO, "inspection", post=frozenset({400})),
}  # fmt: skip


def rows() -> list[tuple[str, Row]]:
    """Every row with the name of its route."""
    return [
        (name, row)
        for name, given in TABLE.items()
        for row in (given if isinstance(given, list) else [given])
    ]


def relations(kind: str, person: Person) -> list[str]:
    """Which objects of a kind are asked for: one of each relation, and an id that is nobody's."""
    if not kind:
        return [""]
    if kind == "message":
        return [person.name if person.actor else "city.chief", "platform.audit", NONE]
    if kind in BY_PLANT:
        return [*PLANTS, NONE]
    return ["own", NONE]


def asked(number: int, row: Row, method: str, person: Person) -> list[str]:
    """The relations that one method of one row is tried with.

    Whoever lacks the right is refused before any object is looked at: one relation and one method
    show it, and the other method is tried in every third row. Steps
    and writes of one kind of object share its scope, so each tries the plant itself, nobody's id, and
    one other relation, which changes from row to row.
    """
    every = relations(row.kind, person)
    if person.actor is None or row.right(method) not in person.perms:
        if row.permission == PUBLIC:
            return every
        main = "GET" if row.get else "POST"
        return every[:1] if method == main or (number + len(person.name)) % 3 == 0 else []
    if row.step and row.step not in person.perms:
        return ["own", *([NONE] if number % 3 == 0 else [])]
    if row.kind in BY_PLANT and (method != "GET" or "step" in row.fixed):
        return ["own", PLANTS[1 + number % (len(PLANTS) - 1)], NONE]
    return every


BY_PLANT = ("unit", "report", "version", "draft", "question", "evidence", "result", "waiver", "run",
            "scheme", "scheme-draft", "measure", "extension",
            "finding", "tip", "merge", "proof", "photo", "inspection", "case", "assignment", "outside", "register",
            "original", "self", "inspector", "conflict", "campaign-unit", "campaign-change",
            "draw", "draw-open")  # fmt: skip
ANSWERED = ("finding", "proof", "case", "measure", "extension")
"""The unit knows of these: it was ordered to answer, the case was filed."""


def sees(person: Person, kind: str, relation: str) -> bool:
    """Whether the object is the person's to see."""
    if relation == NONE:
        return False
    if kind == "message":
        return relation == person.name
    if kind == "notice":
        return person.kind == OrgKind.PROVINCE
    if kind == "workplan-draft":
        return person.kind == OrgKind.PROVINCE
    if kind == "published":
        return person.kind in (*PROVINCIAL, OrgKind.CITY)
    if kind in ("questionnaire", "questionnaire-new"):
        asked = person.kind == OrgKind.UNIT and kind == "questionnaire"
        return asked or person.kind in (*PROVINCIAL, OrgKind.CITY)
    if kind == "lead":
        return person.kind == OrgKind.PROVINCE or person.name.startswith("city.")
    if kind in ("lead-author", "lead-file"):
        return person.name == HANDLER
    if kind in ("campaign-draft", "campaign-list"):
        whole = (OrgKind.ECOLOGY, OrgKind.DRC) if kind == "campaign-list" else ()
        return person.kind in (OrgKind.PROVINCE, *whole)
    if kind == "campaign":  # it has a unit of theirs in its list
        return person.kind == OrgKind.PROVINCE or bool(person.reach)
    if kind in DRAWS and person.kind not in (OrgKind.PROVINCE, OrgKind.CITY):
        return False
    if kind not in BY_PLANT:
        return True
    if kind in ("draft", "scheme-draft"):
        return person.kind == OrgKind.UNIT and relation in person.reach
    if kind == "register" and person.kind in (OrgKind.MARKET, OrgKind.LABORATORY, OrgKind.UNIT):
        return person.kind != OrgKind.UNIT
    if kind == "original" and person.kind not in (OrgKind.PROVINCE, OrgKind.UNIT):
        return False
    if person.kind == OrgKind.UNIT and kind in ("tip", "photo", "merge"):
        return False
    if person.kind == OrgKind.VERIFIER and kind in (
        *ANSWERED,
        "tip",
        "merge",
        "photo",
        "scheme",
        "self",
    ):
        return False
    if person.name.startswith("agency.") and (kind, relation) == ("assignment", "offered"):
        return person.kind == OrgKind.VERIFIER
    return relation in person.reach


def expected(
    person: Person, row: Row, method: str, relation: str, *, is_api: bool
) -> frozenset[int]:
    """The statuses that are right: sign in first, then the right, then the scope, then the method."""
    allowed = {"GET": row.get, "POST": row.post, "PUT": row.put}[method]
    if row.permission == PUBLIC:
        if allowed is None:
            return frozenset({405})
        gone = row.kind in ("notice", "draw") or relation == NONE
        return frozenset({404}) if gone else allowed
    if person.user is None:
        return frozenset({401}) if is_api else frozenset({302})
    if row.permission == ACCOUNT:
        return allowed or frozenset({405})
    if row.right(method) not in person.perms:
        return frozenset({403})
    if allowed is None:
        return frozenset({403, 405}) if is_api else frozenset({405})
    if row.kind and not sees(person, row.kind, relation):
        return frozenset({404})
    if row.step and row.step not in person.perms:
        return frozenset({403})
    return allowed


__all__ = ["NONE", "TABLE", "Row", "expected", "relations", "rows", "sees"]
