"""Whom to look at first: the scores of reports rolled up, each figure as a sum that can be redone.

Pure functions over `Standing`s (one report that counts); `emitters.selectors.rankings` reads them.
"""
