"""The random draw of units and inspectors (双随机抽查), which anybody can redo: pure, exact, without a database.

`docs/draw.md` describes the algorithm so that an independent reader can write it again. Nothing here
is a float, so every machine gets the same result.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

ALGORITHM = "cw-draw-1"
_SPACE = 2**256


class NotDrawable(ValueError):
    """The pool does not allow the draw; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Pool:
    """What is frozen before the draw. `units`: (credit code, weight ≥ 1); `inspectors`: certificate
    numbers; `conflicts`: (certificate, credit code) pairs that must not meet; `count` units are drawn,
    each with `team` inspectors."""

    units: tuple[tuple[str, int], ...]
    inspectors: tuple[str, ...]
    conflicts: frozenset[tuple[str, str]]
    count: int
    team: int

    @classmethod
    def of(
        cls,
        units: Iterable[tuple[str, int]],
        inspectors: Iterable[str],
        conflicts: Iterable[tuple[str, str]],
        *,
        count: int,
        team: int,
    ) -> "Pool":
        """In canonical order. Raises `NotDrawable`."""
        pool = cls(
            tuple(sorted(units)), tuple(sorted(inspectors)), frozenset(conflicts), count, team
        )
        _require(pool)
        return pool

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON: keys sorted, no blanks, UTF-8."""
        plain = {
            "conflicts": sorted(map(list, self.conflicts)),
            "count": self.count,
            "inspectors": list(self.inspectors),
            "team": self.team,
            "units": [list(unit) for unit in self.units],
        }
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def free_for(self, unit: str) -> list[str]:
        """The inspectors who may inspect a unit, in canonical order."""
        return [i for i in self.inspectors if (i, unit) not in self.conflicts]


def _require(pool: Pool) -> None:
    codes = [code for code, _weight in pool.units]
    if len(set(codes)) != len(codes) or len(set(pool.inspectors)) != len(pool.inspectors):
        raise NotDrawable("twice in the pool")
    if any(type(weight) is not int or weight < 1 for _code, weight in pool.units):
        raise NotDrawable("weights are whole numbers from 1")
    if not 1 <= pool.count <= len(pool.units):
        raise NotDrawable(f"{pool.count} of {len(pool.units)} units")
    if pool.team < 1:
        raise NotDrawable(f"{pool.team} inspectors a unit")
    short = [code for code in codes if len(pool.free_for(code)) < pool.team]
    if short:
        raise NotDrawable(f"fewer than {pool.team} inspectors without conflict: {', '.join(short)}")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One unit in the order of the draw, and who inspects it."""

    unit: str
    inspectors: tuple[str, ...]


def commitment(seed: str) -> str:
    """What is made public before the draw: SHA-256 (hex) of the secret seed."""
    return hashlib.sha256(seed.encode()).hexdigest()


@dataclass
class _Lots:
    """Numbers that follow from seed, witness number and pool, and from nothing else."""

    seed: str
    witness: str
    pool: Pool
    _digest: str = field(init=False)

    def __post_init__(self) -> None:
        self._digest = self.pool.digest

    def below(self, limit: int, label: str) -> int:
        """A whole number from 0 to `limit` − 1, each equally likely: numbers in the last, incomplete
        round of `limit` are thrown away."""
        whole = _SPACE - _SPACE % limit
        attempt = 0
        while True:
            parts = (self.seed, self.witness, ALGORITHM, self._digest, label, str(attempt))
            value = int.from_bytes(hashlib.sha256("|".join(parts).encode()).digest(), "big")
            if value < whole:
                return value % limit
            attempt += 1


def draw(pool: Pool, *, seed: str, witness: str) -> list[Drawn]:
    """Draw units without putting back, each in proportion to its weight among those left; then for each
    in turn its inspectors, from those without conflict who have been drawn least often so far."""
    lots = _Lots(seed, witness, pool)
    left = list(pool.units)
    load = dict.fromkeys(pool.inspectors, 0)
    drawn = []
    for number in range(1, pool.count + 1):
        unit = _take(left, lots.below(sum(w for _code, w in left), f"unit|{number}"))
        team: list[str] = []
        for place in range(1, pool.team + 1):
            free = [i for i in pool.free_for(unit) if i not in team]
            least = min(load[i] for i in free)
            able = [i for i in free if load[i] == least]
            chosen = able[lots.below(len(able), f"inspector|{number}|{place}")]
            load[chosen] += 1
            team.append(chosen)
        drawn.append(Drawn(unit, tuple(team)))
    return drawn


def _take(left: list[tuple[str, int]], lot: int) -> str:
    """Remove the unit in whose stretch of the summed weights the lot falls."""
    for index, (code, weight) in enumerate(left):
        if lot < weight:
            del left[index]
            return code
        lot -= weight
    raise AssertionError("a lot beyond the sum of the weights")


def replay(record: dict[str, Any]) -> list[str]:
    """What a published record says against itself (empty: everything follows from it). Raises
    `NotDrawable` or `KeyError` for something that is no record."""
    pool = pool_of(record)
    wrong = []
    if record["algorithm"] != ALGORITHM:
        return [f"algorithm {record['algorithm']}: this program knows {ALGORITHM} only"]
    if pool.digest != record["pool_hash"]:
        wrong.append(
            f"pool_hash: the list gives {pool.digest}, the record says {record['pool_hash']}"
        )
    if commitment(record["seed"]) != record["commitment"]:
        wrong.append(
            f"commitment: the seed gives {commitment(record['seed'])}, "
            f"the record says {record['commitment']}"
        )
    right = draw(pool, seed=record["seed"], witness=record["witness"])
    return wrong + _differences(right, record["result"])


def pool_of(record: dict[str, Any]) -> Pool:
    """The pool of a published record."""
    return Pool.of(
        ((u["code"], u["weight"]) for u in record["units"]),
        (i["certificate"] for i in record["inspectors"]),
        ((c["certificate"], c["code"]) for c in record["conflicts"]),
        count=record["count"],
        team=record["team"],
    )


def _differences(right: Sequence[Drawn], said: Sequence[dict[str, Any]]) -> list[str]:
    wrong = []
    if len(said) != len(right):
        wrong.append(f"result: {len(right)} units are drawn, the record names {len(said)}")
    for number, (drawn, row) in enumerate(zip(right, said, strict=False), 1):
        if row["code"] != drawn.unit:
            wrong.append(f"result {number}: {drawn.unit} is drawn, the record says {row['code']}")
        if list(row["inspectors"]) != list(drawn.inspectors):
            wrong.append(
                f"result {number}: inspectors {', '.join(drawn.inspectors)} are drawn, "
                f"the record says {', '.join(row['inspectors'])}"
            )
    return wrong
