//! Inspection agrees with the engine: outputs with its inference, norms with its gradient.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::{around, dataset, experiment, mixed_layers, run, trainer};
use convlab::data::Images;
use convlab::engine::choose::Choice;
use convlab::engine::cpu::CpuEngine;
use convlab::engine::{ImageSets, Parameters, Source, Step};
use convlab::experiment::Experiment;
use convlab::experiment::augment::{self, Augmentation, PaddingMode, RandomCrop, RandomFlip};
use convlab::inspect;
use convlab::inspect::gradient::{Differentiated, Target, differentiate};
use convlab::layers;
use convlab::network::graph::Graph;
use pollster::block_on;
use serde_json::{Value, json};
use std::sync::Arc;

const SHAPE: [usize; 3] = [10, 9, 2];

fn setup(layers: Value) -> (Experiment, Arc<Graph>, Images) {
    let spec = experiment(SHAPE, layers, json!({}));
    let graph = Arc::new(Graph::new(&spec).unwrap());
    (spec, graph, common::squares(SHAPE, 4, 40, 3))
}

/// Initial parameters with small changes, so that biases and moving statistics have an effect.
fn parameters(graph: &Graph) -> Parameters {
    let (mut weights, mut state) = graph.initial(9);
    let all = weights.iter_mut().chain(&mut state);
    all.enumerate().for_each(|(i, value)| *value += 0.02 * (i % 7) as f32);
    Parameters { weights, state, slots: Vec::new() }
}

#[test]
fn every_layers_output_is_the_engines() {
    let (spec, graph, images) = setup(mixed_layers(4));
    let parameters = parameters(&graph);
    let mut engine = CpuEngine::<f32>::with_lanes(graph.clone(), &spec.optimizer, 1, None, 5, 1).unwrap();
    engine.set_parameters(&parameters);
    engine.logits(ImageSets { train: &images, test: &images }, Source::Test, &[7]);
    let outputs = inspect::outputs(&graph, &parameters, images.image(7)).unwrap();
    assert_eq!(outputs.len(), graph.nodes.len());
    for (i, output) in outputs.iter().enumerate() {
        let expected = &engine.tensor(i + 1)[..output.len()];
        let close = output.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5);
        assert!(close, "{} differs", graph.nodes[i].name);
    }
    let error = inspect::outputs(&graph, &parameters, &[0; 7]).unwrap_err().to_string();
    assert!(error.contains("180") && error.ends_with("Received: 7"), "{error}");
}

#[test]
fn images_of_a_batch_are_independent() {
    let (_, graph, images) = setup(mixed_layers(4));
    let parameters = parameters(&graph);
    let both = inspect::outputs(&graph, &parameters, &[images.image(3), images.image(4)].concat()).unwrap();
    let second = inspect::outputs(&graph, &parameters, images.image(4)).unwrap();
    for (both, second) in both.iter().zip(&second) {
        let close = both[second.len()..].iter().zip(second).all(|(a, b)| (a - b).abs() < 1e-5);
        assert!(close && both.len() == 2 * second.len());
    }
}

#[test]
fn gradient_norms_are_those_of_the_engines_gradient() {
    let (spec, graph, images) = setup(mixed_layers(4));
    let parameters = parameters(&graph);
    let health = inspect::health(&graph, &parameters, &images, (5, 12)).unwrap();
    assert_eq!((health.step, health.images), (12, 40));
    let mut engine = CpuEngine::<f64>::with_lanes(graph.clone(), &spec.optimizer, 40, None, 5, 1).unwrap();
    engine.set_parameters(&parameters);
    let indices: Vec<u32> = (0..40).collect();
    let step = Step { indices: &indices, transforms: &[], step: 12, learning_rate: 0.0 };
    engine.differentiate(ImageSets { train: &images, test: &images }, &step);
    for (node, layer) in graph.nodes.iter().zip(&health.layers) {
        let trainable: Vec<_> = graph.params[node.params.clone()].iter().filter(|param| param.spec.trainable).collect();
        assert_eq!(layer.gradient_norm.is_some(), !trainable.is_empty(), "{}", node.name);
        let values = trainable.iter().flat_map(|param| &engine.gradient()[param.range()]);
        let norm = values.map(|value| value * value).sum::<f64>().sqrt();
        assert!((layer.gradient_norm.unwrap_or(0.0) - norm).abs() < 1e-4 * (1.0 + norm), "{}", node.name);
    }
}

