"""The tables that `make bench-detection` prints."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from statistics import median

from emitters.simulator import STRENGTHS
from tests.bench.detection.figures import (
    Sorted,
    headline,
    hides,
    near,
    right_check,
    right_family,
    share,
)
from tests.bench.detection.judging import VIEWS, Verdict


def _percent(value: float) -> str:
    return "   –" if value != value else f"{100 * value:3.0f}%"


def headlines(verdicts: Sequence[Verdict], views: Sequence[str] = VIEWS) -> Iterator[str]:
    """The figures against their bars, one column per view."""
    columns = [headline(Sorted.of(verdicts, view)) for view in views]
    yield f"{'figure':<52}{'bar':>8}" + "".join(f"{view:>12}" for view in views)
    for row in zip(*columns, strict=True):
        name, _value, bar, higher = row[0]
        cells = []
        for _n, value, _b, _h in row:
            missed = value < bar if higher else value > bar
            cells.append(f"{value:>10.3f}{' !' if missed else '  '}")
        yield f"{name:<52}{'≥' if higher else '≤'}{bar:>7.2f}" + "".join(cells)
    yield (
        "! = misses its bar; views: one file alone, the plant's three years, the whole province, "
        "the province with outside records"
    )


def by_view(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Per way: share found at 5 % false alarms (medium and gross | weak) in each view."""
    yield f"{'found: medium+gross | weak':<28}" + "".join(f"{view:>14}" for view in VIEWS)
    views = {view: Sorted.of(verdicts, view) for view in VIEWS}
    caught = {view: {id(v) for v in s.caught()} for view, s in views.items()}
    for way in dict.fromkeys(v.way for v in views[VIEWS[0]].false):
        cells = []
        for view, s in views.items():
            own = [v for v in s.false if v.way == way]
            pair = (
                [v for v in own if v.strength != "weak"],
                [v for v in own if v.strength == "weak"],
            )
            cells.append(
                " | ".join(
                    _percent(share(sum(id(v) in caught[view] for v in group), len(group)))
                    for group in pair
                )
            )
        yield f"{way:<28}" + "".join(f"{cell:>14}" for cell in cells)


def ways(verdicts: Sequence[Verdict], view: str) -> Iterator[str]:
    """Per way: caught by strength, right check and family, tonnes."""
    s = Sorted.of(verdicts, view)
    caught = {id(v) for v in s.caught()}
    by_way = defaultdict(list)
    for v in s.false:
        by_way[v.way].append(v)
    yield (
        f"{'way (' + view + ')':<28}{'n':>4}  weak  med gross   alarm  check family"
        f"  tonnes±50%  median est/hidden"
    )
    for way, found in by_way.items():
        cells = [
            _percent(share(sum(id(v) in caught for v in own), len(own)))
            for own in ([v for v in found if v.strength == g] for g in STRENGTHS)
        ]
        hit = [v for v in found if id(v) in caught]
        hiding = [v for v in hit if hides(v)]
        ratio = f"{median(v.estimate / v.hidden for v in hiding):>8.2f}" if hiding else "       –"
        yield (
            f"{way:<28}{len(found):>4}  {' '.join(cells)}   "
            f"{_percent(share(sum(v.alarm for v in found), len(found)))}   "
            f"{_percent(share(sum(map(right_check, hit)), len(hit)))}  "
            f"{_percent(share(sum(map(right_family, hit)), len(hit)))}   "
            f"{_percent(share(sum(map(near, hiding)), len(hiding)))}     {ratio}"
        )


def quiet(verdicts: Sequence[Verdict], view: str) -> Iterator[str]:
    """Honest and odd plants: alarms per plant-year and the checks that made them."""
    s = Sorted.of(verdicts, view)
    groups = defaultdict(list)
    for v in s.honest + s.odd:
        groups[v.way or "honest"].append(v)
    yield (
        f"{'honest and odd (' + view + ')':<28}{'n':>4}  alarm  >cut  after  crit/yr  "
        f"median  p95 score   results per 100 plant-years (not informational first)"
    )
    for name, found in groups.items():
        scores = sorted(v.score for v in found)
        counts = Counter(
            (r.severity == "info", f"{r.code}.{r.letter}") for v in found for r in v.results
        )
        ranked = sorted(counts.items(), key=lambda item: (item[0][0], -item[1]))[:8]
        shown = ", ".join(f"{code} {100 * n / len(found):.0f}" for (_i, code), n in ranked)
        yield (
            f"{name:<28}{len(found):>4}  {_percent(share(sum(v.alarm for v in found), len(found)))}"
            f"  {_percent(share(sum(v.score > s.cut for v in found), len(found)))}"
            f"   {_percent(share(sum(v.band_after != 'green' for v in found), len(found)))}"
            f"  {share(sum(v.criticals for v in found), len(found)):>6.2f}"
            f"  {median(scores):>6.1f}  {scores[int(0.95 * (len(scores) - 1))]:>6.1f}      {shown}"
        )


def onset(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """How much earlier honest years help: found at 5 % false alarms by years falsified."""
    yield f"{'falsified years of three':<28}" + "".join(f"{view:>12}" for view in VIEWS)
    for since in (1, 2, 3):
        cells = []
        for view in VIEWS:
            s = Sorted.of(verdicts, view)
            own = [v for v in s.false if v.since == since]
            cells.append(f"{share(len(s.caught(own)), len(own)):>12.3f}")
        yield f"{since:<28}" + "".join(cells)
