#![cfg(not(target_arch = "wasm32"))]
//! Memory: training takes nothing that it does not give back.
//! Alone in its program, since it counts every allocation.

mod common;

use common::{dataset, experiment, mixed_layers, trainer};
use convlab::engine::Choice;
use serde_json::json;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The system's allocator, with the bytes in use.
struct Counting;
static USED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        USED.fetch_add(layout.size(), Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn memory() {
    ten_thousand_steps_and_fifty_runs_leave_nothing_behind();
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
    // One run first: threads and tables that stay for the whole program.
    steps(10);
    let before = USED.load(Relaxed);
    let used = steps(10_000);
    // The history grows by a learning rate a step and a row an epoch, and its memory doubles when it is full.
    let (early, late) = (used[used.len() / 4], used[used.len() - 1]);
    assert!(late <= early + 10_000 * 8 * 2 + 100_000, "{early} bytes in use, then {late}");
    for _ in 0..50 {
        steps(5);
    }
    let after = USED.load(Relaxed);
    assert!(after <= before + 50_000, "{before} bytes in use before fifty runs, {after} after");
    println!("10000 steps: {early} to {late} bytes; 50 runs: {before} to {after} bytes");
}
