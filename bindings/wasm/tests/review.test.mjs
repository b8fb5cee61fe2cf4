// The page to review on, in Chromium. REVIEW is the file that docs/demo/build made, ALLONYM the program that it must agree with, BROWSER Chromium.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createReadStream, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const file = resolve(process.env.REVIEW ?? "target/demo-review.html");
const shots = process.env.SCREENSHOTS;
if (shots) mkdirSync(shots, { recursive: true });

const REVIEWED = [
  { id: "a", text: "Ann Lee met Bob Ray of Acme Corp in Oslo. 😀 The old town was quiet.\n\nAcme Corp left on Friday.", source: "x", mentions: [
    { start: 0, end: 7, label: "PER", score: 0.99 }, { start: 12, end: 19, label: "PER", score: 0.98 }, { start: 23, end: 32, label: "LOC", score: 0.41 }, { start: 36, end: 40, label: "LOC", score: 0.9 },
  ] },
  { id: "b", text: "Rain fell in Beirut, said Maria Lopez." },
];
const LINES = `${REVIEWED.map((document) => JSON.stringify(document)).join("\n")}\n`;
const folder = () => mkdtempSync(join(tmpdir(), "allonym-"));

let browser;
let server;
let site;
before(async () => {
  browser = await puppeteer.launch({ executablePath: process.env.BROWSER ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"], protocolTimeout: 300_000 });
  server = createServer((_, response) => createReadStream(file).pipe(response.setHeader("Content-Type", "text/html"))).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  site = `http://127.0.0.1:${server.address().port}/`;
});
after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

/** A tab with the page, in a browser profile of its own, and what it asked for and complained about. */
const opened = async (address, context) => {
  context ??= await browser.createBrowserContext();
  const tab = await context.newPage();
  await tab.setViewport({ width: 1300, height: 800 });
  const [asked, complaints] = [[], []];
  tab.on("request", (request) => asked.push(request.url()));
  tab.on("console", (message) => { if (["error", "warn"].includes(message.type())) complaints.push(message.text()); });
  tab.on("pageerror", (error) => complaints.push(error.message));
  tab.on("dialog", (dialog) => dialog.accept());
  await tab.goto(address);
  return { tab, context, asked, complaints };
};

const mentions = (tab) => tab.$$eval("#text mark", (marks) => marks.map((mark) => `${mark.textContent} ${mark.dataset.l}`));
const chosen = (tab) => tab.$$eval("#text .chosen", (marks) => marks.map((mark) => `${mark.textContent} ${mark.dataset.l}`).join("; "));
const seen = (tab, selector) => tab.$eval(selector, (element) => element.innerText.replace(/\s+/g, " ").trim());
const until = (tab, work, ...args) => tab.waitForFunction(work, { timeout: 60_000 }, ...args);
/** Waits until all steps are made. */
const settled = (tab) => tab.evaluate(() => new Promise((done) => setTimeout(done, 150)));
const press = async (tab, ...keys) => {
  for (const key of keys) {
    await tab.keyboard.press(key);
    await settled(tab);
  }
};
const click = async (tab, selector) => {
  await tab.click(selector);
  await settled(tab);
};
const clickButton = async (tab, root, text) => {
  const buttons = await tab.$$(`${root} button`);
  for (const button of buttons) {
    if (!(await button.evaluate((button) => button.textContent)).startsWith(text)) continue;
    await button.click();
    return settled(tab);
  }
  throw new Error(`expected a button ${text} in ${root}`);
};
/** Selects words with the mouse. */
const drag = async (tab, words) => {
  const [from, to] = await tab.evaluate((words) => {
    const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.data.indexOf(words);
      if (at === -1) continue;
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + words.length);
      const { left, right, top, bottom } = range.getBoundingClientRect();
      return [[left + 3, (top + bottom) / 2], [right - 3, (top + bottom) / 2]];
    }
    throw new Error(`expected ${words} in the text`);
  }, words);
  await tab.mouse.move(...from);
  await tab.mouse.down();
  await tab.mouse.move(...to, { steps: 5 });
  await tab.mouse.up();
  await settled(tab);
};
const upload = async (tab, ...paths) => (await tab.$("#start-files-field")).uploadFile(...paths);
const ready = (tab) => until(tab, () => document.querySelectorAll("#text mark").length > 0);

