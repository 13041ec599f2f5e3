"""Group H: how a report came about."""
