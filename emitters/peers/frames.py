"""The features of many reports as pandas frames, built once for all rules."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from emitters.peers.features import MONTH, REPORT, YEAR, Features

Identity = tuple[str, int]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Frames:
    """`years`: a row per generator-year, columns `REPORT` + `counts` + `YEAR`; `grids`: by name of
    `MONTH` an array of the same rows and twelve columns. `counts` says whether a report may speak for
    the others; a draft is only compared with them."""

    years: pd.DataFrame
    grids: dict[str, np.ndarray]
    _made: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, counting: Iterable[Features], drafts: Iterable[Features] = ()) -> "Frames":
        """One version of each report: of those that count, and of drafts that only are compared."""
        marked = [(f, True) for f in counting] + [(f, False) for f in drafts]
        years = pd.DataFrame(
            [(*f.report, counts, *row) for f, counts in marked for row in f.years],
            columns=[*REPORT, "counts", *YEAR],
        )
        flat = np.array([rows for f, _counts in marked for rows in f.months], dtype=float)
        flat = flat.reshape(-1, len(MONTH), 12)
        return cls(years, {name: flat[:, i] for i, name in enumerate(MONTH)})

    @property
    def all_years(self) -> list[int]:
        """The years that there are reports of, ascending."""
        return sorted(int(y) for y in self.years["year"].unique())

    def of_year(self, year: int) -> "Frames":
        """Only the reports of a year. Made once."""

        def cut() -> Frames:
            chosen = (self.years["year"] == year).to_numpy()
            grids = {name: grid[chosen] for name, grid in self.grids.items()}
            return Frames(self.years[chosen].reset_index(drop=True), grids)

        return self.once(year, cut)

    def once(self, key: Any, make: Callable[[], Made]) -> Made:
        """What several rules need, made for the first of them."""
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    @cached_property
    def reports(self) -> pd.DataFrame:
        """A row per report: `REPORT` + `counts`."""
        return self.years[[*REPORT, "counts"]].drop_duplicates(ignore_index=True)

    @cached_property
    def months(self) -> pd.DataFrame:
        """The grids in long form: a row per generator-month, `REPORT` + `counts` + `generator` +
        `month` + `MONTH`."""
        own = self.years[[*REPORT, "counts", "generator"]]
        long = own.loc[own.index.repeat(12)].reset_index(drop=True)
        long["month"] = np.tile(np.arange(1, 13), len(own))
        return long.assign(**{name: grid.ravel() for name, grid in self.grids.items()})
