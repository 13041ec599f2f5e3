"""Group G as far as reports and registers tell: who stands behind laboratory and consultancy."""
