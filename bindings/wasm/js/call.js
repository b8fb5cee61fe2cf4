import { AllonymError } from "./error.js";

/** Calls Rust, whose errors become ours. */
export const call = (work) => {
  try {
    return work();
  } catch (error) {
    throw error instanceof WebAssembly.RuntimeError ? error : new AllonymError(error.message);
  }
};
