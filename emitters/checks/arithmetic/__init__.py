"""Group A: arithmetic."""
