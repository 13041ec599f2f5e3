"""Comparisons over a population: features of reports as pandas frames, and rules over them.

A rule takes the frames and a year and returns findings by report; the registered check of the same
code (`emitters.checks.peers`) only looks them up.
"""

from emitters.peers import clones, coal, digits, edges, outliers, providers, weak  # noqa: F401 -- rules
from emitters.peers.features import Features, features_of
from emitters.peers.findings import Findings, Peers, population_rules
from emitters.peers.frames import Frames

__all__ = ["Features", "Findings", "Frames", "Peers", "features_of", "population_rules"]
