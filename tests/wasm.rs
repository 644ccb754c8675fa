//! The engine as the page runs it: WebAssembly in a dedicated worker of a real browser, on both engines.
#![cfg(target_arch = "wasm32")]

use convlab::data::synthetic;
use convlab::engine::choose::Choice;
use convlab::engine::cpu::CpuEngine;
use convlab::engine::gpu::GpuEngine;
use convlab::engine::{ImageSets, Step};
use convlab::experiment::Experiment;
use convlab::kernels::gpu::matmul::blocked::block::BLOCKS;
use convlab::kernels::gpu::tuning::Tuning;
use convlab::network::graph::Graph;
use convlab::train::{Event, Options, Trainer};
use convlab::wasm;
use serde_json::json;
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

fn experiment(seed: u32) -> Experiment {
    let spec = json!({
        "name": "small", "dataset": {"name": "synthetic_digits", "validation": {"split": 0.2}},
        "input_shape": [28, 28, 1],
        "layers": [
            {"type": "conv2d", "filters": 8, "kernel_size": 5, "strides": 2, "activation": "relu"},
            {"type": "max_pooling2d"}, {"type": "flatten"}, {"type": "dense", "units": 10, "activation": "softmax"},
        ],
        "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "adam", "learning_rate": 0.005},
        "batch_size": 25, "epochs": 2, "seed": seed,
    });
    Experiment::from_value(spec).unwrap()
}

/// A whole run: its events, and its weights at the end.
async fn run(engine: Choice) -> (Vec<Event>, Vec<u8>) {
    let data = synthetic::generate("synthetic_digits", 1, 500, 100, &mut |_, _| {}).unwrap();
    let mut trainer = Trainer::new(experiment(1), Arc::new(data), Options { engine, shuffle: true }).await.unwrap();
    let mut events = Vec::new();
    while !trainer.is_done() {
        events.extend(trainer.advance(50.0).await.unwrap());
    }
    (events, trainer.weights().await.unwrap())
}

fn losses(events: &[Event]) -> Vec<f64> {
    let loss = |event: &Event| if let Event::Epoch(epoch) = event { Some(epoch.loss) } else { None };
    events.iter().filter_map(loss).collect()
}

#[wasm_bindgen_test]
async fn the_cpu_engine_learns_and_repeats_itself_bit_for_bit() {
    let (events, weights) = run(Choice::Cpu).await;
    let loss = losses(&events);
    assert!(loss.len() == 2 && loss[1] < 0.9 * loss[0], "{loss:?}");
    assert!(weights == run(Choice::Cpu).await.1, "two runs of one seed differ");
}

#[wasm_bindgen_test]
async fn the_gpu_engine_learns_what_the_cpu_engine_learns() {
    let (cpu, gpu) = (losses(&run(Choice::Cpu).await.0), losses(&run(Choice::Gpu).await.0));
    for (cpu, gpu) in cpu.iter().zip(&gpu) {
        assert!((cpu - gpu).abs() < 1e-3 * cpu, "{cpu} on the CPU, {gpu} on the GPU");
    }
}

/// The kernels for real GPUs on any adapter: the browser's shader compiler must accept them, and gradients must agree.
#[wasm_bindgen_test]
async fn the_kernels_for_real_gpus_give_the_same_gradients() {
    let spec = json!({
        "name": "blocks", "dataset": {"name": "synthetic_digits"}, "input_shape": [28, 28, 1],
        "layers": [
            {"type": "conv2d", "filters": 12, "kernel_size": 5, "strides": 2, "activation": "relu"},
            {"type": "conv2d", "filters": 20, "kernel_size": 3, "padding": "same", "strides": 2, "use_bias": false},
            {"type": "batch_normalization"}, {"type": "flatten"}, {"type": "dense", "units": 10, "activation": "softmax"},
        ],
        "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "sgd"}, "batch_size": 20,
    });
    let spec = Experiment::from_value(spec).unwrap();
    let graph = Arc::new(Graph::new(&spec).unwrap());
    let data = synthetic::generate("synthetic_digits", 1, 20, 20, &mut |_, _| {}).unwrap();
    let sets = ImageSets { train: &data.train, test: &data.test };
    let indices: Vec<u32> = (0..20).collect();
    let step = Step { indices: &indices, transforms: &[], step: 0, learning_rate: 0.1 };
    let mut cpu = CpuEngine::<f32>::new(graph.clone(), &spec.optimizer, 20, None, 0).unwrap();
    cpu.train_step(sets, &step);
    for block in [BLOCKS[7], BLOCKS[10]] {
        let tuning = Tuning { block: Some(block), ..Tuning::HARDWARE };
        let mut gpu = GpuEngine::tuned(Some(tuning), &graph, &spec.optimizer, 20, None, 0).await.unwrap();
        gpu.upload(sets).unwrap();
        gpu.train_step(&step).unwrap();
        let (cpu, gpu) = (cpu.gradient(), gpu.gradients().await.unwrap());
        let largest = cpu.iter().fold(0f32, |most, v| most.max(v.abs()));
        let apart = cpu.iter().zip(&gpu).fold(0f32, |most, (a, b)| most.max((a - b).abs()));
        assert!(largest > 0.0 && apart < 1e-4 * largest, "{block:?}: {apart} apart, the largest is {largest}");
    }
}

