//! `sweep`: trains an experiment with several values of its fields and several seeds, one run after another.

use super::args::{DataArg, EngineArg};
use super::bar::Bar;
use super::lock::FolderLock;
use super::run_files::{RunFiles, merge};
use super::{output, session};
use crate::base::document;
use crate::base::error::{Error, Result};
use crate::base::table::Table;
use crate::base::text::duration;
use crate::data::Dataset;
use crate::kernels::cpu::rounding;
use crate::results::compare::Spread;
use crate::sweep::{HOPELESS, Outcome, Plan, Run, Status, configurations, importance, table};
use crate::train::{Done, Event, Trainer};
use clap::Args;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Milliseconds between two updates of the progress.
const BUDGET_MS: f64 = 200.0;

/// The interval of a run's checkpoints.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(30);

/// The file with the outcomes.
const STATE: &str = "sweep.json";

#[derive(Debug, Args)]
pub struct SweepArgs {
    /// The sweep's JSON document: an experiment, and the values of its fields in `grid` or `random`
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    data: DataArg,
    #[command(flatten)]
    engine: EngineArg,
    /// Write sweep.json, sweep.csv and a folder for each run here. A sweep that was interrupted goes on from these files
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Use the arithmetic of the page's build `simd128`, so that the page gives the same figures to the last bit (CPU engine)
    #[arg(long)]
    portable: bool,
    /// Print one JSON object per line
    #[arg(long)]
    json: bool,
}

/// `convlab sweep`
///
/// # Errors
/// Of the document, the data and the engine; [`Error::Io`] where a file cannot be written. A run that diverges is an outcome, not an error.
pub async fn sweep(args: &SweepArgs) -> Result<()> {
    rounding::set_portable(args.portable);
    let plan = Plan::from_json(&output::read_text(&args.file)?).map_err(session::in_document(args.file.display()))?;
    let _lock: FolderLock = output::folder(&args.out)?;
    let outcomes = earlier(&args.out, &plan)?;
    let mut all =
        All { args, plan: &plan, outcomes, bar: Bar::new("{msg} {bar:30} {pos}/{len} steps, {eta} left"), data: None };
    all.begin()?;
    while all.outcomes.len() < plan.runs.len() {
        let outcome = all.run(&plan.runs[all.outcomes.len()]).await?;
        all.tell(&outcome)?;
        all.outcomes.push(outcome);
        all.write()?;
    }
    all.write()?;
    all.end()
}

/// The outcomes that an earlier process has left in the folder.
fn earlier(folder: &Path, plan: &Plan) -> Result<Vec<Outcome>> {
    let path = folder.join(STATE);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let wrong = |message: String| Error::Spec(format!("{}: {message}", path.display()));
    let mut state: Map<String, Value> = serde_json::from_slice(&output::read(&path)?)
        .map_err(|error| wrong(format!("this is not a sweep's file ({error}); give another folder")))?;
    if state.get("sweep") != Some(&document::write(&plan.sweep)) {
        return Err(wrong("the folder holds the runs of another sweep; give another one with --out".into()));
    }
    let outcomes: Vec<Outcome> = document::read(&state.remove("outcomes").unwrap_or_default()).map_err(wrong)?;
    let known =
        outcomes.iter().zip(&plan.runs).all(|(outcome, run)| outcome.run == run.run && outcome.values == run.values);
    if !known || outcomes.len() > plan.runs.len() {
        return Err(wrong("its outcomes are not those of this sweep's runs; give another folder with --out".into()));
    }
    Ok(outcomes)
}

/// A sweep in progress.
struct All<'a> {
    args: &'a SweepArgs,
    plan: &'a Plan,
    outcomes: Vec<Outcome>,
    bar: Bar,
    /// The data set, with what it was read for.
    data: Option<(Value, Arc<Dataset>)>,
}

