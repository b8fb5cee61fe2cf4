// A loaded model. See index.d.ts for what everything means.
import { call } from "./call.js";
import { AllonymError } from "./error.js";
import { Review } from "./review.js";

/** A text that has an encoding: halves of a pair of UTF-16 have none, and would silently become something else. */
const checked = (text, place) => {
  if (typeof text !== "string") throw new AllonymError(`${place}: expected a string, found ${text === null ? "null" : typeof text}`);
  const lone = text.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
  if (lone !== -1) throw new AllonymError(`${place}: expected well-formed UTF-16, found half of a pair at ${lone}; toWellFormed() replaces it`);
  return text;
};

/** A document as Rust reads it. */
const wire = (document, nth) => {
  const given = typeof document === "string" ? { text: document } : document;
  const place = `document ${nth}`;
  if (given === null || typeof given !== "object") throw new AllonymError(`${place}: expected a string or an object with "text", found ${given === null ? "null" : typeof given}`);
  checked(given.text, `${place}: text`);
  return { id: "", offsets: "utf16", ...given };
};

const wires = (documents) => JSON.stringify(Array.from(documents, wire));

export class Tagger {
  #engine;
  #info;

  /** A tagger around an `Engine` of engine.js. */
  constructor(engine) {
    this.#engine = engine;
    this.#info = JSON.parse(engine.info());
  }

  get info() {
    return this.#info;
  }

  tag(document, options = {}) {
    const [outcome] = this.tagAll([document], options);
    if (outcome instanceof AllonymError) throw outcome;
    return outcome;
  }

  tagAll(documents, options = {}) {
    const outcomes = JSON.parse(call(() => this.#engine.tag(wires(documents), JSON.stringify(options))));
    return outcomes.map(({ document, error }) => document ?? new AllonymError(error));
  }

  link(documents) {
    return JSON.parse(call(() => this.#engine.link(wires(documents))));
  }

  compare(a, b) {
    return JSON.parse(call(() => this.#engine.compare(checked(a, "the first name"), checked(b, "the second name"))));
  }

  read(bytes, name) {
    const { outcomes, notices } = JSON.parse(call(() => this.#engine.read(new Uint8Array(bytes), String(name))));
    const documents = outcomes.flatMap(({ document }) => document ?? []);
    const errors = outcomes.flatMap(({ error }) => (error === undefined ? [] : new AllonymError(error)));
    return { documents, errors, notices };
  }

  write(documents, format, options = {}) {
    return call(() => this.#engine.write(wires(documents), format, JSON.stringify(options)));
  }

  review(documents, { journal = new Uint8Array(), beside, ...options } = {}) {
    if (beside) options.beside = { kind: beside.kind, documents: Array.from(beside.documents, wire) };
    return new Review(call(() => this.#engine.review(wires(documents), journal, JSON.stringify(options))));
  }

  free() {
    this.#engine.free();
  }

  [Symbol.dispose ?? Symbol("dispose")]() {
    this.free();
  }
}
