"""Made-up features of many alike plants, with chosen ones set apart."""

from random import Random

from carbonwatch.checks.registry import get_check
from carbonwatch.params.values import shipped
from emitters.facts import CheckContext
from emitters.peers import Features, Peers
from emitters.peers.features import MONTH, REPORT, YEAR

YEAR_OF = 2024
BASE = {
    "generator": "1#",
    "category": "常规燃煤",
    "product": "热电联产",
    "capacity_mw": 300.0,
    "boiler": "煤粉炉",
    "pressure": "亚临界",
    "cooling": "水冷",
    "rank": "烟煤",
    "hours": 7000.0,
    "load": 75.0,
    "gen": 1_575_000.0,
    "heat": 3_000_000.0,
    "fuel_gj": 17_500_000.0,
    "t_burn": 1_650_000.0,
    "heat_ratio": 0.2,
    "own_use": 7.0,
    "ncv": 20.0,
    "cc": 0.0262,
    "mt": 11.0,
    "vdaf": 32.0,
    "ash": 28.0,
    "c_daf": 81.0,
    "heat_gap": 0.5,
    "surplus": 0.03,
    "mine": "",
    "mine_share": float("nan"),
}
NOISE = {"fuel_gj": 0.01, "cc": 0.006, "own_use": 0.03, "heat_ratio": 0.01, "ncv": 0.02, "load": 0.03,
         "mt": 0.05, "heat_gap": 0.6, "vdaf": 0.02, "ash": 0.03, "hours": 0.02}  # fmt: skip
SEASON = [1.0] * 12


def member(number, *, year=YEAR_OF, months=None, seed=0, report=None, **given):
    """One plant with one generator; `given` sets columns, `months` whole series of a name."""
    rng = Random(f"{seed}/{number}/{year}")
    row = {
        k: v * (1 + rng.gauss(0, NOISE[k])) if k in NOISE else v for k, v in BASE.items()
    } | given
    own = {
        "credit_code": f"9121TEST{number:010d}",
        "unit": f"虚构单位{number:03d}",
        "year": year,
        "city": "沈阳市",
        "consultancy": "",
        "laboratory": "",
    } | (report or {})
    series = {
        "fc": [row["fuel_gj"] / row["ncv"] / 12] * 12,
        "ncv": [row["ncv"] * (1 + rng.gauss(0, 0.015)) for _m in SEASON],
        "cc": [row["cc"] * (1 + rng.gauss(0, 0.01)) for _m in SEASON],
        "gen": [row["gen"] / 12] * 12,
        "heat": [row["heat"] / 12] * 12,
    } | (months or {})
    return Features(
        tuple(own[k] for k in REPORT),
        (tuple(row[k] for k in YEAR),),
        (tuple(tuple(series[k]) for k in MONTH),),
    )


def crowd(count, *odd, **shared):
    """`count` plants, the last of which are the given ones."""
    return [member(n, **shared) for n in range(count - len(odd))] + list(odd)


def results(code, features, number, *, drafts=(), year=YEAR_OF, outside=None):
    """The results of the check on the report of one plant; every sentence is filled. `NotRun` when
    the rule could not compare it."""
    peers = Peers.judge(features, shipped(), drafts=drafts)

    class Report:
        credit_code = f"9121TEST{number:010d}"

    Report.year = year
    context = CheckContext(Report, None, shipped(), peers=peers, outside=outside)
    check = get_check(code)
    hits = list(check.run(context))
    for hit in hits:
        str(check.outcomes[hit.letter].message).format(**hit.values, **hit.values["around"])
    return hits


def letters(hits):
    return [h.letter for h in hits]
