"""A unit's own normal: its months in the report and its other years, for checks that compare them.

Statistics rest on floats made from the facts; what a check says of tonnes and limits is `Decimal`.
"""
