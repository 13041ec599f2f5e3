"""Group D: laboratory evidence. Every module declares its checks when it is imported."""
