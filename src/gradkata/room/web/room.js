"use strict";
// The teacher's page: a heat map of learners and tasks, and above it what the room needs now.

const SIGNS = { d: "✓", w: "✗", p: "◐", t: "·", ".": "" };
const WORDS = { d: "done", w: "wrong", p: "not all of its tests ran", t: "to do", ".": "not judged" };
const LONG = 10 * 60;
const MOST_SHOWN = 6;

const people = new Map(); // learners by number, each with their row
let room = { counts: [], whole: {}, mistakes: {}, at: "", learners: 0 };
let chosen = ""; // the exercise that a click has chosen; empty follows the room
let hidden = sessionStorage.getItem("hidden") === "yes";
let all = false;
let ahead = 0; // of our clock, in seconds
let panel = null; // what draws the panel again

const now = () => Date.now() / 1000 - ahead;
const exercise = () => chosen || room.at || Object.keys(about.tasks)[0];
const isOpen = (name) => all || name === exercise();
const nameOf = (one) => (hidden ? `learner ${one.id}` : one.name);

// The map

function head() {
  const upper = make("tr", "", make("th", "name"));
  const lower = make("tr", "", make("th", "name"));
  for (const [name, tasks] of Object.entries(OF)) {
    const open = isOpen(name);
    const button = make("button", "", open ? name : name.slice(0, 2));
    button.dataset.exercise = name;
    button.title = name;
    const cell = make("th", open ? "open" : "shut", button);
    cell.colSpan = open ? tasks.length : 1;
    upper.append(cell);
    if (!open) lower.append(make("th", "shut"));
    else for (const { task, place } of tasks) {
      const label = make("button", "", make("span", "", task));
      label.dataset.place = place;
      lower.append(make("th", place === tasks[0].place ? "task first" : "task", label));
    }
  }
  $("map").tHead.replaceChildren(upper, lower);
}

function fill(one) {
  const button = make("button", "", nameOf(one));
  button.dataset.learner = one.id;
  const help = one.hand ? [make("span", "hand", "help")] : [];
  const name = make("th", "name", make("div", "", ...help, button));
  const cells = [name];
  for (const [title, tasks] of Object.entries(OF)) {
    if (!isOpen(title)) {
      const done = tasks.filter(({ place }) => one.states[place] === "d").length;
      const seen = tasks.some(({ place }) => one.states[place] !== ".");
      const level = done === tasks.length ? "whole" : done ? "some" : "none";
      const cell = make("td", `shut ${level}`, seen ? done : "");
      if (title === one.exercise) cell.classList.add("now");
      cells.push(cell);
      continue;
    }
    for (const { task, place } of tasks) {
      const state = one.states[place];
      const cell = make("td", state === "." ? "" : state, SIGNS[state]);
      cell.setAttribute("aria-label", WORDS[state]);
      if (place === tasks[0].place) cell.classList.add("first");
      if (title === one.exercise && task === one.task) cell.classList.add("now");
      cells.push(cell);
    }
  }
  one.row.replaceChildren(...cells);
}

function drawAll() {
  head();
  for (const one of people.values()) fill(one);
  $("names").setAttribute("aria-pressed", hidden);
  $("names").lastChild.textContent = hidden ? " show names" : " hide names";
  $("all").setAttribute("aria-pressed", all);
  drawTop();
  fitRows();
  if (panel) panel();
}

// Above it

function hardest(name) {
  const [DONE, WRONG] = [0, 1];
  const found = OF[name].map((one) => ({ ...one, counts: room.counts[one.place] || [0, 0, 0, 0] }))
    .filter(({ counts }) => counts[WRONG] > 0)
    .sort((a, b) => b.counts[WRONG] - a.counts[WRONG] || a.counts[DONE] - b.counts[DONE]);
  return found[0];
}

function person(one, words, ...more) {
  const button = make("button", "", nameOf(one));
  button.dataset.learner = one.id;
  return make("li", "", button, make("span", "words", words), ...more);
}

function some(list, items) {
  const shown = items.slice(0, MOST_SHOWN);
  if (items.length > shown.length) shown.push(make("li", "", `and ${items.length - shown.length} more`));
  list.replaceChildren(...shown);
}

function minutes(since) {
  return `${Math.max(0, Math.floor((now() - since) / 60))} min`;
}

function drawTop() {
  const name = exercise();
  $("exercise").textContent = name;
  $("whole").textContent = room.whole[name] || 0;
  $("of").textContent = room.learners;
  $("learners").textContent = room.learners;
  $("empty").hidden = room.learners > 0;
  const follow = make("button", "link", "follow the room again");
  follow.dataset.exercise = "";
  $("follows").replaceChildren(...(chosen ? [follow] : []));
  const hard = hardest(name);
  const label = hard && make("button", "link", hard.task);
  if (hard) label.dataset.place = hard.place;
  $("hardest").replaceChildren(...(hard
    ? [label, `: wrong for ${hard.counts[1]}, done by ${hard.counts[0]}`] : ["nothing is wrong"]));
  $("mistakes").replaceChildren(...(room.mistakes[name] || []).map(([task, words, count]) =>
    make("li", "", make("b", "", `${count} × ${task}`), ` ${words}`)));
  const learners = [...people.values()];
  const hands = learners.filter((one) => one.hand).sort((a, b) => a.hand - b.hand);
  $("up").textContent = hands.length || "";
  some($("hands"), hands.map((one) => {
    const lower = make("button", "lower", "lower");
    lower.dataset.lower = one.id;
    return person(one, [minutes(one.hand), one.task].filter(Boolean).join(", "), lower);
  }));
  const long = learners.filter((one) => one.task && now() - one.since > LONG)
    .sort((a, b) => a.since - b.since);
  $("stuck").textContent = long.length || "";
  some($("long"), long.map((one) => person(one, `${minutes(one.since)}, ${one.task}`)));
}

