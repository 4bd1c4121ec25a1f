// Showing an answer. All text from outside enters the page by textContent; offsets count code
// points, as the records do.

const STANCES = ["favor", "against", "neutral", "unrelated"];
const SENTIMENTS = ["positive", "negative", "neutral"];
const POSITIONS = new Set(["favor", "against", "positive", "negative"]);
const ICONS = { favor: "▲", against: "▼", neutral: "●", unrelated: "○", positive: "✚", negative: "▬" };
const SENTIMENT = "sentiment"; // the view that is no target
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;

export const $ = (id) => document.getElementById(id);
export const state = { targets: [], view: SENTIMENT, answer: null, shown: [], pinned: null, detailed: null };

export function make(tag, classes = "", text = null, ...children) {
  const node = document.createElement(tag);
  if (classes) node.className = classes;
  if (text !== null) node.textContent = text;
  node.append(...children);
  return node;
}

function count(n, word) {
  return `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;
}

function icon(label) {
  const sign = make("span", `icon ${label}`, ICONS[label]);
  sign.setAttribute("aria-hidden", "true");
  return sign;
}

function answerOf(record) {
  return state.view === SENTIMENT ? record.sentiment : record.stance[state.view];
}

function nameOf(key) {
  return state.targets.find((target) => target.key === key)?.name ?? key;
}

export function show() {
  const { records, rejects } = state.answer;
  const articles = grouped(records);
  $("found").textContent = `${count(records.length, "sentence")} in ${count(articles.length, "article")}`;
  state.pinned = null;
  $("reading").replaceChildren(...articles.map(articleNode));
  state.shown = [...$("reading").querySelectorAll(".sentence")];
  if (state.shown.length) state.shown[0].tabIndex = 0;
  else $("reading").textContent = "No sentence was found.";
  $("rejects").hidden = !rejects.length;
  $("rejects").lastElementChild.replaceChildren(...rejects.map((one) => make("li", "", one.message)));
  showTable(records);
  showViews();
  colour();
  showDetail(null);
  $("results").hidden = false;
  $("found").focus();
}

function grouped(records) {
  const groups = [];
  let last = null;
  for (const record of records) {
    const index = Number(record.sentence_id.slice(record.sentence_id.lastIndexOf("#") + 1));
    if (!last || last.id !== record.id || index <= last.index) {
      last = { id: record.id, records: [] };
      groups.push(last);
    }
    last.index = index;
    last.records.push(record);
  }
  return groups;
}

function textOf(id) {
  const rewritten = state.answer.texts.find((text) => text.id === id);
  const place = /^articles:(\d+)$/.exec(id);
  const sent = state.answer.sent.find((article) => article.id === id) ?? state.answer.sent[place?.[1]];
  return Array.from(rewritten?.text ?? sent?.text ?? "");
}

function articleNode({ id, records }) {
  const node = make("article");
  const first = records[0];
  const origin = [first.source, first.published, first.url].filter(Boolean).join(" · ");
  if (origin) node.append(make("p", "origin", origin));
  const text = textOf(id);
  let paragraph = null;
  let before = null;
  for (const record of records) {
    const gap = before?.field === record.field ? text.slice(before.end, record.start) : ["\n"];
    if (!paragraph || before.kind !== record.kind || gap.includes("\n")) {
      paragraph = make("p", record.kind);
      const letter = record.text.match(/\p{L}/u)?.[0] ?? "";
      paragraph.dir = RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
      node.append(paragraph);
    } else {
      paragraph.append(" ");
    }
    paragraph.append(sentenceNode(record));
    before = record;
  }
  return node;
}

function sentenceNode(record) {
  const node = make("span", "sentence");
  node.record = record;
  node.tabIndex = -1;
  node.setAttribute("role", "button");
  return node;
}

function colour() {
  for (const node of state.shown) {
    const answer = answerOf(node.record);
    node.className = `sentence ${answer.label}`;
    node.classList.toggle("is-unsure", answer.abstained === true);
    const said = make("span", "hidden-text", `${answer.label}${answer.abstained ? ", unsure" : ""}: `);
    const text = make("span");
    text.dir = "auto";
    text.append(...withHolder(node.record.text, answer.holder));
    node.replaceChildren(...(answer.label === "unrelated" ? [] : [icon(answer.label)]), said, text);
  }
  showShares();
}

function withHolder(text, holder) {
  if (!holder || holder.author) return [text];
  const points = Array.from(text);
  const part = (start, end) => points.slice(start, end).join("");
  return [part(0, holder.start), make("span", "holder", part(holder.start, holder.end)), part(holder.end)];
}

function showViews() {
  const views = [...state.targets.map((target) => [target.key, target.name]), [SENTIMENT, "Sentiment"]];
  $("views").replaceChildren(...views.map(([key, name]) => {
    const button = make("button", "", name);
    button.type = "button";
    button.setAttribute("role", "radio");
    button.dataset.view = key;
    return button;
  }));
  markView();
}

function markView() {
  for (const button of $("views").children) {
    const isChosen = button.dataset.view === state.view;
    button.setAttribute("aria-checked", String(isChosen));
    button.tabIndex = isChosen ? 0 : -1;
  }
}

export function choose(view) {
  state.view = view;
  markView();
  colour();
  showDetail(state.pinned);
}

function showShares() {
  const labels = state.view === SENTIMENT ? SENTIMENTS : STANCES;
  const counts = labels.map((label) => state.shown.filter((node) => answerOf(node.record).label === label).length);
  $("bar").replaceChildren(...labels.map((label, i) => {
    const part = make("span", label);
    part.style.setProperty("--share", counts[i]);
    part.hidden = !counts[i];
    return part;
  }));
  $("legend").replaceChildren(...labels.map((label, i) =>
    make("li", "", null, icon(label), `${label} `, make("b", "", counts[i].toLocaleString("en")))));
  const positions = state.shown.filter((node) => POSITIONS.has(answerOf(node.record).label)).length;
  $("previous").disabled = $("next").disabled = !positions;
  $("step").textContent = count(positions, state.view === SENTIMENT ? "toned sentence" : "position");
}

// One sentence.

function meterNode(label, probability, isChosen) {
  const fill = make("span", label);
  fill.style.setProperty("--share", `${probability * 100}%`);
  const name = make("span", "", null, icon(label), label);
  const percent = make("span", "number", `${(probability * 100).toFixed(0)}%`);
  return make("div", `meter${isChosen ? " is-chosen" : ""}`, null, name, make("span", "track", null, fill), percent);
}

// The words of a sentence, the more coloured the more they add to the label or take from it.
export function explanationNode(sentence, found) {
  const strongest = Math.max(...found.words.map((word) => Math.abs(word.weight)), 0.02);
  const points = Array.from(sentence);
  const text = make("p", "words");
  text.dir = "auto";
  let end = 0;
  for (const word of found.words) {
    text.append(points.slice(end, word.start).join(""));
    const node = make("span", word.weight < 0 ? "takes" : `adds ${found.label}`, word.text);
    node.style.setProperty("--strength", `${Math.round((Math.abs(word.weight) / strongest) * 100)}%`);
    node.title = `${word.weight < 0 ? "−" : "+"}${Math.abs(word.weight * 100).toFixed(0)}`;
    text.append(node);
    end = word.end;
  }
  text.append(points.slice(end).join(""));
  const words = [...found.words].filter((word) => word.weight >= 0.02).sort((a, b) => b.weight - a.weight);
  const list = make("ol", "weights", null, ...words.slice(0, 5).map((word) => {
    const name = make("bdi", "", word.text);
    return make("li", "", null, name, make("span", "number", `+${(word.weight * 100).toFixed(0)}`));
  }));
  const share = (found.probability * 100).toFixed(0);
  const hint = words.length
    ? `Points that ${found.label} (${share}%, the sentence by itself) loses when the word is hidden:`
    : `No word by itself carries ${found.label} (${share}%, the sentence by itself).`;
  return make("div", "explanation", null, text, make("p", "hint", hint), list);
}

function answerNode(key, title, answer) {
  const node = make("section", "", null, make("h3", "", title));
  for (const [label, probability] of Object.entries(answer.probabilities))
    node.append(meterNode(label, probability, label === answer.label));
  if (answer.abstained) node.append(make("p", "hint", "Too unsure for the risk you chose."));
  if (!answer.voice) return node;
  const why = make("button", "why", "Which words?");
  why.type = "button";
  why.dataset.target = key;
  const holder = make("dd", "", answer.holder.author ? "the author" : answer.holder.text);
  holder.dir = "auto";
  const list = make("dl", "", null, make("dt", "", "Whose"), holder);
  const isPosition = POSITIONS.has(answer.label);
  if (isPosition) list.append(make("dt", "", "Voice"), make("dd", "", answer.voice));
  node.append(list, why);
  return node;
}

export function showDetail(node) {
  for (const other of state.shown) other.classList.toggle("is-shown", other === node);
  $("detail").classList.toggle("is-open", node !== null);
  if (!node) {
    const hint = "Point at a sentence, or move to it with Tab and the arrow keys, to see how sure the model is.";
    $("detail").replaceChildren(make("p", "hint", hint));
    return;
  }
  const { record } = node;
  state.detailed = record;
  const close = make("button", "close", "Close");
  close.type = "button";
  close.addEventListener("click", () => pin(null));
  const keys = Object.keys(record.stance).sort((a, b) => (b === state.view) - (a === state.view));
  const sections = keys.map((key) => answerNode(key, nameOf(key), record.stance[key]));
  sections.splice(state.view === SENTIMENT ? 0 : keys.length, 0, answerNode(SENTIMENT, "Sentiment", record.sentiment));
  $("detail").replaceChildren(close, ...sections);
  $("detail").scrollTop = 0;
}

export function pin(node) {
  if (node) {
    for (const other of state.shown) other.tabIndex = other === node ? 0 : -1;
  }
  state.pinned = node;
  showDetail(node);
}

export function moveTo(node) {
  if (!node) return;
  node.focus({ preventScroll: true }); // the sheet of a small screen opens first
  node.scrollIntoView({ block: "nearest" });
}

export function step(direction) {
  const order = direction > 0 ? state.shown : [...state.shown].reverse();
  const start = state.pinned ? order.indexOf(state.pinned) + 1 : 0;
  const turned = [...order.slice(start), ...order.slice(0, start)];
  moveTo(turned.find((node) => POSITIONS.has(answerOf(node.record).label)));
}

// All of it.

function countBy(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function showTable(records) {
  const head = make("tr", "", null, ...["Target", ...STANCES].map((name) => {
    const cell = make("th", "", null, ...(ICONS[name] ? [icon(name)] : []), name);
    cell.scope = "col";
    return cell;
  }));
  const rows = state.targets.map((target) => {
    const answers = records.map((record) => record.stance[target.key]);
    return rowOf(target.name, STANCES.map((label) => {
      const own = answers.filter((answer) => answer.label === label);
      const voices = POSITIONS.has(label) ? countBy(own.map((answer) => answer.voice)) : new Map();
      return [own.length, [...voices].map(([voice, n]) => `${voice} ${n}`)];
    }));
  });
  const tones = countBy(records.map((record) => record.sentiment.label));
  const row = rowOf("Sentiment", SENTIMENTS.map((label) => [tones.get(label) ?? 0, [label]]));
  row.append(make("td"));
  $("table").replaceChildren(make("thead", "", null, head), make("tbody", "", null, ...rows, row));
}

function rowOf(name, cells) {
  const head = make("th", "", name);
  head.scope = "row";
  return make("tr", "", null, head, ...cells.map(([n, notes]) =>
    make("td", "", null, make("b", "", n.toLocaleString("en")), ...notes.map((note) => make("small", "", note)))));
}
