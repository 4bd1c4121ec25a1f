// What an annotator does: every answer is sent at once, and shown as saved once it is on disk.

import { $, isDone, make, questionNode, questionsOf } from "./questions.js";

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
const state = { round: null, annotator: "", answers: {}, place: 0, current: 0, unsaved: new Set(), sending: false };

async function ask(path, body = null) {
  const headers = {};
  if ($("secret").value) headers.Authorization = `Bearer ${$("secret").value}`;
  if (body) headers["Content-Type"] = "application/json";
  const response = await fetch(path, { method: body ? "PUT" : "GET", headers, body: body && JSON.stringify(body) });
  const found = await response.json().catch(() => null);
  if (response.ok && found) return found;
  if (response.status === 401) {
    $("secret-field").hidden = false;
    $("secret").focus();
    throw new Error("This page asks for a secret.");
  }
  throw new Error(found?.error?.message ?? `The page's program answered with status ${response.status}.`);
}

const item = () => state.round.items[state.place];
const valuesOf = (one) => state.answers[one.id] ?? {};
const shownQuestions = () => questionsOf(item(), state.round.questions, valuesOf(item()));

function tellSaved(message, isError = false) {
  $("saved").textContent = message;
  $("saved").classList.toggle("is-error", isError);
}

// One request at a time, so that the last answer given is the last one kept.
async function save() {
  if (state.sending) return;
  state.sending = true;
  tellSaved("Saving…");
  try {
    while (state.unsaved.size) {
      const [id] = state.unsaved;
      state.unsaved.delete(id);
      try {
        await ask("v1/answers", { annotator: state.annotator, id, values: state.answers[id] ?? {} });
      } catch (error) {
        state.unsaved.add(id);
        throw error;
      }
    }
    tellSaved("Saved");
  } catch (error) {
    tellSaved(`Not saved, the next answer tries again: ${error.message}`, true);
  } finally {
    state.sending = false;
  }
}

function answer(key, value) {
  const one = item();
  const values = { ...valuesOf(one) };
  if (value) values[key] = value;
  else delete values[key];
  const kept = new Set(questionsOf(one, state.round.questions, values).map((question) => question.key));
  for (const name of Object.keys(values)) {
    const isOfTask = one.ask.includes(name.split(".")[0]);
    if (isOfTask && !kept.has(name)) delete values[name]; // voice and holder of what is no position
  }
  state.answers[one.id] = values;
  state.unsaved.add(one.id);
  save();
}

function choose(key, value) {
  answer(key, value);
  const questions = shownQuestions();
  const place = questions.findIndex((question) => question.key === key);
  const open = questions.findIndex((question, i) =>
    i > place && question.classes.length && !valuesOf(item())[question.key]);
  state.current = open >= 0 ? open : place;
  show(false);
}

function show(isNew) {
  const one = item();
  const questions = shownQuestions();
  state.current = Math.max(0, Math.min(state.current, questions.length - 1));
  if (isNew) {
    const letter = one.text.match(/\p{L}/u)?.[0] ?? "";
    $("sentence").textContent = one.text;
    $("sentence").dir = RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
    $("sentence").lang = one.lang;
    $("about").textContent = `${one.lang} · ${one.id} · ${one.why}`;
  }
  const values = valuesOf(one);
  $("questions").replaceChildren(...questions.map((question, i) =>
    questionNode(one, question, state.round.titles, values[question.key], i === state.current)));
  const done = state.round.items.filter((each) => isDone(each, state.answers[each.id])).length;
  const total = state.round.items.length;
  $("done").style.setProperty("--share", `${(done / total) * 100}%`);
  $("place").textContent = `${state.place + 1} of ${total} · ${done} done`;
  $("previous").disabled = state.place === 0;
  $("next").disabled = state.place === total - 1;
  if (isNew) $("sentence").focus({ preventScroll: true });
}

function go(place) {
  if (place < 0 || place >= state.round.items.length) return;
  state.place = place;
  state.current = 0;
  show(true);
}

