"""The running system, its world, and visitors to it."""

import pytest

from tests.journeys.parts import running
from tests.journeys.visitor import Album, Visitor
from tests.journeys.world import make_world


@pytest.fixture
def world(system):
    """People in every post, and a plant that owes its report of 2024."""
    return make_world()


@pytest.fixture(scope="session")
def processes(django_db_setup, django_db_blocker):
    """Web, worker and Redis, started once on the database of the tests."""
    with django_db_blocker.unblock(), running() as parts:
        yield parts


@pytest.fixture
def system(transactional_db, processes, settings):
    """The running system before anything has happened. Files and ledger lie where it looks."""
    processes.anchor.unlink(missing_ok=True)
    settings.MEDIA_ROOT, settings.LEDGER_ANCHOR = processes.folder / "files", processes.anchor
    yield processes
    processes.go_on()


@pytest.fixture
def visit(chromium, system, tmp_path):
    """`visit("phone")` opens a window; at the end nothing may have gone wrong in any of them."""
    album, opened = Album(tmp_path), []

    def start(size="desk", **more):
        opened.append(Visitor(chromium, system.base, album, size, **more))
        return opened[-1]

    yield start
    for visitor in opened:
        visitor.close()
    wrong = dict.fromkeys(w for visitor in opened for w in visitor.wrong)
    assert not wrong, "\n".join(wrong)
