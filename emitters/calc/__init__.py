"""Accounting: pure functions over facts and dated parameters."""