/** The journal that the browser keeps. */
const kept = (tab) => tab.evaluate(async () => {
  const asked = indexedDB.open("allonym-review");
  const base = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const all = base.transaction("journal").objectStore("journal").getAll();
  const lines = await new Promise((done) => { all.onsuccess = () => done(all.result); });
  base.close();
  return new Blob(lines).text();
});

/** What the program writes for the same documents and the same journal. */
const byProgram = (journal, name = "news.jsonl", content = LINES) => {
  const place = folder();
  mkdirSync(join(place, "news.review"));
  writeFileSync(join(place, name), content);
  writeFileSync(join(place, "news.review", "journal.jsonl"), journal);
  execFileSync(process.env.ALLONYM, ["review", join(place, name), "--no-page", "--quiet", "-o", join(place, "news.review")]);
  return readFileSync(join(place, "news.review", "documents.jsonl"), "utf8");
};

/** What a button saves. */
const saved = async (context, tab, selector, name) => {
  const downloads = folder();
  const session = await browser.target().createCDPSession();
  await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads, browserContextId: context.id });
  await tab.click(selector);
  for (let i = 0; i < 200 && !readdirSync(downloads).includes(name); i++) await new Promise((done) => setTimeout(done, 50));
  return readFileSync(join(downloads, name), "utf8");
};

test("uploaded documents are corrected with keys and mouse, a reload loses nothing, and what is saved is what the program writes", async () => {
  const input = join(folder(), "news.jsonl");
  writeFileSync(input, LINES);
  const address = pathToFileURL(file).href;
  const { tab, context, asked, complaints } = await opened(address);
  assert.equal(await tab.$eval("#text", (element) => element.checkVisibility()), false);
  await upload(tab, input);
  await ready(tab);
  assert.deepEqual(await mentions(tab), ["Ann Lee PER", "Bob Ray PER", "Acme Corp LOC", "Oslo LOC"]);
  assert.equal(await chosen(tab), "Acme Corp LOC", "the least certain one is chosen");

  // Keys: a label, with that of the other place; accept; remove; undo.
  await press(tab, "2");
  assert.equal(await chosen(tab), "Acme Corp ORG ✓");
  assert.match(await seen(tab, "#bar"), /“Acme Corp” is there once more/);
  await press(tab, "o");
  assert.deepEqual(await mentions(tab), ["Ann Lee PER", "Bob Ray PER", "Acme Corp ORG ✓", "Oslo LOC", "Acme Corp ORG ✓"]);
  await press(tab, "Enter");
  assert.equal(await chosen(tab), "Oslo LOC", "the least certain that is left");
  await press(tab, "Enter");
  assert.equal(await chosen(tab), "Bob Ray PER");
  await press(tab, "x");
  assert.equal((await mentions(tab)).length, 4);
  await press(tab, "u");
  assert.equal((await mentions(tab)).length, 5);

  // The mouse: selected words become a mention, and a button gives another label.
  await drag(tab, "old town");
  assert.match(await seen(tab, "#bar"), /^“old town” is/);
  await clickButton(tab, "#bar", "LOC");
  assert.equal(await chosen(tab), "old town LOC ✓");
  await clickButton(tab, "#card", "MISC");
  assert.equal(await chosen(tab), "old town MISC ✓");
  if (shots) await tab.screenshot({ path: join(shots, "review.png") });
  const before = await mentions(tab);

  await tab.reload();
  await ready(tab);
  assert.deepEqual(await mentions(tab), before, "a reload loses nothing");
  await click(tab, "#undo");
  assert.ok((await mentions(tab)).includes("old town LOC ✓"), "and steps before it are undone");
  await click(tab, "#redo");
  await tab.focus("#text");
  await press(tab, "c");
  assert.equal(await seen(tab, "#state"), "✓ complete");
  await press(tab, "n");
  assert.equal(await seen(tab, "#name"), "b");
  await until(tab, () => document.getElementById("state").textContent.startsWith("open"));
  assert.deepEqual(await mentions(tab), ["Beirut LOC", "Maria Lopez PER"], "the model has tagged it");

  const documents = await saved(context, tab, "#kept-save", "documents.jsonl");
  const [first, second] = documents.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([first.status, first.annotator, second.status, second.annotator], ["complete", "reviewer", "open", undefined]);
  assert.deepEqual(first.mentions.map(({ text, label, accepted }) => `${text} ${label} ${accepted ?? ""}`.trim()), ["Ann Lee PER", "Bob Ray PER", "Acme Corp ORG true", "Oslo LOC true", "old town MISC true", "Acme Corp ORG true"]);
  if (process.env.ALLONYM) assert.equal(documents, byProgram(await kept(tab)));

  // Only the page itself, and what it made; and the policy had nothing to refuse.
  assert.deepEqual(asked.filter((url) => url.split("#")[0] !== address && !url.startsWith("blob:")), []);
  assert.deepEqual(complaints, []);

  // Another review begins anew.
  await tab.click("#kept-close");
  await until(tab, () => document.body.classList.contains("closed") && location.hash.length < 2);
  await upload(tab, input);
  await ready(tab);
  assert.deepEqual(await mentions(tab), ["Ann Lee PER", "Bob Ray PER", "Acme Corp LOC", "Oslo LOC"]);
  await context.close();
});

