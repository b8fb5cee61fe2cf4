// A tagger in a worker: of a browser, or of Node's worker_threads. Messages are `{ id, method, args }`, answers `{ id, result }` or `{ id, error }`.
import { isNode } from "./fetch.js";
import { Tagger } from "./index.js";

const port = isNode ? (await import(/* webpackIgnore: true */ "node:worker_threads")).parentPort : globalThis;
let tagger;

const METHODS = {
  load: async (id, options) => {
    const progress = (progress) => port.postMessage({ id, progress });
    tagger = await Tagger.load({ ...options, progress });
    return tagger.info;
  },
  tag: (id, ...args) => tagger.tag(...args),
  tagAll: (id, ...args) => tagger.tagAll(...args).map((outcome) => (outcome instanceof Error ? { error: outcome.message } : { document: outcome })),
  link: (id, ...args) => tagger.link(...args),
  compare: (id, ...args) => tagger.compare(...args),
  read: (id, ...args) => {
    const { documents, errors, notices } = tagger.read(...args);
    return { documents, errors: errors.map((error) => error.message), notices };
  },
  write: (id, ...args) => tagger.write(...args),
};

const answer = async ({ id, method, args }) => {
  try {
    port.postMessage({ id, result: await METHODS[method](id, ...args) });
  } catch (error) {
    port.postMessage({ id, error: error.message, ours: error.name === "AllonymError" });
  }
};

// One after the other, in the order in which they came.
let last = Promise.resolve();
const take = (message) => { last = last.then(() => answer(message)); };
if (isNode) port.on("message", take);
else port.addEventListener("message", ({ data }) => take(data));
