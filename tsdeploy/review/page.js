
(() => {
  const search = byId("search"), list = byId("list"), report = byId("report"), main = byId("main");
  const wanted = new Set();
  const articles = new Map();
  let current = -1;

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

  // What stops working in an object is folded: how much it is can be seen at once.
  function brokenRow(item) {
    const inner = make("ul", "", ...item.breaks.map((one) => make("li", "", ...phrase(one))));
    const much = item.parts ? counted(item.parts, "visualization") : counted(item.breaks.length, "place");
    return make("details", "row", make("summary", "", ...linked(item), make("span", "much", much), item.object >= 0 ? make("span", "much", "changes, too") : null), inner);
  }

  function affectedRow(item) {
    return make("li", "", ...linked(item));
  }

  function brokenList(items) {
    return grown(items.map((one) => () => brokenRow(one)), make("div", "rows"), 25);
  }

  function affectedList(items) {
    return grown(items.map((one) => () => affectedRow(one)), make("ul", "plain"), 25);
  }

  function findingRow(finding) {
    const risk = { error: "breaking", warning: "risky", info: "noise" }[finding.severity];
    const row = make("li", "", make("span", `badge ${risk}`, finding.severity), make("b", "", finding.code), " ", make("span", "", finding.message));
    if (finding.where) row.append(make("div", "path", finding.where));
    if (finding.hint) row.append(make("div", "path", `→ ${finding.hint}`));
    return row;
  }

  function findingList(items) {
    return grown(items.map((one) => () => findingRow(one)), make("ul", "plain"));
  }

  function folded(words, ...content) {
    return make("details", "", make("summary", "", words), ...content);
  }

  function objectArticle(item) {
    const made = make("article", "", make("h2", "", ...labelled(item), item.verb === "changed" ? "" : ` ${item.verb}`));
    made.append(make("div", "path", item.path, item.guid ? ` · ${item.guid}` : ""));
    if (item.why.length) made.append(make("p", item.risk, ...phrase(item.why)));
    if (item.breaks.length) {
      made.append(make("h3", "breaking", "Stops working because of other changes"), ...grown(item.breaks.map((one) => () => make("li", "", ...phrase(one))), make("ul")));
    }
    if (item.picture) made.append(pictures(item));
    made.append(...changes(item));
    if (item.findings.length) made.append(make("h3", "", "New findings of the check"), ...findingList(item.findings));
    const users = make("section", "users");
    const broken = item.users.filter((one) => one.by_this), rest = item.users.filter((one) => !one.by_this);
    if (broken.length) users.append(make("h3", "", `Stops working because of this (${broken.length})`), ...brokenList(broken));
    if (rest.length) users.append(make("h3", "", `${broken.length ? "Also uses" : "Uses"} it (${rest.length})`), ...affectedList(rest));
    made.append(users);
    made.append(...textDiff(item));
    return made;
  }

  const WORDS = { create: "to create", update: "to update", adopt: "to adopt", unchanged: "unchanged", blocked: "blocked" };

  function outlook(item) {
    const card = make("section", "card", make("h3", "", make("span", "q", item.name)));
    card.append(make("p", "lead", item.told));
    if (item.planned) {
      const numbers = make("ul", "numbers");
      for (const [action, words] of Object.entries(WORDS)) {
        if (item.counts[action]) numbers.append(make("li", action === "blocked" ? "breaking" : "", make("b", "", item.counts[action]), ` ${words}`));
      }
      card.append(numbers);
    }
    if (item.changes.length) {
      const fold = folded(counted(item.changes.length, "object"));
      fold.append(...grown(item.changes.map((one) => () => make("li", "", `${one.action} `, make("span", "q", one.label), " ", make("span", "path", one.reason))), make("ul")));
      card.append(fold);
    }
    if (item.coverage.length) {
      const heads = ["", "kept", "variable", "mapped", "not mapped"].map((word) => make("th", "", word));
      const rows = item.coverage.map((row) => make("tr", "", ...row.map((cell, at) => make("td", at === 4 && cell ? "breaking" : "", cell === 0 ? "·" : cell))));
      const fold = folded("How far the mapping covers the changed objects");
      fold.append(make("table", "", make("thead", "", make("tr", "", ...heads)), make("tbody", "", ...rows)));
      card.append(fold);
    }
    if (item.findings.length) card.append(...findingList(item.findings));
    return card;
  }

  const WEIGHTY = ["breaking", "risky"];

  function overview() {
    const made = make("article", "");
    const numbered = data.objects.map((item, at) => [item, at]);
    const weighty = numbered.filter(([item]) => WEIGHTY.includes(item.risk)), light = numbered.filter(([item]) => !WEIGHTY.includes(item.risk));
    if (weighty.length) made.append(make("h2", "", "What to look at"), ...summary(weighty, WEIGHTY));
    if (light.length) {
      const fold = folded(make("b", "", `${counted(light.length, "object")} with ${weighty.length ? "lighter" : "light"} changes only`), ...summary(light));
      fold.open = !weighty.length;
      made.append(fold);
    }
    if (data.broken.objects.length) {
      made.append(make("h2", "", `What stops working: ${data.broken.summary}`), ...brokenList(data.broken.objects));
    }
    if (data.settings.length) {
      made.append(make("h2", "", "Settings that change"), make("p", "lead", "No object changes with them, but what a deploy makes of every object may."));
      made.append(make("ul", "", ...data.settings.map((one) => make("li", "", make("span", "q", one.path), ` ${one.verb}: ${one.meaning}`))));
    }
    if (data.findings.length) made.append(make("h2", "", "New findings of the check"), ...findingList(data.findings));
    if (data.old_findings.length) {
      made.append(folded(`${counted(data.old_findings.length, "finding")} that ${data.old_findings.length === 1 ? "was" : "were"} there before`, ...findingList(data.old_findings)));
    }
    if (data.outlooks.length) made.append(make("h2", "", "What a deploy would do"), ...data.outlooks.map(outlook));
    made.append(...graph());
    if (data.users.objects.length) {
      made.append(make("h2", "", `Also affected: ${data.users.summary}`));
      made.append(make("p", "lead", "These use what changes, and are not changed themselves: look at their numbers."), ...affectedList(data.users.objects));
    }
    if (!data.objects.length) made.append(make("p", "lead", "No TML changes between these commits."));
    return made;
  }

  function summary(numbered, risks = null) {
    return grown(numbered.map(([item, at]) => () => summaryRow(item, at, risks)), make("ul"), 40);
  }

  // An object with those of its changes that have one of some risks, or the first of all.
  function summaryRow(item, at, risks) {
    const link = make("a", "", ...labelled(item));
    link.href = `#object-${at}`;
    const row = make("li", "", link, item.verb === "changed" ? "" : ` ${item.verb}`);
    if (item.why.length) row.append(" — ", make("span", item.risk, ...phrase(item.why)));
    const inner = make("ul");
    const bad = risks ? item.changes.filter((one) => risks.includes(one.risk)) : item.changes;
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
    if (number >= 0) entries[number].scrollIntoView({ block: "nearest" });
    // On a narrow window the whole page scrolls, and the list stands above the report.
    if (getComputedStyle(main).overflowY === "auto") main.scrollTop = 0;
    else if (location.hash) report.scrollIntoView();
    // So that the keys which scroll do so; who goes through the list stays in it.
    if (!byId("objects").contains(document.activeElement)) main.focus({ preventScroll: true });
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
      } else if (event.key === "Enter") {
        search.blur();
        step(1);
      }
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
    document.querySelectorAll("#report details:not(.text-diff)").forEach((fold) => (fold.open = true));
  });
  fromAddress();
})();
