// The page in Chromium. PAGE is the file that docs/demo/build made, ALLONYM the program that it must agree with, BROWSER Chromium.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const address = pathToFileURL(resolve(process.env.PAGE ?? "target/demo.html")).href;
const ARTICLES = "eval/articles";
const articles = readdirSync(ARTICLES).filter((name) => name.endsWith(".txt")).sort();
const shots = process.env.SCREENSHOTS;
if (shots) mkdirSync(shots, { recursive: true });

let browser;
before(async () => {
  browser = await puppeteer.launch({ executablePath: process.env.BROWSER ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"], protocolTimeout: 300_000 });
});
after(async () => { await browser?.close(); });

/** A tab with the page, and what it asked for and complained about. */
const opened = async ({ width = 1200, dark = false } = {}) => {
  const tab = await browser.newPage();
  await tab.setViewport({ width, height: 800 });
  await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }]);
  const [asked, complaints] = [[], []];
  tab.on("request", (request) => asked.push(request.url()));
  tab.on("console", (message) => { if (["error", "warn"].includes(message.type())) complaints.push(message.text()); });
  tab.on("pageerror", (error) => complaints.push(error.message));
  await tab.goto(address);
  await tab.waitForSelector("#tagged mark", { timeout: 60_000 });
  return { tab, asked, complaints, close: () => tab.close() };
};

const text = (tab, value) => tab.evaluate((value) => {
  const field = document.getElementById("text");
  field.value = value;
  field.dispatchEvent(new Event("input"));
}, value);
const shown = (tab) => tab.evaluate(() => [...document.querySelectorAll("#tagged mark")].map((mark) => `${mark.firstChild.textContent} ${mark.lastChild.textContent}`));
const shot = async (tab, name) => { if (shots) await tab.screenshot({ path: join(shots, `${name}.png`) }); };

test("the first answer comes within a second", async () => {
  // Other work on the machine makes it slower, nothing makes it faster: the fastest of a few counts.
  const times = [];
  while (times.length < 5 && !(times.at(-1) < 1000)) {
    const { tab, complaints, close } = await opened();
    times.push(Math.round(await tab.evaluate(() => performance.getEntriesByName("tagged")[0].startTime)));
    assert.deepEqual((await shown(tab)).slice(0, 2), ["Abbas Araghchi PER", "Iran LOC"]);
    assert.deepEqual(complaints, []);
    await shot(tab, "wide");
    await close();
  }
  console.log(`first answer after ${times.join(", ")} ms`);
  assert.ok(times.at(-1) < 1000, `${times} ms`);
});

test("while typing, mentions and entities are shown, and nothing is asked for", async () => {
  const { tab, asked, complaints, close } = await opened();
  await text(tab, "");
  await tab.type("#text", "Maria Lopez of the World Bank met Rafael Grossi in Oslo.", { delay: 15 });
  await tab.waitForFunction(() => document.querySelectorAll("#tagged mark").length === 4);
  assert.deepEqual(await shown(tab), ["Maria Lopez PER", "World Bank ORG", "Rafael Grossi PER", "Oslo LOC"]);
  assert.equal(await tab.evaluate(() => document.querySelectorAll("#entities tr").length), 4);
  // Only the page itself, and what it made.
  assert.deepEqual(asked.filter((url) => url !== address && !url.startsWith("blob:")), []);
  // And it could not: the policy refuses.
  const refused = await tab.evaluate(() => fetch("http://127.0.0.1:9/").then(() => "sent", () => new Promise((done) => setTimeout(() => done("refused"), 50))));
  assert.equal(refused, "refused");
  assert.ok(complaints.some((line) => line.includes("Content Security Policy")), complaints.join("\n"));
  await close();
});

test("keys lead from mention to mention, and back to the text", async () => {
  const { tab, close } = await opened();
  const focused = () => tab.evaluate(() => document.activeElement.id || document.activeElement.firstChild?.textContent);
  await tab.evaluate(() => document.activeElement.blur());
  await tab.keyboard.press("n");
  assert.equal(await focused(), "Abbas Araghchi");
  assert.equal(await tab.evaluate(() => document.querySelectorAll("mark.same").length), 2);
  await tab.keyboard.press("n");
  assert.equal(await focused(), "Iran");
  await tab.keyboard.press("e");
  assert.equal(await focused(), "text");
  await close();
});

