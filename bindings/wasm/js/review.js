// Documents that somebody corrects on a page. See index.d.ts for what everything means.
import { call } from "./call.js";
import { Refusal } from "./error.js";

/** Files as plain objects. */
const plain = (files) => files.map((file) => {
  const { name, bytes } = file;
  file.free();
  return { name, bytes };
});

export class Review {
  #review;

  /** A review around an `OpenReview` of engine.js. */
  constructor(review) {
    this.#review = review;
  }

  get notes() {
    return JSON.parse(this.#review.notes());
  }

  get journalLength() {
    return this.#review.journalLength();
  }

  ask(path, body) {
    try {
      return JSON.parse(this.#review.ask(path, body === undefined ? undefined : JSON.stringify(body)));
    } catch (error) {
      throw typeof error === "string" ? new Refusal(JSON.parse(error)) : error;
    }
  }

  prepare() {
    return this.#review.prepare();
  }

  takeJournal() {
    return this.#review.takeJournal();
  }

  takeFiles() {
    return plain(this.#review.takeFiles());
  }

  files() {
    return plain(call(() => this.#review.files()));
  }

  free() {
    this.#review.free();
  }

  [Symbol.dispose ?? Symbol("dispose")]() {
    this.free();
  }
}