// The panel

function open(title, draw) {
  panel = () => {
    $("panel").querySelector("h2").textContent = title();
    draw($("panel").querySelector("div"));
  };
  $("panel").hidden = false;
  panel();
}

function close() {
  panel = null;
  $("panel").hidden = true;
}

async function ask(path, content) {
  const answer = await fetch(path, content === undefined ? {} : {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content),
  });
  return answer.ok ? answer.json() : null;
}

async function showTask(place) {
  const { exercise: name, task } = TASKS[place];
  const said = await ask(`/room/tasks/${encodeURIComponent(name)}/${encodeURIComponent(task)}`);
  if (!said) return;
  open(() => task, (body) => {
    const spread = make("p", "spread", ...Object.entries(said.states).map(([state, count]) =>
      make("span", "", make("b", "", count), ` ${state}`)));
    const made = make("ol", "", ...said.mistakes.map(([words, count]) =>
      make("li", "", make("b", "", `${count} ×`), ` ${words}`)));
    const wrong = [...people.values()].filter((one) => one.states[place] === "w");
    body.replaceChildren(
      make("p", "", name), spread,
      make("p", "", `${said.hints} asked for a hint`),
      make("h3", "", "Mistakes"), said.mistakes.length ? made : make("p", "", "none that has a name"),
      make("h3", "", "Wrong now"),
      make("ul", "people", ...wrong.map((one) => person(one, one.task === task ? minutes(one.since) : ""))),
    );
  });
}

async function showLearner(id) {
  const told = await ask(`/room/learners/${id}`);
  const one = people.get(id);
  if (!told || !one) return;
  told.sort((a, b) => a.at - b.at);
  open(() => nameOf(one), (body) => {
    const rows = told.slice(-200).reverse().map((said) => {
      const letter = { done: "d", wrong: "w", "to do": "t" }[said.state] || "p";
      return make("tr", "", make("td", "", clock(said.at)), make("td", letter, SIGNS[letter]),
        make("td", "", make("b", "", said.task), ` ${said.mistake}`,
          said.hints ? ` (hints: ${said.hints})` : ""));
    });
    const where = one.task ? `on ${one.task} for ${minutes(one.since)}` : one.exercise;
    body.replaceChildren(make("p", "", where), line(told), make("table", "story", make("tbody", "", ...rows)));
  });
}

// How many tasks a learner had done, over time.
function line(told) {
  const steps = [];
  const done = new Set();
  for (const said of told) {
    const task = `${said.exercise} ${said.task}`;
    said.state === "done" ? done.add(task) : done.delete(task);
    steps.push([said.at, done.size]);
  }
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 320 80");
  svg.setAttribute("class", "line");
  if (!steps.length) return svg;
  const from = steps[0][0], to = Math.max(now(), from + 60), most = Math.max(...steps.map((s) => s[1]), 1);
  const x = (at) => 2 + 316 * (at - from) / (to - from), y = (n) => 76 - 70 * n / most;
  let path = `M${x(from)} ${y(0)}`;
  for (const [at, n] of steps) path += `H${x(at)}V${y(n)}`;
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
  shape.setAttribute("d", `${path}H${x(to)}`);
  svg.append(shape);
  const words = `tasks done: ${done.size}, ${clock(from)} to ${clock(to)}`;
  return make("figure", "", svg, make("figcaption", "", words));
}

// What happens

// Rows as high as lets all of them be seen, within reason.
function fitRows() {
  const scroll = $("scroll");
  const room = scroll.clientHeight - $("map").tHead.offsetHeight - 4;
  const height = Math.max(18, Math.min(24, Math.floor(room / Math.max(1, people.size)) - 2));
  $("map").style.setProperty("--row", `${height}px`);
}

function take(said) {
  ahead = Date.now() / 1000 - said.now;
  const before = exercise();
  if (said.first) {
    people.clear();
    $("map").tBodies[0].replaceChildren();
  }
  room = said;
  if (before !== exercise() && !all) drawAll();
  for (const row of said.rows) {
    const known = people.get(row.id);
    const one = { ...row, row: known ? known.row : make("tr", "") };
    people.set(row.id, one);
    if (!known) $("map").tBodies[0].append(one.row);
    fill(one);
  }
  drawTop();
  fitRows();
}

function hideNames() {
  hidden = !hidden;
  sessionStorage.setItem("hidden", hidden ? "yes" : "no");
  drawAll();
}

function showAll() {
  all = !all;
  drawAll();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { exercise: name, place, learner, lower } = button.dataset;
  if (name !== undefined) {
    chosen = name;
    drawAll();
  } else if (place !== undefined) showTask(Number(place));
  else if (learner !== undefined) showLearner(Number(learner));
  else if (lower !== undefined) ask(`/room/hands/${lower}`, { raised: false });
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "n") hideNames();
  if (event.key === "a") showAll();
  if (event.key === "Escape") close();
});
$("names").addEventListener("click", hideNames);
$("all").addEventListener("click", showAll);
$("close").addEventListener("click", close);

// On paper: one page, as large as it fits.
addEventListener("beforeprint", () => {
  const body = document.body;
  body.classList.add("paper");
  const [width, height] = [1050, 720];
  const fits = Math.min(width / body.scrollWidth, height / body.scrollHeight, 1);
  body.style.zoom = Math.max(0.2, Math.floor(fits * 100) / 100 - 0.01);
});
addEventListener("afterprint", () => {
  document.body.classList.remove("paper");
  document.body.style.zoom = "";
});

drawAll();
addEventListener("resize", fitRows);
setInterval(drawTop, 5000);
listen("/room/events", take);
