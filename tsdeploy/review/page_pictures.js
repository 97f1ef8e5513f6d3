
// Liveboards as pictures: tiles in their grid, with a glyph for the chart and a mark for what became of them.
const pictures = (() => {
  const CLASSES = { new: "added", removed: "removed", "stops working": "broken", changed: "changed", moved: "moved", resized: "moved" };
  const LEGEND = { changed: "changed", moved: "moved or resized", added: "new", removed: "removed", broken: "stops working" };

  // What a chart looks like, in a box of 24 by 16.
  const line = "M1 12L7 6L13 9L23 2";
  const GLYPHS = {
    column: [["rect", { x: 2, y: 7, width: 4, height: 9 }], ["rect", { x: 10, y: 2, width: 4, height: 14 }], ["rect", { x: 18, y: 5, width: 4, height: 11 }]],
    stacked: [["rect", { x: 3, y: 8, width: 6, height: 8 }], ["rect", { x: 15, y: 4, width: 6, height: 12 }], ["path", { d: "M3 5h6M15 1h6" }]],
    bar: [["rect", { x: 1, y: 1, width: 20, height: 3.4 }], ["rect", { x: 1, y: 6.4, width: 14, height: 3.4 }], ["rect", { x: 1, y: 11.8, width: 8, height: 3.4 }]],
    stackedBars: [["rect", { x: 1, y: 2, width: 12, height: 5 }], ["rect", { x: 1, y: 10, width: 8, height: 5 }], ["path", { d: "M17 2v5M22 10v5M13 10v5" }]],
    line: [["path", { d: line }]],
    both: [["rect", { x: 2, y: 9, width: 4, height: 7 }], ["rect", { x: 10, y: 7, width: 4, height: 9 }], ["rect", { x: 18, y: 10, width: 4, height: 6 }], ["path", { d: "M2 6L12 2L22 4" }]],
    area: [["path", { d: line }], ["path", { d: `${line}V16H1Z`, class: "solid" }]],
    pie: [["circle", { cx: 12, cy: 8, r: 7 }], ["path", { d: "M12 8V1M12 8L18 12" }]],
    table: [["path", { d: "M1 1H23V15H1ZM1 5.5H23M1 10.2H23M9 1V15" }]],
    kpi: [["path", { d: "M2 13L8 8L13 11L22 3M22 3H17M22 3V8" }]],
    scatter: [["circle", { cx: 4, cy: 12, r: 1.8 }], ["circle", { cx: 10, cy: 6, r: 1.8 }], ["circle", { cx: 15, cy: 10, r: 1.8 }], ["circle", { cx: 20, cy: 3, r: 1.8 }]],
    geo: [["path", { d: "M12 15C8 10 7 8 7 6A5 5 0 0 1 17 6C17 8 16 10 12 15Z" }], ["circle", { cx: 12, cy: 6, r: 1.6 }]],
    grid: [["path", { d: "M1 1H23V15H1ZM12 1V15M12 8H23M1 10H12" }]],
    funnel: [["path", { d: "M2 1H22L15 9V15H9V9Z" }]],
    waterfall: [["path", { d: "M2 10H6V15H2ZM8 6H12V10H8ZM14 3H18V6H14ZM20 3V15" }]],
    flow: [["path", { d: "M1 3C10 3 14 8 23 8M1 13C10 13 14 8 23 8" }]],
    star: [["path", { d: "M12 1L22 6L18 15H6L2 6ZM12 5L17 7L15 12H9L7 7Z" }]],
    note: [["path", { d: "M2 3H22M2 8H22M2 13H14" }]],
    other: [["path", { d: "M2 1V15H22" }], ["circle", { cx: 12, cy: 7, r: 3 }]],
  };
  const FAMILIES = [
    [/^NOTE$/, "note"], [/^KPI|HEADLINE/, "kpi"], [/TABLE/, "table"], [/LINE_(STACKED_)?COLUMN|COMBO/, "both"], [/STACKED_BAR/, "stackedBars"], [/STACKED/, "stacked"],
    [/COLUMN/, "column"], [/BAR/, "bar"], [/AREA/, "area"], [/LINE/, "line"], [/PIE|DONUT|SUNBURST/, "pie"],
    [/SCATTER|BUBBLE|CANDLE/, "scatter"], [/GEO|MAP_|AREA_MAP/, "geo"], [/TREEMAP|HEATMAP|HEAT_MAP/, "grid"], [/FUNNEL/, "funnel"],
    [/WATERFALL|PARETO/, "waterfall"], [/SANKEY/, "flow"], [/SPIDER|RADAR/, "star"],
  ];

  function glyph(chart) {
    if (chart === "GROUP") return [];
    const family = (FAMILIES.find(([pattern]) => pattern.test(chart)) || [null, "other"])[1];
    return GLYPHS[family].map(([name, attributes]) => shape(name, attributes));
  }

  const CHARTS = { KPI: "KPI", GROUP: "group" };
  function chartWords(chart) {
    return CHARTS[chart] || chart.toLowerCase().replaceAll("_", " ");
  }

  // A character is about 6 pixels wide; SVG has no ellipsis of its own.
  function cut(text, width) {
    const room = Math.max(1, Math.floor(width / 6));
    const letters = Array.from(text);
    return letters.length <= room ? text : `${letters.slice(0, room - 1).join("")}…`;
  }

  const CELL = 46, ROW = 23, GAP = 3;

  // Where a tile went, or came from, belongs to the mark.
  function markWords(item, isAfter) {
    return item.marks.map((mark) => (mark === "moved" && item.elsewhere ? `moved ${isAfter ? "from" : "to"} ${item.elsewhere}` : mark));
  }

  function stateOf(item) {
    const mark = Object.keys(CLASSES).find((one) => item.marks.includes(one));
    return mark ? CLASSES[mark] : "";
  }

  function tile(item, frame, isAfter) {
    const [x, y, w, h] = item.place;
    const { column, row, left, top } = frame;
    const box = { x: left + x * column + GAP, y: top + y * row + GAP, width: Math.max(6, w * column - 2 * GAP), height: Math.max(6, h * row - 2 * GAP) };
    const group = shape("g", { class: `tile ${stateOf(item)}` });
    const mark = markWords(item, isAfter).join(", ");
    const what = chartWords(item.chart) || "chart";
    group.append(shape("title", {}, `${item.name || item.id} (${item.id}), ${what}${mark ? `: ${mark}` : ""}`));
    group.append(shape("rect", { class: "frame", ...box, rx: 5 }));
    group.append(shape("text", { x: box.x + 8, y: box.y + 18 }, cut(item.name || item.id, (box.width - 14) * 0.78)));
    if (mark && box.height > 38) group.append(shape("text", { class: "mark", x: box.x + 8, y: box.y + 33 }, cut(mark, box.width - 12)));
    if (item.inner.length) {
      const inside = item.inner.reduce((most, one) => Math.max(most, one.place[1] + one.place[3]), 1);
      const within = { column: (box.width - 2 * GAP) / data.columns, row: (box.height - 40 - GAP) / inside, left: box.x + GAP, top: box.y + 38 };
      item.inner.forEach((one) => group.append(tile(one, within, isAfter)));
    } else if (box.height > 56 && box.width > 44) {
      const scale = Math.min(2.8, (box.height - 52) / 22, (box.width - 20) / 30);
      const place = `translate(${box.x + box.width / 2 - 12 * scale} ${box.y + 34 + (box.height - 54 - 16 * scale) / 2}) scale(${scale})`;
      if (scale > 0.3) group.append(shape("g", { class: "glyph", transform: place }, ...glyph(item.chart)));
      group.append(shape("text", { class: "chart", x: box.x + 8, y: box.y + box.height - 6 }, cut(what, box.width - 10)));
    }
    return group;
  }

  function picture(tab, words, isAfter) {
    if (!tab || !tab.tiles.length) return make("div", "empty", tab ? "No tiles" : words);
    const rows = tab.tiles.reduce((most, one) => Math.max(most, one.place[1] + one.place[3]), 1);
    const box = `0 0 ${data.columns * CELL} ${rows * ROW}`;
    const drawn = shape("svg", { class: "picture", viewBox: box, role: "img", "aria-label": described(tab, isAfter) });
    tab.tiles.forEach((one) => drawn.append(tile(one, { column: CELL, row: ROW, left: 0, top: 0 }, isAfter)));
    return drawn;
  }

  function every(tab) {
    return tab ? tab.tiles.flatMap((one) => [one, ...one.inner]) : [];
  }

  function described(tab, isAfter) {
    return every(tab).map((one) => [`${one.name || one.id}: ${chartWords(one.chart)}`, ...markWords(one, isAfter)].join(", ")).join("; ");
  }

  function legend(pairs) {
    const states = new Set(pairs.flatMap(({ before, after }) => [...every(before), ...every(after)]).map(stateOf));
    const shown = make("p", "legend");
    for (const [state, words] of Object.entries(LEGEND)) {
      if (states.has(state)) shown.append(make("span", "", make("i", state), words));
    }
    return shown;
  }

  function tabName({ before, after }, verb) {
    if (!before) return `${after.name}${verb === "added" ? "" : " (new tab)"}`;
    if (!after) return `${before.name}${verb === "removed" ? "" : " (removed tab)"}`;
    return before.name === after.name ? after.name : `${before.name || "No tab"} → ${after.name || "no tab"}`;
  }

  function figure(caption, drawn) {
    return make("figure", "", make("figcaption", "", caption), drawn);
  }

  return (item) => {
    const states = legend(item.picture);
    const differs = item.verb === "changed" && states.hasChildNodes();
    const block = make("section", "", make("h3", "", differs ? "Before and after" : "Picture"), states);
    for (const pair of item.picture) {
      const { before, after } = pair;
      const name = tabName(pair, item.verb);
      if (name || item.picture.length > 1) block.append(make("div", "", make("span", "tab-name", name || "No tab")));
      const quiet = before && after && ![...every(before), ...every(after)].some((one) => one.marks.length);
      if (quiet) {
        block.append(make("div", "pictures", figure("Unchanged", picture(after, "", true))));
      } else if (item.verb === "added" || item.verb === "removed") {
        block.append(make("div", "pictures", figure(item.verb === "added" ? "New" : "Removed", picture(after || before, "", Boolean(after)))));
      } else {
        block.append(make("div", "pictures",
          figure("Before", picture(before, "Not there before", false)),
          figure("After", picture(after, "Not there any more", true))));
      }
    }
    return block;
  };
})();