test("mentions are those of the program, and files can be explored and saved", { skip: !process.env.ALLONYM && "no program: ALLONYM" }, async () => {
  const { tab, asked, complaints, close } = await opened();
  const bad = join(mkdtempSync(join(tmpdir(), "allonym-")), "bad.jsonl");
  writeFileSync(bad, '{"text": 7}\n');
  const input = await tab.$("#files");
  await input.uploadFile(...articles.map((name) => join(ARTICLES, name)), bad);
  await tab.waitForSelector("#explorer:not([hidden])", { timeout: 60_000 });
  assert.match(await tab.$eval("#failures", (element) => element.textContent), /1 document could not be read.*bad\.jsonl:1/s);
  const frame = await (await tab.$("#explorer")).contentFrame();
  await frame.waitForSelector("article mark");
  assert.equal(await frame.$$eval("article", (all) => all.length), articles.length);
  // The script of the explorer runs in its frame.
  await frame.waitForSelector("#entities li");
  assert.deepEqual(complaints, []);
  assert.deepEqual(asked.filter((url) => url !== address && !/^(blob|about):/.test(url)), []);
  await shot(tab, "explorer");
  const downloads = mkdtempSync(join(tmpdir(), "allonym-"));
  const session = await browser.target().createCDPSession();
  await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads });
  for (const format of ["jsonl", "csv"]) {
    await tab.click(`[data-format=${format}]`);
    for (let i = 0; i < 100 && !readdirSync(downloads).includes(`allonym.${format}`); i++) await new Promise((done) => setTimeout(done, 50));
  }
  const lines = readFileSync(join(downloads, "allonym.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
  const want = execFileSync(process.env.ALLONYM, ["tag", ARTICLES, "--quiet"], { encoding: "utf8" }).trim().split("\n").map((line) => JSON.parse(line));
  const facts = ({ id, text, mentions }) => ({ id, text, mentions: mentions.map(({ start, end, label }) => [start, end, label]) });
  assert.deepEqual(lines.map(facts), want.map(facts));
  assert.match(readFileSync(join(downloads, "allonym.csv"), "utf8"), /^\ufeffdoc,start,end,label,text,score/);
  await close();
});

test("a megabyte does not freeze the page, and can be stopped", async () => {
  const { tab, close } = await opened();
  const article = readFileSync(join(ARTICLES, articles[0]), "utf8");
  const long = article.repeat(Math.ceil(1e6 / article.length));
  await tab.evaluate(() => {
    globalThis.longest = 0;
    let before = performance.now();
    setInterval(() => {
      const now = performance.now();
      globalThis.longest = Math.max(globalThis.longest, now - before);
      before = now;
    }, 10);
  });
  await text(tab, long);
  await new Promise((done) => setTimeout(done, 4000));
  const longest = await tab.evaluate(() => globalThis.longest);
  console.log(`longest pause of the page: ${Math.round(longest)} ms`);
  assert.equal(await tab.$eval("#progress", (element) => element.hidden), false);
  assert.match(await tab.$eval("#status", (element) => element.textContent), /s left/);
  await shot(tab, "long");
  assert.ok(longest < 1000, `${longest} ms`);
  // Something else is answered although the long text is not done.
  await text(tab, "Rain in Beirut.");
  await tab.waitForFunction(() => document.querySelector("#tagged mark")?.firstChild.textContent === "Beirut", { timeout: 30_000 });
  await close();
});

test("the page stays small", async () => {
  const { tab, close } = await opened();
  for (const name of articles) {
    await text(tab, readFileSync(join(ARTICLES, name), "utf8"));
    await tab.waitForFunction(() => !document.getElementById("status").textContent.startsWith("Tagging"));
    await new Promise((done) => setTimeout(done, 500));
  }
  // What this tab's process has for itself, after what is no longer needed is gone.
  const session = await tab.createCDPSession();
  await session.send("HeapProfiler.collectGarbage");
  const processes = (await (await browser.target().createCDPSession()).send("SystemInfo.getProcessInfo")).processInfo;
  const own = processes.filter(({ type }) => type === "renderer").map(({ id }) => {
    const field = (name) => Number(readFileSync(`/proc/${id}/smaps_rollup`, "utf8").match(new RegExp(`^${name}: *(\\d+) kB`, "m"))[1]) / 1024;
    return field("Private_Dirty");
  });
  const most = Math.max(...own);
  console.log(`memory of the page: ${Math.round(most)} MB`);
  assert.ok(most < 250, `${most} MB`);
  await close();
});

test("a narrow window, a dark one, and a text from right to left", async () => {
  const { tab, close } = await opened({ width: 420, dark: true });
  const fits = () => tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
  assert.ok(await fits(), "nothing is wider than the window");
  await shot(tab, "narrow-dark");
  assert.notEqual(await tab.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(255, 255, 255)");
  await text(tab, "قال Rafael Grossi في بيروت إن Iran وافقت.");
  await tab.waitForFunction(() => document.querySelector("#tagged mark")?.firstChild.textContent !== "Abbas Araghchi");
  assert.equal(await tab.$eval("#tagged > div", (element) => getComputedStyle(element).direction), "rtl");
  assert.ok(await fits(), "nothing is wider than the window");
  await shot(tab, "right-to-left");
  await close();
});
