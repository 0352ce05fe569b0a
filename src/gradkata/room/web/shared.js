"use strict";
// What both pages need. All text goes in as text: nothing here writes HTML.

const about = JSON.parse(document.getElementById("about").textContent);
const $ = (id) => document.getElementById(id);

// An element with a class and children, which are elements or text.
function make(tag, kind, ...children) {
  const element = document.createElement(tag);
  if (kind) element.className = kind;
  element.append(...children.map((child) => (child instanceof Node ? child : String(child))));
  return element;
}

// Each task with its exercise and its place among all.
const TASKS = Object.entries(about.tasks).flatMap(([exercise, tasks]) =>
  tasks.map((task) => ({ exercise, task })));
TASKS.forEach((one, place) => (one.place = place));
const OF = Object.fromEntries(Object.keys(about.tasks).map((exercise) =>
  [exercise, TASKS.filter((one) => one.exercise === exercise)]));

function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

// Seconds without a sign of life after which a connection is given up.
const SILENT = 15;

// Listen to a room, and go on listening when it is lost and comes back.
function listen(path, take) {
  let source = null, heard = 0, problem = "", lost = "";
  const show = () => {
    const words = [lost, problem].filter(Boolean).join(" · ");
    $("banner").textContent = words;
    $("banner").hidden = !words;
  };
  const alive = () => {
    heard = Date.now();
    lost = "";
    show();
  };
  const open = () => {
    if (source) source.close();
    heard = Date.now();
    source = new EventSource(path);
    source.onopen = alive;
    source.addEventListener("beat", alive);
    source.onmessage = (event) => {
      const said = JSON.parse(event.data);
      problem = said.problem && `${said.problem}; learners keep what they have to tell`;
      alive();
      take(said);
    };
    source.onerror = () => {
      if (!lost) lost = `the room has not answered since ${clock(heard / 1000)}; it is asked again`;
      show();
    };
  };
  setInterval(() => {
    const refused = source.readyState === EventSource.CLOSED;
    if (refused || Date.now() - heard > SILENT * 1000) {
      source.onerror();
      open();
    }
  }, 2000);
  open();
}
