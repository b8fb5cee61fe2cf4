// Where the module and the model come from, and where they are kept.
import { AllonymError } from "./error.js";

export const isNode = typeof process === "object" && typeof process.versions?.node === "string";

/** The name of the cache, which is that of what is in it: another version has another. */
const CACHE = "allonym-0.1.0";

/** The smallest module with vectors. */
const SIMD = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11);

/** The module. */
export const fetchModule = async ({ signal } = {}) => {
  if (!WebAssembly.validate(SIMD)) throw new AllonymError("expected WebAssembly with SIMD, as browsers have had since 2021 (Safari since 2023), found an engine without");
  const url = new URL("./allonym.wasm", import.meta.url);
  if (isNode && url.protocol === "file:") {
    const { readFile } = await import(/* webpackIgnore: true */ "node:fs/promises");
    return WebAssembly.compile(await readFile(url));
  }
  const answer = await asked(url, signal);
  if (answer.headers.get("Content-Type") === "application/wasm") return WebAssembly.compileStreaming(answer);
  return WebAssembly.compile(await answer.arrayBuffer());
};

/** The bytes at an address: of a file in Node, from the cache, or streamed from the network and then kept. */
export const fetchBytes = async (url, { cache = true, progress, signal } = {}) => {
  if (isNode) {
    const { readFile } = await import(/* webpackIgnore: true */ "node:fs/promises");
    if (url.protocol === "file:") return readFile(url).catch((error) => { throw new AllonymError(`${url}: ${error.message}`); });
    return cache ? fromFile(url, { progress, signal }) : streamed(await asked(url, signal), progress);
  }
  // A page that is not secure has no cache.
  const kept = cache && globalThis.caches ? await caches.open(CACHE).catch(() => undefined) : undefined;
  const found = await kept?.match(url);
  if (found) return streamed(found, progress);
  const answer = await asked(url, signal);
  const bytes = await streamed(answer, progress);
  // A cache that is full costs the next load its time, not this one its model.
  await kept?.put(url, new Response(bytes, { headers: { "Content-Length": String(bytes.length) } })).catch(() => undefined);
  return bytes;
};

const asked = async (url, signal) => {
  const answer = await fetch(url, { signal }).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new AllonymError(`${url}: cannot be fetched: ${error.cause?.message ?? error.message}`);
  });
  if (!answer.ok) throw new AllonymError(`${url}: cannot be fetched: ${answer.status} ${answer.statusText}`.trimEnd());
  return answer;
};

/** Reads a body piece by piece. */
const streamed = async (answer, progress) => {
  // What is compressed on the way has the length of what was sent.
  const encoded = answer.headers.get("Content-Encoding") ?? "identity";
  const total = encoded === "identity" ? Number(answer.headers.get("Content-Length")) || undefined : undefined;
  const parts = [];
  let loaded = 0;
  for await (const part of pieces(answer.body)) {
    parts.push(part);
    loaded += part.length;
    progress?.({ loaded, total });
  }
  if (total !== undefined && loaded !== total) throw new AllonymError(`${answer.url}: expected ${total} bytes, found ${loaded}`);
  const bytes = new Uint8Array(loaded);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

/** Not every browser iterates over a stream. */
async function* pieces(stream) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** The bytes at an address, by way of a file in the user's cache folder. */
const fromFile = async (url, { progress, signal }) => {
  const load = (name) => import(/* webpackIgnore: true */ `node:${name}`);
  const [{ mkdir, readFile, rename, writeFile }, { homedir }, { join }, { createHash }] = await Promise.all(["fs/promises", "os", "path", "crypto"].map(load));
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), CACHE);
  const path = join(folder, createHash("sha256").update(String(url)).digest("hex"));
  const found = await readFile(path).catch(() => undefined);
  if (found) {
    progress?.({ loaded: found.length, total: found.length });
    return found;
  }
  const bytes = await streamed(await asked(url, signal), progress);
  // Whole or not at all: another process may look meanwhile.
  const part = `${path}.${process.pid}`;
  await mkdir(folder, { recursive: true });
  await writeFile(part, bytes);
  await rename(part, path);
  return bytes;
};
