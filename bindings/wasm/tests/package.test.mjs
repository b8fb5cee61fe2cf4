// The npm package in Node: node --test bindings/wasm/tests. PACKAGE is its folder, ALLONYM the program that it must agree with.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = process.env.PACKAGE ?? "target/npm";
const { Tagger, TaggerWorker, AllonymError, Refusal } = await import(pathToFileURL(join(folder, "index.js")));
const ARTICLES = "eval/articles";
const articles = readdirSync(ARTICLES).filter((name) => name.endsWith(".txt")).sort();

let tagger;
before(async () => { tagger = await Tagger.load(); });

test("a text is tagged, and its names are linked", () => {
  const text = "😀 Abbas Araghchi, Iran's foreign minister, met Rafael Grossi in Cairo. Araqchi and Grossi agreed.";
  const document = tagger.tag(text);
  assert.equal(document.text, text);
  for (const { start, end, text: found } of document.mentions) assert.equal(text.slice(start, end), found);
  assert.deepEqual(document.mentions.map(({ text, label, entity }) => `${text} ${label} ${entity}`), [
    "Abbas Araghchi PER e1", "Iran LOC e2", "Rafael Grossi PER e3", "Cairo LOC e4", "Araqchi PER e1", "Grossi PER e3",
  ]);
  assert.equal(document.entities[0].name, "Abbas Araghchi");
  assert.equal(document.entities[1].kb.wikidata, "Q794");
});

test("options are those of the program", () => {
  const text = "Maria Lopez flew from Geneva to Islamabad.";
  assert.deepEqual(tagger.tag(text, { labels: ["PER"] }).mentions.map(({ text }) => text), ["Maria Lopez"]);
  assert.equal(tagger.tag(text, { minScore: 1 }).mentions.length, 0);
  const unlinked = tagger.tag(text, { link: false });
  assert.equal(unlinked.mentions[0].entity, undefined);
  assert.deepEqual(tagger.info.heads[0], { name: "clean", labels: ["PER", "ORG", "LOC", "MISC"] });
  assert.throws(() => tagger.tag(text, { head: "nope" }), { name: "AllonymError", message: /nope/ });
  assert.throws(() => tagger.tag(text, { label: ["PER"] }), { name: "AllonymError", message: /unknown field `label`/ });
});

test("products are made by relaxed SIMD where the engine has it for whole bytes", async () => {
  const bytes = readFileSync(join(folder, "product.wasm"));
  const way = async () => (await WebAssembly.instantiate(bytes, { env: { memory: new WebAssembly.Memory({ initial: 1 }) } })).instance.exports.way();
  const usable = WebAssembly.validate(bytes) && (await way()) !== 0;
  assert.equal(tagger.info.kernel, usable ? "relaxed SIMD" : "SIMD128");
});

test("what is no text is an error of its own", () => {
  assert.throws(() => tagger.tag(7), AllonymError);
  assert.throws(() => tagger.tag({}), { message: "document 0: text: expected a string, found undefined" });
  assert.throws(() => tagger.tag("Rain in \ud83d Beirut"), { message: /half of a pair at 8/ });
  assert.deepEqual(tagger.tag("").mentions, []);
});

test("fields of the caller come back", () => {
  const { id, url, mentions } = tagger.tag({ id: 7, text: "Rain in Beirut.", url: "x/1" });
  assert.deepEqual([id, url, mentions[0].text], [7, "x/1", "Beirut"]);
});

test("documents are linked across, and names compared", () => {
  const documents = tagger.tagAll(["Abbas Araghchi landed in Muscat.", "Mr Aragchi, Abbas Aragchi's office said, left Muscat."]);
  const linked = tagger.link(documents);
  const places = linked.entities.filter(({ label }) => label === "LOC");
  assert.equal(places.length, 1);
  const persons = new Set(linked.documents.flatMap(({ mentions }) => mentions).filter(({ label }) => label === "PER").map(({ entity }) => entity));
  assert.equal(persons.size, 1);
  const comparison = tagger.compare("Abbas Aragchi", "Abbas Araghchi");
  assert.ok(comparison.same && comparison.probability > 0.99 && comparison.reason.includes("skeleton"), comparison.reason);
});