#[test]
fn a_unit_that_is_zero_for_every_image_is_dead() {
    let (_, graph, images) = setup(json!([
        {"type": "conv2d", "filters": 4, "kernel_size": 3, "activation": "relu"},
        {"type": "flatten"},
        {"type": "dense", "units": 4, "activation": "softmax"},
    ]));
    let mut parameters = parameters(&graph);
    let bias = graph.param("conv2d.bias").unwrap().range();
    parameters.weights[bias].copy_from_slice(&[-1e4, 1e4, -1e4, 1e4]);
    let layers = inspect::health(&graph, &parameters, &images, (5, 0)).unwrap().layers;
    assert_eq!((layers[0].dead, layers[0].zeros), (Some(0.5), Some(0.5)));
    assert_eq!((layers[1].dead, layers[1].weight_norm, layers[2].dead), (None, None, None));
}

#[test]
fn looking_changes_nothing_in_a_run() {
    let data = dataset(SHAPE, 4, 200, 60);
    let spec = experiment(SHAPE, mixed_layers(4), json!({"epochs": 2}));
    let mut plain = trainer(&spec, &data, Choice::Cpu).unwrap();
    let mut watched = trainer(&spec, &data, Choice::Cpu).unwrap();
    while !watched.is_done() {
        block_on(watched.advance(1.0)).unwrap();
        block_on(watched.health()).unwrap();
        block_on(watched.outputs(data.test.image(0))).unwrap();
        block_on(watched.predictions(false)).unwrap();
    }
    run(&mut plain);
    assert!(block_on(plain.weights()).unwrap() == block_on(watched.weights()).unwrap());
}

#[test]
fn predictions_of_the_test_set_agree_with_single_ones_and_the_matrix() {
    let data = dataset(SHAPE, 4, 200, 60);
    let mut trainer = trainer(&experiment(SHAPE, mixed_layers(4), json!({})), &data, Choice::Cpu).unwrap();
    run(&mut trainer);
    let all = block_on(trainer.predictions(false)).unwrap();
    assert_eq!(all.len(), 3 * 60);
    let mut confusion = vec![vec![0; 4]; 4];
    for (i, image) in all.chunks_exact(3).enumerate() {
        let single = block_on(trainer.predict(Source::Test, i)).unwrap();
        assert_eq!((image[0] as usize, image[1] as usize), (single.label, single.predicted));
        assert!((image[2] - single.probabilities[single.predicted]).abs() < 1e-5);
        confusion[single.label][single.predicted] += 1;
    }
    assert_eq!(block_on(trainer.evaluate()).unwrap().1.confusion, confusion);
}

#[test]
fn a_preview_shows_what_training_sees() {
    let images = common::squares(SHAPE, 4, 10, 3);
    let list = [
        Augmentation::RandomCrop(RandomCrop { padding: 2, padding_mode: PaddingMode::default() }),
        Augmentation::RandomFlip(RandomFlip::default()),
    ];
    let shown = inspect::augmented(&list, &images, 7, 3, &[4, 9]);
    for (place, index) in [(0, 4), (1, 9)] {
        let mut seen = vec![0.0; images.image_len()];
        augment::draw(&list, (10, 9), images.len(), 7, 3, index).sample(
            images.image(index as usize),
            (10, 9, 2),
            &mut seen,
        );
        let shown = &shown[place * seen.len()..][..seen.len()];
        assert!(shown.iter().zip(&seen).all(|(&shown, seen)| (f32::from(shown) / 255.0 - seen).abs() < 0.003));
    }
    assert_eq!(inspect::augmented(&[], &images, 7, 3, &[4]), images.image(4));
}

