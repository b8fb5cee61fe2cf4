// What the page has inside: the module, the model and the worker's code.

/** Takes what is in the page out of it, decoded. */
const inside = (name) => {
  const parts = [...document.querySelectorAll(`script[data-file="${name}"]`)].map((part) => {
    const text = part.textContent;
    part.remove();
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const bytes = atob(text);
    return Uint8Array.from({ length: bytes.length }, (_, i) => bytes.charCodeAt(i));
  });
  return new Blob(parts, { type: name.endsWith(".wasm") ? "application/wasm" : "" });
};

const code = URL.createObjectURL(new Blob([page.$("worker").textContent], { type: "text/javascript" }));
const files = ["config.json", "tokenizer.json", "model.safetensors"].map(inside);
// As files: a page that was opened from a disk cannot hand a compiled module on.
const [module, product] = ["allonym.wasm", "product.wasm"].map(inside);

/** A worker with the model loaded. */
const fresh = async () => TaggerWorker.load({ worker: new Worker(code), module, product, files });

