"""The annual report workbook, both directions, from the one definition in `emitters.layouts`."""

import emitters.workbook.rules  # noqa: F401 -- registers the texts
from emitters.workbook.reader import Expectation, Meta, Reading, read_report
from emitters.workbook.template import write_template
from emitters.workbook.writer import write_report

__all__ = ["Expectation", "Meta", "Reading", "read_report", "write_report", "write_template"]
