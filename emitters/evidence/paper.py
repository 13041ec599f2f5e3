"""The evidence pack on paper: A4, one page a result, in Chinese, by WeasyPrint."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import HTML

from carbonwatch.accounts.models import Actor
from emitters.evidence.drawing import legend_of, svg_of
from emitters.evidence.pack import Pack, packs_of
from emitters.models import CheckResult, ReportVersion

# What one page holds: rows of one table, cells beside a table and without one.
ROWS, CELLS, CELLS_ALONE = 12, 4, 14
SHORT = 40  # characters of a threshold's value
STYLES = settings.BASE_DIR / "static" / "css" / "evidence.css"


def evidence_pdf(
    version: ReportVersion, results: Sequence[CheckResult], actor: Actor, now: datetime
) -> bytes:
    """The PDF of some results of a version; with all of them it begins with the report's summary."""
    with translation.override(settings.LANGUAGE_CODE):  # official documents are in Chinese
        pages = [_page(pack) for pack in packs_of(version, results, actor)]
        text = render_to_string(
            "emitters/evidence_pdf.html",
            {"version": version, "pages": pages, "actor": actor, "now": now,
             "whole": len(pages) > 1, "styles": STYLES.as_uri()},
        )  # fmt: skip
    return bytes(HTML(string=text, base_url=str(settings.BASE_DIR)).write_pdf())


def _page(pack: Pack) -> dict[str, Any]:
    chart = pack.chart["chart"] if pack.chart else None
    tables = pack.evidence.tables
    cells = CELLS if tables else CELLS_ALONE
    return {
        "pack": pack,
        "result": pack.result,
        "cells": pack.cells[:cells],
        "more_cells": max(0, len(pack.cells) - cells),
        "tables": [t.shortened(ROWS // len(tables[:2])) for t in tables[:2]],
        "thresholds": _thresholds(pack.result.parameters),
        "drawing": b64encode(svg_of(chart).encode()).decode() if chart else "",
        "legend": legend_of(chart) if chart else [],
    }


def _thresholds(parameters: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Short values by their source: tables of ranges are left to the page."""
    found: dict[tuple[str, str], list[str]] = {}
    for p in parameters:
        value = str(p["value"])
        if len(value) <= SHORT:
            name = p["key"].rsplit(".", 1)[1]
            found.setdefault((p["source"], p["confidence"]), []).append(
                f"{name} = {value} {p['unit']}".strip()
            )
    return [
        {"values": values, "source": source, "confidence": confidence}
        for (source, confidence), values in found.items()
    ]
