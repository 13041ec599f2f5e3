"""The evidence pack (证据包, check catalogue §12.5): all that a person needs to redo a result by hand."""
