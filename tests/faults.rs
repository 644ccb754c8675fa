//! Faults during a run: a lost device, NaN and infinite values. On both engines, if there is a GPU.
#![cfg(all(feature = "gpu", not(target_arch = "wasm32")))]

mod common;

use common::{bits, dataset, experiment, mixed_layers, run, trainer};
use convlab::Error;
use convlab::data::Dataset;
use convlab::engine::Source;
use convlab::engine::choose::Choice;
use convlab::experiment::Experiment;
use convlab::submission::Submission;
use convlab::train::{Event, Trainer};
use serde_json::{Value, json};
use std::io::Write;
use std::sync::Arc;

const SHAPE: [usize; 3] = [8, 7, 2];

/// A trainer on the GPU. Without an adapter it prints a line and returns `None`.
fn gpu(test: &str, spec: &Experiment, data: &Arc<Dataset>) -> Option<Trainer> {
    match trainer(spec, data, Choice::Gpu) {
        Ok(trainer) => Some(trainer),
        Err(error) if error.to_string().contains("no WebGPU adapter") => {
            let required = std::env::var("REQUIRE_GPU").is_ok_and(|value| !value.is_empty());
            assert!(!required, "{test}: REQUIRE_GPU is set, but {error}");
            let _ = writeln!(std::io::stderr(), "SKIPPED: {test}: {error}");
            None
        }
        Err(error) => panic!("{test}: {error}"),
    }
}

fn step(trainer: &mut Trainer) -> Vec<Event> {
    pollster::block_on(trainer.advance(0.0)).unwrap()
}

fn small() -> (Experiment, Arc<Dataset>) {
    let changes = json!({"epochs": 2, "early_stopping": {"patience": 5, "restore_best_weights": true}});
    (experiment(SHAPE, mixed_layers(4), changes), dataset(SHAPE, 4, 100, 20))
}

#[test]
fn a_lost_device_costs_the_steps_since_the_last_snapshot_and_no_more() {
    let (spec, data) = small();
    let Some(mut whole) = gpu("lost device", &spec, &data) else { return };
    run(&mut whole);
    // During training, validation, the second epoch and the final test.
    for (pieces, kept) in [(1, 0), (2, 1), (6, 3), (8, 6), (12, 9)] {
        let mut trainer = gpu("lost device", &spec, &data).unwrap();
        for piece in 0..pieces {
            step(&mut trainer);
            if piece + 1 == kept {
                // A checkpoint is a snapshot too.
                pollster::block_on(trainer.checkpoint()).unwrap();
            }
        }
        trainer.lose_device();
        let told: Vec<Event> = (0..3).flat_map(|_| step(&mut trainer)).collect();
        let message = told.iter().find_map(|event| match event {
            Event::Interrupted { message, engine, .. } => Some((message, engine)),
            _ => None,
        });
        let (message, engine) = message.expect("the loss is reported");
        assert!(message.contains("lost") && message.contains("new device") && engine == "gpu", "{message}");
        run(&mut trainer);
        assert_eq!(bits(&whole), bits(&trainer), "lost after {pieces} pieces");
        assert_eq!(whole.history().learning_rates, trainer.history().learning_rates);
        let interruptions = &trainer.history().interruptions;
        assert_eq!(interruptions.len(), 1);
        assert!(interruptions[0].repeated <= 8 * (pieces - kept), "{interruptions:?}");
    }
}

#[test]
fn a_device_that_fails_again_and_again_leaves_the_run_to_the_cpu() {
    let (spec, data) = small();
    let Some(mut trainer) = gpu("failing device", &spec, &data) else { return };
    let mut engines = Vec::new();
    step(&mut trainer);
    // Without a step in between there is no new snapshot, even on a slow device.
    for _ in 0..4 {
        trainer.lose_device();
        for event in step(&mut trainer) {
            if let Event::Interrupted { engine, message, .. } = event {
                assert!(
                    message.contains(if engine == "cpu" { "on the CPU" } else { "with a new device" }),
                    "{message}"
                );
                engines.push(engine);
            }
        }
    }
    assert_eq!(engines, ["gpu", "gpu", "gpu", "cpu"]);
    let events = run(&mut trainer);
    let Some(Event::Done(done)) = events.last() else { panic!("no done event") };
    assert_eq!((done.engine.as_str(), trainer.history().interruptions.len()), ("cpu", 4));
    assert!(trainer.history().epochs.iter().all(|epoch| epoch.loss.is_finite()));
    // The step of the GPU was done over each time, so all figures are the CPU's.
    let submission = pollster::block_on(Submission::new(&mut trainer, done.clone())).unwrap();
    assert!(!submission.used_gpu(), "{:?}", submission.history.interruptions);
}

