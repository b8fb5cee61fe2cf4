// Words a second on one thread, by kernel: node bench.mjs [PACKAGE].
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder = "target/npm", precision] = process.argv.slice(2);
const PRECISIONS = ["int8", "f32"];

if (precision === undefined) {
  // In turn, three times, since other work may be going on.
  for (let round = 0; round < 3; round++) {
    for (const name of PRECISIONS) process.stdout.write(execFileSync(process.execPath, [import.meta.filename, folder, name], { encoding: "utf8" }));
  }
} else {
  const { Tagger } = await import(pathToFileURL(resolve(folder, "index.js")));
  const start = performance.now();
  const tagger = await Tagger.load({ precision });
  const loaded = performance.now();
  const texts = readdirSync("eval/articles").filter((name) => name.endsWith(".txt")).map((name) => readFileSync(`eval/articles/${name}`, "utf8"));
  tagger.tag(texts[0]);
  const first = performance.now();
  const words = texts.join(" ").split(/\s+/).length;
  let n = 0;
  const begun = performance.now();
  while (performance.now() - begun < 4000) {
    tagger.tagAll(texts, { link: false });
    n += words;
  }
  const seconds = (performance.now() - begun) / 1000;
  console.log(`${precision.padEnd(5)} ${tagger.info.kernel.padEnd(8)} ${String(Math.round(n / seconds)).padStart(6)} words/s, loaded in ${Math.round(loaded - start)} ms, first text ${Math.round(first - loaded)} ms`);
}
