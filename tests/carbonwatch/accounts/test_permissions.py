"""Roles are lists of known permissions; administrators are kept apart."""

import pytest

from carbonwatch.accounts.permissions import GRANTS, ROLES_OF, OrgKind, Perm, Role

ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
ADMINISTRATION = {Perm.ACCOUNT_MANAGE, Perm.GRANT_MANAGE, Perm.JOB_VIEW, Perm.LEDGER_VIEW}
READ_ONLY = {p for p in Perm if p.value.endswith(".view")} | {Perm.HOME}


def test_every_role_has_grants_and_only_known_ones():
    assert set(GRANTS) == set(Role)
    assert frozenset().union(*GRANTS.values()) <= set(Perm)


def test_every_permission_is_held_by_somebody():
    assert frozenset().union(*GRANTS.values()) == set(Perm)


@pytest.mark.parametrize("role", Role)
def test_every_role_has_a_home(role):
    assert Perm.HOME in GRANTS[role]


def test_every_kind_of_organisation_has_roles_and_every_role_a_kind():
    assert set(ROLES_OF) == set(OrgKind)
    assert {role for roles in ROLES_OF.values() for role in roles} == set(Role)


def test_administrators_hold_no_business_permission():
    for role in ADMINISTRATORS:
        assert GRANTS[role] - {Perm.HOME} <= ADMINISTRATION


def test_administrators_share_nothing_but_the_home_page():
    for one in ADMINISTRATORS:
        for other in set(ADMINISTRATORS) - {one}:
            assert GRANTS[one] & GRANTS[other] == {Perm.HOME}


def test_business_roles_administer_nothing():
    for role in set(Role) - {*ADMINISTRATORS, Role.PROVINCE_AUDITOR}:
        assert not GRANTS[role] & ADMINISTRATION


def test_who_only_looks_changes_nothing():
    assert GRANTS[Role.PROVINCE_AUDITOR] <= READ_ONLY


def test_departments_bring_their_own_records_and_change_nothing_else():
    assert GRANTS[Role.DEPARTMENT_SUPERVISOR] <= READ_ONLY | {Perm.OUTSIDE_IMPORT}


@pytest.mark.parametrize(
    ("propose", "decide"),
    [
        (Perm.REPORT_UPLOAD, Perm.REPORT_DECIDE),
        (Perm.CONCLUSION_SUBMIT, Perm.CONCLUSION_DECIDE),
        (Perm.RESULT_EXPLAIN, Perm.RESULT_DECIDE),
        (Perm.THRESHOLD_PROPOSE, Perm.THRESHOLD_DECIDE),
        (Perm.WAIVER_PROPOSE, Perm.WAIVER_DECIDE),
        (Perm.FINDING_ANSWER, Perm.FINDING_REVIEW),
        (Perm.CASE_OPEN, Perm.CASE_DECIDE),
        (Perm.NOTICE_DRAFT, Perm.NOTICE_PUBLISH),
    ],
)
def test_no_role_holds_both_sides(propose, decide):
    assert [role for role, perms in GRANTS.items() if {propose, decide} <= perms] == []


def test_the_filler_does_not_submit():
    assert Perm.REPORT_SUBMIT not in GRANTS[Role.UNIT_FILLER]
