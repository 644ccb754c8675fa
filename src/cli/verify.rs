//! `verify`: replays submissions and checks them against an assignment, a line for each file.

mod cache;
mod files;
mod replays;
mod targets;

use super::args::DataArg;
use super::{output, session};
use crate::base::error::{Error, Result};
use crate::data::Dataset;
use crate::experiment::presets;
use crate::submission::UsedData;
use crate::submission::assignment::Assignment;
use crate::submission::check::Check;
use crate::submission::class::Entry;
use crate::submission::handed::Pile;
use crate::submission::overview;
use crate::submission::verdict::Verdict;
use crate::submission::word::StudentsWord;
use cache::Cache;
use clap::Args;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// How the line below a file's verdict begins, which lists what of the file is not checked.
const WORD: &str = "    not checked, the student's word: ";

#[derive(Debug, Args)]
#[command(
    after_help = "Exit code: 0 if all files are confirmed or plausible; 1 if some are refuted or unreadable, or if an error ends the \
    check, which the last line on standard error says; 2 for wrong usage"
)]
pub struct VerifyArgs {
    /// Submissions: files, folders and zip archives
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// The assignment: its JSON document, or an experiment's document or preset (its own seed, the CPU engine, to the last bit)
    #[arg(long, visible_alias = "experiment", value_name = "FILE")]
    assignment: Option<String>,
    #[command(flatten)]
    data: DataArg,
    /// Write a line per submission for a spreadsheet; verdicts are kept beside it, so that a second run goes on, unless it lies in a
    /// folder of the given submissions, where one of them could have brought such a file
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Write an overview as one HTML page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Print one JSON object per file
    #[arg(long)]
    json: bool,
}

/// `convlab verify`
///
/// # Errors
/// [`Error::Submission`] where a file is neither confirmed nor plausible; else of the assignment, its data, and of files that
/// cannot be written.
pub fn verify(args: &VerifyArgs) -> Result<()> {
    let named = args.assignment.iter().map(PathBuf::from);
    targets::check(&args.targets(), &args.paths.iter().cloned().chain(named).collect::<Vec<_>>())?;
    let assignment = args.assignment.as_deref().map(assignment).transpose()?;
    let mut data = replays::Data::new(args.data.data.clone());
    let found = files::collect(&args.paths, &args.own_files());
    if found.handed.is_empty() {
        return Err(Error::Submission(
            "the folders hold no files; give submissions, their folder, or a zip of them".into(),
        ));
    }
    let set = assignment.as_ref().map(|assignment| data.of(&assignment.experiment));
    let checksum = match (&assignment, &set) {
        (Some(assignment), Some(Ok(set))) => Some(checked_images(assignment, set)?),
        _ => None,
    };
    // The images are not held here: those of other experiments may need the memory.
    let missing = set.and_then(Result::err);
    let mut class = Class::new(args, assignment, found, checksum)?;
    match missing {
        // Submissions of another experiment are refuted without the data of this one.
        Some(missing) if !class.check.jobs().is_empty() => return Err(missing),
        _ => class.check(&mut data)?,
    }
    class.finish()
}

/// A preset's id, or the path of an assignment's or an experiment's document.
fn assignment(name: &str) -> Result<Assignment> {
    let preset = |id: &str| presets::find(id).map(|preset| preset.experiment.clone());
    if let Ok(experiment) = preset(name) {
        return Assignment::of(experiment);
    }
    let text = session::document(name)?;
    Assignment::from_json(&text, &preset).map_err(session::in_document(name))
}

/// The checksum of the images here, which the assignment may state.
fn checked_images(assignment: &Assignment, set: &Dataset) -> Result<String> {
    let spec = &assignment.experiment.dataset;
    let limit = spec.limit.unwrap_or_default();
    let sha256 = match &spec.merge_classes {
        None => UsedData::of(set, limit).sha256,
        Some(groups) => {
            let mut merged = set.clone();
            merged.merge_classes(groups)?;
            UsedData::of(&merged, limit).sha256
        }
    };
    assignment.check_images(&sha256)?;
    Ok(sha256)
}

impl VerifyArgs {
    /// Files that are not submissions, though they may lie among them.
    fn own_files(&self) -> Vec<PathBuf> {
        self.assignment.iter().map(PathBuf::from).chain(self.targets()).collect()
    }

    /// The files to write.
    fn targets(&self) -> Vec<PathBuf> {
        [self.csv.clone(), self.html.clone(), self.cache_path()].into_iter().flatten().collect()
    }

    fn cache_path(&self) -> Option<PathBuf> {
        let beside = self.csv.as_ref().or(self.html.as_ref())?;
        let mut name = beside.file_name()?.to_os_string();
        name.push(targets::VERDICTS);
        Some(beside.with_file_name(name))
    }
}

