"""Group E: a unit against its own history. Every module declares its checks when it is imported."""
