"""Group F: patterns. They rank, and never by themselves make a report unacceptable.

Every module declares its checks when it is imported.
"""
