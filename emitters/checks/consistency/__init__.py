"""Group C: months and sources of one report against each other."""