function goOpen() {
  const items = state.round.items;
  const order = items.map((_, i) => (state.place + 1 + i) % items.length);
  const place = order.find((i) => !isDone(items[i], state.answers[items[i].id]));
  if (place === undefined) tellSaved("All sentences are done.");
  else go(place);
}

function setHolder(what, key = null) {
  const questions = shownQuestions();
  const own = key ?? questions[state.current]?.task;
  const question = questions.find((one) => !one.classes.length && (one.key === own || one.task === own))
    ?? questions.find((one) => !one.classes.length);
  if (!question) return;
  const selected = document.getSelection();
  const isInside = selected && $("sentence").contains(selected.anchorNode);
  const words = what === "author" ? "author" : isInside ? selected.toString().trim() : "";
  if (!words) {
    tellSaved("Select words of the sentence first.", true);
    return;
  }
  answer(question.key, words);
  show(false);
}

function press(event) {
  if ($("work").hidden || event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target.matches("input");
  if (isTyping && event.key !== "Enter" && event.key !== "Escape") return;
  if (isTyping) {
    event.target.blur();
    return;
  }
  if (event.target.matches(".scrolled") && event.key.startsWith("Arrow")) return;
  if (event.key === "Enter" && event.target.closest("button, summary")) return;
  const questions = shownQuestions();
  const question = questions[state.current];
  const actions = {
    ArrowLeft: () => go(state.place - 1),
    ArrowRight: () => go(state.place + 1),
    Enter: () => go(state.place + 1),
    ArrowUp: () => move(-1),
    ArrowDown: () => move(1),
    u: goOpen,
    a: () => setHolder("author"),
    h: () => setHolder("selected"),
    0: () => choose(question.key, null),
  };
  const label = /^[1-9]$/.test(event.key) ? question.classes[Number(event.key) - 1] : null;
  const action = label ? () => choose(question.key, label) : actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

function move(way) {
  state.current += way;
  show(false);
  $("questions").children[state.current]?.scrollIntoView({ block: "nearest" });
}

async function start(annotator) {
  const round = await ask("v1/round");
  const { answers } = await ask(`v1/answers?annotator=${encodeURIComponent(annotator)}`);
  state.round = round;
  state.annotator = annotator;
  state.answers = answers;
  $("who").replaceChildren(make("bdi", "", annotator));
  const at = new URLSearchParams(location.search).get("at");
  history.replaceState(null, "", `?annotator=${encodeURIComponent(annotator)}`);
  $("start").hidden = true;
  $("work").hidden = false;
  if (matchMedia("(max-width: 60rem)").matches) $("guide").open = false;
  const first = round.items.findIndex((one) => !isDone(one, answers[one.id]));
  go(at ? Math.min(Number(at), round.items.length) - 1 : Math.max(first, 0));
}

function tryStart(annotator) {
  start(annotator).catch((error) => { $("problem").textContent = error.message; });
}

$("start").addEventListener("submit", (event) => {
  event.preventDefault();
  $("problem").textContent = "";
  tryStart($("name").value.trim());
});
$("previous").addEventListener("click", () => go(state.place - 1));
$("next").addEventListener("click", () => go(state.place + 1));
$("open").addEventListener("click", goOpen);
$("questions").addEventListener("pointerdown", (event) => {
  if (event.target.closest("[data-holder]")) event.preventDefault(); // keeps the selection
});
$("questions").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.holder) setHolder(button.dataset.holder, button.dataset.question);
  else if (button) choose(button.dataset.question, button.dataset.label);
});
$("questions").addEventListener("change", (event) => {
  if (event.target.matches("input")) answer(event.target.dataset.question, event.target.value.trim());
});
document.addEventListener("keydown", press);
addEventListener("beforeunload", (event) => { if (state.unsaved.size || state.sending) event.preventDefault(); });

const named = new URLSearchParams(location.search).get("annotator");
if (named) {
  $("name").value = named;
  tryStart(named);
} else {
  ask("v1/round").then(({ annotators }) => {
    $("known").replaceChildren(...annotators.map((name) => Object.assign(make("option"), { value: name })));
  }).catch((error) => { $("problem").textContent = error.message; });
}
