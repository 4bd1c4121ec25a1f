// Reading files: text, pages, JSON lines.

const FIELDS = ["text", "title", "id", "lang", "source", "url", "published"];

function decode(bytes) {
  const head = new TextDecoder("latin1").decode(bytes.slice(0, 2048));
  const marks = { "þÿ": "utf-16be", "ÿþ": "utf-16le" };
  const declared = head.match(/<meta[^>]+charset=["']?([\w-]+)/i);
  const label = marks[head.slice(0, 2)] ?? declared?.[1] ?? "utf-8";
  return new TextDecoder(label, { fatal: true }).decode(bytes);
}

function fromLines(text, name) {
  return text.split("\n").map((line) => line.trim()).filter(Boolean).map((line, number) => {
    let value;
    try {
      value = JSON.parse(line);
    } catch {
      throw new Error(`${name}, entry ${number + 1}: expected a line of JSON.`);
    }
    if (typeof value === "string") return { text: value };
    const known = FIELDS.filter((field) => value?.[field] !== null && value?.[field] !== undefined);
    if (!known.includes("text") && !known.includes("title"))
      throw new Error(`${name}, entry ${number + 1}: expected a field named text.`);
    return Object.fromEntries(known.map((field) => [field, value[field]]));
  });
}

// Give the articles of some files; an error says which file is of another kind.
export async function articlesOf(files) {
  const articles = [];
  for (const file of files) {
    let text;
    try {
      text = decode(await file.arrayBuffer());
    } catch {
      throw new Error(`${file.name}: expected text in UTF-8, or a page that names its encoding.`);
    }
    const ending = file.name.toLowerCase().split(".").pop();
    if (["jsonl", "ndjson"].includes(ending)) articles.push(...fromLines(text, file.name));
    else if (["txt", "html", "htm"].includes(ending)) articles.push({ text, id: file.name });
    else throw new Error(`${file.name}: expected a .txt, .html or .jsonl file.`);
  }
  if (!articles.length) throw new Error("The file is empty.");
  return articles;
}
