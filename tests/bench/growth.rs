//! How the time of a training step grows with batch, channels, image size and cores, as CSV on standard output:
//! `cargo bench --no-default-features --features cli --bench growth`.
//!
//! The network is two 3x3 convolutions with ReLU and a pool after each, then a dense layer; one parameter is varied at
//! a time.
#![cfg(not(target_arch = "wasm32"))]

use convlab::data::Images;
use convlab::engine::cpu::CpuEngine;
use convlab::engine::{ImageSets, Step};
use convlab::experiment::Experiment;
use convlab::network::graph::Graph;
use convlab::network::summary::Summary;
use convlab::tensor::random::below;
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;

/// Seconds of measurement of each point; the result is the fastest step.
const SECONDS: f64 = 1.0;

#[derive(Clone, Copy)]
struct Point {
    batch: usize,
    channels: usize,
    size: usize,
    lanes: usize,
}

const MIDDLE: Point = Point { batch: 64, channels: 32, size: 32, lanes: 1 };

fn main() {
    // `cargo test --benches` only checks that it runs.
    let is_test = !std::env::args().any(|argument| argument == "--bench");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut points = Vec::new();
    points.extend([8, 16, 32, 64, 128, 256].map(|batch| ("batch", batch, Point { batch, ..MIDDLE })));
    points.extend([4, 8, 16, 32, 64, 128].map(|channels| ("channels", channels, Point { channels, ..MIDDLE })));
    points.extend([8, 16, 32, 64, 128].map(|size| ("size", size, Point { size, ..MIDDLE })));
    let lanes = [1, 2, 4, 8].into_iter().filter(|&lanes| lanes <= cores);
    points.extend(lanes.map(|lanes| ("cores", lanes, Point { lanes, ..MIDDLE })));
    println!("axis,value,batch,channels,size,cores,ms_per_step,gflops");
    for (axis, value, point) in points.into_iter().take(if is_test { 1 } else { usize::MAX }) {
        let (ms, gflops) = step(point);
        let Point { batch, channels, size, lanes } = point;
        println!("{axis},{value},{batch},{channels},{size},{lanes},{ms:.3},{gflops:.2}");
    }
}

/// Milliseconds of the fastest step, and its multiply-accumulates.
fn step(Point { batch, channels, size, lanes }: Point) -> (f64, f64) {
    let conv =
        json!({"type": "conv2d", "filters": channels, "kernel_size": 3, "padding": "same", "activation": "relu"});
    let pool = json!({"type": "max_pooling2d"});
    let dense = json!({"type": "dense", "units": 10, "activation": "softmax"});
    let spec = Experiment::from_value(json!({
        "name": "growth", "dataset": {"name": "custom"}, "input_shape": [size, size, 3],
        "layers": [conv, pool, conv, pool, {"type": "flatten"}, dense], "batch_size": batch,
        "loss": "sparse_categorical_crossentropy", "optimizer": {"type": "adam"},
    }))
    .expect("a valid experiment");
    let graph = Arc::new(Graph::new(&spec).expect("a valid net"));
    let macs = Summary::new(&graph).totals.macs;
    let pixels = (0..batch * size * size * 3).map(|i| below(256, 0, 0, 0, i as u32) as u8).collect();
    let labels = (0..batch).map(|i| (i % 10) as u8).collect();
    let images = Images::new([size, size, 3], pixels, labels).expect("images");
    let sets = ImageSets { train: &images, test: &images };
    let indices: Vec<u32> = (0..batch as u32).collect();
    let mut engine = CpuEngine::<f32>::with_lanes(graph, &spec.optimizer, batch, None, 0, lanes).expect("an engine");
    let (start, mut best) = (Instant::now(), f64::INFINITY);
    for number in 0.. {
        let lap = Instant::now();
        engine.train_step(sets, &Step { indices: &indices, transforms: &[], step: number, learning_rate: 1e-6 });
        engine.figures();
        best = best.min(lap.elapsed().as_secs_f64());
        if number > 2 && start.elapsed().as_secs_f64() > SECONDS {
            break;
        }
    }
    (1e3 * best, 6.0 * macs as f64 * batch as f64 / best / 1e9)
}
