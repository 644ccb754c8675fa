//! Complete runs on the CPU engine: learning, history as in Keras, bit-exact repetition and resumption.
#![cfg(not(target_arch = "wasm32"))]

#[path = "training/best.rs"]
mod best;
mod common;
#[path = "training/exact.rs"]
mod exact;
#[path = "training/lanes.rs"]
mod lanes;
#[path = "training/moves.rs"]
mod moves;
#[path = "training/refused.rs"]
mod refused;
#[path = "training/words.rs"]
mod words;

use common::{bits, dataset, experiment, mixed_layers, run, trainer};
use convlab::Error;
use convlab::engine::choose::Choice;
use convlab::engine::cpu::CpuEngine;
use convlab::engine::{ImageSets, Source, Step};
use convlab::network::graph::Graph;
use convlab::train::Event;
use pollster::block_on;
use serde_json::json;
use std::sync::Arc;

const SHAPE: [usize; 3] = [10, 9, 2];

#[test]
fn a_net_learns_and_the_history_has_keras_columns() {
    let data = dataset(SHAPE, 4, 600, 100);
    let spec = experiment(SHAPE, mixed_layers(4), json!({"epochs": 6}));
    let mut run_ = trainer(&spec, &data, Choice::Cpu).unwrap();
    let events = run(&mut run_);
    let Some(Event::Done(done)) = events.last() else { panic!("no done event") };
    assert!(done.test_accuracy > 0.9, "{}", done.test_accuracy);
    assert_eq!(done.confusion.iter().flatten().sum::<u32>(), 100);
    let history = run_.history();
    assert_eq!(history.epochs.len(), 6);
    assert_eq!(history.learning_rates.len(), 6 * 30);
    assert!(history.epochs.iter().all(|epoch| epoch.val_loss.is_some()));
    assert!(history.epochs[5].loss < history.epochs[0].loss);
    assert!(history.to_csv().starts_with("epoch,loss,accuracy,val_loss,val_accuracy,learning_rate,seconds\n1,"));
    let (loss, evaluation) = block_on(run_.evaluate()).unwrap();
    assert_eq!((loss, evaluation.accuracy()), (done.test_loss, done.test_accuracy));
    let prediction = block_on(run_.predict(Source::Test, 3)).unwrap();
    assert!((prediction.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5);
}

/// The page may pause between two calls, and then shows the last event.
#[test]
fn every_call_reports_all_its_steps() {
    let data = dataset(SHAPE, 4, 600, 20);
    let spec =
        experiment(SHAPE, mixed_layers(4), json!({"epochs": 40, "dataset": {"name": "custom", "validation": null}}));
    let mut run = trainer(&spec, &data, Choice::Cpu).unwrap();
    let (mut told, mut turns) = (0, 0);
    while told < 40 * 30 {
        // Calls of different lengths, so that they end at any moment of a step.
        let events = block_on(run.advance(f64::from(turns % 40) * 0.05)).unwrap();
        told = events
            .iter()
            .rev()
            .find_map(|event| if let Event::Step { step, .. } = event { Some(*step) } else { None })
            .unwrap_or(told);
        assert_eq!(told, run.history().learning_rates.len(), "turn {turns}");
        turns += 1;
    }
}

/// However fast the device is, a caller can act on the state after each epoch, and an error in the next one takes no event with it.
#[test]
fn a_call_ends_with_the_epoch() {
    let data = dataset(SHAPE, 4, 60, 20);
    for validation in [json!(null), json!({"split": 0.2})] {
        let changes = json!({
            "epochs": 5, "dataset": {"name": "custom", "validation": validation},
            "model_checkpoint": {"monitor": "loss"},
        });
        let mut run = trainer(&experiment(SHAPE, mixed_layers(4), changes), &data, Choice::Cpu).unwrap();
        for epoch in 1..=5 {
            let events = block_on(run.advance(1e9)).unwrap();
            assert!(matches!(events.last(), Some(Event::Epoch(row)) if row.epoch == epoch), "{events:?}");
            assert_eq!((run.history().epochs.len(), run.is_done()), (epoch, false));
            if run.history().epochs.iter().all(|row| row.loss >= run.history().epochs[epoch - 1].loss) {
                assert!(run.best_weights().unwrap().unwrap() == block_on(run.weights()).unwrap(), "epoch {epoch}");
            }
        }
        let events = block_on(run.advance(1e9)).unwrap();
        assert!(matches!(events[..], [Event::Done(_)]) && run.is_done(), "{events:?}");
    }
    let mut wild = trainer(&experiment(SHAPE, mixed_layers(4), json!({"epochs": 5})), &data, Choice::Cpu).unwrap();
    assert!(matches!(block_on(wild.advance(1e9)).unwrap().last(), Some(Event::Epoch(_))));
    wild.set_learning_rate(1e30).unwrap();
    assert!(matches!(block_on(wild.advance(1e9)).unwrap_err(), Error::Diverged(_)));
    assert_eq!(wild.history().epochs.len(), 1);
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let data = dataset(SHAPE, 4, 100, 10);
    let spec = experiment(SHAPE, mixed_layers(4), json!({}));
    let graph = Arc::new(Graph::new(&spec).unwrap());
    let sets = ImageSets { train: &data.train, test: &data.test };
    let weights = |lanes: usize| {
        let mut engine = CpuEngine::<f32>::with_lanes(graph.clone(), &spec.optimizer, 21, None, 5, lanes).unwrap();
        for step in 0..6u32 {
            // The last batch is smaller.
            let rows = if step == 5 { 3 } else { 21 };
            let indices: Vec<u32> = (0..rows).map(|i| (i + step * 13) % 100).collect();
            engine.train_step(sets, &Step { indices: &indices, transforms: &[], step, learning_rate: 0.01 });
        }
        let all = engine.parameters();
        let values = all.weights.iter().chain(&all.state).chain(all.slots.iter().flatten());
        values.map(|v| v.to_bits()).collect::<Vec<u32>>()
    };
    let one = weights(1);
    for lanes in [2, 4, 8] {
        assert!(one == weights(lanes), "{lanes} threads differ from one");
    }
}

#[test]
fn the_same_seed_gives_the_same_history_and_another_seed_another() {
    let data = dataset(SHAPE, 4, 200, 20);
    let history = |seed: u32| {
        let changes =
            json!({"seed": seed, "augmentation": [{"type": "random_crop", "padding": 2}, {"type": "random_flip"}]});
        let mut trainer = trainer(&experiment(SHAPE, mixed_layers(4), changes), &data, Choice::Cpu).unwrap();
        run(&mut trainer);
        bits(&trainer)
    };
    assert_eq!(history(1), history(1));
    assert_ne!(history(1), history(2));
}

#[test]
fn a_resumed_run_equals_an_uninterrupted_one_wherever_it_stopped() {
    let data = dataset(SHAPE, 4, 150, 30);
    let changes = json!({
        "optimizer": {"type": "sgd", "momentum": 0.9, "learning_rate": 0.05},
        "learning_rate_schedule": {"type": "reduce_on_plateau", "patience": 1, "min_delta": 0.5},
        "early_stopping": {"monitor": "val_loss", "patience": 5, "restore_best_weights": true},
        "epochs": 4,
    });
    let spec = experiment(SHAPE, mixed_layers(4), changes);
    let mut whole = trainer(&spec, &data, Choice::Cpu).unwrap();
    run(&mut whole);
    let weights = block_on(whole.weights()).unwrap();
    for stop in [0, 1, 5, 8, 9, 17, 24, 31, 36] {
        let mut first = trainer(&spec, &data, Choice::Cpu).unwrap();
        for _ in 0..stop {
            // A budget of 0: one step, or one piece of an evaluation, per call.
            block_on(first.advance(0.0)).unwrap();
        }
        let file = block_on(first.checkpoint()).unwrap();
        drop(first);
        let mut second = trainer(&spec, &data, Choice::Cpu).unwrap();
        block_on(second.resume(&file)).unwrap();
        run(&mut second);
        assert_eq!(bits(&whole), bits(&second), "after {stop} pieces");
        assert_eq!(whole.history().learning_rates, second.history().learning_rates);
        assert!(weights == block_on(second.weights()).unwrap(), "weights after {stop} pieces");
    }
}

#[test]
fn a_flipped_bit_in_a_checkpoint_is_detected() {
    let spec = experiment(SHAPE, mixed_layers(4), json!({"epochs": 2}));
    let data = dataset(SHAPE, 4, 60, 20);
    let mut first = trainer(&spec, &data, Choice::Cpu).unwrap();
    block_on(first.advance(0.0)).unwrap();
    let whole = block_on(first.checkpoint()).unwrap();
    // In a weight, at the end of the last tensor, and in the run's state.
    let state = whole.windows(6).position(|at| at == b"epochs").unwrap();
    for at in [whole.len() / 2, whole.len() - 1, state + 2] {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        let mut second = trainer(&spec, &data, Choice::Cpu).unwrap();
        let error = block_on(second.resume(&changed)).unwrap_err().to_string();
        assert!(error.contains("has changed since it was written"), "{at}: {error}");
    }
    let mut second = trainer(&spec, &data, Choice::Cpu).unwrap();
    block_on(second.resume(&whole)).unwrap();
}

#[test]
fn a_checkpoint_of_another_experiment_is_refused() {
    let data = dataset(SHAPE, 4, 60, 10);
    let mut first = trainer(&experiment(SHAPE, mixed_layers(4), json!({})), &data, Choice::Cpu).unwrap();
    let file = block_on(first.checkpoint()).unwrap();
    let other = experiment(SHAPE, mixed_layers(4), json!({"batch_size": 10}));
    let error = block_on(trainer(&other, &data, Choice::Cpu).unwrap().resume(&file)).unwrap_err();
    assert!(error.to_string().contains("batch_size"), "{error}");
    let weights = block_on(first.weights()).unwrap();
    let error = block_on(first.resume(&weights)).unwrap_err();
    assert!(error.to_string().contains("not a checkpoint"), "{error}");
    let error = block_on(first.load_weights(&weights[..weights.len() / 2])).unwrap_err();
    assert_eq!(error.kind(), "weights");
}

#[test]
fn micro_batches_give_the_step_of_the_whole_batch() {
    let data = dataset(SHAPE, 4, 100, 10);
    let layers = json!([
        {"type": "conv2d", "filters": 5, "kernel_size": 3, "activation": "relu"}, {"type": "dropout", "rate": 0.3},
        {"type": "flatten"}, {"type": "dense", "units": 4},
    ]);
    let spec = experiment(SHAPE, layers, json!({}));
    let graph = Arc::new(Graph::new(&spec).unwrap());
    let sets = ImageSets { train: &data.train, test: &data.test };
    let indices: Vec<u32> = (0..50).collect();
    let step = Step { indices: &indices, transforms: &[], step: 0, learning_rate: 0.01 };
    let gradient = |micro: Option<usize>| {
        let mut engine = CpuEngine::<f64>::with_lanes(graph.clone(), &spec.optimizer, 50, micro, 1, 1).unwrap();
        let loss = engine.differentiate(sets, &step).loss_sum;
        (loss, engine.gradient().to_vec())
    };
    let (loss, whole) = gradient(None);
    for micro in [1, 7, 16, 49] {
        let (pieces_loss, pieces) = gradient(Some(micro));
        assert!((loss - pieces_loss).abs() < 1e-9);
        assert!(whole.iter().zip(&pieces).all(|(a, b)| (a - b).abs() < 1e-12), "pieces of {micro}");
    }
}

#[test]
fn a_run_that_diverges_stops_and_names_the_tensor() {
    let data = dataset(SHAPE, 4, 100, 10);
    let layers = json!([
        {"type": "conv2d", "name": "wild", "filters": 4, "kernel_size": 3, "activation": "relu"},
        {"type": "flatten"}, {"type": "dense", "units": 4},
    ]);
    let changes = json!({"optimizer": {"type": "sgd", "learning_rate": 1e25}});
    let mut run_ = trainer(&experiment(SHAPE, layers, changes), &data, Choice::Cpu).unwrap();
    let error = block_on(run_.advance(1e9)).unwrap_err();
    assert!(matches!(error, Error::Diverged(_)), "{error}");
    let message = error.to_string();
    assert!(message.contains("step ") && message.contains("layer \"") || message.contains("weights "), "{message}");
}

#[test]
fn limits_come_before_the_validation_split() {
    let data = dataset(SHAPE, 4, 40, 10);
    let layers = json!([{"type": "flatten"}, {"type": "dense", "units": 4}]);
    for (limit, counts) in [
        (json!({"train": 30}), (24, 6, 10)),
        (json!({"train": 1000, "test": 3}), (32, 8, 3)),
        (json!(null), (32, 8, 10)),
    ] {
        let changes = json!({"dataset": {"name": "custom", "validation": {"split": 0.2}, "limit": limit}});
        let run = trainer(&experiment(SHAPE, layers.clone(), changes), &data, Choice::Cpu).unwrap();
        let info = run.info();
        assert_eq!((info.train_samples, info.validation_samples, info.test_samples), counts);
    }
}

#[test]
fn the_learning_rate_changes_from_the_next_step_on_and_the_history_says_so() {
    let data = dataset(SHAPE, 4, 100, 10);
    let schedules = [json!(null), json!({"type": "exponential_decay", "decay_rate": 0.5, "decay_steps": 5})];
    for schedule in schedules {
        let spec = experiment(SHAPE, mixed_layers(4), json!({"epochs": 2, "learning_rate_schedule": schedule}));
        let mut changed = trainer(&spec, &data, Choice::Cpu).unwrap();
        // A budget of 0 gives one step and its event.
        for step in 1..=3 {
            let events = block_on(changed.advance(0.0)).unwrap();
            assert!(matches!(events[..], [Event::Step { step: at, .. }] if at == step), "{events:?}");
        }
        changed.set_learning_rate(0.25).unwrap();
        run(&mut changed);
        let mut plain = trainer(&spec, &data, Choice::Cpu).unwrap();
        run(&mut plain);
        let (rates, before) = (&changed.history().learning_rates, &plain.history().learning_rates);
        assert_eq!(rates[..3], before[..3]);
        assert!((rates[3] - 0.25).abs() < 1e-12, "{rates:?}");
        // A schedule keeps its shape.
        for (rate, before_) in rates[3..].iter().zip(&before[3..]) {
            assert!((rate / before_ - 0.25 / before[3]).abs() < 1e-9, "{rates:?}");
        }
        let kept = serde_json::to_value(changed.history()).unwrap();
        assert_eq!(kept["events"], json!([{"event": "learning_rate", "step": 3, "epoch": 1, "learning_rate": 0.25}]));
        assert_eq!(serde_json::to_value(plain.history()).unwrap().get("events"), None);
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(changed.set_learning_rate(wrong).unwrap_err().to_string().contains("above zero"));
        }
    }
}
