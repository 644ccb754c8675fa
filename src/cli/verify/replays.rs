//! Replays of experiments, several at a time.

use super::super::bar::Bar;
use super::super::session;
use crate::base::error::{Error, Result};
use crate::data::{Dataset, is_of_image_files};
use crate::engine::choose::Choice;
use crate::engine::cpu::cores;
use crate::experiment::Experiment;
use crate::kernels::cpu::rounding;
use crate::submission::Submission;
use crate::submission::check::{Job, Outcome};
use crate::train::{Event, Options, Trainer};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

/// Units of the progress of one replay.
const UNITS: usize = 1000;

/// The data set in memory: one at a time.
pub struct Data {
    folder: Option<PathBuf>,
    held: Option<(String, Result<Arc<Dataset>>)>,
}

impl Data {
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, held: None }
    }

    /// The data set of an experiment; it is not read again while it is asked for in sequence.
    ///
    /// # Errors
    /// As [`session::data`].
    pub fn of(&mut self, experiment: &Experiment) -> Result<Arc<Dataset>> {
        let key = key(experiment);
        if let Some((held, data)) = &self.held
            && *held == key
        {
            return data.clone();
        }
        // The memory is needed for the next one.
        self.held = None;
        let data = session::data(experiment, self.folder.as_deref());
        self.held = Some((key, data.clone()));
        data
    }
}

/// What decides the images of an experiment.
fn key(experiment: &Experiment) -> String {
    let dataset = &experiment.dataset;
    let more = is_of_image_files(&dataset.name).then_some((experiment.input_shape, experiment.seed));
    serde_json::to_string(&(dataset, more)).unwrap_or_default()
}

/// Runs all jobs, those of one data set after each other; `done` receives each job's outcomes as soon as they are complete. The
/// arithmetic is a setting of the process, so all jobs of a set use one before any uses the other.
///
/// # Errors
/// Those of `done`.
pub fn run(jobs: &[Job], data: &mut Data, done: &mut dyn FnMut(usize, &[Outcome]) -> Result<()>) -> Result<()> {
    let mut outcomes: Vec<Vec<Outcome>> = jobs.iter().map(|_| Vec::new()).collect();
    for set in by_data(jobs) {
        let images = data.of(&jobs[set[0]].experiment);
        for portable in [true, false] {
            rounding::set_portable(portable);
            let wanted: Vec<usize> =
                set.iter().copied().filter(|&job| jobs[job].portable.contains(&portable)).collect();
            round(jobs, &images, &wanted, &mut |job, outcome| {
                outcomes[job].push(outcome.map_err(Into::into));
                if outcomes[job].len() == jobs[job].portable.len() { done(job, &outcomes[job]) } else { Ok(()) }
            })?;
        }
    }
    Ok(())
}

/// The places of the jobs, by data set, in the order in which the sets come up.
fn by_data(jobs: &[Job]) -> Vec<Vec<usize>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut sets: Vec<Vec<usize>> = Vec::new();
    for (index, job) in jobs.iter().enumerate() {
        let place = *places.entry(key(&job.experiment)).or_insert(sets.len());
        if place == sets.len() {
            sets.push(Vec::new());
        }
        sets[place].push(index);
    }
    sets
}

/// Runs jobs with the current arithmetic, on all cores.
fn round(
    jobs: &[Job],
    images: &Result<Arc<Dataset>>,
    wanted: &[usize],
    done: &mut dyn FnMut(usize, Result<Submission>) -> Result<()>,
) -> Result<()> {
    let workers = cores().min(wanted.len());
    let (next, progress) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let bar = Bar::new("{msg} {bar:30} {percent} %, {eta} left");
    std::thread::scope(|scope| {
        let (send, receive) = mpsc::channel();
        for _ in 0..workers {
            let (send, next, progress) = (send.clone(), &next, &progress);
            scope.spawn(move || {
                let threads = (cores() / workers).max(1);
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
                while let Some(&job) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let work = || images.clone().and_then(|data| replay(jobs[job].experiment.clone(), data, progress));
                    let caught = catch_unwind(AssertUnwindSafe(|| match &pool {
                        Ok(pool) => pool.install(work),
                        Err(_) => work(),
                    }));
                    let failed = || Err(Error::Submission("its repetition ended by an error of Convlab".into()));
                    if send.send((job, caught.unwrap_or_else(|_| failed()))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let mut count = 0;
        loop {
            bar.message(&format!("Replaying {workers} at once, {count} of {} done", wanted.len()));
            bar.at(progress.load(Ordering::Relaxed), wanted.len() * UNITS);
            match receive.recv_timeout(Duration::from_millis(200)) {
                Ok((job, outcome)) => {
                    count += 1;
                    let printed = bar.suspend(|| done(job, outcome));
                    if printed.is_err() {
                        // The workers finish their current jobs and take no others.
                        next.store(wanted.len(), Ordering::Relaxed);
                        return printed;
                    }
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
        }
        bar.finish();
        Ok(())
    })
}

/// Repeats a run.
fn replay(spec: Experiment, data: Arc<Dataset>, progress: &AtomicUsize) -> Result<Submission> {
    pollster::block_on(async {
        let options = Options { engine: Choice::Cpu, shuffle: true };
        let mut trainer = Trainer::new(spec, data, options).await?;
        let (mut done, mut counted) = (None, 0);
        while !trainer.is_done() {
            for event in trainer.advance(200.0).await? {
                match event {
                    Event::Step { step, total_steps, .. } => {
                        let units = (UNITS * step / total_steps.max(1)).max(counted);
                        progress.fetch_add(units - counted, Ordering::Relaxed);
                        counted = units;
                    }
                    Event::Done(event) => done = Some(event),
                    _ => {}
                }
            }
        }
        progress.fetch_add(UNITS - counted, Ordering::Relaxed);
        let done = done.ok_or_else(|| Error::Submission("the replay did not complete".into()))?;
        Submission::new(&mut trainer, done).await
    })
}
