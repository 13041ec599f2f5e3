"""Made-up plants: a physical model of coal, laboratory, yard and machines, and of ways to cheat.

Pure functions of a seed: no database, no clock. Used for the demonstration province and to measure
what the checks find.
"""

from emitters.simulator.cheating import STRENGTHS, Attempt
from emitters.simulator.falsify import WAYS, Truth, falsify
from emitters.simulator.outside import outside_of
from emitters.simulator.plants import Plant, make_plant
from emitters.simulator.province import plants_of, province, simulate
from emitters.simulator.scenario import ODDITIES, Scenario, State
from emitters.simulator.year import honest_year

__all__ = [
    "ODDITIES",
    "STRENGTHS",
    "WAYS",
    "Attempt",
    "Plant",
    "Scenario",
    "State",
    "Truth",
    "falsify",
    "honest_year",
    "make_plant",
    "outside_of",
    "plants_of",
    "province",
    "simulate",
]
