"""The draw: fair, exact, and redone by anybody from the published record."""

import hashlib
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.lots import ALGORITHM, Drawn, NotDrawable, Pool, commitment, draw, replay

EXAMPLE = Pool.of([("A", 1), ("B", 3), ("C", 1)], ["p", "q", "r"], [("p", "B")], count=2, team=2)


def record_of(pool, seed="seed", witness="2024"):
    result = draw(pool, seed=seed, witness=witness)
    return {
        "algorithm": ALGORITHM,
        "units": [{"code": c, "weight": w} for c, w in pool.units],
        "inspectors": [{"certificate": i} for i in pool.inspectors],
        "conflicts": [{"certificate": i, "code": c} for i, c in sorted(pool.conflicts)],
        "count": pool.count,
        "team": pool.team,
        "pool_hash": pool.digest,
        "commitment": commitment(seed),
        "seed": seed,
        "witness": witness,
        "result": [{"code": d.unit, "inspectors": list(d.inspectors)} for d in result],
    }


def by_hand(seed, witness):
    """The algorithm of docs/draw.md once more, for the example only."""
    listed = (
        '{"conflicts":[["p","B"]],"count":2,"inspectors":["p","q","r"],"team":2,'
        '"units":[["A",1],["B",3],["C",1]]}'
    )
    pool = hashlib.sha256(listed.encode()).hexdigest()

    def lot(m, label):
        k = 0
        while True:
            text = f"{seed}|{witness}|cw-draw-1|{pool}|{label}|{k}"
            x = int(hashlib.sha256(text.encode()).hexdigest(), 16)
            if x < 2**256 - 2**256 % m:
                return x % m
            k += 1

    stretch = ["A", "B", "B", "B", "C"]
    often, drawn = Counter(p=0, q=0, r=0), []
    for i in (1, 2):
        unit = stretch[lot(len(stretch), f"unit|{i}")]
        stretch = [u for u in stretch if u != unit]
        team = []
        for j in (1, 2):
            free = [x for x in "pqr" if x not in team and (x, unit) != ("p", "B")]
            free = [x for x in free if often[x] == min(often[y] for y in free)]
            team.append(free[lot(len(free), f"inspector|{i}|{j}")])
            often[team[-1]] += 1
        drawn.append(Drawn(unit, tuple(team)))
    return pool, drawn


def test_the_example_of_the_documentation_redone_by_hand():
    pool, drawn = by_hand("seed", "2024")
    assert pool == EXAMPLE.digest
    assert draw(EXAMPLE, seed="seed", witness="2024") == drawn
    text = Path("docs/draw.md").read_text(encoding="utf-8")
    said = re.search(r"`pool_hash` `(\w+)`; drawn (.*)\.", text)
    assert said[1] == pool
    assert said[2] == ", ".join(f"`{d.unit}` with {' and '.join(d.inspectors)}" for d in drawn)


@settings(max_examples=60, deadline=None)
@given(
    weights=st.lists(st.integers(1, 9), min_size=1, max_size=12),
    inspectors=st.integers(2, 6),
    seed=st.text(max_size=20),
    data=st.data(),
)
def test_every_draw_is_complete_and_keeps_the_rules(weights, inspectors, seed, data):
    units = [(f"U{n:02d}", w) for n, w in enumerate(weights)]
    people = [f"I{n}" for n in range(inspectors)]
    pairs = [(i, u) for i in people[2:] for u, _w in units]  # two are free for all
    conflicts = data.draw(st.sets(st.sampled_from(pairs))) if pairs else set()
    count = data.draw(st.integers(1, len(units)))
    pool = Pool.of(reversed(units), reversed(people), conflicts, count=count, team=2)
    drawn = draw(pool, seed=seed, witness="1")
    assert len({d.unit for d in drawn}) == count
    for d in drawn:
        assert len(set(d.inspectors)) == 2
        assert not {(i, d.unit) for i in d.inspectors} & conflicts
    assert drawn == draw(
        Pool.of(units, people, conflicts, count=count, team=2), seed=seed, witness="1"
    )
    assert replay(record_of(pool, seed)) == []


def test_weights_are_kept_over_many_seeds():
    """Fixed seeds, so this never changes: of 4,000 draws of one unit out of weights 1, 3, 6."""
    pool = Pool.of([("A", 1), ("B", 3), ("C", 6)], ["p", "q"], [], count=1, team=2)
    first = Counter(draw(pool, seed=str(n), witness="")[0].unit for n in range(4000))
    for code, share in (("A", 0.1), ("B", 0.3), ("C", 0.6)):
        # four standard deviations of a binomial count
        assert abs(first[code] - 4000 * share) < 4 * (4000 * share * (1 - share)) ** 0.5, first


def test_work_is_shared_out_evenly():
    units = [(f"U{n}", 1) for n in range(9)]
    drawn = draw(Pool.of(units, "abcdef", [], count=9, team=2), seed="s", witness="7")
    load = Counter(i for d in drawn for i in d.inspectors)
    assert set(load.values()) == {3}


@pytest.mark.parametrize(
    ("units", "people", "conflicts", "count"),
    [
        ([], "ab", [], 1),
        ([("A", 1)], "ab", [], 2),
        ([("A", 0)], "ab", [], 1),
        ([("A", 1), ("A", 1)], "ab", [], 1),
        ([("A", 1)], "a", [], 1),
        ([("A", 1)], "aa", [], 1),
        ([("A", 1), ("B", 1)], "ab", [("a", "B")], 1),
    ],
)
def test_a_pool_that_cannot_be_drawn_from_is_refused(units, people, conflicts, count):
    with pytest.raises(NotDrawable):
        Pool.of(units, people, conflicts, count=count, team=2)


def _weight(record):
    record["units"][0]["weight"] += 1


def _seed(record):
    record["seed"] += "x"


def _witness(record):
    record["witness"] = "2025"


def _swap(record):
    record["result"].reverse()


def _inspector(record):
    record["result"][0]["inspectors"].reverse()


def _shorter(record):
    record["result"].pop()


def _conflict(record):
    record["conflicts"].clear()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (_weight, "pool_hash"),
        (_seed, "commitment"),
        (_witness, "result"),
        (_swap, "result 1"),
        (_inspector, "result 1"),
        (_shorter, "result"),
        (_conflict, "pool_hash"),
    ],
)
def test_the_command_finds_a_changed_record(change, named, tmp_path, capsys):
    units = [(f"U{n}", 1 + n % 3) for n in range(8)]
    record = record_of(Pool.of(units, "abcd", [("a", "U1")], count=4, team=2))
    file = tmp_path / "record.json"
    file.write_text(json.dumps(record), encoding="utf-8")
    call_command("replay_draw", str(file))
    assert "4 units: all follows from the record" in capsys.readouterr().out
    change(record)
    file.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        call_command("replay_draw", str(file))
    assert ended.value.code == 1
    assert f"WRONG {named}" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"algorithm": "x"}', "\x00"])
def test_what_is_no_record_is_refused_in_words(text, tmp_path):
    file = tmp_path / "record.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match="not a record of a draw") as refused:
        call_command("replay_draw", str(file))
    assert refused.value.returncode == 2
