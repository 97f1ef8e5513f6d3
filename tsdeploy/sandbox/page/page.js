
"use strict";
(() => {
  const ADMIN = "/sandbox/admin";
  const POLL_MS = 2000;
  const PAGE = 100;
  const SHOWN_REQUESTS = 500;
  const KINDS = ["status", "reset", "slow", "truncate", "content_type", "broken_json", "maintenance", "expired_token"];
  const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;
  const byId = (id) => document.getElementById(id);
  const state = { token: "", kind: "", size: PAGE, newest: 0, section: "", requests: [] };

  // Names come from whoever imported them: they are only ever text, and nothing in them stays invisible.
  const code = (character) => `\\u${character.codePointAt(0).toString(16).padStart(4, "0")}`;
  const visible = (text) => String(text ?? "").replace(HIDDEN, code);
  const visibleLines = (text) => text.split("\n").map(visible).join("\n");

  function element(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = visible(text);
    return made;
  }

  function row(cells) {
    const made = element("tr");
    for (const [text, className] of cells) made.append(element("td", className, text));
    return made;
  }

  function link(text, target) {
    const made = element("a", "", text);
    made.href = target;
    return made;
  }

  async function ask(path, options = {}) {
    const headers = { ...(state.token && { "X-Sandbox-Admin-Token": state.token }) };
    if (options.body) headers["Content-Type"] = "application/json";
    const answer = await fetch(ADMIN + path, { ...options, headers, cache: "no-store" });
    byId("unlock").hidden = answer.status !== 401;
    if (answer.status === 204) return null;
    const content = await answer.json();
    if (!answer.ok) throw new Error(content.error.message.debug ?? content.error.message);
    return content;
  }

  function time(milliseconds) {
    if (!milliseconds) return "";
    const date = new Date(milliseconds);
    const day = date.toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
    return `${day}, ${date.toLocaleTimeString(undefined, { hour12: false })}`;
  }

  const clock = (milliseconds) => new Date(milliseconds).toLocaleTimeString(undefined, { hour12: false });

  function replaced(id, rows) {
    byId(`${id}-rows`).replaceChildren(...rows);
    byId(`${id}-none`).hidden = rows.length > 0;
  }

  async function showCluster() {
    const cluster = await ask("/cluster");
    byId("name").textContent = visible(cluster.name);
    byId("release").textContent = visible(cluster.release);
    document.title = `${visible(cluster.name)} – ThoughtSpot sandbox`;
    const chosen = byId("org").value;
    byId("org").replaceChildren(...cluster.orgs.map((org) => {
      const option = element("option", "", `${org.name} (${org.objects})`);
      option.value = org.id;
      return option;
    }));
    if (chosen) byId("org").value = chosen;
    byId("org-label").hidden = cluster.orgs.length < 2;
  }

  async function showObjects() {
    const asked = { org: byId("org").value || 0, search: byId("search").value, kind: state.kind, size: state.size };
    const found = await ask(`/objects?${new URLSearchParams(asked)}`);
    const all = Object.values(found.kinds).reduce((sum, count) => sum + count, 0);
    byId("objects-count").textContent = all;
    byId("kinds").replaceChildren(...Object.entries(found.kinds).map(([kind, count]) => chip(kind, count)));
    replaced("objects", found.objects.map(objectRow));
    byId("objects-none").textContent = asked.search || asked.kind ? "Nothing fits." : "This Org is empty.";
    byId("more").hidden = found.objects.length >= found.total;
    markChosen();
  }

  function chip(kind, count) {
    const made = element("button", "", `${kind} ${count}`);
    made.setAttribute("aria-pressed", kind === state.kind);
    made.onclick = () => { state.kind = kind === state.kind ? "" : kind; guarded(showObjects); };
    return made;
  }

  function objectRow(object) {
    const made = row([["", ""], [object.kind, "soft"], [object.author, "soft"], [time(object.modified), "fixed soft"]]);
    made.firstChild.append(link(object.name, `#objects/${object.guid}`));
    made.className = "choosable";
    made.dataset.guid = object.guid;
    made.onclick = () => { location.hash = `#objects/${object.guid}`; };
    return made;
  }

  function markChosen() {
    const chosen = location.hash.split("/")[1];
    for (const made of byId("objects-rows").children) made.classList.toggle("chosen", made.dataset.guid === chosen);
  }

  async function showObject(guid) {
    const panel = byId("object");
    panel.hidden = !guid;
    markChosen();
    if (!guid) return;
    const object = await ask(`/objects/${encodeURIComponent(guid)}`);
    const title = element("h2", "", object.name);
    const close = element("button", "", "Close");
    close.onclick = () => { location.hash = "#objects"; };
    title.append(close);
    const facts = element("dl");
    const listed = { Kind: object.kind, GUID: object.guid, obj_id: object.obj_id, Author: object.author, Modified: time(object.modified) };
    for (const [name, value] of Object.entries(listed)) {
      if (value) facts.append(element("dt", "", name), element("dd", "", value));
    }
    const text = element("pre");
    text.textContent = visibleLines(object.tml);
    text.tabIndex = 0;
    panel.replaceChildren(
      title, facts, ...neighbours("Uses", object.uses), ...neighbours("Used by", object.used_by),
      element("h3", "", "TML"), text,
    );
    panel.scrollTop = 0;
  }

  function neighbours(heading, objects) {
    if (!objects.length) return [];
    const list = element("ul");
    for (const other of objects) {
      const item = element("li");
      item.append(link(`${other.kind}: ${other.name}`, `#objects/${other.guid}`));
      list.append(item);
    }
    return [element("h3", "", `${heading} (${objects.length})`), list];
  }

  async function showRequests() {
    const path = byId("path").value.trim();
    const { requests } = await ask(`/requests?${new URLSearchParams({ path: path || "*", after: state.newest, size: SHOWN_REQUESTS })}`);
    if (requests.length) state.newest = requests[requests.length - 1].number;
    state.requests = [...requests.reverse(), ...state.requests].slice(0, SHOWN_REQUESTS);
    const rows = byId("requests-rows");
    if (requests.length || !rows.children.length) replaced("requests", state.requests.map(requestRow));
    byId("requests-count").textContent = state.requests.length || "";
  }

  function requestRow(request) {
    const good = request.status >= 200 && request.status < 300;
    const status = request.status ? [request.status, good ? "good" : request.status < 500 ? "odd" : "bad"] : ["reset", "bad"];
    return row([
      [clock(request.time), "fixed soft"], [request.method, "soft"], [request.path, ""], [request.caller, ""],
      [request.org_id ?? "", "fixed soft"], status, [request.milliseconds.toFixed(1), "number"],
      [request.objects || "", "number"], [request.sent, "number soft"], [request.fault, "odd"],
    ]);
  }

  async function showTasks() {
    const { tasks } = await ask("/tasks");
    byId("tasks-count").textContent = tasks.length || "";
    const colors = { COMPLETED: "good", FAILED: "bad" };
    replaced("tasks", tasks.map((task) => row([
      [task.name, ""], [task.status, colors[task.status] ?? "odd"], [task.policy, "soft"],
      [`${task.processed ?? 0} of ${task.total}`, "number"], [time(task.created), "fixed soft"], [time(task.completed), "fixed soft"],
    ])));
  }

  async function showFaults() {
    const { faults } = await ask("/faults");
    byId("faults-count").textContent = faults.length || "";
    replaced("faults", faults.map(faultRow));
  }

  function faultRow(fault) {
    const what = [fault.status || "", fault.object, fault.milliseconds ? `${fault.milliseconds} ms` : "",
      fault.applied ? "after the write" : ""].filter(Boolean).join(", ");
    const when = [fault.nth ? `call ${fault.nth}` : "", fault.every ? `every ${fault.every} calls` : "",
      fault.probability < 1 ? `probability ${fault.probability}` : "", fault.times ? `${fault.times} times at most` : "",
      fault.after ? `after ${fault.after}` : ""].filter(Boolean).join(", ");
    const made = row([
      [`${fault.id}: ${fault.kind}`, ""], [`${fault.method} ${fault.path}`.trim(), ""], [what, "soft"], [when || "always", "soft"],
      [`${fault.happened} of ${fault.calls}`, "number"], ["", ""],
    ]);
    const remove = element("button", "", "Remove");
    remove.onclick = () => guarded(async () => {
      await ask(`/faults/${encodeURIComponent(fault.id)}`, { method: "DELETE" });
      await showFaults();
    });
    made.lastChild.append(remove);
    return made;
  }

  async function addFault() {
    const number = (id) => Number(byId(id).value) || 0;
    const fault = {
      kind: byId("kind").value, path: byId("fault-path").value || "*", applied: byId("applied").checked,
      status: number("status"), times: number("times"), ...(byId("kind").value === "slow" && { milliseconds: 2000 }),
    };
    await ask("/faults", { method: "POST", body: JSON.stringify({ faults: [fault] }) });
    await showFaults();
  }

  const SECTIONS = { objects: showObjects, requests: showRequests, tasks: showTasks, faults: showFaults };

  async function guarded(work) {
    try {
      await work();
      byId("trouble").hidden = true;
    } catch (error) {
      byId("trouble").textContent = error instanceof TypeError ? "The sandbox does not answer." : visible(error.message);
      byId("trouble").hidden = false;
    }
  }

  async function route() {
    const [name, guid] = location.hash.slice(1).split("/");
    const section = name in SECTIONS ? name : "objects";
    for (const other of Object.keys(SECTIONS)) byId(other).hidden = other !== section;
    for (const anchor of document.querySelectorAll("nav a")) {
      if (anchor.hash === `#${section}`) anchor.setAttribute("aria-current", "page");
      else anchor.removeAttribute("aria-current");
    }
    if (section !== state.section) await SECTIONS[section]();
    state.section = section;
    if (section === "objects") await showObject(guid);
  }

  async function refresh() {
    await showCluster();
    for (const show of Object.values(SECTIONS)) await show();
  }

  function forgetRequests() {
    state.newest = 0;
    state.requests = [];
    byId("requests-rows").replaceChildren();
  }

  let typed;
  byId("search").oninput = () => {
    clearTimeout(typed);
    typed = setTimeout(() => { state.size = PAGE; guarded(showObjects); }, 150);
  };
  byId("org").onchange = () => { state.size = PAGE; state.kind = ""; guarded(showObjects); };
  byId("more").onclick = () => { state.size += PAGE; guarded(showObjects); };
  byId("path").onchange = () => { forgetRequests(); guarded(showRequests); };
  byId("clear").onclick = () => guarded(async () => {
    await ask("/requests", { method: "DELETE" });
    forgetRequests();
    await showRequests();
  });
  byId("fault").onsubmit = (event) => { event.preventDefault(); guarded(addFault); };
  byId("unlock").onsubmit = (event) => { event.preventDefault(); state.token = byId("token").value; guarded(refresh); };
  byId("kind").append(...KINDS.map((kind) => element("option", "", kind)));
  window.onhashchange = () => guarded(route);
  setInterval(() => {
    if (document.hidden) return;
    if (state.section === "requests" && byId("live").checked) guarded(showRequests);
    if (state.section === "tasks") guarded(showTasks);
    if (state.section === "faults") guarded(showFaults);
  }, POLL_MS);
  guarded(async () => { await refresh(); await route(); });
})();
