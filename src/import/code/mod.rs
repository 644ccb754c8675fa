//! `.py` and `.ipynb`: Keras code becomes an experiment. The code is parsed and followed (names, numbers, loops, functions), as
//! far as it decides the network and its training; it is never run.

mod arrays;
mod assemble;
mod assignment;
mod augmentation;
mod batches;
mod branches;
mod call;
mod callbacks;
mod containers;
mod expression;
mod fit;
mod graph;
mod initial;
mod items;
mod keras;
mod lambda;
mod layer;
mod library;
mod machine;
mod methods;
mod model;
mod names;
mod nesting;
mod network;
mod operators;
mod options;
mod own;
mod part;
mod pixels;
mod rates;
mod sequences;
mod shapes;
mod source;
mod statements;
mod training;
mod validation;
mod value;

use super::imported::{Imported, Unsupported};
use crate::base::error::{Error, Result};
use crate::experiment::Experiment;
use machine::{Halt, Machine};
use ruff_python_ast::ModModule;
use ruff_python_parser::{Mode, ParseError, ParseOptions, Parsed, parse_cells_unchecked};
use ruff_text_size::{TextRange, TextSize};
use source::Source;

/// The most parts that are listed as not supported.
const MAX_LISTED: usize = 200;

/// Reads a script.
///
/// # Errors
/// [`Error::Import`] if it is not Python, builds no Keras model, or takes too long to follow.
pub fn script(name: &str, bytes: &[u8], basis: Option<&Experiment>) -> Result<Imported> {
    read(name, &Source::script(bytes)?, basis)
}

/// Reads a notebook.
///
/// # Errors
/// As [`script`], and if it is not a notebook.
pub fn notebook(name: &str, bytes: &[u8], basis: Option<&Experiment>) -> Result<Imported> {
    read(name, &Source::notebook(bytes)?, basis)
}

fn read(name: &str, source: &Source, basis: Option<&Experiment>) -> Result<Imported> {
    let at = |place: usize, message: &str| Error::Import(format!("{}: {message}", source.place(place)));
    if let Some(place) = nesting::too_deep(&source.text) {
        return Err(at(place, "brackets, blocks or expressions are nested too deeply to be read"));
    }
    let parsed = parse(source);
    let mut machine = Machine::new(&source.text);
    let run = machine.run(&parsed.syntax().body);
    run.map_err(|Halt { place, message }| at(place, &message))?;
    let mut errors: Vec<&ParseError> = parsed.errors().iter().collect();
    // Of the errors of one line, the others follow from the first.
    errors.dedup_by_key(|error| source.place(error.location.start().to_usize()));
    for error in &errors {
        machine.note(error.location.start().to_usize(), format!("this is not Python: {}", error.error));
    }
    let Some(model) = assemble::chosen(&mut machine) else { return Err(no_model(&machine, source)) };
    let (experiment, mut notes) = assemble::experiment(&mut machine, model, (name, source.title.as_deref()), basis)?;
    notes.sort_by_key(|(place, _)| *place);
    notes.dedup();
    notes.truncate(MAX_LISTED);
    let part = |(place, what): (usize, String)| Unsupported { place: source.place(place), what: one_line(&what) };
    let unsupported = notes.into_iter().map(part).collect();
    Ok(Imported { experiment, weights: None, unsupported, matched: Vec::new() })
}

/// Parses each cell on its own, so that one that is not Python spoils no other.
fn parse(source: &Source) -> Parsed<ModModule> {
    let offset = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
    let ranges = source.cells().map(|range| TextRange::new(offset(range.start), offset(range.end)));
    parse_cells_unchecked(&source.text, ranges, &ParseOptions::from(Mode::Ipython))
}

/// Why there is nothing to import.
fn no_model(machine: &Machine, source: &Source) -> Error {
    if let Some((place, library)) = machine.foreign {
        let place = source.place(place);
        return Error::Import(format!("{place}: this is {library} code; Keras code can be imported"));
    }
    if let Some((place, what)) = machine.notes.first() {
        let place = source.place(*place);
        return Error::Import(format!(
            "{place}: {}: this is not understood, and no model is built but for it",
            one_line(what)
        ));
    }
    if let Some((place, name)) = machine.classes.first() {
        let place = source.place(*place);
        return Error::Import(format!(
            "{place}: {name}: methods of classes of your own are not followed, and no model is built outside of them. Build it in a \
             function, or at the top"
        ));
    }
    Error::Import(
        "the code builds no Keras model: neither Sequential nor Model is called, or in a function that is not called itself".into(),
    )
}

/// Code on one line, shortened: it is quoted in messages.
fn one_line(text: &str) -> String {
    let line: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(160).collect();
    line.trim().into()
}
