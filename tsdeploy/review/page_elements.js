"use strict";

// What the parts of the page are made of. Everything from outside is put in as text.
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);

function make(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content.filter((part) => part !== null && part !== undefined));
  return made;
}

function shape(name, attributes, ...content) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
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

// A labelled object, as a link where it is one of those that change.
function linked(item) {
  if (item.object < 0) return labelled(item);
  const link = make("a", "", ...labelled(item));
  link.href = `#object-${item.object}`;
  return [link];
}

// Long lists show their beginning, and the rest when asked for.
function grown(rows, holder, first = 30) {
  rows.slice(0, first).forEach((row) => holder.append(row()));
  if (rows.length <= first) return [holder];
  const button = make("button", "more", `Show ${rows.length - first} more`);
  button.type = "button";
  const rest = () => {
    const before = holder.lastElementChild;
    rows.slice(first).forEach((row) => holder.append(row()));
    button.remove();
    return before.nextElementSibling;
  };
  button.addEventListener("click", () => {
    const next = rest();
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
  });
  window.addEventListener("beforeprint", () => button.isConnected && rest());
  return [holder, button];
}
