
"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const FAR = 0.32;
  const SHOWN = 60;
  const { nodes, kinds, width, height } = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const graph = byId("graph"), world = byId("world"), search = byId("search");
  const numberOf = new Map(nodes.map((node, number) => [node.id, number]));
  const view = { x: 0, y: 0, scale: 1 };
  let selected = -1;
  let wholeChain = false;

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function shape(name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function drawNode(node, number) {
    const group = shape("g", {
      class: node.cycle.length ? "node cycle" : "node",
      transform: `translate(${node.x} ${node.y})`,
      "data-number": number,
    });
    group.append(
      shape("title", {}, `${node.kind}:${node.name}`),
      shape("rect", { width, height, rx: 7, class: `s${node.sort}` }),
      shape("text", { x: 10, y: 16, class: "kind" }, node.kind.slice(0, 32)),
      shape("text", { x: 10, y: 34, class: "name" }, node.short),
    );
    return group;
  }

  // From the right side of what is needed to the left side of what needs it; a bow where both share a column.
  function curve(from, to) {
    const a = nodes[from], b = nodes[to];
    const middle = height / 2;
    const x1 = a.x + width, y1 = a.y + middle, y2 = b.y + middle;
    if (b.x <= a.x) {
      const bow = x1 + 46, x2 = b.x + width;
      return `M${x1} ${y1}C${bow} ${y1} ${bow} ${y2} ${x2} ${y2}`;
    }
    const along = b.x - x1;
    const bend = Math.max(36, along / 2);
    // What passes other columns bows outwards, or it would seem to come from an object that it only runs behind.
    const lift = along > 1.5 * width ? Math.min(90, along / 8) * (y1 + y2 < 0 ? -1 : 1) : 0;
    return `M${x1} ${y1}C${x1 + bend} ${y1 + lift} ${b.x - bend} ${y2 + lift} ${b.x} ${y2}`;
  }

  function edgesOf(field) {
    const paths = [];
    nodes.forEach((node, number) => node[field].forEach((other) => paths.push(curve(other, number))));
    return paths.join("");
  }

  const shapes = nodes.map(drawNode);
  byId("nodes").append(...shapes);
  byId("edges").setAttribute("d", edgesOf("needs"));
  byId("hyperlinks").setAttribute("d", edgesOf("links"));

  // Looking around.

  function show() {
    world.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.scale})`);
    graph.classList.toggle("far", view.scale < FAR);
  }

  function zoom(factor, x, y) {
    const scale = Math.min(3, Math.max(0.02, view.scale * factor));
    view.x = x - (x - view.x) * (scale / view.scale);
    view.y = y - (y - view.y) * (scale / view.scale);
    view.scale = scale;
    show();
  }

  function zoomMiddle(factor) {
    zoom(factor, graph.clientWidth / 2, graph.clientHeight / 2);
  }

  function fit(numbers) {
    if (!numbers.length) return;
    const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
    for (const number of numbers) {
      const node = nodes[number];
      bounds.left = Math.min(bounds.left, node.x);
      bounds.top = Math.min(bounds.top, node.y);
      bounds.right = Math.max(bounds.right, node.x + width);
      bounds.bottom = Math.max(bounds.bottom, node.y + height);
    }
    const wide = bounds.right - bounds.left + 80, tall = bounds.bottom - bounds.top + 80;
    view.scale = Math.min(1.4, graph.clientWidth / wide, graph.clientHeight / tall);
    view.x = graph.clientWidth / 2 - ((bounds.left + bounds.right) / 2) * view.scale;
    view.y = graph.clientHeight / 2 - ((bounds.top + bounds.bottom) / 2) * view.scale;
    show();
  }

  const fitAll = () => fit(nodes.map((_, number) => number));

  function bringIntoView(number) {
    const node = nodes[number];
    if (view.scale < FAR) view.scale = 0.6;
    const x = (node.x + width / 2) * view.scale + view.x, y = (node.y + height / 2) * view.scale + view.y;
    const margin = 90;
    if (x < margin || x > graph.clientWidth - margin) view.x += graph.clientWidth / 2 - x;
    if (y < margin || y > graph.clientHeight - margin) view.y += graph.clientHeight / 2 - y;
    show();
  }

  // Choosing.

  function reach(start, field) {
    const found = new Set(nodes[start][field]);
    if (!wholeChain) return found;
    for (const number of found) nodes[number][field].forEach((other) => found.add(other));
    found.delete(start);
    return found;
  }

  function within(field, numbers) {
    const paths = [];
    for (const number of numbers) for (const other of nodes[number][field]) if (numbers.has(other)) paths.push(curve(other, number));
    return paths.join("");
  }

  function clearMarks() {
    graph.classList.remove("focus");
    for (const group of shapes) group.classList.remove("on", "selected", "needs", "uses", "linked");
    for (const id of ["needs-edges", "uses-edges", "link-edges"]) byId(id).removeAttribute("d");
  }

  function mark(numbers, className) {
    for (const number of numbers) shapes[number].classList.add("on", className);
  }

  function select(number) {
    selected = number;
    clearMarks();
    byId("details").hidden = number < 0;
    if (number < 0) return;
    const node = nodes[number], needs = reach(number, "needs"), users = reach(number, "usedBy");
    graph.classList.add("focus");
    mark(needs, "needs");
    mark(users, "uses");
    mark(node.links, "linked");
    mark([number], "selected");
    byId("needs-edges").setAttribute("d", wholeChain ? within("needs", new Set([...needs, number])) : node.needs.map((other) => curve(other, number)).join(""));
    byId("uses-edges").setAttribute("d", wholeChain ? within("needs", new Set([...users, number])) : node.usedBy.map((other) => curve(number, other)).join(""));
    byId("link-edges").setAttribute("d", node.links.map((other) => curve(other, number)).join(""));
    describe(node, needs, users);
    bringIntoView(number);
  }

  const hashOf = (number) => `#${nodes[number].id}`;

  function choose(number) {
    const place = number < 0 ? location.pathname + location.search : hashOf(number);
    if (number !== selected) history.pushState(null, "", place);
    select(number);
  }

  function fromHash() {
    const number = numberOf.get(location.hash.slice(1));
    select(number === undefined ? -1 : number);
  }

  // The panel.

  function linkTo(number) {
    const node = nodes[number], item = element("li"), link = element("a");
    link.href = hashOf(number);
    link.append(element("span", `kind s${node.sort}`, node.kind), element("span", "label", node.name));
    item.append(link);
    return item;
  }

  function list(numbers) {
    const made = element("ul");
    made.append(...numbers.slice(0, 500).map(linkTo));
    return made;
  }

  function part(title, className, numbers) {
    const all = [...numbers];
    if (!all.length) return [];
    return [element("h3", className, `${title} (${all.length})`), list(all)];
  }

  function facts(node) {
    const made = element("dl");
    const rows = [["Kind", node.kind], ["File", node.path, "code"], ["GUID", node.guid, "code"], ["obj_id", node.objId, "code"], ["Level", String(node.level)]];
    for (const [name, value, className] of rows) {
      if (value) made.append(element("dt", "", name), element("dd", className, value));
    }
    return made;
  }

  function chainSwitch() {
    const label = element("label", "chain"), box = element("input");
    box.type = "checkbox";
    box.checked = wholeChain;
    box.addEventListener("change", () => {
      wholeChain = box.checked;
      select(selected);
      byId("details").querySelector(".chain input").focus();
    });
    label.append(box, "the whole chain, not only neighbours");
    return label;
  }

  function describe(node, needs, users) {
    const links = part("Links to", "linked", node.links), cycle = part("In a cycle with", "uses", node.cycle.filter((other) => other !== selected));
    const parts = [...part("Depends on", "needs", needs), ...part("Used by", "uses", users), ...cycle, ...links];
    if (!parts.length) parts.push(element("h3", "", "Depends on nothing here, and nothing here depends on it"));
    byId("details").replaceChildren(element("h2", "label", node.name), facts(node), chainSwitch(), ...parts);
  }

  function overview() {
    const edges = nodes.reduce((sum, node) => sum + node.needs.length, 0);
    const chips = kinds.map((kind) => {
      const chip = element("button", `chip s${kind.sort}`, `${kind.name} ${kind.count}`);
      chip.type = "button";
      chip.addEventListener("click", () => {
        search.value = `${kind.name}:`;
        find();
      });
      return chip;
    });
    byId("overview").replaceChildren(element("p", "", `${nodes.length} objects, ${edges} dependencies`), ...chips);
  }

  const texts = nodes.map((node) => [`${node.kind}:${node.name}`, node.path, node.guid, node.objId].join("\n").toLowerCase());
  let found = [];

  function find() {
    const words = search.value.trim().toLowerCase();
    byId("results").hidden = !words;
    found = [];
    if (!words) {
      select(selected);
      return;
    }
    texts.forEach((text, number) => {
      if (text.includes(words)) found.push(number);
    });
    select(-1);
    graph.classList.add("focus");
    for (const number of found) shapes[number].classList.add("on");
    const more = found.length > SHOWN ? `, the first ${SHOWN} shown` : "";
    const title = found.length === 1 ? "1 object found" : `${found.length} objects found${more}`;
    byId("results").replaceChildren(element("p", "none", title), list(found.slice(0, SHOWN)));
    fit(found);
  }

  // Keys and pointers.

  const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  // The nearest object in a direction; what lies to the side counts double.
  function neighbour(dx, dy) {
    const from = nodes[selected];
    let best = -1, least = Infinity;
    nodes.forEach((node, number) => {
      const along = (node.x - from.x) * dx + (node.y - from.y) * dy;
      const aside = Math.abs((node.x - from.x) * dy) + Math.abs((node.y - from.y) * dx);
      if (along > 0 && along + 2 * aside < least) {
        best = number;
        least = along + 2 * aside;
      }
    });
    return best;
  }

  function onGraphKey(event) {
    const direction = DIRECTIONS[event.key];
    if (direction) {
      const next = selected < 0 ? 0 : neighbour(...direction);
      if (next >= 0 && nodes.length) choose(next);
    } else if (event.key === "Enter" && selected >= 0) {
      byId("details").focus();
    } else {
      return;
    }
    event.preventDefault();
  }

  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      search.value = "";
      find();
      choose(-1);
      graph.focus();
    } else if (event.target === search) {
      return;
    } else if (event.key === "/") {
      search.focus();
      event.preventDefault();
    } else if (event.key === "+" || event.key === "=") {
      zoomMiddle(1.25);
    } else if (event.key === "-") {
      zoomMiddle(0.8);
    } else if (event.key === "0") {
      fitAll();
    }
  }

  function onWheel(event) {
    const box = graph.getBoundingClientRect();
    const lines = event.deltaMode === 1 ? 16 : 1;
    zoom(Math.exp(-event.deltaY * lines * 0.0015), event.clientX - box.left, event.clientY - box.top);
    event.preventDefault();
  }

  const pointers = new Map();
  let moved = 0;

  function onDown(event) {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    if (pointers.size === 1) moved = 0;
  }

  const spread = () => {
    const [a, b] = [...pointers.values()];
    return Math.hypot(a[0] - b[0], a[1] - b[1]);
  };

  function onMove(event) {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const wide = pointers.size === 2 ? spread() : 0;
    pointers.set(event.pointerId, [event.clientX, event.clientY]);
    const dx = event.clientX - before[0], dy = event.clientY - before[1];
    moved += Math.abs(dx) + Math.abs(dy);
    if (moved < 4) return;
    if (!graph.hasPointerCapture(event.pointerId)) graph.setPointerCapture(event.pointerId);
    graph.classList.add("dragging");
    if (wide > 0) {
      const box = graph.getBoundingClientRect();
      zoom(spread() / wide, event.clientX - box.left, event.clientY - box.top);
    } else {
      view.x += dx;
      view.y += dy;
      show();
    }
  }

  function onUp(event) {
    pointers.delete(event.pointerId);
    graph.classList.remove("dragging");
  }

  function onClick(event) {
    if (moved >= 4) return;
    const group = event.target.closest(".node");
    choose(group ? Number(group.dataset.number) : -1);
  }

  graph.addEventListener("wheel", onWheel, { passive: false });
  graph.addEventListener("pointerdown", onDown);
  graph.addEventListener("pointermove", onMove);
  graph.addEventListener("pointerup", onUp);
  graph.addEventListener("pointercancel", onUp);
  graph.addEventListener("click", onClick);
  graph.addEventListener("keydown", onGraphKey);
  document.addEventListener("keydown", onKey);
  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && found.length) choose(found[0]);
  });
  byId("zoom-in").addEventListener("click", () => zoomMiddle(1.25));
  byId("zoom-out").addEventListener("click", () => zoomMiddle(0.8));
  byId("zoom-fit").addEventListener("click", fitAll);
  addEventListener("hashchange", fromHash);
  addEventListener("popstate", fromHash);
  addEventListener("resize", show);

  overview();
  fitAll();
  fromHash();
  if (selected >= 0) fit([selected, ...nodes[selected].needs, ...nodes[selected].usedBy]);
})();
