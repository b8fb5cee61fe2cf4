//! The byte products alone, with their tests. `.ci/wasm` runs them in Node.
#![allow(dead_code, unused_imports, reason = "layers use the rest")]

#[path = "../../../src/model"]
mod model {
    #[path = "int8"]
    mod int8 {
        mod operands;
        mod product;
        mod simd;
    }
}