/// The page may pause between two calls, and then shows the last event. A browser's clock is coarse, so two readings
/// may differ.
#[wasm_bindgen_test]
async fn every_call_reports_all_its_steps() {
    let data = Arc::new(synthetic::generate("synthetic_digits", 1, 400, 20, &mut |_, _| {}).unwrap());
    let options = Options { engine: Choice::Cpu, shuffle: true };
    let mut spec = experiment(8);
    spec.epochs = 40.into();
    let mut run = Trainer::new(spec, data, options).await.unwrap();
    let mut told = 0;
    for turn in 0.. {
        let events = run.advance(f64::from(turn % 40) * 0.1).await.unwrap();
        let step = |event: &Event| if let Event::Step { step, .. } = event { Some(*step) } else { None };
        told = events.iter().rev().find_map(step).unwrap_or(told);
        assert_eq!(told, run.history().learning_rates.len(), "turn {turn}");
        if run.is_done() {
            break;
        }
    }
}

#[wasm_bindgen_test]
async fn auto_says_why() {
    let data = Arc::new(synthetic::generate("synthetic_digits", 1, 60, 20, &mut |_, _| {}).unwrap());
    let trainer = Trainer::new(experiment(1), data, Options::default()).await.unwrap();
    assert!(trainer.info().reason.contains("measured here"), "{}", trainer.info().reason);
}

#[wasm_bindgen_test]
fn a_wrong_spec_throws_an_error_with_the_layer() {
    let spec = json!({
        "name": "bad", "dataset": {"name": "mnist"}, "input_shape": [4, 4, 1],
        "layers": [{"type": "conv2d", "name": "big", "filters": 1, "kernel_size": 9}],
        "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "sgd"},
    });
    let spec = js_sys::JSON::parse(&spec.to_string()).unwrap();
    let Err(error) = wasm::engine::summarize(spec.unchecked_into()) else { panic!("it must be refused") };
    let field = |name: &str| js_sys::Reflect::get(&error, &JsValue::from(name)).unwrap().as_string().unwrap();
    assert_eq!((field("kind"), field("layer")), ("layer".into(), "big".into()));
    assert!(field("message").contains("Received: (4, 4, 1)"));
}

#[wasm_bindgen_test]
fn counts_beyond_the_integers_of_javascript_are_rounded() {
    let spec = json!({
        "name": "vast", "dataset": {"name": "custom"}, "input_shape": [8192, 8192, 4],
        "layers": [
            {"type": "conv2d", "filters": 4, "kernel_size": 4096, "padding": "same", "use_bias": false},
            {"type": "global_average_pooling2d"},
        ],
        "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "adam", "learning_rate": 0.001},
        "batch_size": 1, "epochs": 1, "seed": 0,
    });
    let spec = js_sys::JSON::parse(&spec.to_string()).unwrap();
    let summary: JsValue = wasm::engine::summarize(spec.unchecked_into()).unwrap().into();
    let field = |object: &JsValue, name: &str| js_sys::Reflect::get(object, &JsValue::from(name)).unwrap();
    let macs = field(&field(&summary, "totals"), "macs").as_f64().unwrap();
    assert_eq!(macs, 2f64.powi(54));
}
