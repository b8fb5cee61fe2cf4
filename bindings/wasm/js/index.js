// Tags and links names, in WebAssembly. See index.d.ts for what everything means.
import { call } from "./call.js";
import { fetchBytes, fetchModule, isNode } from "./fetch.js";
import { addProduct } from "./product.js";
import { Tagger as Loaded } from "./tagger.js";

export { AllonymError, Refusal } from "./error.js";
export { Review } from "./review.js";
export { ReviewWorker } from "./review-client.js";
export { TaggerWorker } from "./client.js";

/** The folder of a model, as a URL that ends in a slash. */
const folder = async (model) => {
  if (model === undefined) return new URL("./model/", import.meta.url);
  const text = String(model).replace(/\/?$/, "/");
  // In Node, what is not a URL is a path.
  if (isNode && !URL.canParse(text)) return (await import(/* webpackIgnore: true */ "node:url")).pathToFileURL(text);
  return new URL(text, globalThis.location?.href);
};

/** All of them. Where several fail, the error is that of the first in the list, whichever failed first. */
const inOrder = async (promises) => {
  for (const promise of promises) promise.catch(() => undefined);
  const found = [];
  for (const promise of promises) found.push(await promise);
  return found;
};

export class Tagger extends Loaded {
  static async load(options = {}) {
    const { model, precision = "auto", progress, cache = true, signal } = options;
    const base = await folder(model);
    const at = { cache, signal };
    const { default: init, Engine, useProduct } = await import("./engine.js");
    const [module, product, config, tokenizer, weights] = await inOrder([
      fetchModule({ signal }),
      fetchBytes(new URL("./product.wasm", import.meta.url), { cache: false, signal }),
      fetchBytes(new URL("config.json", base), at),
      fetchBytes(new URL("tokenizer.json", base), at),
      fetchBytes(new URL("model.safetensors", base), { ...at, progress }),
    ]);
    const { memory } = await init({ module_or_path: module });
    await addProduct(product, { memory, useProduct });
    return call(() => new Tagger(new Engine(config, tokenizer, weights, precision)));
  }
}
