// Puts the pages together, that to tag and that to review: style, script, the worker's code, the module and the model, each in one file that asks for nothing.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, out] = process.argv.slice(2);
const here = (name) => readFileSync(new URL(name, import.meta.url), "utf8");
const packaged = (name) => readFileSync(`${folder}/${name}`, "utf8");
/** Modules that were several files: what they import of each other is there. */
const joined = (...texts) => texts.map((text) => text.replace(/^import .*$/gm, "")).join("\n");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

// A page that was opened from a disk may start a worker from a script only, not from a module.
const plain = (text) => text.replace(/^export (?=class|const|function|async)/gm, "").replace(/^export \{.*\};?$/gm, "").replaceAll("import.meta.url", "location.href");
const MODULES = ["engine.js", "error.js", "call.js", "product.js", "review.js", "tagger.js"];
const worker = `(async () => {\n${plain(joined(...MODULES.map(packaged), here("load.js"), packaged("worker.js")))}\n})();\n`;
const base = here("../../src/page/base.js").replace('"use strict";\n', "");
/** What both pages run: the worker's client, the model inside, and files. */
const shared = `\n${base}const isNode = false;\n${joined(...["error.js", "review-client.js", "client.js"].map(packaged), here("model.js"), here("files.js"))}`;

// The page to explore, which is shown in a frame, has a policy of its own; ours must let it be.
const { Tagger } = await import(pathToFileURL(resolve(folder, "index.js")));
const explorer = new TextDecoder().decode((await Tagger.load()).write([], "html"));
const [, explorerPolicy] = explorer.match(/http-equiv="Content-Security-Policy" content="([^"]*)"/);
const of = (directive) => explorerPolicy.match(new RegExp(`${directive} ('sha256-[^']*')`))[1];

/** In parts, so that none is a long string. A part that is a multiple of three bytes ends without padding. */
const PART = 3 << 20;
const inside = (name, path) => {
  const bytes = readFileSync(`${folder}/${path}`);
  const parts = [];
  for (let at = 0; at < bytes.length; at += PART) parts.push(`<script type="text/plain" data-file="${name}">${bytes.subarray(at, at + PART).toString("base64")}</script>\n`);
  return parts.join("");
};

const modules = ["allonym.wasm", "product.wasm"].map((name) => inside(name, name));
const files = [...modules, ...["config.json", "tokenizer.json", "model.safetensors"].map((name) => inside(name, `model/${name}`))].join("");

/** Writes a page. `frame` is the policy of what it shows in a frame. */
const write = (path, { title, style, body, script, frame = () => "" }) => {
  for (const text of [worker, script]) if (/<\/script|<!--/i.test(text)) throw new Error("expected a script that can be in a page");
  const policy = [
    "default-src 'none'",
    `style-src ${hash(style)} ${frame("style-src")}`.trimEnd(),
    `script-src ${hash(script)} ${frame("script-src")} 'wasm-unsafe-eval'`.replace("  ", " "),
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
${body}<script type="text/plain" id="worker">${worker}</script>
${files}<script type="module">${script}</script>
</body>
</html>
`;
  writeFileSync(path, html);
  console.log(`${path}: ${Buffer.byteLength(html)} bytes`);
};

const reviewing = out.replace(/(\.html)?$/, "-review.html");
write(out, {
  title: "allonym",
  style: `\n${here("../../src/page/base.css")}${here("../../src/server/page/page.css")}${here("page.css")}`,
  body: here("page.html").replaceAll("REVIEW", encodeURIComponent(basename(reviewing))),
  script: `${shared}${here("../../src/page/tagged.js")}${here("page.js")}`,
  frame: of,
});

// The page of `allonym review`, which asks a worker instead of a server.
const PAGE = ["words", "reviewed", "passage", "bar", "handles", "card", "entities", "documents", "differences", "review"];
const ofReview = (name) => here(`../../src/review/page/${name}`);
write(reviewing, {
  title: "allonym review",
  style: `\n${here("../../src/page/base.css")}${ofReview("review.css")}${here("review/start.css")}`,
  body: here("review/start.html") + ofReview("review.html"),
  script: [shared, here("review/home.js"), ofReview("query.js"), here("review/server.js"), ...PAGE.map((name) => ofReview(`${name}.js`)), here("review/start.js")].join(""),
});
