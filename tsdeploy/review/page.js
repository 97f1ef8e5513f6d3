
"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const search = byId("search"), list = byId("list"), report = byId("report"), main = byId("main");
  const CLASSES = { new: "added", removed: "removed", "stops working": "broken", changed: "changed", moved: "moved", resized: "moved" };
  const wanted = new Set();
  const articles = new Map();
  let current = -1;

  function make(name, className, ...content) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content.filter((part) => part !== null && part !== undefined));
    return made;
  }

  function shape(name, attributes, ...content) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...content);
    return made;
  }

  // Pairs of words of the report, and names from outside, which are set apart.
  function phrase(parts) {
    return parts.map(([sort, text]) => (sort === "q" ? make("span", "q", text) : text));
  }

  function counted(number, noun) {
    return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
  }

  function labelled(item) {
    return [make("span", `kind s${item.sort}`, item.kind), " ", make("span", "q", item.name)];
  }

  // Long lists show their beginning, and the rest when asked for.
  function grown(rows, holder, first = 30) {
    rows.slice(0, first).forEach((row) => holder.append(row()));
    if (rows.length <= first) return [holder];
    const button = make("button", "more", `Show ${rows.length - first} more`);
    button.type = "button";
    const rest = () => {
      rows.slice(first).forEach((row) => holder.append(row()));
      button.remove();
    };
    button.addEventListener("click", rest);
    window.addEventListener("beforeprint", () => button.isConnected && rest());
    return [holder, button];
  }

  // What a chart looks like, in a box of 24 by 16.
  const line = "M1 12L7 6L13 9L23 2";
  const GLYPHS = {
    column: [["rect", { x: 2, y: 7, width: 4, height: 9 }], ["rect", { x: 10, y: 2, width: 4, height: 14 }], ["rect", { x: 18, y: 5, width: 4, height: 11 }]],
    stacked: [["rect", { x: 3, y: 8, width: 6, height: 8 }], ["rect", { x: 15, y: 4, width: 6, height: 12 }], ["path", { d: "M3 5h6M15 1h6" }]],
    bar: [["rect", { x: 1, y: 1, width: 20, height: 3.4 }], ["rect", { x: 1, y: 6.4, width: 14, height: 3.4 }], ["rect", { x: 1, y: 11.8, width: 8, height: 3.4 }]],
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
    [/^NOTE$/, "note"], [/^KPI|HEADLINE/, "kpi"], [/TABLE/, "table"], [/LINE_(STACKED_)?COLUMN|COMBO/, "both"], [/STACKED/, "stacked"],
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

  const CELL = 56, ROW = 26, GAP = 3;

  function tile(item, column, row, left, top) {
    const [x, y, w, h] = item.place;
    const box = { x: left + x * column + GAP, y: top + y * row + GAP, width: Math.max(6, w * column - 2 * GAP), height: Math.max(6, h * row - 2 * GAP) };
    const marks = Object.keys(CLASSES).filter((one) => item.marks.includes(one));
    const group = shape("g", { class: `tile ${marks.length ? CLASSES[marks[0]] : ""}` });
    const mark = marks.join(", ");
    const what = chartWords(item.chart) || "chart";
    group.append(shape("title", {}, `${item.name || item.id} (${item.id}), ${what}${mark ? `: ${mark}` : ""}`));
    group.append(shape("rect", { class: "frame", ...box, rx: 5 }));
    const text = shape("text", { x: box.x + 8, y: box.y + 18 }, cut(item.name || item.id, (box.width - 14) * 0.78));
    group.append(text);
    if (mark && box.height > 38) group.append(shape("text", { class: "mark", x: box.x + 8, y: box.y + 33 }, cut(mark, box.width)));
    if (item.inner.length) {
      const inside = item.inner.reduce((most, one) => Math.max(most, one.place[1] + one.place[3]), 1);
      const step = (box.height - 40) / inside;
      item.inner.forEach((one) => group.append(tile(one, box.width / data.columns, step, box.x, box.y + 38)));
    } else if (box.height > 56 && box.width > 44) {
      const scale = Math.min(2.8, (box.height - 52) / 22, (box.width - 20) / 30);
      const place = `translate(${box.x + box.width / 2 - 12 * scale} ${box.y + 34 + (box.height - 54 - 16 * scale) / 2}) scale(${scale})`;
      if (scale > 0.3) group.append(shape("g", { class: "glyph", transform: place }, ...glyph(item.chart)));
      group.append(shape("text", { class: "chart", x: box.x + 8, y: box.y + box.height - 6 }, cut(what, box.width - 10)));
    }
    return group;
  }

  function picture(tab, words) {
    if (!tab || !tab.tiles.length) return make("div", "empty", tab ? "No tiles" : words);
    const rows = tab.tiles.reduce((most, one) => Math.max(most, one.place[1] + one.place[3]), 1);
    const width = data.columns * CELL;
    const drawn = shape("svg", { class: "picture", viewBox: `0 0 ${width} ${rows * ROW}`, role: "img", "aria-label": described(tab) });
    tab.tiles.forEach((one) => drawn.append(tile(one, CELL, ROW, 0, 0)));
    return drawn;
  }

  function described(tab) {
    return tab.tiles.map((one) => `${one.name || one.id}: ${chartWords(one.chart)}${one.marks.map((mark) => `, ${mark}`).join("")}`).join("; ");
  }

  function touched(tab) {
    return tab && tab.tiles.some((one) => one.marks.length || one.inner.some((inner) => inner.marks.length));
  }

  function pictures(item) {
    const { before, after } = item.picture;
    const names = [...new Set([...after, ...before].map((tab) => tab.name))];
    const block = make("section", "", make("h3", "", "Picture"));
    const legend = make("p", "legend");
    for (const [state, words] of [["changed", "changed"], ["moved", "moved or resized"], ["added", "new"], ["removed", "removed"], ["broken", "stops working"]]) {
      legend.append(make("span", "", make("i", state), words));
    }
    block.append(legend);
    for (const name of names) {
      const old = before.find((tab) => tab.name === name), now = after.find((tab) => tab.name === name);
      const state = !old && item.verb !== "added" ? " (new tab)" : !now && item.verb !== "removed" ? " (removed tab)" : "";
      const sides = make("div", "pictures");
      const quiet = old && now && !touched(old) && !touched(now);
      if (quiet) sides.append(make("figure", "", make("figcaption", "", "Unchanged"), picture(now, "")));
      else {
        sides.append(make("figure", "", make("figcaption", "", "Before"), picture(old, "Not there")));
        sides.append(make("figure", "", make("figcaption", "", "After"), picture(now, "Not there any more")));
      }
      if (name || names.length > 1) block.append(make("div", "", make("span", "tab-name", name || "No tab", state)));
      block.append(sides);
    }
    return block;
  }

  function value(lines) {
    return lines === null ? "" : lines.join("\n");
  }

  function changeRow(change) {
    const what = make("td", "", make("span", `badge ${change.risk}`, change.risk), ...phrase(change.head));
    if (change.why.length) what.append(make("span", `why ${change.risk}`, ...phrase(change.why)));
    if (change.line) what.append(make("span", "path", ` line ${change.line}`));
    return make("tr", "", what,
      make("td", change.old === null ? "value" : "value old", value(change.old)),
      make("td", change.new === null ? "value" : "value new", value(change.new)));
  }

  function columns(...names) {
    return make("colgroup", "", ...names.map((name) => make("col", name)));
  }

  function changes(item) {
    const shown = item.changes;
    if (!shown.length) return [];
    const heads = ["What", "Before", "After"].map((word) => {
      const cell = make("th", "", word);
      cell.scope = "col";
      return cell;
    });
    const rows = make("tbody");
    const table = make("table", "changes", columns("what", "", ""), make("thead", "", make("tr", "", ...heads)), rows);
    const [, ...button] = grown(shown.map((one) => () => changeRow(one)), rows, 60);
    return [make("h3", "", `What changes (${shown.length})`), table, ...button];
  }

  function textDiff(item) {
    if (!item.text.rows.length) return [];
    const fold = make("details", "text-diff", make("summary", "", make("b", "", "The text, side by side")));
    fold.addEventListener("toggle", () => {
      if (fold.dataset.done) return;
      fold.dataset.done = "yes";
      const table = make("table", "text", columns("number", "", "number", ""));
      for (const row of item.text.rows) {
        if (row === null) {
          const gap = make("td", "", "⋯");
          gap.colSpan = 4;
          table.append(make("tr", "gap", gap));
          continue;
        }
        const [a, before, b, after, same] = row;
        table.append(make("tr", "",
          make("td", "number", a || ""), make("td", same || !a ? "" : "old", before),
          make("td", "number", b || ""), make("td", same || !b ? "" : "new", after)));
      }
      fold.append(table);
      if (item.text.missing) fold.append(make("p", "lead", `and ${counted(item.text.missing, "more row")}: see git diff`));
    });
    return [fold];
  }

  function affectedRow(item) {
    const row = make("li", "", ...labelled(item), item.changed ? " (changes, too)" : "");
    if (item.breaks.length) {
      const inner = make("ul");
      item.breaks.slice(0, 12).forEach((one) => inner.append(make("li", "", ...phrase(one))));
      if (item.breaks.length > 12) inner.append(make("li", "", `and ${item.breaks.length - 12} more`));
      row.append(inner);
    }
    return row;
  }

  function affectedList(items) {
    return grown(items.map((one) => () => affectedRow(one)), make("ul"), 25);
  }

  function findingRow(finding) {
    const risk = { error: "breaking", warning: "risky", info: "noise" }[finding.severity];
    const row = make("li", "", make("span", `badge ${risk}`, finding.severity), make("b", "", finding.code), " ", make("span", "", finding.message));
    if (finding.where) row.append(" ", make("span", "path", finding.where));
    if (finding.hint) row.append(make("div", "path", finding.hint));
    return row;
  }

  function findings(items, heading) {
    if (!items.length) return [];
    return [make("h3", "", heading), ...grown(items.map((one) => () => findingRow(one)), make("ul"))];
  }

  function objectArticle(item) {
    const made = make("article", "", make("h2", "", ...labelled(item), item.verb === "changed" ? "" : ` ${item.verb}`));
    made.append(make("div", "path", item.path, item.guid ? ` · ${item.guid}` : ""));
    if (item.why.length) made.append(make("p", item.risk, ...phrase(item.why)));
    if (item.breaks.length) {
      made.append(make("h3", "breaking", "Stops working because of other changes"), ...grown(item.breaks.map((one) => () => make("li", "", ...phrase(one))), make("ul")));
    }
    if (item.picture) made.append(pictures(item));
    made.append(...changes(item), ...findings(item.findings, "Findings of the check"));
    const broken = item.users.filter((one) => one.breaks.length), rest = item.users.filter((one) => !one.breaks.length);
    if (broken.length) made.append(make("h3", "", `Stops working (${broken.length})`), ...affectedList(broken));
    if (rest.length) made.append(make("h3", "", `Also uses it (${rest.length})`), ...affectedList(rest));
    made.append(...textDiff(item));
    return made;
  }

  const WORDS = { create: "to create", update: "to update", adopt: "to adopt", unchanged: "unchanged", blocked: "blocked" };

  function outlook(item) {
    const card = make("section", "card", make("h3", "", make("span", "q", item.name)));
    card.append(make("p", "lead", !item.planned ? "It cannot be planned for." : item.live ? "Asked just now." : "Told from files: the server was not asked."));
    if (item.planned) {
      const numbers = make("ul", "numbers");
      for (const [action, words] of Object.entries(WORDS)) {
        if (item.counts[action]) numbers.append(make("li", action === "blocked" ? "breaking" : "", make("b", "", item.counts[action]), ` ${words}`));
      }
      card.append(numbers);
    }
    if (item.changes.length) {
      const fold = make("details", "", make("summary", "", counted(item.changes.length, "object")));
      fold.append(...grown(item.changes.map((one) => () => make("li", "", `${one.action} `, make("span", "q", one.label), " ", make("span", "path", one.reason))), make("ul")));
      card.append(fold);
    }
    if (item.coverage.length) {
      const heads = ["", "kept", "variable", "mapped", "not mapped"].map((word) => make("th", "", word));
      const rows = item.coverage.map((row) => make("tr", "", ...row.map((cell, at) => make("td", at === 4 && cell ? "breaking" : "", cell === 0 ? "·" : cell))));
      const fold = make("details", "", make("summary", "", "How far the mapping covers the changed objects"));
      fold.append(make("table", "", make("thead", "", make("tr", "", ...heads)), make("tbody", "", ...rows)));
      card.append(fold);
    }
    item.findings.forEach((one, at) => (at ? card.lastChild : card.appendChild(make("ul"))).append(findingRow(one)));
    return card;
  }

  // From the right side of what is needed to the left side of what needs it.
  function curve(from, to, width, height) {
    const x1 = from.x + width, y1 = from.y + height / 2, x2 = to.x, y2 = to.y + height / 2;
    if (x2 <= from.x) return `M${x1} ${y1}C${x1 + 46} ${y1} ${x2 + width + 46} ${y2} ${x2 + width} ${y2}`;
    const bend = Math.max(36, (x2 - x1) / 2);
    return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  }

  function graph() {
    const { nodes, width, height, left_out: leftOut } = data.graph;
    if (nodes.length < 2) return [];
    const right = Math.max(...nodes.map((node) => node.x)) + width, low = Math.max(...nodes.map((node) => node.y)) + height;
    const top = Math.min(...nodes.map((node) => node.y));
    const size = { width: right + 24, height: low - top + 24 };
    const drawn = shape("svg", { class: "graph", viewBox: `-12 ${top - 12} ${size.width} ${size.height}`, ...size, role: "img", "aria-label": "What changes, and what stands on it" });
    const paths = nodes.flatMap((node) => node.needs.map((other) => curve(nodes[other], node, width, height)));
    drawn.append(shape("path", { d: paths.join("") }));
    for (const node of nodes) {
      const states = `${node.object >= 0 ? " mine" : ""}${node.broken ? " broken" : ""}`;
      const group = shape("g", { class: `node${states}`, transform: `translate(${node.x} ${node.y})` },
        shape("title", {}, `${node.label}${node.object >= 0 ? ": changes" : ""}${node.broken ? ": stops working" : ""}`),
        shape("rect", { width, height, rx: 7, class: `s${node.sort}` }),
        shape("text", { x: 10, y: 16, class: "kind" }, node.kind.slice(0, 32) + (node.object >= 0 ? " · changes" : "") + (node.broken ? " · stops working" : "")),
        shape("text", { x: 10, y: 34, class: "name" }, node.short));
      drawn.append(node.object >= 0 ? shape("a", { href: `#object-${node.object}` }, group) : group);
    }
    const holder = make("div", "scroll", drawn);
    holder.tabIndex = 0;
    const parts = [make("h2", "", "What stands on what"), make("p", "lead", "To the right of an object stands what uses it. Blue frames change, red ones stop working.")];
    if (leftOut) parts.push(make("p", "lead", `${counted(leftOut, "object")} more are not drawn.`));
    return [...parts, holder];
  }

  function overview() {
    const made = make("article", "");
    const weighty = data.objects.map((item, at) => [item, at]).filter(([item]) => item.risk === "breaking" || item.risk === "risky");
    if (weighty.length) {
      const rows = make("ul");
      made.append(make("h2", "", "What to look at"), ...grown(weighty.map(([item, at]) => () => summaryRow(item, at)), rows, 40));
    }
    if (data.broken.objects.length) {
      made.append(make("h2", "", `What stops working: ${data.broken.summary}`), ...affectedList(data.broken.objects));
    }
    if (data.outlooks.length) made.append(make("h2", "", "What a deploy would do"), ...data.outlooks.map(outlook));
    if (data.findings.length) made.append(make("h2", "", "Findings of the check"), ...findings(data.findings, "").slice(1));
    made.append(...graph());
    if (data.users.objects.length) {
      made.append(make("h2", "", `Also affected: ${data.users.summary}`));
      made.append(make("p", "lead", "These use what changes, and are not changed themselves: look at their numbers."), ...affectedList(data.users.objects));
    }
    if (!data.objects.length) made.append(make("p", "lead", "No TML changes between these commits."));
    return made;
  }

  function summaryRow(item, at) {
    const link = make("a", "", ...labelled(item));
    link.href = `#object-${at}`;
    const row = make("li", "", link, item.verb === "changed" ? "" : ` ${item.verb}`);
    if (item.why.length) row.append(" — ", make("span", item.risk, ...phrase(item.why)));
    const inner = make("ul");
    const bad = item.changes.filter((one) => one.risk === "breaking" || one.risk === "risky");
    bad.slice(0, 6).forEach((one) => {
      const values = [one.old, one.new].filter((side) => side !== null).map((side) => side.join(" "));
      const line = make("li", "", make("span", `badge ${one.risk}`, one.risk), ...phrase(one.head));
      if (values.length && values.join("").length < 90) line.append(": ", make("span", "q", values.join(" → ")));
      if (one.why.length) line.append(" — ", ...phrase(one.why));
      inner.append(line);
    });
    if (bad.length > 6) inner.append(make("li", "", `and ${bad.length - 6} more`));
    if (bad.length) row.append(inner);
    return row;
  }

  function article(number) {
    if (!articles.has(number)) {
      const made = number < 0 ? overview() : objectArticle(data.objects[number]);
      articles.set(number, made);
      report.append(made);
    }
    return articles.get(number);
  }

  function show(number) {
    current = number;
    articles.forEach((made) => made.classList.remove("on"));
    article(number).classList.add("on");
    entries.forEach((entry, at) => mark(entry, at === number));
    mark(byId("to-overview"), number < 0);
    main.scrollTop = 0;
    if (number >= 0) entries[number].scrollIntoView({ block: "nearest" });
  }

  function mark(entry, on) {
    entry.classList.toggle("selected", on);
    if (on) entry.setAttribute("aria-current", "true");
    else entry.removeAttribute("aria-current");
  }

  function fromAddress() {
    const found = /^#object-(\d+)$/.exec(location.hash);
    show(found && Number(found[1]) < data.objects.length ? Number(found[1]) : -1);
  }

  function go(number) {
    location.hash = number < 0 ? "overview" : `object-${number}`;
  }

  function entryOf(item, at) {
    const count = item.changes.length;
    const words = (item.verb === "changed" ? counted(count, "change") : item.verb) + (item.breaks.length ? " · stops working" : "");
    const entry = make("a", `entry of-${item.risk}`, make("span", "name", item.name), make("small", "", `${item.kind} · ${item.risk} · ${words}`));
    entry.href = `#object-${at}`;
    return entry;
  }

  const entries = data.objects.map(entryOf);
  list.append(...entries);

  function filter() {
    const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    data.objects.forEach((item, at) => {
      const text = `${item.kind}:${item.name} ${item.path} ${item.guid}`.toLowerCase();
      const risks = [item.risk, ...item.changes.map((one) => one.risk)];
      const on = words.every((word) => text.includes(word)) && (!wanted.size || risks.some((risk) => wanted.has(risk)));
      entries[at].hidden = !on;
      found += on ? 1 : 0;
    });
    byId("none").hidden = found > 0 || !data.objects.length;
  }

  for (const { name, count } of data.risks.filter((risk) => risk.count)) {
    const chip = make("button", `chip ${name}`, `${count} ${name}`);
    chip.type = "button";
    chip.setAttribute("aria-pressed", "false");
    chip.addEventListener("click", () => {
      if (!wanted.delete(name)) wanted.add(name);
      chip.setAttribute("aria-pressed", String(wanted.has(name)));
      filter();
    });
    byId("filters").append(chip);
  }

  function step(direction) {
    const shown = entries.map((entry, at) => at).filter((at) => !entries[at].hidden);
    if (!shown.length) return;
    const place = shown.indexOf(current);
    go(place < 0 ? shown[direction > 0 ? 0 : shown.length - 1] : shown[Math.min(shown.length - 1, Math.max(0, place + direction))]);
  }

  const KEYS = {
    "/": () => search.focus(),
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => document.activeElement === document.body && step(1),
    ArrowUp: () => document.activeElement === document.body && step(-1),
    o: () => go(-1),
    t: () => {
      const fold = article(current).querySelector(".text-diff");
      if (fold) fold.open = !fold.open;
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === search) {
      if (event.key === "Escape") {
        search.value = "";
        filter();
        search.blur();
      } else if (event.key === "Enter") step(1);
      return;
    }
    const action = KEYS[event.key];
    if (action) {
      action();
      if (event.key === "/") event.preventDefault();
    }
  });

  const banner = byId("verdict");
  banner.className = data.verdict.mood;
  const amounts = data.risks.filter((risk) => risk.count).map((risk) => `${risk.count} ${risk.name}`).join(" · ");
  banner.append(make("h1", "", data.verdict.text), make("p", "", `${amounts ? `${amounts} — ` : ""}${data.base} → ${data.head}`));
  search.addEventListener("input", filter);
  window.addEventListener("hashchange", fromAddress);
  window.addEventListener("beforeprint", () => {
    article(-1);
    data.objects.forEach((_, at) => article(at));
    document.querySelectorAll("article details:not(.text-diff)").forEach((fold) => (fold.open = true));
  });
  fromAddress();
})();
