//! Memory: a network that does not fit is refused with a message before allocation, and training does not leak memory.
//! The test has its own program, since it counts every allocation.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::{dataset, experiment, mixed_layers, trainer};
use convlab::engine::choose::Choice;
use convlab::engine::cpu::CpuEngine;
use convlab::experiment::presets;
use convlab::network::graph::Graph;
use serde_json::json;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

/// The system's allocator, with the bytes in use and an adjustable limit.
struct Counting;
static USED: AtomicUsize = AtomicUsize::new(0);
static LIMIT: AtomicUsize = AtomicUsize::new(usize::MAX);
/// Set when an allocation exceeds the limit.
static MET: AtomicBool = AtomicBool::new(false);

// SAFETY: every call goes to the system's allocator unchanged, or is refused, which an allocator may always do.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let used = USED.fetch_add(layout.size(), Relaxed) + layout.size();
        // Only large allocations are refused: without any memory the program could not print a message.
        if used > LIMIT.load(Relaxed) && layout.size() > 1 << 16 {
            USED.fetch_sub(layout.size(), Relaxed);
            MET.store(true, Relaxed);
            return std::ptr::null_mut();
        }
        // SAFETY: the caller keeps the contract of `alloc`, which is the same here.
        let memory = unsafe { System.alloc(layout) };
        if memory.is_null() {
            USED.fetch_sub(layout.size(), Relaxed);
        }
        memory
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the pointer came from `alloc` above, and so from the system, with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Runs the tests in sequence, since they share the counter.
#[test]
fn memory() {
    ten_thousand_steps_and_fifty_runs_leave_nothing_behind();
    too_little_memory_is_an_error_with_a_message();
    absurd_sizes_are_refused();
}

fn ten_thousand_steps_and_fifty_runs_leave_nothing_behind() {
    let shape = [6, 5, 1];
    let data = dataset(shape, 3, 200, 20);
    let spec = experiment(shape, mixed_layers(3), json!({"batch_size": 4, "epochs": 1_000_000}));
    let steps = |count: usize| {
        let mut run = trainer(&spec, &data, Choice::Cpu).unwrap();
        let mut used = Vec::new();
        while run.history().learning_rates.len() < count {
            pollster::block_on(run.advance(20.0)).unwrap();
            used.push(USED.load(Relaxed));
        }
        used
    };
    // A first run allocates threads and tables that remain until the end of the program.
    steps(10);
    let before = USED.load(Relaxed);
    let used = steps(10_000);
    // The history grows by a learning rate per step and a row per epoch, and its capacity doubles when it is full.
    let (early, late) = (used[used.len() / 4], used[used.len() - 1]);
    assert!(late <= early + 10_000 * 8 * 2 + 100_000, "{early} bytes in use, then {late}");
    for _ in 0..50 {
        steps(5);
    }
    let after = USED.load(Relaxed);
    assert!(after <= before + 50_000, "{before} bytes in use before fifty runs, {after} after");
    println!("10000 steps: {early} to {late} bytes; 50 runs: {before} to {after} bytes");
}

const BATCH: usize = 32;

/// For every amount of memory, the engine either starts or returns an error that says what does not fit; it never
/// aborts.
fn too_little_memory_is_an_error_with_a_message() {
    let (mut refused, mut offered) = (0, 0);
    for preset in ["net-1", "residual-18", "mobile-18"] {
        let spec = &presets::find(preset).unwrap().experiment;
        let graph = Arc::new(Graph::new(spec).unwrap());
        let start = || CpuEngine::<f32>::with_lanes(graph.clone(), &spec.optimizer, BATCH, None, 1, 2);
        let before = USED.load(Relaxed);
        let all = start().map(|engine| (USED.load(Relaxed) - before, drop(engine)).0).unwrap();
        for share in 1..=20 {
            let given = all * share / 15;
            MET.store(false, Relaxed);
            LIMIT.store(USED.load(Relaxed) + given, Relaxed);
            let result = start();
            LIMIT.store(usize::MAX, Relaxed);
            match result {
                Ok(_) => assert!(given >= all, "{preset} cannot start with {given} of {all} bytes"),
                Err(error) => {
                    let text = error.to_string();
                    refused += 1;
                    assert!(MET.load(Relaxed) && text.contains("32 images at a time need"), "{text}");
                    assert!(text.contains("output of layer") || text.contains("the images"), "{text}");
                    offered += usize::from(text.contains("set batch_size to"));
                    assert!(given < all * 11 / 10, "{preset} is refused {given} bytes and needs {all}: {text}");
                }
            }
        }
    }
    assert!(refused > 30 && offered > 15, "{refused} refused, {offered} with a batch that fits");
}

fn absurd_sizes_are_refused() {
    let layers = json!([{"type": "conv2d", "filters": 15, "kernel_size": 1, "name": "vast"},
        {"type": "global_average_pooling2d"}, {"type": "dense", "units": 3}]);
    let spec = experiment([4096, 4096, 3], layers, json!({"batch_size": 65_536}));
    let graph = Arc::new(Graph::new(&spec).unwrap());
    let before = USED.load(Relaxed);
    let refused = CpuEngine::<f32>::with_lanes(graph, &spec.optimizer, 65_536, None, 1, 2).err().unwrap().to_string();
    assert!(refused.contains("vast") && refused.contains("65536 images"), "{refused}");
    let after = USED.load(Relaxed);
    assert!(after < before + 100_000, "{before} bytes in use before, {after} after");
}
