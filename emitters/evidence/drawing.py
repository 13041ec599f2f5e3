"""Charts for paper: the monthly series of a result as SVG, its months marked."""

from collections.abc import Mapping
from io import StringIO
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

COLOURS = ("#1f4e8c", "#b07d12", "#2f7d4f")
_MARK, _LINES = "#c0392b", "#d5d9e0"
_INCHES = (7.0, 1.85)
# Text stays text, so that the fonts of the paper are used and words can be searched.
_STYLE: Any = {
    "svg.fonttype": "none",
    "font.family": "Noto Sans CJK SC",
    "font.size": 7.5,
    "axes.edgecolor": _LINES,
    "text.color": "#1b2430",
}


def svg_of(chart: Mapping[str, Any]) -> str:
    """A chart of `emitters.evidence.chart` as SVG;
    series of other units get an axis of their own at the right."""
    with rc_context(_STYLE):
        figure = Figure(figsize=_INCHES, layout="constrained")
        axes = figure.add_subplot()
        axes.set_xticks(range(len(chart["categories"])), chart["categories"])
        others = None
        for number, series in enumerate(chart["series"]):
            drawn = axes
            if series["unit"] != chart["series"][0]["unit"]:
                others = drawn = others or axes.twinx()
            _draw(drawn, number, series, chart["marks"])
        for used in filter(None, (axes, others)):
            used.tick_params(length=0, colors="#445566")
            used.ticklabel_format(axis="y", useOffset=False, style="plain")
            used.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color=_LINES, linewidth=0.5)
        axes.set_axisbelow(True)
        written = StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None})
    return written.getvalue()


def legend_of(chart: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(colour, name with unit) of each series, for a legend beside the drawing."""
    pairs = zip(COLOURS, chart["series"], strict=False)
    return [
        (colour, f"{s['name']}（{s['unit']}）" if s["unit"] else s["name"]) for colour, s in pairs
    ]


def _draw(axes: Any, number: int, series: Mapping[str, Any], marks: Any) -> None:
    values = [float("nan") if v is None else float(v) for v in series["data"]]
    colour = COLOURS[number]
    if series["type"] == "bar":
        axes.bar(range(len(values)), values, width=0.55, color=colour, alpha=0.75)
    else:
        axes.plot(values, color=colour, linewidth=1.2, marker="o", markersize=2.5)
    marked = sorted({m["index"] for m in marks if m["series"] == number})
    axes.scatter(marked, [values[i] for i in marked], color=_MARK, s=22, zorder=3)
