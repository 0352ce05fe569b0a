"use strict";
// The wall: how far the room is, and nobody's name.

function bar(label, done, of, isAtHand) {
  const share = of ? done / of : 0;
  const filled = make("div", "");
  filled.style.width = `${100 * share}%`;
  return [make("span", isAtHand ? "label now" : "label", label), make("div", "bar", filled),
    make("span", "share", of ? `${Math.round(100 * share)} %` : "")];
}

function take(said) {
  const done = (one) => said.counts[one.place][0];
  const sum = (tasks) => tasks.reduce((total, one) => total + done(one), 0);
  $("learners").textContent = said.learners;
  $("done").textContent = sum(TASKS).toLocaleString();
  $("exercise").textContent = said.at;
  $("tasks").replaceChildren(...OF[said.at].flatMap((one) =>
    bar(one.task, done(one), said.learners, false)));
  $("course").replaceChildren(...Object.entries(OF).flatMap(([name, tasks]) =>
    bar(name, sum(tasks), said.learners * tasks.length, name === said.at)));
}

listen(`/${about.code}/events`, take);
