//! `convlab`, the command line; see [`convlab::cli`]. There is none in wasm, where Cargo builds this file all the same.

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    if cfg!(target_os = "linux") && std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        // Without it some Vulkan drivers write lines of their own to standard error, between ours.
        // SAFETY: the first statement of the program: there is no other thread yet that could read the environment.
        unsafe { std::env::set_var("XDG_RUNTIME_DIR", std::env::temp_dir()) };
    }
    convlab::cli::run()
}

#[cfg(target_arch = "wasm32")]
fn main() {}