test("files are read, and documents written", () => {
  const bytes = (text) => new TextEncoder().encode(text);
  const page = "<!DOCTYPE html><html><head><title>Rain</title></head><body><article><h1>Rain</h1><p>Rain fell in Beirut on Monday, said Maria Lopez of the World Bank, and the roads of the city were closed for hours.</p></article></body></html>";
  const read = tagger.read(bytes(page), "rain.html");
  assert.match(read.documents[0].text, /Rain fell in Beirut/);
  assert.doesNotMatch(read.documents[0].text, /</);
  const lines = tagger.read(bytes('{"id":"a","text":"Fog in Oslo."}\n{"id":"b"}\n{"id":"c","text":"Rain."}\n'), "news.jsonl");
  assert.deepEqual(lines.documents.map(({ id }) => id), ["a", "c"]);
  assert.match(lines.errors[0].message, /news\.jsonl:2/);
  const tagged = tagger.tagAll(lines.documents);
  const text = (format, options) => new TextDecoder().decode(tagger.write(tagged, format, options));
  assert.equal(JSON.parse(text("jsonl").split("\n")[0]).offsets, "char");
  assert.match(text("csv"), /^doc,start,end,label,text,score/);
  assert.match(text("html", { title: "Weather" }), /<title>Weather<\/title>/);
});

test("mentions are those of the program, on every article", { skip: !process.env.ALLONYM && "no program: ALLONYM" }, () => {
  const lines = execFileSync(process.env.ALLONYM, ["tag", ARTICLES, "--quiet", "--offsets", "utf16"], { encoding: "utf8" }).trim().split("\n");
  const want = new Map(lines.map((line) => JSON.parse(line)).map((document) => [document.id, document]));
  assert.equal(want.size, articles.length);
  let furthest = 0;
  for (const name of articles) {
    const got = tagger.tag({ id: name, text: readFileSync(join(ARTICLES, name), "utf8") });
    const facts = ({ mentions, entities }) => [mentions.map(({ start, end, label, entity }) => [start, end, label, entity]), entities];
    assert.deepEqual(facts(got), facts(want.get(name)), name);
    got.mentions.forEach(({ score }, i) => { furthest = Math.max(furthest, Math.abs(score - want.get(name).mentions[i].score)); });
  }
  console.log(`largest difference of a score: ${furthest}`);
  // Rows are rounded without a fused multiply and add, which the program has.
  assert.ok(furthest < 0.05, String(furthest));
});

test("a worker answers the same", async () => {
  const worker = await TaggerWorker.load();
  try {
    const text = readFileSync(join(ARTICLES, articles[0]), "utf8");
    assert.deepEqual(await worker.tag(text), tagger.tag(text));
    await assert.rejects(worker.tag(7), AllonymError);
    assert.deepEqual((await worker.tagAll(["Rain in Beirut.", "Fog in Oslo."])).map(({ mentions }) => mentions[0].text), ["Beirut", "Oslo"]);
    const stopped = assert.rejects(worker.tag(text.repeat(50)), AllonymError);
    worker.terminate();
    await stopped;
  } finally {
    worker.terminate();
  }
});

