//! The exports to JavaScript, and the only module that knows of it.
//!
//! Values go in as text and words and come out as text and words; nothing that crosses needs to be freed but the one
//! engine of an instance, which lives as long as the instance does. A session is the words of its state and planes, kept
//! by JavaScript: any engine that has the pack can go on with it.

mod core;
mod kept;
#[cfg(feature = "studio")]
mod studio;

#[cfg(all(not(feature = "studio"), target_arch = "wasm32"))]
mod bare {
    //! What a wasm module without std must bring along.

    #[global_allocator]
    static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

    #[panic_handler]
    fn panic(_: &::core::panic::PanicInfo) -> ! {
        ::core::arch::wasm32::unreachable()
    }
}