test("steps and corrections of a folder are written into it", async () => {
  // That which has a profile on the disk: others keep no folder.
  const context = browser.defaultBrowserContext();
  const { tab, complaints } = await opened(site, context);
  // What a picker would give; the browser has no folder that a test could pick.
  await tab.evaluate(async (lines) => {
    const news = await (await navigator.storage.getDirectory()).getDirectoryHandle("news", { create: true });
    const writable = await (await news.getFileHandle("a.jsonl", { create: true })).createWritable();
    await writable.write(lines);
    await writable.close();
    window.showDirectoryPicker = async () => news;
  }, LINES);
  await tab.click("#start-folder");
  await ready(tab);
  assert.match(await seen(tab, "#kept-said"), /news\/news\.review/);
  const inside = (name) => tab.evaluate(async (name) => {
    const news = await (await navigator.storage.getDirectory()).getDirectoryHandle("news");
    const review = await news.getDirectoryHandle("news.review");
    return (await (await review.getFileHandle(name)).getFile()).text();
  }, name);
  await press(tab, "2", "o", "A");
  const steps = (await inside("journal.jsonl")).trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(steps.map(({ step }) => step), steps.map((_, nth) => nth + 1));
  assert.deepEqual(steps.flatMap(({ op }) => op?.do ?? []), ["label", "occurrences", "accept_all"]);
  const before = await mentions(tab);
  // The documents are written every few seconds.
  await new Promise((done) => setTimeout(done, 6000));
  const documents = await inside("documents.jsonl");
  if (process.env.ALLONYM) assert.equal(documents, byProgram(await inside("journal.jsonl")));

  await tab.reload();
  await ready(tab);
  assert.deepEqual(await mentions(tab), before);
  await press(tab, "u");
  assert.notDeepEqual(await mentions(tab), before);
  assert.equal((await inside("journal.jsonl")).trim().split("\n").length, steps.length + 1);

  // A second tab leaves the journal alone.
  const second = await opened(site, context);
  await until(second.tab, () => document.getElementById("start-error").textContent.includes("open in another tab"));
  assert.deepEqual([...complaints, ...second.complaints].filter((line) => !line.includes("favicon")), []);
  await Promise.all([tab.close(), second.tab.close()]);
});

test("a browser that cannot write to folders keeps the steps itself", async () => {
  const context = await browser.createBrowserContext();
  const { tab } = await opened("about:blank", context);
  await tab.evaluateOnNewDocument(() => { delete window.showDirectoryPicker; });
  await tab.goto(site);
  assert.match(await seen(tab, "#start-how"), /cannot write to a folder/);
  const place = join(folder(), "news");
  mkdirSync(join(place, "deep"), { recursive: true });
  writeFileSync(join(place, "deep", "rain.txt"), "Rain fell in Beirut, said Maria Lopez.");
  writeFileSync(join(place, "broken.jsonl"), '{"text": 7}\n');
  await (await tab.$("#start-folder-field")).uploadFile(place);
  await ready(tab);
  assert.equal(await seen(tab, "#name"), "deep/rain.txt", "ids begin inside the folder");
  assert.match(await tab.$eval("#kept-notes", (element) => element.textContent), /1 note.*broken\.jsonl:1/s);
  await press(tab, "Enter");
  await tab.reload();
  await ready(tab);
  assert.equal((await mentions(tab)).filter((shown) => shown.endsWith("✓")).length, 1);
  await context.close();
});
