// The questions of one sentence. All text from outside enters the page by textContent.

export const $ = (id) => document.getElementById(id);

export function make(tag, classes = "", text = null, ...children) {
  const node = document.createElement(tag);
  if (classes) node.className = classes;
  if (text !== null) node.textContent = text;
  node.append(...children);
  return node;
}

// Which questions a sentence has: its tasks and, of a position, voice and holder.
export function questionsOf(item, questions, values) {
  return questions.filter((question) => {
    if (!item.ask.includes(question.task)) return false;
    return question.key === question.task || question.polar.includes(values[question.task]);
  }).sort((a, b) => order(a, item) - order(b, item));
}

function order(question, item) {
  const part = question.key === question.task ? 0 : question.classes.length ? 1 : 2;
  return item.ask.indexOf(question.task) * 3 + part;
}

// A sentence is done when all its tasks are answered; who holds a position may stay open.
export function isDone(item, values) {
  return item.ask.every((task) => values?.[task]);
}

function nameOf(question, titles) {
  if (question.key === question.task) return titles[question.task] ?? question.task;
  return question.classes.length ? "How is it expressed?" : "Whose position is it?";
}

function choiceNode(question, label, place, value, proposed) {
  const button = make("button", label, null, make("kbd", "", String(place + 1)), label);
  button.type = "button";
  button.setAttribute("role", "radio");
  button.setAttribute("aria-checked", String(value === label));
  button.dataset.question = question.key;
  button.dataset.label = label;
  if (proposed === label) {
    button.classList.add("is-proposed");
    button.title = "the model's answer";
  }
  return button;
}

function holderNodes(question, value) {
  const input = make("input");
  input.type = "text";
  input.dir = "auto";
  input.maxLength = 500;
  input.value = value ?? "";
  input.placeholder = "words of the sentence, or author";
  input.setAttribute("aria-label", "Whose position is it?");
  input.dataset.question = question.key;
  const selected = make("button", "", null, make("kbd", "", "h"), "selected words");
  const author = make("button", "", null, make("kbd", "", "a"), "author");
  for (const [button, what] of [[selected, "selected"], [author, "author"]]) {
    button.type = "button";
    button.dataset.holder = what;
    button.dataset.question = question.key;
  }
  return [input, selected, author];
}

function givenNode(item, question) {
  const rows = (item.given ?? []).filter((one) => one.values[question.key]);
  if (!rows.length) return null;
  return make("ul", "given", null, ...rows.map((one) => {
    const name = make("bdi", "", `${one.annotator}: `);
    const said = make("b", "", one.values[question.key]);
    said.dir = "auto";
    return make("li", "", null, name, said);
  }));
}

export function questionNode(item, question, titles, value, isCurrent) {
  const node = make("fieldset", question.key === question.task ? "" : "is-part");
  node.classList.toggle("is-current", isCurrent);
  node.dataset.key = question.key;
  const proposed = item.proposed[question.key];
  const choices = make("div", "choices");
  if (question.classes.length) {
    choices.setAttribute("role", "radiogroup");
    choices.setAttribute("aria-label", nameOf(question, titles));
    choices.append(...question.classes.map((label, place) =>
      choiceNode(question, label, place, value, proposed)));
  } else {
    choices.append(...holderNodes(question, value));
  }
  node.append(make("legend", "", nameOf(question, titles)), choices);
  const given = givenNode(item, question);
  if (given) node.append(given);
  return node;
}
