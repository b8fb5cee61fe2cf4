// A tagger in a worker of its own: the thread that asks stays free.
import { AllonymError } from "./error.js";
import { isNode } from "./fetch.js";
import { ReviewWorker } from "./review-client.js";

const started = async () => {
  if (!isNode) return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  const { Worker: Thread } = await import(/* webpackIgnore: true */ "node:worker_threads");
  const thread = new Thread(new URL("./worker.js", import.meta.url));
  thread.addEventListener = (event, take) => thread.on(event, (data) => take(event === "message" ? { data } : data));
  return thread;
};

export class TaggerWorker {
  #worker;
  #waiting = new Map();
  #next = 0;
  #ended;
  info;

  constructor(worker) {
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => this.#take(data));
    worker.addEventListener("error", (event) => this.#end(new AllonymError(`the worker failed: ${event.message ?? event}`)));
  }

  static async load({ progress, signal, worker, ...options } = {}) {
    const made = new TaggerWorker(worker ?? (await started()));
    signal?.addEventListener("abort", () => made.terminate());
    if (options.model !== undefined) options.model = String(options.model);
    try {
      made.info = await made.#ask("load", [options], progress);
    } catch (error) {
      made.terminate();
      throw error;
    }
    return made;
  }

  tag(document, options) {
    return this.#ask("tag", [document, options]);
  }

  async tagAll(documents, options) {
    const outcomes = await this.#ask("tagAll", [Array.from(documents), options]);
    return outcomes.map(({ document, error }) => document ?? new AllonymError(error));
  }

  link(documents) {
    return this.#ask("link", [Array.from(documents)]);
  }

  compare(a, b) {
    return this.#ask("compare", [a, b]);
  }

  async read(bytes, name) {
    const { errors, ...read } = await this.#ask("read", [bytes, name]);
    return { ...read, errors: errors.map((error) => new AllonymError(error)) };
  }

  write(documents, format, options) {
    return this.#ask("write", [Array.from(documents), format, options]);
  }

  async review(documents, { keep, beside, ...options } = {}) {
    if (beside) options.beside = { kind: beside.kind, documents: Array.from(beside.documents) };
    const { review, ...opened } = await this.#ask("review", [Array.from(documents), options]);
    return new ReviewWorker((method, ...args) => this.#ask(method, [review, ...args]), opened, keep);
  }

  terminate() {
    this.#end(new AllonymError("the worker was terminated"));
    return this.#worker.terminate();
  }

  #ask(method, args, progress) {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, progress });
      this.#worker.postMessage({ id, method, args });
    });
  }

  #take({ id, result, error, ours, progress }) {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    if (progress) return waiting.progress?.(progress);
    this.#waiting.delete(id);
    if (error === undefined) waiting.resolve(result);
    else waiting.reject(ours ? new AllonymError(error) : new Error(error));
  }

  #end(error) {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
