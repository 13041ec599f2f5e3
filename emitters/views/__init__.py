"""Pages of the emitting units."""