/** Two documents with mentions, and one that has to be tagged. */
const REVIEWED = [
  { id: "a", text: "Ann Lee met Bob Ray of Acme Corp in Oslo. 😀 Acme Corp left Oslo.", source: "x", offsets: "char", mentions: [
    { start: 0, end: 7, label: "PER", score: 0.99 }, { start: 12, end: 19, label: "PER", score: 0.98 }, { start: 23, end: 32, label: "LOC", score: 0.41 }, { start: 36, end: 40, label: "LOC", score: 0.9 },
  ] },
  { id: "b", text: "Rain fell in Beirut." },
  { id: "c", text: "Fog in Oslo.", mentions: [{ start: 7, end: 11, label: "LOC", score: 0.97, entity: "e1" }], entities: [{ id: "e1", name: "Oslo", label: "LOC", aliases: ["Oslo"], mentions: 1 }] },
];
const lines = (documents) => `${documents.map((document) => JSON.stringify(document)).join("\n")}\n`;
const written = (files, name) => new TextDecoder().decode(files.find((file) => file.name === name).bytes);

/** What the program writes for the same documents and the same journal. */
const byProgram = (journal) => {
  const folder = mkdtempSync(join(tmpdir(), "allonym-"));
  mkdirSync(join(folder, "news.review"));
  writeFileSync(join(folder, "news.jsonl"), lines(REVIEWED));
  writeFileSync(join(folder, "news.review", "journal.jsonl"), journal);
  execFileSync(process.env.ALLONYM, ["review", join(folder, "news.jsonl"), "--no-page", "--quiet"]);
  return ["documents.jsonl", "constraints.tsv"].map((name) => readFileSync(join(folder, "news.review", name), "utf8"));
};

test("documents are reviewed, and the journal goes on", () => {
  const { documents } = tagger.read(new TextEncoder().encode(lines(REVIEWED)), "news.jsonl");
  const review = tagger.review(documents, { title: "news", labels: ["EVENT"] });
  assert.deepEqual(review.ask("review").labels.map(({ name, key }) => `${name} ${key}`), ["PER 1", "ORG 2", "LOC 3", "MISC 4", "EVENT 5"]);
  assert.equal(review.ask("documents/1").state, "waiting");
  while (review.prepare());
  assert.deepEqual(review.ask("documents/1").mentions.map(({ start, end, label, by }) => [start, end, label, by]), [[13, 19, "LOC", "model"]]);
  assert.deepEqual(review.ask("documents?order=score&below=0.5").documents.map(({ id }) => id), ["a"]);
  let version = 0;
  const step = (op) => review.ask("documents/0/ops", { version: version++, op });
  const change = step({ do: "label", mention: 3, label: "ORG" });
  assert.deepEqual(change.offer.add, [{ start: 45, end: 54 }], "offsets are those of JavaScript");
  step({ do: "occurrences", label: "ORG", add: change.offer.add });
  step({ do: "remove", mention: 4 });
  step({ do: "undo" });
  step({ do: "status", status: "complete" });
  assert.throws(() => review.ask("documents/0/ops", { version: 0, op: { do: "undo" } }), (error) => error instanceof Refusal && error.code === "stale");
  assert.throws(() => step({ do: "add", start: 0, end: 3, label: "PER" }), (error) => error instanceof Refusal && error.code === "overlap" && error.mentions.length === 1);
  assert.throws(() => review.ask("nothing"), { code: "not_found" });
  assert.throws(() => review.ask("documents/9"), { code: "not_found", message: "expected a document below 3, found 9" });
  assert.throws(() => review.ask("documents?colour=red"), { code: "malformed" });
  assert.throws(() => review.ask("export", { format: "brat" }), Refusal);
  const said = review.ask("export", { format: "jsonl" });
  assert.deepEqual([said.path, said.documents], ["documents.jsonl", 3]);
  const saved = review.takeFiles();
  assert.deepEqual(saved, review.files());
  const [first] = written(saved, "documents.jsonl").split("\n").map((line) => line && JSON.parse(line));
  assert.deepEqual([first.annotator, first.status, first.source, first.mentions.length], ["reviewer", "complete", "x", 5]);

  const journal = review.takeJournal();
  assert.equal(review.takeJournal().length, 0);
  const again = tagger.review(documents, { journal });
  assert.equal(again.journalLength, journal.length);
  assert.equal(again.prepare(), false, "the journal has what was tagged");
  assert.deepEqual(again.files(), saved);
  // A last line that is not whole is no step.
  const torn = tagger.review(documents, { journal: journal.subarray(0, journal.length - 5) });
  assert.ok(torn.journalLength < journal.length - 5);
  assert.match(torn.notes[0], /the last line was not whole/);
  assert.throws(() => tagger.review(documents, { journal: new TextEncoder().encode("{}\n{}\n") }), { message: /journal\.jsonl:1: expected a step/ });
  if (process.env.ALLONYM) assert.deepEqual(byProgram(journal), ["documents.jsonl", "constraints.tsv"].map((name) => written(saved, name)));
  review.free();
});

