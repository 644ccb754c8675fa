//! The command line: the same engine outside the browser. One module per command; [`run`] parses the arguments and
//! prints errors as one line on standard error with an exit code.

#![warn(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "everything goes through `output`, which escapes foreign text"
)]

mod args;
mod bar;
mod bench;
mod compare;
mod cost;
mod evaluate;
mod export;
mod import;
mod lock;
mod number;
mod output;
#[cfg(feature = "gpu")]
mod profile;
mod range;
mod rates;
mod run_files;
mod schema;
mod session;
mod show;
mod sweep;
mod train;
mod verify;

use crate::base::error::{Error, Result};
use clap::error::ErrorKind;
use clap::{Arg, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::process::ExitCode;

/// Trains convolutional networks on MNIST and CIFAR: the engine of the Convlab page, on the command line.
#[derive(Debug, Parser)]
#[command(name = "convlab", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the experiments that come with Convlab
    List(show::ListArgs),
    /// Print a network's layers, parameters and multiply-accumulates
    Summary(show::SummaryArgs),
    /// Compute a network's memory, parameters, multiply-accumulates and time
    Cost(cost::CostArgs),
    /// Train a network, then evaluate it on the test set
    Train(train::TrainArgs),
    /// Evaluate saved weights on the test set
    Evaluate(evaluate::EvaluateArgs),
    /// Classify one test image with saved weights
    Predict(evaluate::PredictArgs),
    /// Measure training speed on this machine
    Bench(bench::BenchArgs),
    /// Compare runs: accuracy, overfitting, work
    Compare(compare::CompareArgs),
    /// Write a script that rebuilds the network in Keras or PyTorch
    Export(export::ExportArgs),
    /// Turn a file of another program into an experiment and, where it has them, weights
    Import(import::ImportArgs),
    /// Find a learning rate: one step at each of a rising series of rates
    Range(range::RangeArgs),
    /// Train an experiment with several values of its fields and several seeds
    Sweep(sweep::SweepArgs),
    /// Run submissions again, and confirm or refute their figures
    Verify(verify::VerifyArgs),
    /// Print the JSON Schema of experiment documents, for editors
    Schema,
}

/// Runs the command line. The exit code is 0 for success, 1 for an error (to `verify` also a file that does not pass), 2 for wrong usage.
pub fn run() -> ExitCode {
    let cli = match command().try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match dispatch(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::note(&format!("error: {}", one_line(&error)));
            ExitCode::from(1)
        }
    }
}

/// The arguments. That a number may not be negative is for its reader to say; by itself, clap takes the sign for an unknown option.
fn command() -> clap::Command {
    let negative = |arg: Arg| {
        let takes_value = !arg.is_positional() && arg.get_action().takes_values();
        arg.allow_negative_numbers(takes_value)
    };
    Cli::command().mut_subcommands(|command| command.mut_args(negative))
}

fn dispatch(command: Command) -> Result<()> {
    match command {
        Command::List(args) => show::list(&args),
        Command::Summary(args) => show::summary(&args),
        Command::Cost(args) => pollster::block_on(cost::cost(&args)),
        Command::Train(args) => pollster::block_on(train::train(&args)),
        Command::Evaluate(args) => pollster::block_on(evaluate::evaluate(&args)),
        Command::Predict(args) => pollster::block_on(evaluate::predict(&args)),
        Command::Bench(args) => pollster::block_on(bench::bench(&args)),
        Command::Compare(args) => compare::compare(&args),
        Command::Export(args) => export::export(&args),
        Command::Import(args) => import::import(&args),
        Command::Range(args) => pollster::block_on(range::range(&args)),
        Command::Sweep(args) => pollster::block_on(sweep::sweep(&args)),
        Command::Verify(args) => verify::verify(&args),
        Command::Schema => schema::print(),
    }
}

/// Prints help on standard output, and wrong usage as one line on standard error.
fn usage(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            output::text(&error.to_string()).map_or(ExitCode::from(1), |()| ExitCode::SUCCESS)
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            error.to_string().trim_end().lines().for_each(output::note);
            ExitCode::from(2)
        }
        _ => {
            let text = error.to_string();
            let first = text.split("\n\n").next().unwrap_or_default();
            let words: Vec<&str> = first.split_whitespace().collect();
            output::note(&format!("{} (see convlab --help)", words.join(" ")));
            ExitCode::from(2)
        }
    }
}

fn one_line(error: &Error) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}
