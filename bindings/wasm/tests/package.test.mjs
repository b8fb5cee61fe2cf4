// The npm package in Node: node --test bindings/wasm/tests. PACKAGE is its folder, ALLONYM the program that it must agree with.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";

const folder = process.env.PACKAGE ?? "target/npm";
const { Tagger, TaggerWorker, AllonymError } = await import(pathToFileURL(join(folder, "index.js")));
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
