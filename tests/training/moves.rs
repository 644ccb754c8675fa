//! A run that goes on from a checkpoint on another engine or build: its history says so, since no replay can repeat it exactly.

use super::SHAPE;
use super::common::{bits, dataset, experiment, mixed_layers, run, trainer};
use convlab::engine::choose::Choice;
use convlab::experiment::Experiment;
use convlab::submission::Submission;
use convlab::train::{Event, Trainer};
use pollster::block_on;
use serde_json::{Value, json};

/// A checkpoint after some steps, in which `from` is replaced by `to`, of the same length. Its checksum loses its name.
fn checkpoint(spec: &Experiment, steps: usize, (from, to): (&str, &str)) -> Vec<u8> {
    let mut trainer = trainer(spec, &dataset(SHAPE, 4, 100, 20), Choice::Cpu).unwrap();
    (0..steps).for_each(|_| drop(block_on(trainer.advance(0.0)).unwrap()));
    let mut file = block_on(trainer.checkpoint()).unwrap();
    for (from, to) in [(from, to), ("convlab_crc32", "convlab_crc__")] {
        let places: Vec<usize> =
            file.windows(from.len()).enumerate().filter(|(_, at)| *at == from.as_bytes()).map(|(i, _)| i).collect();
        assert!(!places.is_empty() && from.len() == to.len(), "{from}");
        places.into_iter().for_each(|at| file[at..at + to.len()].copy_from_slice(to.as_bytes()));
    }
    file
}

fn resumed(spec: &Experiment, file: &[u8]) -> Trainer {
    let mut trainer = trainer(spec, &dataset(SHAPE, 4, 100, 20), Choice::Cpu).unwrap();
    block_on(trainer.resume(file)).unwrap();
    trainer
}

/// The engine in a checkpoint's state, which is JSON in a string of JSON.
const ENGINE: (&str, &str) = (r#"\"engine\":\"cpu\""#, r#"\"engine\":\"gpu\""#);
const SAME: (&str, &str) = (ENGINE.0, ENGINE.0);

fn spec() -> Experiment {
    experiment(SHAPE, mixed_layers(4), json!({"epochs": 2}))
}

#[test]
fn a_run_of_a_gpu_that_goes_on_on_the_cpu_says_so() {
    let spec = spec();
    let mut moved = resumed(&spec, &checkpoint(&spec, 3, ENGINE));
    let notes = |events: &[Event]| {
        events
            .iter()
            .filter(|event| matches!(event, Event::Notice { message } if message.contains("on the GPU")))
            .count()
    };
    assert_eq!(notes(&block_on(moved.advance(0.0)).unwrap()), 1);
    let events = run(&mut moved);
    assert_eq!(notes(&events), 0);
    let history = moved.history();
    let [one] = &history.interruptions[..] else { panic!("{:?}", history.interruptions) };
    assert_eq!(
        (one.step, one.repeated, one.engine.as_deref(), one.build.as_deref()),
        (3, 0, Some("gpu"), Some("native"))
    );
    assert!(one.message.contains("from step 3 on the CPU (native build)"), "{}", one.message);
    assert_eq!(history.engine, "cpu");
    let Some(Event::Done(done)) = events.last() else { panic!("no done event") };
    let submission = block_on(Submission::new(&mut moved, done.clone())).unwrap();
    assert!(submission.used_gpu() && submission.moved() && !submission.moved_between_builds());
    // As a file, too, and in that of an earlier version, which has no such fields.
    let mut file = serde_json::to_value(&submission).unwrap();
    let read = |file: &Value| serde_json::from_value::<Submission>(file.clone()).unwrap();
    assert!(read(&file).moved());
    let kept = &mut file["history"]["interruptions"][0];
    ["engine", "build"].iter().for_each(|key| drop(kept.as_object_mut().unwrap().remove(*key)));
    assert!(read(&file).moved(), "its message names the GPU");
    file["history"]["interruptions"][0]["message"] = json!("A worker was replaced");
    assert!(!read(&file).used_gpu());

    // A checkpoint of the run keeps the note, and adds no other.
    let mut again = resumed(&spec, &block_on(moved.checkpoint()).unwrap());
    assert_eq!(again.history().interruptions.len(), 1);
    assert_eq!(block_on(again.weights()).unwrap(), block_on(moved.weights()).unwrap());
}

#[test]
fn another_build_is_noted_and_what_stays_as_it_was_is_not() {
    let spec = spec();
    let other = resumed(&spec, &checkpoint(&spec, 3, (r#"\"build\":\"native\""#, r#"\"build\":\"\\nINJ\""#)));
    let [one] = &other.history().interruptions[..] else { panic!("{:?}", other.history().interruptions) };
    assert!(one.engine.as_deref() == Some("cpu") && one.message.contains("on the CPU (another build)"), "{one:?}");
    assert!(!one.message.contains(char::is_control));
    // The same engine; no step yet.
    for file in [checkpoint(&spec, 3, SAME), checkpoint(&spec, 0, ENGINE)] {
        let mut plain = resumed(&spec, &file);
        assert_eq!((plain.history().interruptions.len(), plain.history().engine.as_str()), (0, "cpu"));
        run(&mut plain);
        assert_eq!(bits(&plain).len(), 2);
    }
}

/// Nothing is computed any more, so the figures stay those of the engine that made them.
#[test]
fn a_complete_run_stays_that_of_its_engine() {
    let spec = spec();
    let complete = resumed(&spec, &checkpoint(&spec, 40, ENGINE));
    assert!(complete.is_done() && complete.history().interruptions.is_empty());
    assert_eq!(complete.history().engine, "gpu");
    // More epochs are steps of this engine.
    let longer = experiment(SHAPE, mixed_layers(4), json!({"epochs": 3}));
    let longer = resumed(&longer, &checkpoint(&spec, 40, ENGINE));
    assert_eq!((longer.history().engine.as_str(), longer.history().interruptions.len()), ("cpu", 1));
}
