// A review in a worker.
import { Refusal } from "./error.js";

const joined = (a, b) => {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
};

export class ReviewWorker {
  #call;
  #keep;
  /** Lines of the journal that are not kept yet. */
  #lines = new Uint8Array();
  #last = Promise.resolve();
  #files = [];
  notes;
  journalLength;
  unkept;

  constructor(call, { notes, journalLength }, keep = () => undefined) {
    this.#call = call;
    this.#keep = keep;
    this.notes = notes;
    this.journalLength = journalLength;
  }

  async ask(path, body) {
    const { result, refusal } = await this.#done(await this.#call("ask", path, body));
    if (refusal) throw new Refusal(refusal);
    return result;
  }

  async prepare() {
    return (await this.#done(await this.#call("prepare"))).result;
  }

  takeFiles() {
    return this.#files.splice(0);
  }

  files() {
    return this.#call("files");
  }

  close() {
    return this.#call("close");
  }

  /** Nobody hears of a step before its line is kept, if it can be. */
  async #done({ journal, files, ...done }) {
    this.#files.push(...files);
    this.#lines = joined(this.#lines, journal);
    this.#last = this.#last.then(() => this.#hand());
    await this.#last;
    return done;
  }

  /** Hands lines on. Those that cannot be kept come again, with those that follow. */
  async #hand() {
    const lines = this.#lines;
    if (lines.length === 0) return;
    this.#lines = new Uint8Array();
    try {
      await this.#keep(lines);
      this.unkept = undefined;
    } catch (error) {
      this.#lines = joined(lines, this.#lines);
      this.unkept = error;
    }
  }
}
