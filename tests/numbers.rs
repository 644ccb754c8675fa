//! The numerical check that users can run: correct networks pass, and their runs are not changed.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::{bits, dataset, experiment, mixed_layers, run, trainer};
use convlab::engine::choose::Choice;
use convlab::experiment::presets;
use convlab::train::numbers::Numbers;
use serde_json::json;

fn told(numbers: &Numbers) -> String {
    let layers =
        numbers.layers.iter().map(|l| format!("{}: {:.3e} {:?} {}\n", l.name, l.largest, l.difference, l.agrees));
    let gradients = numbers
        .gradients
        .iter()
        .map(|g| format!("{}: {:.6e} {:?} {:?} {}\n", g.name, g.gradient, g.finite_difference, g.difference, g.agrees));
    layers.chain(gradients).collect()
}

#[test]
fn a_net_with_every_kind_of_layer_agrees_and_its_run_is_not_touched() {
    let shape = [8, 7, 2];
    let data = dataset(shape, 4, 100, 20);
    let spec = experiment(shape, mixed_layers(4), json!({"optimizer": {"type": "adam", "clipnorm": 0.01}}));
    let mut plain = trainer(&spec, &data, Choice::Cpu).unwrap();
    run(&mut plain);
    let mut checked = trainer(&spec, &data, Choice::Cpu).unwrap();
    for _ in 0..2 {
        let numbers = pollster::block_on(checked.numbers()).unwrap();
        assert!(numbers.agrees, "{}", told(&numbers));
        assert_eq!((numbers.layers.len(), numbers.images), (11, 8));
        assert!(numbers.gradients.iter().all(|g| g.finite_difference.is_some()));
        assert!(numbers.gpu.is_some() != numbers.no_gpu.is_some());
        pollster::block_on(checked.advance(0.0)).unwrap();
    }
    run(&mut checked);
    assert_eq!(bits(&plain), bits(&checked));
}

/// Networks of the presets, on images of their shape, before and after some training.
#[test]
fn the_presets_agree() {
    for name in ["mnist-4", "maxnorm"] {
        let mut spec = presets::find(name).unwrap().experiment.clone();
        spec.dataset = serde_json::from_value(json!({"name": "custom"})).unwrap();
        spec.batch_size = 10;
        let classes = convlab::network::graph::Graph::new(&spec).unwrap().classes();
        let mut trainer = trainer(&spec, &dataset(spec.input_shape, classes, 60, 10), Choice::Cpu).unwrap();
        for steps in [0, 5] {
            (0..steps).for_each(|_| drop(pollster::block_on(trainer.advance(0.0)).unwrap()));
            let numbers = pollster::block_on(trainer.numbers()).unwrap();
            assert!(numbers.agrees, "{name} after {steps} steps:\n{}", told(&numbers));
        }
    }
}
