// The npm package in Chromium, served as a site would serve it. PACKAGE is its folder, BROWSER Chromium.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFile, readdir } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import puppeteer from "puppeteer-core";

const folder = resolve(process.env.PACKAGE ?? "target/npm");
const ARTICLES = resolve("eval/articles");
const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json", ".html": "text/html" };
const texts = await Promise.all((await readdir(ARTICLES)).filter((name) => name.endsWith(".txt")).sort().map((name) => readFile(join(ARTICLES, name), "utf8")));

/** The paths that were asked for. */
let asked = [];
const server = createServer(async (request, response) => {
  const path = new URL(request.url, "http://localhost").pathname;
  asked.push(path);
  if (path === "/") return response.setHeader("Content-Type", "text/html").end("<!DOCTYPE html><title>test</title>");
  // Below /plain is a package whose module of relaxed SIMD no engine knows.
  if (path === "/plain/product.wasm") return response.end("an engine without relaxed SIMD");
  const file = await readFile(join(folder, path.replace(/^\/plain/, ""))).catch(() => undefined);
  if (!file) return response.writeHead(404).end();
  response.setHeader("Content-Type", TYPES[extname(path)] ?? "application/octet-stream").end(file);
});

let browser, address;
before(async () => {
  await new Promise((ready) => server.listen(0, "localhost", ready));
  address = `http://localhost:${server.address().port}`;
  browser = await puppeteer.launch({ executablePath: process.env.BROWSER ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"], protocolTimeout: 300_000 });
});
after(async () => {
  await browser?.close();
  server.close();
});

/** A tab in which `tagger` is a tagger of the package at a path. */
const opened = async (path = "") => {
  const tab = await browser.newPage();
  await tab.goto(address);
  await tab.evaluate(async (path) => {
    const { Tagger } = await import(`${path}/index.js`);
    globalThis.tagger = await Tagger.load({ model: "/model/" });
  }, path);
  return tab;
};

test("the model is fetched once, and kept", async () => {
  const first = await opened();
  assert.ok(asked.includes("/model/model.safetensors"));
  await first.close();
  asked = [];
  const second = await opened();
  assert.deepEqual(asked.filter((path) => path.startsWith("/model/")), []);
  assert.equal(await second.evaluate(() => tagger.tag("Rain in Beirut.").mentions[0].text), "Beirut");
  await second.close();
});

test("relaxed SIMD computes the same, faster", async () => {
  const measured = [];
  for (const path of ["", "/plain"]) {
    const tab = await opened(path);
    const answer = await tab.evaluate((texts) => {
      const documents = tagger.tagAll(texts);
      const words = texts.join(" ").split(/\s+/).length;
      let [n, begun] = [0, performance.now()];
      while (performance.now() - begun < 3000) {
        tagger.tagAll(texts, { link: false });
        n += words;
      }
      return { kernel: tagger.info.kernel, rate: Math.round((1000 * n) / (performance.now() - begun)), documents };
    }, texts);
    console.log(`${answer.kernel}: ${answer.rate} words/s`);
    measured.push(answer);
    await tab.close();
  }
  const [best, plain] = measured;
  assert.equal(plain.kernel, "SIMD128");
  assert.ok(["relaxed SIMD", "SIMD128"].includes(best.kernel));
  assert.deepEqual(best.documents, plain.documents);
  if (best.kernel === "relaxed SIMD") assert.ok(best.rate > plain.rate, `${best.rate} and ${plain.rate} words/s`);
});