impl All<'_> {
    fn begin(&self) -> Result<()> {
        let (runs, done) = (self.plan.runs.len(), self.outcomes.len());
        if self.args.json {
            let start = json!({ "event": "start", "sweep": self.plan.sweep.name, "runs": runs, "done": done, "monitor": self.plan.monitor,
                "version": env!("CARGO_PKG_VERSION") });
            output::json(&start)?;
            return self.outcomes.iter().try_for_each(|outcome| output::json(&event("result", outcome)));
        }
        let goes_on = if done > 0 { format!(", {done} of them done before") } else { String::new() };
        output::line(&format!("{runs} runs{goes_on}"))
    }

    async fn run(&mut self, run: &Run) -> Result<Outcome> {
        if self.args.json {
            let mut line = event("run", run);
            merge(&mut line, json!({ "of": self.plan.runs.len() }));
            output::json(&line)?;
        }
        let data = self.data_of(run)?;
        let folder = self.args.out.join("runs").join(format!("{:04}", run.run));
        let mut files = RunFiles::open(&folder, CHECKPOINT_EVERY)?;
        let mut trainer = self.trainer(run, data, &folder).await?;
        files.reserve(&mut trainer).await?;
        output::file(&folder, "experiment.json", output::to_json(trainer.spec())?.as_bytes())?;
        let ended = self.train(run, &mut trainer, &mut files).await;
        self.bar.finish();
        let outcome = |done: Option<&Done>| Outcome::new(run, self.plan.monitor, trainer.history(), done);
        match ended {
            Ok(Some(done)) => Ok(outcome(Some(&done))),
            Ok(None) => Ok(outcome(None).ended(Status::Stopped, HOPELESS.into())),
            Err(Error::Diverged(reason)) => {
                files.rescue(&trainer);
                Ok(outcome(None).ended(Status::Diverged, reason))
            }
            Err(error) => {
                files.rescue(&trainer);
                Err(error)
            }
        }
    }

    /// The data set of a run; a field of the sweep may change it.
    fn data_of(&mut self, run: &Run) -> Result<Arc<Dataset>> {
        let of = document::write(&run.experiment.dataset);
        if let Some((known, data)) = &self.data
            && *known == of
        {
            return Ok(data.clone());
        }
        let data = session::data(&run.experiment, self.args.data.data.as_deref())?;
        self.data = Some((of, data.clone()));
        Ok(data)
    }

    /// A trainer that goes on from the run's checkpoint, if there is one.
    async fn trainer(&self, run: &Run, data: Arc<Dataset>, folder: &Path) -> Result<Trainer> {
        let start =
            async || session::trainer(run.experiment.clone(), data.clone(), self.args.engine.engine, true).await;
        let mut trainer = start().await?;
        let path = folder.join("checkpoint.safetensors");
        if path.exists() {
            let resumed = match output::read_weights(&path) {
                Ok(bytes) => trainer.resume(&bytes).await,
                Err(error) => Err(error),
            };
            match resumed {
                // The outcome was not written, so the run ends again from the state before its end.
                Ok(()) if !trainer.is_done() => {}
                Ok(()) => trainer = start().await?,
                Err(error) => {
                    output::note(&format!("note: run {} starts again: {error}", run.run));
                    trainer = start().await?;
                }
            }
        }
        Ok(trainer)
    }

    /// Trains a run; `None` if it was stopped because it is hopeless.
    async fn train(&self, run: &Run, trainer: &mut Trainer, files: &mut RunFiles) -> Result<Option<Done>> {
        loop {
            let mut epoch_ended = false;
            for event in trainer.advance(BUDGET_MS).await? {
                self.show(run, &event)?;
                epoch_ended |= matches!(event, Event::Epoch(_));
                if let Event::Done(done) = event {
                    files.finish(trainer, &done).await?;
                    return Ok(Some(done));
                }
            }
            files.keep(trainer, epoch_ended).await?;
            if epoch_ended && self.plan.is_hopeless(trainer.history(), &self.outcomes) {
                return Ok(None);
            }
        }
    }

    fn show(&self, run: &Run, event: &Event) -> Result<()> {
        match event {
            Event::Step { step, epoch, total_steps, loss, accuracy, .. } => {
                self.bar.at(*step, *total_steps);
                let of = self.plan.runs.len();
                self.bar
                    .message(&format!("run {}/{of}, epoch {epoch}, loss {loss:.4}, accuracy {accuracy:.4}", run.run));
                Ok(())
            }
            Event::Epoch(_) if self.args.json => {
                let mut line = serde_json::to_value(event).unwrap_or_default();
                merge(&mut line, json!({ "run": run.run }));
                output::json(&line)
            }
            Event::Notice { message } | Event::Interrupted { message, .. } => {
                self.bar.suspend(|| output::note(&format!("note: run {}: {message}", run.run)));
                Ok(())
            }
            Event::Epoch(_) | Event::Done(_) => Ok(()),
        }
    }

    fn tell(&self, outcome: &Outcome) -> Result<()> {
        if self.args.json {
            return output::json(&event("result", outcome));
        }
        let figure = outcome.best.map_or("no figure".into(), |best| format!("{} {best:.4}", name(self.plan)));
        let test = outcome.test_accuracy.map_or(String::new(), |test| format!(", test accuracy {test:.4}"));
        let end =
            outcome.reason.as_ref().map_or(String::new(), |reason| format!(" ({})", reason.trim_end_matches('.')));
        output::line(&format!(
            "run {}/{}  {}  seed {}  {figure}{test}  {}{end}",
            outcome.run,
            self.plan.runs.len(),
            values(&outcome.values),
            outcome.seed,
            duration(outcome.seconds)
        ))
    }

    /// Writes the outcomes as JSON, from which a sweep goes on, and as a table.
    fn write(&self) -> Result<()> {
        let state = json!({ "sweep": document::write(&self.plan.sweep), "monitor": self.plan.monitor, "outcomes": self.outcomes });
        output::file(&self.args.out, STATE, output::to_json(&state)?.as_bytes())?;
        output::file(&self.args.out, "sweep.csv", table(&self.outcomes)?.as_bytes())
    }

    fn end(&self) -> Result<()> {
        let configurations = configurations(&self.outcomes, self.plan.monitor);
        let importance = importance(&self.outcomes);
        if self.args.json {
            return output::json(
                &json!({ "event": "done", "monitor": self.plan.monitor, "configurations": configurations,
                "importance": importance }),
            );
        }
        let (of, spread) = (name(self.plan), |spread: Option<Spread>| spread.map_or("–".into(), text));
        let headings = [("values", false), ("runs", true), (of.as_str(), true), ("test accuracy", true)];
        let mut table = Table::new(&headings);
        for one in &configurations {
            table.rows.push(vec![
                values(&one.values),
                one.runs.len().to_string(),
                spread(one.best),
                spread(one.test_accuracy),
            ]);
        }
        output::text(&table.to_string())?;
        for (field, share) in &importance {
            let percent = 100.0 * share.as_f64().unwrap_or_default();
            output::line(&format!("{field} alone explains {percent:.0} % of the differences in {of}"))?;
        }
        output::line(&format!("Written to {}", self.args.out.display()))
    }
}

fn text(of: Spread) -> String {
    if of.deviation > 0.0 { format!("{:.4} ± {:.4}", of.mean, of.deviation) } else { format!("{:.4}", of.mean) }
}

/// The name of the monitored figure.
fn name(plan: &Plan) -> String {
    document::write(&plan.monitor).as_str().unwrap_or_default().to_string()
}

/// The values of a run in one line.
fn values(values: &Map<String, Value>) -> String {
    let texts: Vec<String> = values.iter().map(|(field, value)| format!("{field} = {value}")).collect();
    if texts.is_empty() { "as it is".into() } else { texts.join(", ") }
}

fn event(name: &str, of: &impl serde::Serialize) -> Value {
    let mut line = json!({ "event": name });
    merge(&mut line, document::write(of));
    line
}