#[test]
fn a_gpu_that_is_slower_than_the_cpu_hands_the_run_over() {
    let (spec, data) = small();
    if gpu("contest", &spec, &data).is_none() {
        return;
    }
    let mut whole = trainer(&spec, &data, Choice::Cpu).unwrap();
    run(&mut whole);
    let mut contested = trainer(&spec, &data, Choice::GpuFirst).unwrap();
    assert_eq!(contested.info().engine, "gpu");
    // The GPU's speed is not known before its first step.
    assert!(!pollster::block_on(contested.contest()).unwrap());
    (0..3).for_each(|_| drop(step(&mut contested)));
    let faster = pollster::block_on(contested.contest()).unwrap();
    if !faster {
        // The GPU of this machine is not slower: the run stays there.
        assert_eq!(contested.info().engine, "gpu");
        run(&mut contested);
        assert!(contested.history().interruptions.is_empty());
        return;
    }
    assert!(contested.info().reason.starts_with("measured here: CPU"), "{}", contested.info().reason);
    let told = step(&mut contested);
    let Some(Event::Interrupted { step: at, resumed_step, engine, message, .. }) =
        told.iter().find(|event| matches!(event, Event::Interrupted { .. }))
    else {
        panic!("the change of engines is not told: {told:?}")
    };
    assert_eq!((*at, *resumed_step, engine.as_str()), (3, 0, "cpu"));
    assert!(message.contains("continues there, 3 steps back"), "{message}");
    // A run on the CPU is not contested.
    assert!(!pollster::block_on(contested.contest()).unwrap());
    run(&mut contested);
    // The run equals one that the CPU engine makes from the start.
    assert_eq!(bits(&whole), bits(&contested));
    assert_eq!(whole.history().learning_rates, contested.history().learning_rates);
    assert_eq!(contested.history().interruptions.len(), 1);
    let first = &contested.history().interruptions[0];
    assert_eq!((contested.history().engine.as_str(), first.repeated, first.engine.as_deref()), ("cpu", 3, Some("gpu")));
}

#[test]
fn a_finished_run_answers_after_its_device_is_lost() {
    let (spec, data) = small();
    let Some(mut trainer) = gpu("finished run", &spec, &data) else { return };
    run(&mut trainer);
    let (before, _) = pollster::block_on(trainer.evaluate()).unwrap();
    trainer.lose_device();
    let (after, _) = pollster::block_on(trainer.evaluate()).unwrap();
    assert_eq!(before, after);
    trainer.lose_device();
    assert!(pollster::block_on(trainer.predict(Source::Test, 0)).is_ok());
    assert!(trainer.is_done() && trainer.history().epochs.len() == 2);
}

#[test]
fn a_gpu_run_resumes_exactly() {
    let (spec, data) = small();
    let Some(mut whole) = gpu("resume", &spec, &data) else { return };
    run(&mut whole);
    let weights = pollster::block_on(whole.weights()).unwrap();
    for stop in [0, 2, 5, 9] {
        let mut first = gpu("resume", &spec, &data).unwrap();
        (0..stop).for_each(|_| drop(step(&mut first)));
        let file = pollster::block_on(first.checkpoint()).unwrap();
        let mut second = gpu("resume", &spec, &data).unwrap();
        pollster::block_on(second.resume(&file)).unwrap();
        run(&mut second);
        assert_eq!(bits(&whole), bits(&second), "after {stop} pieces");
        assert!(weights == pollster::block_on(second.weights()).unwrap(), "weights after {stop} pieces");
    }
}

