"""Heaps of generators just on the better side of a line that decides over allowances."""

from math import comb

import pandas as pd

from carbonwatch.params.values import Parameters
from emitters.peers.findings import Findings, fixed, population_rule
from emitters.peers.frames import Frames

P = "check.PEER-PILE-UP."


@population_rule("PEER-PILE-UP")
def pile_up(frames: Frames, params: Parameters, year: int) -> Findings:
    """Generators with a small surplus against those with a small deficit; load factors just below
    the edge of the peak-shaving factor against those just above."""
    rows = frames.of_year(year).years
    findings = Findings()
    surplus, width = 100 * rows["surplus"], float(params.get(P + "surplus", year))
    beside = (surplus.between(0, width, "left"), surplus.between(-width, 0, "left"))
    _judge(findings, "A", rows.assign(value=surplus), beside, params)
    edge = params.get(P + "edge", year)
    if edge is not None:
        load, line, reach = rows["load"], float(edge), float(params.get(P + "load", year))
        beside = (
            load.between(line - reach, line, "left"),
            load.between(line, line + reach, "left"),
        )
        _judge(findings, "B", rows.assign(value=load), beside, params)
    return findings


def _chance(better: int, both: int) -> float:
    """Probability of at least so many on the better side if both sides were as likely."""
    return sum(comb(both, k) for k in range(better, both + 1)) / 2**both


def _judge(
    findings: Findings,
    letter: str,
    rows: pd.DataFrame,
    beside: tuple[pd.Series, pd.Series],
    params: Parameters,
) -> None:
    """`beside`: which rows lie on the better and on the worse side of the line."""
    counts, known = rows["counts"], rows["value"].notna()
    if rows.empty or (known & counts).sum() < int(params.get(P + "least", _year(rows))):
        return
    findings.compare(rows[known])
    better, worse = (int((side & counts).sum()) for side in beside)
    chance, year = _chance(better, better + worse), _year(rows)
    if better < int(params.get(P + "heap", year)) or chance > float(params.get(P + "chance", year)):
        return
    for row in rows[beside[0]].itertuples():
        findings.add(
            row,
            letter,
            generator=row.generator,
            root="target" if letter == "A" else "load-edge",
            value=fixed(row.value, 2),
            around={"better": better, "worse": worse, "chance": fixed(chance, 4)},
        )


def _year(rows: pd.DataFrame) -> int:
    return int(rows["year"].iloc[0])
