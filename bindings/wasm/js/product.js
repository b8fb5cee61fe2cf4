// The product of bytes with relaxed SIMD, a module of its own: an engine that lacks relaxed SIMD does not load it.

/** Puts that module beside ours, into its memory, where the engine knows it. */
export const addProduct = async (bytes, { memory, useProduct }) => {
  if (!WebAssembly.validate(bytes)) return;
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  useProduct(instance.exports);
};
