
// What stands on what: those that use an object stand to its right.
const graph = (() => {
  // From the right side of what is needed to the left side of what needs it.
  function curve(from, to, width, height) {
    const x1 = from.x + width, y1 = from.y + height / 2, x2 = to.x, y2 = to.y + height / 2;
    if (x2 <= from.x) return `M${x1} ${y1}C${x1 + 46} ${y1} ${x2 + width + 46} ${y2} ${x2 + width} ${y2}`;
    const bend = Math.max(36, (x2 - x1) / 2);
    return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  }

  function box(node, width, height) {
    const states = `${node.object >= 0 ? " mine" : ""}${node.broken ? " broken" : ""}`;
    const words = `${node.object >= 0 ? " · changes" : ""}${node.broken ? " · breaks" : ""}`;
    const group = shape("g", { class: `node${states}`, transform: `translate(${node.x} ${node.y})` },
      shape("title", {}, `${node.label}${node.object >= 0 ? ": changes" : ""}${node.broken ? ": stops working" : ""}`),
      shape("rect", { width, height, rx: 7, class: `s${node.sort}` }),
      shape("text", { x: 10, y: 16, class: "kind" }, node.kind.slice(0, 18) + words),
      shape("text", { x: 10, y: 34, class: "name" }, node.short));
    return node.object >= 0 ? shape("a", { href: `#object-${node.object}` }, group) : group;
  }

  // All that can be reached from a node by way of some neighbours.
  function reached(start, neighbours) {
    const found = new Set([start]), waiting = [start];
    while (waiting.length) {
      for (const other of neighbours[waiting.pop()]) {
        if (!found.has(other)) found.add(other) && waiting.push(other);
      }
    }
    return found;
  }

  // While one object is pointed at, what has nothing to do with it steps back.
  function traced(drawn, boxes, edges) {
    const needs = data.graph.nodes.map((node) => node.needs), users = needs.map(() => []);
    needs.forEach((others, at) => others.forEach((other) => users[other].push(at)));
    const trace = (at) => {
      const below = at < 0 ? null : reached(at, needs), above = at < 0 ? null : reached(at, users);
      const near = (one) => below === null || below.has(one) || above.has(one);
      const isPart = (from, to) => below === null || (below.has(from) && below.has(to)) || (above.has(from) && above.has(to));
      boxes.forEach((made, one) => made.classList.toggle("far", !near(one)));
      edges.forEach(([made, from, to]) => made.classList.toggle("far", !isPart(from, to)));
      drawn.classList.toggle("traced", at >= 0);
    };
    boxes.forEach((made, at) => {
      for (const event of ["pointerenter", "focus"]) made.addEventListener(event, () => trace(at));
      for (const event of ["pointerleave", "blur"]) made.addEventListener(event, () => trace(-1));
    });
  }

  return () => {
    const { nodes, width, height, left_out: leftOut } = data.graph;
    if (!nodes.some((node) => node.needs.length)) return [];
    const right = Math.max(...nodes.map((node) => node.x)) + width, low = Math.max(...nodes.map((node) => node.y)) + height;
    const top = Math.min(...nodes.map((node) => node.y));
    const size = { width: right + 24, height: low - top + 24 };
    const drawn = shape("svg", { class: "graph", viewBox: `-12 ${top - 12} ${size.width} ${size.height}`, role: "img", "aria-label": "What changes, and what stands on it" });
    // As wide as there is room, but never so small that it cannot be read.
    drawn.style.width = "100%";
    drawn.style.maxWidth = `${size.width}px`;
    drawn.style.minWidth = `${Math.round(size.width * 0.65)}px`;
    const edges = nodes.flatMap((node, at) => node.needs.map((other) => [shape("path", { d: curve(nodes[other], node, width, height) }), other, at]));
    const boxes = nodes.map((node) => box(node, width, height));
    drawn.append(...edges.map(([made]) => made), ...boxes);
    traced(drawn, boxes, edges);
    const holder = make("div", "scroll", drawn);
    holder.tabIndex = 0;
    holder.setAttribute("role", "region");
    holder.setAttribute("aria-label", "Graph of what stands on what");
    const parts = [make("h2", "", "What stands on what"), make("p", "lead", "To the right of an object stands what uses it. Blue frames change, red ones stop working. Point at one to see what it has to do with.")];
    if (leftOut) parts.push(make("p", "lead", `${counted(leftOut, "object")} more are not drawn.`));
    return [...parts, holder];
  };
})();
