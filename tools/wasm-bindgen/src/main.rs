//! `privet-wasm-bindgen bindgen ARGS..` is `wasm-bindgen ARGS..`; anything else is `wasm-bindgen-test-runner ARGS..`
//! (cargo calls a runner with the test's path first, so the two cannot be confused).

fn main() -> impl std::process::Termination {
    let mut args: Vec<_> = std::env::args_os().collect();
    if args.get(1).is_some_and(|arg| arg == "bindgen") {
        args.remove(1);
        return wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(args);
    }
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(args)
}
