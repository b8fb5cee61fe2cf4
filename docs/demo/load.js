// What the npm package does by fetch.js and index.js: here the model is in the page.
const isNode = false;

Tagger.load = async ({ module, product, files }) => {
  const [config, tokenizer, weights] = await Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())));
  const { memory } = await __wbg_init({ module_or_path: await module.arrayBuffer() });
  await addProduct(await product.arrayBuffer(), { memory, useProduct });
  return call(() => new Tagger(new Engine(config, tokenizer, weights, "auto")));
};
