//! Measures each block size of the matrix products on this machine's GPU: `cargo bench --bench products -- net-2
//! residual-18` prints a line for every product pass of these presets (all if none is named) with every block size, and
//! with the one that Convlab chooses: preset, block, layer and pass, workgroups, milliseconds.
#![cfg(not(target_arch = "wasm32"))]

use convlab::engine::gpu::GpuEngine;
use convlab::engine::{ImageSets, Step};
use convlab::experiment::presets;
use convlab::kernels::gpu::matmul::blocked::block::BLOCKS;
use convlab::kernels::gpu::tuning::Tuning;
use convlab::network::graph::Graph;

#[path = "../parity/images.rs"]
mod images;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let chosen = presets::list().iter().filter(|preset| preset.trainable);
    for preset in chosen.filter(|preset| wanted.is_empty() || wanted.contains(&preset.id)) {
        let spec = &preset.experiment;
        let graph = Graph::new(spec).expect("presets are valid");
        let images = images::images(spec.input_shape, spec.batch_size);
        let indices: Vec<u32> = (0..spec.batch_size as u32).collect();
        for block in std::iter::once(None).chain(BLOCKS.map(Some)) {
            let tuning = Tuning { block, ..Tuning::HARDWARE };
            let engine = GpuEngine::tuned(Some(tuning), &graph, &spec.optimizer, spec.batch_size, None, 0);
            let mut engine = pollster::block_on(engine).expect("a GPU");
            engine.upload(ImageSets { train: &images, test: &images }).expect("room for a batch");
            let step = Step { indices: &indices, transforms: &[], step: 0, learning_rate: 1e-6 };
            let passes = pollster::block_on(engine.profile(&step, 5)).expect("a clock");
            let name = block
                .map_or("best".into(), |b| format!("{}x{} by {}x{}", b.rows, b.columns, b.tile.rows, b.tile.columns));
            let products = passes.iter().filter(|pass| {
                block.is_none() || pass.label.contains(" (product)") || pass.label.contains(" (weights)")
            });
            for pass in products {
                println!("{},{name},{},{},{:.4}", preset.id, pass.label, pass.groups, pass.ms);
            }
        }
    }
}
