"""Made-up plants: a physical model of coal, laboratory, yard and machines, and of ways to cheat.

Pure functions of a seed: no database, no clock. Used for the demonstration province and to measure
what the checks find.
"""
