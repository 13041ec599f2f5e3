"""Group A: completeness and form."""