/// What the page does when a reload finds another engine: the history says what computed the steps before.
#[test]
fn a_run_that_is_resumed_on_another_engine_says_so() {
    let (spec, data) = small();
    if gpu("resume elsewhere", &spec, &data).is_none() {
        return;
    }
    for (from, to, choices) in [("gpu", "cpu", [Choice::Gpu, Choice::Cpu]), ("cpu", "gpu", [Choice::Cpu, Choice::Gpu])]
    {
        let [mut first, mut second] = choices.map(|choice| trainer(&spec, &data, choice).unwrap());
        (0..3).for_each(|_| drop(step(&mut first)));
        let file = pollster::block_on(first.checkpoint()).unwrap();
        pollster::block_on(second.resume(&file)).unwrap();
        // The mark stays when the device is lost afterwards.
        if to == "gpu" {
            second.lose_device();
        }
        let events = run(&mut second);
        let history = second.history();
        let [mark, rest @ ..] = &history.interruptions[..] else { panic!("no mark") };
        assert_eq!((mark.step, mark.repeated, mark.engine.as_deref()), (3, 0, Some(from)));
        assert_eq!((history.engine.as_str(), rest.len()), (to, usize::from(to == "gpu")));
        assert!(rest.iter().all(|one| one.engine.as_deref() == Some("gpu")), "{rest:?}");
        let Some(Event::Done(done)) = events.last() else { panic!("no done event") };
        let submission = pollster::block_on(Submission::new(&mut second, done.clone())).unwrap();
        assert!(submission.used_gpu() && submission.moved(), "{from} to {to}");
        assert_eq!(submission.places().first().map(|place| place.0), Some(from));
    }
}

/// Networks that diverge, each at another place, and the tensors of which one must be named.
fn wild() -> Vec<(&'static str, Value, Value, &'static [&'static str])> {
    let conv = |name: &str| json!({"type": "conv2d", "name": name, "filters": 4, "kernel_size": 3});
    let end = || [json!({"type": "flatten"}), json!({"type": "dense", "name": "last", "units": 4})];
    let net = |layers: Vec<Value>| Value::Array(layers.into_iter().chain(end()).collect());
    let sgd = |rate: f64| json!({"optimizer": {"type": "sgd", "learning_rate": rate}, "epochs": 20});
    let normalised = json!({"type": "batch_normalization", "name": "norm"});
    vec![
        ("plain", net(vec![conv("wild")]), sgd(1e25), &["wild", "last"]),
        ("deep", net(vec![conv("one"), conv("two"), conv("three")]), sgd(1e12), &["one", "two", "three", "last"]),
        ("normalised", net(vec![conv("one"), normalised]), sgd(1e38), &["one", "norm", "last"]),
    ]
}

/// The run must stop with an error that names step and tensor, and must keep finite weights.
fn stops(what: &str, mut trainer: Trainer, names: &[&str]) {
    let error = loop {
        match pollster::block_on(trainer.advance(50.0)) {
            Ok(_) => assert!(!trainer.is_done(), "{what} does not diverge"),
            Err(error) => break error,
        }
    };
    let message = error.to_string();
    assert!(matches!(error, Error::Diverged(_)), "{what}: {message}");
    assert!(message.contains("step ") && message.contains("epoch "), "{what}: {message}");
    assert!(names.iter().any(|name| message.contains(name)), "{what}: no tensor of {names:?} in: {message}");
    assert!(trainer.history().epochs.iter().all(|epoch| epoch.loss.is_finite()), "{what}");
    // Either all values are finite, or saving is refused: a checkpoint with NaN is never written.
    match pollster::block_on(trainer.checkpoint()) {
        // Reading refuses NaN and infinite values.
        Ok(file) => pollster::block_on(trainer.resume(&file)).unwrap(),
        Err(Error::Diverged(message)) => assert!(message.contains("not saved"), "{what}: {message}"),
        Err(error) => panic!("{what}: {error}"),
    }
}

#[test]
fn nan_stops_a_run_on_the_cpu() {
    let data = dataset(SHAPE, 4, 100, 20);
    for (what, layers, changes, names) in wild() {
        let spec = experiment(SHAPE, layers, changes);
        stops(what, trainer(&spec, &data, Choice::Cpu).unwrap(), names);
    }
}

#[test]
fn nan_stops_a_run_on_the_gpu() {
    let data = dataset(SHAPE, 4, 100, 20);
    for (what, layers, changes, names) in wild() {
        let spec = experiment(SHAPE, layers, changes);
        let Some(trainer) = gpu("divergence", &spec, &data) else { return };
        stops(what, trainer, names);
    }
}

#[test]
fn a_checkpoint_of_other_images_is_refused() {
    let (spec, data) = small();
    let mut first = trainer(&spec, &data, Choice::Cpu).unwrap();
    let file = pollster::block_on(first.checkpoint()).unwrap();
    let mut other = Arc::unwrap_or_clone(data.clone());
    other.train.pixels[17] ^= 1;
    let mut second = trainer(&spec, &Arc::new(other), Choice::Cpu).unwrap();
    let message = pollster::block_on(second.resume(&file)).unwrap_err().to_string();
    assert!(message.contains("other images"), "{message}");
    pollster::block_on(trainer(&spec, &data, Choice::Cpu).unwrap().resume(&file)).unwrap();
}
