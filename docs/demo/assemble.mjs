// Puts the page together: style, script, the worker's code, the module and the model, in one file that asks for nothing.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, out] = process.argv.slice(2);
const here = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const packaged = (name) => readFileSync(`${folder}/${name}`, "utf8");
/** Modules that were several files: what they import of each other is there. */
const joined = (...texts) => texts.map((text) => text.replace(/^import .*$/gm, "")).join("\n");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const style = `\n${here("../../src/page/base.css")}${here("../../src/server/page/page.css")}${here("page.css")}`;
// A page that was opened from a disk may start a worker from a script only, not from a module.
const plain = (text) => text.replace(/^export (?=class|const|function|async)/gm, "").replace(/^export \{.*\};?$/gm, "").replaceAll("import.meta.url", "location.href");
const worker = `(async () => {\n${plain(joined(packaged("engine.js"), packaged("error.js"), packaged("tagger.js"), here("load.js"), packaged("worker.js")))}\n})();\n`;
const script = `\n${here("../../src/page/base.js").replace('"use strict";\n', "")}${here("../../src/page/tagged.js")}const isNode = false;\n${joined(packaged("error.js"), packaged("client.js"), here("page.js"))}`;
for (const text of [worker, script]) if (/<\/script|<!--/i.test(text)) throw new Error("expected a script that can be in a page");

// The page to explore, which is shown in a frame, has a policy of its own; ours must let it be.
const { Tagger } = await import(pathToFileURL(resolve(folder, "index.js")));
const explorer = new TextDecoder().decode((await Tagger.load()).write([], "html"));
const [, explorerPolicy] = explorer.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/);
const of = (directive) => explorerPolicy.match(new RegExp(`${directive} ('sha256-[^']*')`))[1];

const policy = [
  "default-src 'none'",
  `style-src ${hash(style)} ${of("style-src")}`,
  `script-src ${hash(script)} ${of("script-src")} 'wasm-unsafe-eval'`,
  "worker-src blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** In parts, so that none is a long string. A part that is a multiple of three bytes ends without padding. */
const PART = 3 << 20;
const inside = (name, path) => {
  const bytes = readFileSync(`${folder}/${path}`);
  const parts = [];
  for (let at = 0; at < bytes.length; at += PART) parts.push(`<script type="text/plain" data-file="${name}">${bytes.subarray(at, at + PART).toString("base64")}</script>\n`);
  return parts.join("");
};

const files = ["config.json", "tokenizer.json", "model.safetensors"].map((name) => inside(name, `model/${name}`)).join("");
const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>allonym</title>
<style>${style}</style>
</head>
<body>
${here("page.html")}<script type="text/plain" id="worker">${worker}</script>
${inside("allonym.wasm", "allonym.wasm")}${files}<script type="module">${script}</script>
</body>
</html>
`;
writeFileSync(out, html);
console.log(`${out}: ${Buffer.byteLength(html)} bytes`);
