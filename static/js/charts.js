// Charts from JSON: <div data-chart="ID"> draws what <script id="ID" type="application/json"> says.
// SVG and rich-text tooltips only: HTML tooltips need inline styles, which the content policy forbids.
//
// {kind: "monthly", categories: ["1月", …], series: [{name, type: "line"|"bar", data, unit, axis: 0|1}],
//  marks: [{series, index, severity: "fatal"|"critical"|"info", label, href}]}
// {kind: "ranking", items: [{name, value, href, note}], unit}
// {kind: "map", source: URL of the outlines, values: {"210100": number}, unit}
const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
const COLOURS = ["#1d4f91", "#d9822b", "#2e8b57", "#8e5ea2", "#5a6775", "#b3261e"];
// Bars are pale, so that lines and marks stand out before them.
const BARS = ["#b9cbe3", "#c9d8cf", "#e3d3b9", "#d5c8e0"];
const SEVERITY = { fatal: "#b3261e", critical: "#d99a1b", info: "#1d4f91" };
const SYMBOL = { fatal: "triangle", critical: "diamond", info: "circle" };

// Figures arrive as exact decimals in text; a missing one stays missing.
const figure = (value) => (value === null || value === undefined || value === "" ? null : Number(value));

function common() {
  return {
    color: COLOURS,
    textStyle: { fontFamily: FONT, color: "#1b2733" },
    aria: { enabled: true, decal: { show: false } },
    animationDuration: 300,
    grid: { left: 8, right: 12, top: 44, bottom: 8, containLabel: true },
    tooltip: { renderMode: "richText", confine: true },
  };
}

function monthly(data) {
  const units = [...new Set(data.series.map((s) => s.unit || ""))];
  const axisOf = (s) => (s.axis === undefined ? Math.min(units.indexOf(s.unit || ""), 1) : s.axis);
  return {
    ...common(),
    legend: { top: 0, type: "scroll", icon: "roundRect" },
    tooltip: { ...common().tooltip, trigger: "axis" },
    xAxis: { type: "category", data: data.categories, axisTick: { show: false } },
    // Bars compare lengths, so their axis starts at zero; lines may zoom in.
    yAxis: units.slice(0, 2).map((unit) => ({ type: "value", name: unit, scale: !data.series.some((s) => s.type === "bar" && (s.unit || "") === unit), splitLine: { lineStyle: { color: "#e9edf2" } } })),
    series: data.series.map((s, i) => ({
      name: s.name,
      type: s.type || "line",
      yAxisIndex: units.length > 1 ? axisOf(s) : 0,
      data: s.data.map(figure),
      barMaxWidth: 28,
      itemStyle: s.type === "bar" ? { color: BARS[i % BARS.length] } : {},
      z: s.type === "bar" ? 2 : 3,
      symbolSize: 6,
      connectNulls: false,
      markPoint: {
        data: (data.marks || [])
          .filter((m) => m.series === i && figure(s.data[m.index]) !== null)
          .map((m) => ({
            name: m.label,
            coord: [m.index, figure(s.data[m.index])],
            symbol: SYMBOL[m.severity] || "circle",
            symbolSize: 16,
            itemStyle: { color: SEVERITY[m.severity] || SEVERITY.info, borderColor: "#fff", borderWidth: 1 },
            label: { show: false },
            tooltip: { trigger: "item", formatter: m.label },
            href: m.href,
          })),
      },
    })),
  };
}

function ranking(data) {
  const items = data.items.slice().reverse();
  return {
    ...common(),
    grid: { ...common().grid, top: 8, right: 56 },
    tooltip: {
      ...common().tooltip,
      formatter: (p) => [`${p.name}：${p.value} ${data.unit || ""}`, items[p.dataIndex].note].filter(Boolean).join("\n"),
    },
    xAxis: { type: "value", splitLine: { lineStyle: { color: "#e9edf2" } } },
    yAxis: { type: "category", data: items.map((i) => i.name), axisTick: { show: false }, axisLabel: { width: 130, overflow: "truncate" } },
    series: [{ type: "bar", barMaxWidth: 18, data: items.map((i) => ({ value: figure(i.value), href: i.href })), label: { show: true, position: "right" } }],
  };
}

async function map(data) {
  const outlines = await (await fetch(data.source)).json();
  window.echarts.registerMap("outlines", outlines);
  const values = outlines.features.map((f) => ({
    name: f.properties.name,
    value: figure(data.values[String(f.properties.adcode)]) || 0,
    href: (data.links || {})[String(f.properties.adcode)],
  }));
  return {
    ...common(),
    tooltip: { ...common().tooltip, formatter: (p) => `${p.name}：${p.value} ${data.unit || ""}` },
    visualMap: { min: 0, max: Math.max(1, ...values.map((v) => v.value)), left: 8, bottom: 8, inRange: { color: ["#eef3f9", "#1d4f91"] } },
    series: [{ type: "map", map: "outlines", data: values, label: { show: true, fontSize: 11 }, itemStyle: { borderColor: "#fff" } }],
  };
}

const KINDS = { monthly, ranking, map };

async function draw(place) {
  const source = document.getElementById(place.dataset.chart);
  if (!source || !window.echarts) return;
  const data = JSON.parse(source.textContent);
  const options = await KINDS[data.kind](data);
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  chart.setOption(options);
  chart.on("click", (event) => {
    if (event.data && event.data.href) window.location.assign(event.data.href);
  });
  window.addEventListener("resize", () => chart.resize());
}

document.querySelectorAll("[data-chart]").forEach(draw);
