//! `convlab`, the command line; see [`convlab::cli`].

fn main() -> std::process::ExitCode {
    convlab::cli::run()
}
