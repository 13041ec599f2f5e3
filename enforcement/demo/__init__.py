"""A made-up province with people, units, reports and work in every state.

It stands in the rightmost app because it moves the matters of all of them, and only by their own
services: whatever a demonstration shows could have been done by hand.
"""
