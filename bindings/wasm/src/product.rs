//! The byte product of the module beside this one, which uses relaxed SIMD.

use std::cell::OnceCell;

use allonym::model::{Operands, use_product};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// What that module exports.
    pub type Product;

    #[wasm_bindgen(method)]
    fn way(this: &Product) -> u32;

    #[wasm_bindgen(method)]
    #[allow(clippy::too_many_arguments, reason = "WebAssembly has no structures")]
    fn product(
        this: &Product,
        way: u32,
        bytes: *const u8,
        stride: usize,
        n_rows: usize,
        words: *const u32,
        depth: usize,
        n_panels: usize,
        out: *mut i32,
        out_stride: usize,
    );
}

thread_local! {
    /// The module, and the way in which its engine multiplies.
    static GIVEN: OnceCell<(Product, u32)> = const { OnceCell::new() };
}

/// Lets models that are loaded from now on multiply by the module beside this one, if its engine does so exactly. It must work in this module's
/// memory.
#[wasm_bindgen(js_name = useProduct)]
#[expect(unreachable_pub, reason = "wasm_bindgen takes only what is public")]
pub fn give(product: Product) {
    let way = product.way();
    if way == 0 {
        return;
    }
    GIVEN.with(|given| {
        given.get_or_init(|| (product, way));
    });
    // SAFETY: the module computes what `Operands` says, in this memory; its way is that of the engine, and not 0.
    unsafe { use_product(multiply) };
}

/// # Safety
/// The operands must be as [`Operands`] says.
unsafe fn multiply(on: Operands) {
    let Operands { bytes, stride, n_rows, words, depth, n_panels, out, out_stride } = on;
    GIVEN.with(|given| {
        let (module, way) = given.get().expect("the product is used where it was given");
        module.product(*way, bytes, stride, n_rows, words, depth, n_panels, out, out_stride);
    });
}
