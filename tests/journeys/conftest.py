"""The running system, its world, and visitors to it."""

import pytest

from tests.journeys.parts import running
from tests.journeys.visitor import Album, Visitor
from tests.journeys.world import make_world


@pytest.fixture
def world(transactional_db):
    """People in every post, and a plant that owes its report of 2024."""
    return make_world()


@pytest.fixture
def system(world):
    """Web, worker and Redis as processes of their own, on the database of the test."""
    with running() as parts:
        yield parts


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