/// The check of a class, and what was printed of it.
struct Class<'a> {
    args: &'a VerifyArgs,
    check: Check,
    keys: Vec<String>,
    entries: Vec<Entry>,
    cache: Cache,
}

impl<'a> Class<'a> {
    fn new(
        args: &'a VerifyArgs,
        assignment: Option<Assignment>,
        found: Pile,
        checksum: Option<String>,
    ) -> Result<Self> {
        let cache = match (&assignment, args.cache_path()) {
            (Some(_), Some(path)) => Cache::open(&path, &args.paths)?,
            _ => Cache::default(),
        };
        let of_check =
            assignment.as_ref().map(Assignment::check_sha256).unwrap_or_default() + &checksum.unwrap_or_default();
        let keys: Vec<String> = found.sha256.iter().map(|sha256| format!("{sha256} {of_check}")).collect();
        let check = Check::new(assignment, found.handed, &|index| cache.get(&keys[index]).cloned());
        Ok(Self { args, check, keys, entries: Vec::new(), cache })
    }

    /// Makes the replays, and prints the lines of all files.
    fn check(&mut self, data: &mut replays::Data) -> Result<()> {
        self.print()?;
        let jobs = self.check.jobs().to_vec();
        replays::run(&jobs, data, &mut |job, outcomes| {
            for index in self.check.settle(job, outcomes) {
                if let Some(judgement) = self.check.judgement(index) {
                    self.cache.put(&self.keys[index], judgement)?;
                }
            }
            self.print()
        })
    }

    /// Prints the lines of all files that are judged, in the order of the files.
    fn print(&mut self) -> Result<()> {
        if !self.check.knows_duplicates() {
            return Ok(());
        }
        while let Some(entry) = self.check.entry(self.entries.len()) {
            let handed = &self.check.handed()[self.entries.len()];
            let word = handed.submission.as_ref().ok().map(StudentsWord::of);
            if self.args.json {
                output::json(&event(&entry, word.as_ref()))?
            } else {
                output::line(&line(&entry))?;
                if let Some(word) = word {
                    output::line(&format!("{WORD}{}", word.to_line()))?;
                }
            }
            self.entries.push(entry);
        }
        Ok(())
    }

    /// Writes the files, and reports how many did not pass.
    fn finish(self) -> Result<()> {
        if self.check.assignment().is_none() {
            output::note(
                "note: only the figures were checked; give --assignment to check that it is the assigned experiment",
            );
        }
        if let Some(path) = &self.args.csv {
            write(path, overview::csv(&self.entries)?.as_bytes())?;
        }
        if let Some(path) = &self.args.html {
            write(path, overview::html(self.check.assignment(), &self.entries).as_bytes())?;
        }
        let count = |verdict: Verdict| self.entries.iter().filter(|entry| entry.verdict == verdict).count();
        let (refuted, unreadable, all) = (count(Verdict::Refuted), count(Verdict::Unreadable), self.entries.len());
        Err(Error::Submission(match (refuted, unreadable) {
            (0, 0) => return Ok(()),
            (_, 0) => format!("{refuted} of {all} refuted"),
            (0, _) => format!("{unreadable} of {all} unreadable"),
            _ => format!("{refuted} of {all} refuted, {unreadable} unreadable"),
        }))
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    output::file(folder, &name, bytes)?;
    output::note(&format!("Written: {}", path.display()));
    Ok(())
}

/// A name of a file or a student, in quotes if it could be read as the rest of its line.
fn quoted(name: &str) -> Cow<'_, str> {
    if name.contains(": ") || name.contains(" (") { format!("{name:?}").into() } else { name.into() }
}

fn line(entry: &Entry) -> String {
    let student = entry.student.as_ref().map_or_else(String::new, |name| format!(" ({})", quoted(name)));
    let mut line = format!("{}{student}: {}: {}", quoted(&entry.file), entry.verdict.name(), entry.reason);
    if entry.late == Some(true) {
        line += "; handed in late";
    }
    if let Some(points) = entry.points {
        line += &format!("; {points} points");
    }
    if !entry.duplicates_of.is_empty() {
        line += &format!("; equal {}: {}", entry.duplicate_parts.join(", "), entry.duplicates_of.join(", "));
    }
    line
}

fn event(entry: &Entry, word: Option<&StudentsWord>) -> Value {
    let mut event = json!({ "event": "verdict" });
    if let (Value::Object(event), Ok(Value::Object(fields))) = (&mut event, serde_json::to_value(entry)) {
        event.extend(fields);
    }
    event["students_word"] = json!(word);
    event["differences"] = json!(entry.judgement.as_ref().map(|judgement| &judgement.differences));
    event
}
