//! A byte product from outside the library. WebAssembly cannot ask what its engine has; who loads the module can.

use std::sync::OnceLock;

use crate::model::int8::operands::{Call, Operands};

type Product = unsafe fn(Operands);

static PRODUCT: OnceLock<Product> = OnceLock::new();

/// Lets models that are loaded from now on compute products of bytes by somebody else's code, such as another module that uses relaxed SIMD.
/// Only the first call counts.
///
/// # Safety
/// Whenever the operands are as [`Operands`] says, `product` must write the exact sum of products of each row and column to its place in the
/// output, and nothing elsewhere.
pub unsafe fn use_product(product: unsafe fn(Operands)) {
    PRODUCT.get_or_init(|| product);
}

pub(super) fn product() -> Option<Product> {
    PRODUCT.get().copied()
}

pub(super) fn run(call: &mut Call<'_>) {
    let product = product().expect("this kernel is available where there is a product");
    // SAFETY: the operands are a checked call's; the rest was promised when the product was given.
    unsafe { product(call.operands()) }
}
