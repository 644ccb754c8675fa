//! The best epoch's weights: brought back by early stopping, or kept while the run goes on.

use super::SHAPE;
use super::common::{dataset, experiment, mixed_layers, run, trainer};
use convlab::engine::choose::Choice;
use convlab::train::Event;
use pollster::block_on;
use serde_json::json;

#[test]
fn early_stopping_stops_and_brings_the_best_weights_back() {
    let data = dataset(SHAPE, 4, 100, 50);
    let changes = json!({
        "epochs": 50, "optimizer": {"type": "adam", "learning_rate": 0.02},
        "early_stopping": {"monitor": "val_loss", "patience": 2, "min_delta": 0.1, "restore_best_weights": true},
        "dataset": {"name": "custom", "validation": "test"},
    });
    let mut run_ = trainer(&experiment(SHAPE, mixed_layers(4), changes), &data, Choice::Cpu).unwrap();
    let events = run(&mut run_);
    let Some(Event::Done(done)) = events.last() else { panic!("no done event") };
    assert!(done.stopped_early && run_.history().epochs.len() < 50);
    let losses = run_.history().epochs.iter().filter_map(|epoch| epoch.val_loss);
    let best = losses.fold(f64::INFINITY, |best, loss| if loss + 0.1 < best { loss } else { best });
    assert!((done.test_loss - best).abs() < 1e-9, "{} is not the best {best}", done.test_loss);
}

#[test]
fn the_best_epochs_weights_are_kept_while_the_run_continues() {
    let data = dataset(SHAPE, 4, 100, 50);
    let changes = json!({
        "epochs": 12, "optimizer": {"type": "adam", "learning_rate": 1.0}, "model_checkpoint": {"monitor": "val_loss"},
        // It learns while the learning rate is low, and becomes worse when it is high.
        "learning_rate_schedule": {"type": "warmup", "warmup_steps": 120},
        "dataset": {"name": "custom", "validation": "test"},
    });
    let spec = experiment(SHAPE, mixed_layers(4), changes);
    let mut whole = trainer(&spec, &data, Choice::Cpu).unwrap();
    assert!(whole.best_weights().unwrap().is_none(), "there are no best weights before the first epoch");
    run(&mut whole);
    assert_eq!(whole.history().epochs.len(), 12);
    let losses: Vec<f64> = whole.history().epochs.iter().filter_map(|epoch| epoch.val_loss).collect();
    let best = losses.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(best < losses[11], "the last epoch must not be the best, or this test shows nothing: {losses:?}");
    let kept = whole.best_weights().unwrap().unwrap();
    let mut other = trainer(&spec, &data, Choice::Cpu).unwrap();
    block_on(other.load_weights(&kept)).unwrap();
    assert!((block_on(other.evaluate()).unwrap().0 - best).abs() < 1e-9);
    // A checkpoint holds them too.
    let file = block_on(whole.checkpoint()).unwrap();
    block_on(other.resume(&file)).unwrap();
    assert!(other.best_weights().unwrap().unwrap() == kept);
}
