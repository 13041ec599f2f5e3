"""Signals of this app, for the apps to its right. Announcing only: a consequence that must not be
lost is written by the receiver inside the same transaction (signals are sent within it)."""

from django.dispatch import Signal

report_submitted = Signal()  # version: ReportVersion, actor, now
report_accepted = Signal()  # version: ReportVersion, actor, now
question_upheld = Signal()  # question: Question, actor, now
