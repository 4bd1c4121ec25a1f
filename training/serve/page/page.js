// What a person does, and what the service is asked.

import { articlesOf } from "./files.js";
import { $, choose, explanationNode, make, moveTo, pin, show, showDetail, state, step } from "./show.js";

const EXAMPLES = {
  English: "Moscow hailed the truce in Gaza on Monday and offered to host further talks.\n\nThe OIC welcomed the ceasefire, but its secretary-general criticised Russia for arming both sides. “A pause that lets the guns be reloaded is no peace,” said the Egyptian envoy, Samir Hadid. Markets in Cairo were closed for the holiday.\n\nIsrael's finance minister rejected the deal as a reward for terror.",
  العربية: "رحبت منظمة التعاون الإسلامي بوقف إطلاق النار في غزة، ودعت إلى إدخال المساعدات فورا. وانتقد وزير الخارجية المصري موقف موسكو من الهدنة.\n\nوقال محللون إن أسعار القمح استقرت هذا الأسبوع. ورفضت فصائل مسلحة اتفاق الهدنة ووصفته بأنه استسلام.",
  Русский: "Россия приветствовала перемирие в секторе Газа и предложила провести переговоры в Москве.\n\nОрганизация исламского сотрудничества осудила срыв поставок помощи. Президент Польши назвал действия Кремля преступлением. В Каире прошёл дождь.",
  Indonesia: "OKI menyambut baik gencatan senjata di Gaza dan mendesak semua pihak mematuhinya.\n\nPresiden mengecam serangan Rusia terhadap pelabuhan Odesa. Harga beras di Jakarta stabil pekan ini. Kelompok itu menolak gencatan senjata yang diusulkan Mesir.",
};

function tell(message, isError = false) {
  $("status").textContent = message;
  $("status").classList.toggle("is-error", isError);
}

async function ask(path, body = null) {
  const headers = {};
  if ($("secret").value) headers.Authorization = `Bearer ${$("secret").value}`;
  if (body) headers["Content-Type"] = "application/json";
  const method = body ? "POST" : "GET";
  let response;
  try {
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    throw new Error("The service cannot be reached; is it still running?");
  }
  const found = await response.json().catch(() => null);
  if (response.ok && found) return found;
  if (response.status === 401) {
    $("options").open = true;
    $("secret").focus();
    throw new Error("This service asks for a secret: give it under Options.");
  }
  throw new Error(found?.error?.message ?? `The service answered with status ${response.status}.`);
}

async function loadTargets() {
  if (state.targets.length) return;
  const found = await ask("v1/targets");
  state.targets = found.targets;
  state.view = found.targets[0]?.key ?? state.view;
  $("model").textContent = `sikap ${found.model.version}, model ${found.model.export_hash.slice(0, 12)}`;
}

async function analyse(articles) {
  const body = { articles };
  if ($("risk").value) body.abstain_risk = Number($("risk").value);
  if ($("source").value.trim()) body.source = $("source").value.trim();
  $("go").disabled = true;
  tell("Reading…");
  try {
    await loadTargets();
    const answer = await ask("v1/predict", body);
    state.answer = { ...answer, sent: articles };
    tell("");
    show();
  } catch (error) {
    tell(error.message, true);
  } finally {
    $("go").disabled = false;
  }
}

async function readFiles(files) {
  let articles;
  try {
    articles = await articlesOf(files);
  } catch (error) {
    tell(error.message, true);
    return;
  }
  const isText = articles.length === 1 && files[0].name.toLowerCase().endsWith(".txt");
  $("text").value = isText ? articles[0].text : ""; // never another text than the one below
  $("title").value = "";
  await analyse(articles);
}

async function explain(button) {
  const record = state.detailed;
  button.disabled = true;
  button.textContent = "Hiding each word…";
  try {
    const body = { sentence: record.text, target: button.dataset.target, lang: record.lang };
    const found = await ask("v1/explain", body);
    button.replaceWith(explanationNode(record.text, found));
  } catch (error) {
    button.replaceWith(make("p", "hint is-error", error.message));
  }
}

function save() {
  const lines = state.answer.records.map((record) => `${JSON.stringify(record)}\n`);
  const link = make("a");
  link.href = URL.createObjectURL(new Blob(lines, { type: "application/jsonl" }));
  link.download = "stance.jsonl";
  link.click();
  URL.revokeObjectURL(link.href);
}

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value;
  const title = $("title").value.trim();
  if (!text.trim() && !title) return tell("Paste an article first, or choose a file.", true);
  analyse([title ? { text, title } : { text }]);
});
$("choose").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", () => {
  readFiles([...$("file").files]);
  $("file").value = "";
});
for (const kind of ["dragenter", "dragover"])
  document.addEventListener(kind, (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    $("drop").classList.add("is-over");
  });
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) $("drop").classList.remove("is-over");
});
document.addEventListener("drop", (event) => {
  $("drop").classList.remove("is-over");
  if (!event.dataTransfer.files.length) return;
  event.preventDefault();
  readFiles([...event.dataTransfer.files]);
});
for (const [name, text] of Object.entries(EXAMPLES)) {
  const button = make("button", "", name);
  button.type = "button";
  button.addEventListener("click", () => {
    $("text").value = text;
    $("title").value = "";
    analyse([{ text }]);
  });
  $("examples").append(button);
}
$("views").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) choose(button.dataset.view);
});
$("views").addEventListener("keydown", (event) => {
  const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!way) return;
  event.preventDefault();
  const buttons = [...$("views").children];
  const place = buttons.findIndex((button) => button.dataset.view === state.view);
  const button = buttons[(place + way + buttons.length) % buttons.length];
  choose(button.dataset.view);
  button.focus();
});
const sentenceAt = (event) => event.target.closest?.(".sentence") ?? null;
$("reading").addEventListener("pointerover", (event) => {
  if (event.pointerType === "mouse" && sentenceAt(event)) showDetail(sentenceAt(event));
});
$("reading").addEventListener("pointerleave", (event) => {
  if (event.pointerType === "mouse") showDetail(state.pinned);
});
$("reading").addEventListener("focusin", (event) => pin(sentenceAt(event)));
$("reading").addEventListener("click", (event) => {
  const node = sentenceAt(event);
  if (!node) return;
  if (node !== state.pinned) pin(node);
  moveTo(node);
});
$("reading").addEventListener("keydown", (event) => {
  const place = state.shown.indexOf(sentenceAt(event));
  const to = {
    ArrowDown: place + 1, ArrowRight: place + 1, ArrowUp: place - 1, ArrowLeft: place - 1,
    Home: 0, End: state.shown.length - 1,
  }[event.key];
  if (place < 0 || to === undefined) return;
  event.preventDefault();
  moveTo(state.shown[to]);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") pin(null);
});
$("detail").addEventListener("click", (event) => {
  const button = event.target.closest("button.why");
  if (button) explain(button);
});
$("previous").addEventListener("click", () => step(-1));
$("next").addEventListener("click", () => step(1));
$("save").addEventListener("click", save);
$("curl").textContent = `curl -H 'Content-Type: application/json' ${location.origin}/v1/predict \\
  -d '{"sentences": ["The OIC welcomed the ceasefire in Gaza."]}'`;
loadTargets().catch((error) => tell(error.message, true));