/// The slope of the target along single values of the input, by central differences in `f64`.
fn check_input_gradient(name: &str, input: [usize; 3], layers: Value) {
    let graph = Graph::new(&experiment(input, layers, json!({}))).unwrap();
    let parameters = parameters(&graph);
    let wide = |values: &[f32]| values.iter().map(|&value| f64::from(value)).collect::<Vec<f64>>();
    let (weights, state) = (wide(&parameters.weights), wide(&parameters.state));
    let image: Vec<f64> = (0..graph.input_shape.len()).map(|i| ((i * 37 + 11) % 101) as f64 / 101.0).collect();
    let at = |image: &[f64], target| differentiate(&graph, (&weights, &state), image, target).unwrap();
    let value = |image: &[f64], target| {
        let Differentiated { tensors, .. } = at(image, target);
        let logits = tensors.last().unwrap();
        match target {
            Target::Score(class) => logits[class],
            Target::Loss(class) => logits.iter().map(|z| z.exp()).sum::<f64>().ln() - logits[class],
        }
    };
    for target in [Target::Score(1), Target::Loss(0)] {
        let found = at(&image, target).gradients;
        assert_eq!(found.len(), graph.nodes.len() + 1);
        for i in (0..image.len()).step_by(image.len().div_ceil(12)) {
            let moved = |by: f64| {
                let mut image = image.clone();
                image[i] += by;
                value(&image, target)
            };
            let step = 1e-5;
            let slope = (moved(step) - moved(-step)) / (2.0 * step);
            let error = (slope - found[0][i]).abs();
            assert!(error < 1e-6 * (1.0 + slope.abs()), "{name}, {target:?}, value {i}: {slope}, {}", found[0][i]);
        }
    }
}

#[test]
fn the_gradient_by_the_input_is_the_slope() {
    check_input_gradient("mixed", SHAPE, mixed_layers(4));
    for sample in layers::samples() {
        let (input, layers) = around(&sample);
        check_input_gradient(&format!("{sample:?}"), input, layers);
    }
}

#[test]
fn the_gradient_refuses_what_does_not_fit() {
    let (_, graph, images) = setup(mixed_layers(4));
    let parameters = parameters(&graph);
    let flat = (&parameters.weights[..], &parameters.state[..]);
    let image: Vec<f32> = images.image(7).iter().map(|&pixel| f32::from(pixel) / 255.0).collect();
    let same = differentiate(&graph, flat, &image, Target::Score(3)).unwrap();
    let outputs = inspect::outputs(&graph, &parameters, images.image(7)).unwrap();
    assert_eq!(same.tensors[1..], outputs);
    for (image, class) in [(&image[..5], 0), (&image[..], 4)] {
        let error = differentiate(&graph, flat, image, Target::Score(class)).unwrap_err().to_string();
        assert!(error.contains("4 classes") && error.contains("Received"), "{error}");
    }
}

#[test]
fn the_probabilities_of_all_classes_agree_with_the_predictions() {
    let data = dataset(SHAPE, 4, 200, 60);
    let mut trainer = trainer(&experiment(SHAPE, mixed_layers(4), json!({})), &data, Choice::Cpu).unwrap();
    run(&mut trainer);
    let few = block_on(trainer.predictions(false)).unwrap();
    let all = block_on(trainer.predictions(true)).unwrap();
    assert_eq!(all.len(), 5 * 60);
    for (few, all) in few.chunks_exact(3).zip(all.chunks_exact(5)) {
        assert_eq!((few[0], few[2]), (all[0], all[1 + few[1] as usize]));
        assert!((all[1..].iter().sum::<f32>() - 1.0).abs() < 1e-5);
    }
}