test("gold is shown beside the documents of a review", () => {
  const gold = [{ ...REVIEWED[0], mentions: [{ start: 0, end: 7, label: "ORG" }] }];
  const review = tagger.review(REVIEWED.slice(0, 1), { tag: false, beside: { kind: "gold", documents: gold } });
  assert.deepEqual(review.ask("review").beside, [{ name: "gold", kind: "gold" }]);
  assert.equal(review.ask("documents/0?with=gold").beside.disagreements.length, 4);
  assert.equal(review.ask("disagreements?with=gold").listed[0].disagreements.length, 4);
});

test("in a worker, nobody hears of a step before it is kept", async () => {
  const worker = await TaggerWorker.load();
  try {
    const kept = [];
    let isFull = false;
    const keep = async (lines) => {
      await new Promise((done) => setTimeout(done, 20));
      if (isFull) throw new Error("the disk is full");
      kept.push(new TextDecoder().decode(lines));
    };
    const review = await worker.review(REVIEWED, { keep });
    while (await review.prepare());
    const before = kept.length;
    assert.ok(before > 0);
    const step = (version, op) => review.ask("documents/2/ops", { version, op });
    assert.equal((await step(0, { do: "accept", mention: 1 })).version, 1);
    assert.equal(kept.length, before + 1);
    isFull = true;
    await step(1, { do: "label", mention: 1, label: "ORG" });
    assert.equal(review.unkept.message, "the disk is full");
    isFull = false;
    await step(2, { do: "undo" });
    assert.equal(review.unkept, undefined);
    assert.match(kept.at(-1), /"label".*\n.*"undo"/, "the lines come again");
    await assert.rejects(step(0, { do: "undo" }), (error) => error instanceof Refusal && error.code === "stale");
    const journal = new TextEncoder().encode(kept.join(""));
    assert.deepEqual(tagger.review(REVIEWED, { journal }).files(), await review.files());
    await review.close();
  } finally {
    worker.terminate();
  }
});

test("a model from elsewhere is streamed, and kept", async () => {
  process.env.XDG_CACHE_HOME = mkdtempSync(join(tmpdir(), "allonym-"));
  let asked = 0;
  const server = createServer((request, response) => {
    asked++;
    response.end(readFileSync(join(folder, "model", request.url.split("/").at(-1))));
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const model = `http://127.0.0.1:${server.address().port}/some/model`;
  const seen = [];
  const load = () => Tagger.load({ model, progress: ({ loaded }) => seen.push(loaded) });
  const first = await load();
  assert.equal(first.tag("Rain in Beirut.").mentions[0].text, "Beirut");
  assert.equal(asked, 3);
  assert.ok(seen.length > 10 && seen.every((loaded, i) => i === 0 || loaded > seen[i - 1]));
  server.close();
  await load();
  assert.equal(asked, 3, "the second time from the cache");
  await assert.rejects(Tagger.load({ model, cache: false }), { name: "AllonymError", message: /cannot be fetched/ });
  await assert.rejects(Tagger.load({ model: "no/such/folder" }), { name: "AllonymError", message: /config\.json/ });
});
