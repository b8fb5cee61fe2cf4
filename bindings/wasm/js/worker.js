// A tagger in a worker: of a browser, or of Node's worker_threads. Messages are `{ id, method, args }`, answers `{ id, result }` or `{ id, error }`.
import { isNode } from "./fetch.js";
import { Tagger } from "./index.js";

const port = isNode ? (await import(/* webpackIgnore: true */ "node:worker_threads")).parentPort : globalThis;
let tagger;
/** The reviews that are open, by number. */
const reviews = new Map();

/** What became of work on a review, with what it wants to be kept. */
const done = (review, result) => ({ result, journal: review.takeJournal(), files: review.takeFiles() });

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
  review: (id, ...args) => {
    const review = tagger.review(...args);
    reviews.set(id, review);
    return { review: id, notes: review.notes, journalLength: review.journalLength };
  },
  ask: (id, which, ...args) => {
    const review = reviews.get(which);
    try {
      return done(review, review.ask(...args));
    } catch (error) {
      if (error.name !== "Refusal") throw error;
      return { ...done(review), refusal: { code: error.code, detail: error.message, mentions: error.mentions } };
    }
  },
  prepare: (id, which) => done(reviews.get(which), reviews.get(which).prepare()),
  files: (id, which) => reviews.get(which).files(),
  close: (id, which) => {
    reviews.get(which).free();
    reviews.delete(which);
  },
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
