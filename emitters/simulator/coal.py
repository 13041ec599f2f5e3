"""Coal as physics: mines with a composition of their own, blends, what an analysis yields.

Heat follows from composition by the formula of Channiwala and Parikh (gross, dry basis), so that
carbon, hydrogen, ash, moisture and heating value of one coal always belong together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Mine:
    """A made-up supplier's coal. Dry ash-free C, H, N, S, V in %, `ash` dry %, `moisture` total %;
    `heat_shift` is the mine's own deviation from the heat formula (share)."""

    name: str
    rank: str
    carbon: float
    hydrogen: float
    nitrogen: float
    sulphur: float
    volatile: float
    ash: float
    moisture: float
    inherent: float
    heat_shift: float


@dataclass(frozen=True, slots=True)
class Quality:
    """A coal as it lies: composition in % (dry ash-free except `ash` dry, `moisture` total)."""

    carbon: float
    hydrogen: float
    nitrogen: float
    sulphur: float
    volatile: float
    ash: float
    moisture: float
    inherent: float
    heat_shift: float

    def gross_dry(self, *, ash: float | None = None) -> float:
        """Gross heating value, dry, GJ/t, at another dry ash where given."""
        a = self.ash if ash is None else ash
        oxygen = 100 - self.carbon - self.hydrogen - self.nitrogen - self.sulphur
        pure = (
            0.3491 * self.carbon
            + 1.1783 * self.hydrogen
            + 0.1005 * self.sulphur
            - 0.1034 * oxygen
            - 0.0151 * self.nitrogen
        )
        return (pure * (100 - a) / 100 - 0.0211 * a) * (1 + self.heat_shift)

    def net_as_received(self, *, ash: float | None = None, moisture: float | None = None) -> float:
        """Net heating value as received, GJ/t, at another ash or moisture where given."""
        a = self.ash if ash is None else ash
        m = self.moisture if moisture is None else moisture
        hydrogen = self.hydrogen * (100 - a) / 100
        return (self.gross_dry(ash=a) - 0.206 * hydrogen) * (100 - m) / 100 - 0.023 * m


# Low and high of carbon, hydrogen, volatile (dry ash-free), ash (dry), total and inherent moisture.
_RANKS: dict[str, tuple[tuple[float, float], ...]] = {
    "烟煤": ((79.5, 82.5), (4.7, 5.2), (29, 35), (22, 29), (8.5, 12), (1.6, 3.2)),
    "低质烟煤": ((79, 81.5), (4.7, 5.1), (30, 35), (31, 35), (9, 11.5), (1.8, 3.0)),
    "褐煤": ((70.5, 72.5), (4.9, 5.3), (43, 47), (17, 23), (29, 33), (9, 12)),
}


def make_mines(rng: Random, kind: str) -> tuple[Mine, ...]:
    """Two to four suppliers; one for a mine-mouth plant."""
    rank = {"lignite": "褐煤", "cfb": "低质烟煤"}.get(kind, "烟煤")
    count = 1 if kind == "mine_mouth" else rng.choice((2, 3, 3, 4))
    return tuple(make_mine(rng, rank, n) for n in range(count))


def make_mine(rng: Random, rank: str, number: int) -> Mine:
    """A supplier of that rank (烟煤, 低质烟煤, 褐煤)."""
    carbon, hydrogen, volatile, ash, moisture, inherent = (rng.uniform(*r) for r in _RANKS[rank])
    return Mine(
        name=f"样本{'东南西北中'[number % 5]}{rng.choice('一二三四五六七八九')}号矿",
        rank=rank[-2:],
        carbon=carbon,
        hydrogen=hydrogen,
        nitrogen=rng.uniform(0.9, 1.4),
        sulphur=rng.uniform(0.6, 1.2),
        volatile=volatile,
        ash=ash,
        moisture=moisture,
        inherent=inherent,
        heat_shift=rng.gauss(0, 0.003),
    )


def blend(mines: Sequence[Mine], shares: Sequence[float]) -> Quality:
    """The mix of as-received shares (they need not sum to 1)."""
    total = sum(shares)
    moisture = sum(s * m.moisture for s, m in zip(shares, mines, strict=True)) / total
    dry = [s * (100 - m.moisture) for s, m in zip(shares, mines, strict=True)]
    ash = sum(d * m.ash for d, m in zip(dry, mines, strict=True)) / sum(dry)
    pure = [d * (100 - m.ash) for d, m in zip(dry, mines, strict=True)]

    def mean(name: str, weights: Sequence[float]) -> float:
        values = (getattr(m, name) for m in mines)
        return sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights)

    return Quality(
        carbon=mean("carbon", pure),
        hydrogen=mean("hydrogen", pure),
        nitrogen=mean("nitrogen", pure),
        sulphur=mean("sulphur", pure),
        volatile=mean("volatile", pure),
        ash=ash,
        moisture=moisture,
        inherent=mean("inherent", dry),
        heat_shift=mean("heat_shift", pure),
    )


def next_shares(rng: Random, shares: Sequence[float], pace: float) -> tuple[float, ...]:
    """Shares of the next month: they wander, and no supplier vanishes of itself."""
    moved = [max(0.08, s * rng.lognormvariate(0, pace)) for s in shares]
    return tuple(m / sum(moved) for m in moved)
