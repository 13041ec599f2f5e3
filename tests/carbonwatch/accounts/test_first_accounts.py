"""A new installation starts with three separated administrators, and only once."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from carbonwatch.accounts.models import Actor, User
from carbonwatch.accounts.permissions import Perm


@pytest.mark.django_db
def test_three_administrators_with_one_time_passwords():
    out = StringIO()
    call_command("create_administrators", stdout=out)
    rows = [line.split("\t") for line in out.getvalue().splitlines()]
    assert [r[0] for r in rows] == ["system-admin", "security-admin", "audit-admin"]
    for username, password, _name in rows:
        user = User.objects.get(username=username)
        assert user.check_password(password)
        assert user.must_change_password
    system = Actor.of(User.objects.get(username="system-admin"))
    assert system.may(Perm.ACCOUNT_MANAGE)
    assert not system.may(Perm.GRANT_MANAGE)
    with pytest.raises(CommandError):
        call_command("create_administrators", stdout=out)
