//! Every shader of every layer's samples and of every training step is valid WGSL and stays within WebGPU's default
//! limits. No GPU is needed.
#![cfg(not(target_arch = "wasm32"))]

use convlab::experiment::{Experiment, LossKind};
use convlab::kernels::gpu::elementwise;
use convlab::kernels::gpu::pass::{GpuShapes, Pass, Passes, Slot};
use convlab::kernels::gpu::tuning::Tile;
use convlab::kernels::gpu::tuning::Tuning;
use convlab::layers;
use convlab::layers::sample::Sample;
use convlab::network::graph::Graph;
use convlab::network::program::{Capacity, Program};
use convlab::tensor::activation::Activation;
use convlab::tensor::gradient::GradientMode;
use naga::back::pipeline_constants::process_overrides;
use naga::valid::{Capabilities, GlobalUse, ModuleInfo, ValidationFlags, Validator};
use std::collections::HashSet;

/// Both kinds of devices, whose passes differ, and a tuning with the largest tiles for all products.
const DEVICES: [Tuning; 3] = [Tuning::SOFTWARE, Tuning::HARDWARE, Tuning { compilation: 0, ..Tuning::SOFTWARE }];

fn passes_of(sample: &Sample, device: Tuning, dx: GradientMode, slope: Activation) -> Passes {
    let layer = sample.layer();
    let output = layer.output_shape(&sample.inputs).unwrap();
    layer.passes(&GpuShapes {
        inference: false,
        inputs: &sample.inputs,
        output: &output,
        batch: 5,
        activation: layer.activation(),
        dx: &vec![dx; sample.inputs.len()],
        slopes: &vec![slope; sample.inputs.len()],
        stream: 3,
        device,
    })
}

fn all(passes: Passes) -> impl Iterator<Item = Pass> {
    passes.forward.into_iter().chain(passes.infer.unwrap_or_default()).chain(passes.backward)
}

/// Parses and validates a pass with its constants substituted, as a driver gets it, and checks its limits.
fn validate(pass: &Pass) -> (naga::Module, ModuleInfo) {
    let source = pass.source();
    let fail = |error: String| -> ! { panic!("{} ({}): {error}", pass.label, pass.entry) };
    let module = naga::front::wgsl::parse_str(&source).unwrap_or_else(|e| fail(e.emit_to_string(&source)));
    let mut validator = Validator::new(ValidationFlags::all(), Capabilities::empty());
    let info = validator.validate(&module).unwrap_or_else(|e| fail(e.emit_to_string(&source)));
    let constants = pass.constants.iter().map(|(name, value)| (name.to_string(), *value)).collect();
    let entry = Some((naga::ShaderStage::Compute, pass.entry));
    let (module, info) =
        process_overrides(&module, &info, entry, &constants).unwrap_or_else(|e| fail(format!("{e:?}")));
    (module.into_owned(), info.into_owned())
}

/// The storage buffers that the entry point uses: binding number, and whether it writes to the buffer.
fn used(pass: &Pass, module: &naga::Module, info: &ModuleInfo) -> Vec<(u32, bool)> {
    let place = module.entry_points.iter().position(|entry| entry.name == pass.entry).expect("the entry exists");
    let info = info.get_entry_point(place);
    let mut used = Vec::new();
    for (handle, variable) in module.global_variables.iter() {
        let Some(binding) = variable.binding.filter(|binding| binding.group == 0) else { continue };
        if info[handle] != GlobalUse::empty() {
            used.push((binding.binding, info[handle].contains(GlobalUse::WRITE)));
        }
    }
    used
}

fn check(pass: &Pass) {
    let (module, info) = validate(pass);
    let entry = module.entry_points.iter().find(|entry| entry.name == pass.entry).expect("the entry exists");
    assert!(entry.workgroup_size.iter().product::<u32>() <= 256, "{}: {:?}", pass.label, entry.workgroup_size);
    assert!(pass.bindings.len() <= 8, "{}: {} storage buffers", pass.label, pass.bindings.len());
    assert!(pass.grid.iter().all(|&groups| (1..=65_535).contains(&groups)), "{}: {:?}", pass.label, pass.grid);
    let mut layouter = naga::proc::Layouter::default();
    layouter.update(module.to_ctx()).unwrap();
    let shared = module.global_variables.iter().filter(|(_, v)| v.space == naga::AddressSpace::WorkGroup);
    let shared: u32 = shared.map(|(_, variable)| layouter[variable.ty].size).sum();
    assert!(shared <= 16_384, "{}: {shared} bytes of workgroup memory", pass.label);
    for (number, writes) in used(pass, &module, &info) {
        let bound = pass.bindings.iter().find(|binding| binding.number == number);
        let bound = bound.unwrap_or_else(|| panic!("{}: binding {number} is not bound", pass.label));
        assert!(bound.writes || !writes, "{}: binding {number} is written to", pass.label);
    }
}

/// Compares the shader's declarations with the bindings and the constants, as WebGPU does.
fn check_access(pass: &Pass) {
    let module = naga::front::wgsl::parse_str(&pass.source()).unwrap();
    for (name, _) in &pass.constants {
        let known = module.overrides.iter().any(|(_, constant)| constant.name.as_deref() == Some(*name));
        assert!(known, "{}: the shader has no constant {name}", pass.label);
        assert_eq!(pass.constants.iter().filter(|(other, _)| other == name).count(), 1, "{}: {name}", pass.label);
    }
    for binding in &pass.bindings {
        let declared = module.global_variables.iter().find(|(_, variable)| {
            variable.binding.is_some_and(|place| place.group == 0 && place.binding == binding.number)
        });
        let (_, variable) = declared.unwrap_or_else(|| panic!("{}: no binding {}", pass.label, binding.number));
        let naga::AddressSpace::Storage { access } = variable.space else { panic!("{}: not storage", pass.label) };
        let writes = access.contains(naga::StorageAccess::STORE);
        assert_eq!(binding.writes, writes, "{}: binding {}", pass.label, binding.number);
    }
    // WebGPU forbids a dispatch to write to a buffer that it binds twice, unless the ranges differ.
    for a in &pass.bindings {
        let clash = |b: &&convlab::kernels::gpu::pass::Binding| {
            b.number != a.number && b.slot == a.slot && (a.writes || b.writes)
        };
        assert!(!pass.bindings.iter().any(|b| clash(&b)), "{}: {:?} twice", pass.label, a.slot);
    }
}

#[test]
fn every_shader_of_every_sample_is_valid() {
    let mut seen = HashSet::new();
    for sample in layers::samples() {
        for device in DEVICES {
            for (dx, slope) in [
                (GradientMode::Write, Activation::Relu),
                (GradientMode::Write, Activation::Tanh),
                (GradientMode::Add, Activation::Linear),
                (GradientMode::None, Activation::Linear),
            ] {
                for pass in all(passes_of(&sample, device, dx, slope)) {
                    if seen.insert(format!("{} {:?} {:?}", pass.entry, pass.shader, pass.constants)) {
                        check(&pass);
                        check_access(&pass);
                    }
                }
            }
        }
    }
    assert!(seen.len() > 200, "only {} shaders were found", seen.len());
}

#[test]
fn every_activations_own_passes_are_valid() {
    let activations: Vec<Activation> = layers::samples().iter().map(|sample| sample.layer().activation()).collect();
    assert!(activations.iter().filter(|activation| activation.needs_input()).count() > 5, "{activations:?}");
    for activation in activations {
        for pass in [elementwise::slope(activation, 64), elementwise::activate(activation, 64)] {
            check(&pass);
            check_access(&pass);
        }
    }
}

#[test]
fn tiles_are_as_large_as_the_work_and_the_device_allow() {
    let sizes = |device, rows, columns| {
        let tile = Tile::of(device, rows, columns, 288);
        (tile.rows, tile.columns)
    };
    assert_eq!(sizes(Tuning::SOFTWARE, 20_000, 64), (16, 16));
    assert_eq!(sizes(Tuning::SOFTWARE, 20, 64), (4, 4));
    assert_eq!(sizes(Tuning::SOFTWARE, 20_000, 10), (16, 12));
    assert_eq!(sizes(Tuning::HARDWARE, 20_000, 64), (8, 8));
    assert_eq!(sizes(Tuning::HARDWARE, 20_000, 3), (8, 4));
}

#[test]
fn passes_name_only_memory_that_they_asked_for() {
    for sample in layers::samples() {
        let passes = passes_of(&sample, Tuning::HARDWARE, GradientMode::Write, Activation::Linear);
        let (scratch, temporary) = (passes.scratch.len(), passes.temporary.len());
        let layer = sample.layer();
        let params = layer.params(&sample.inputs);
        let trainable = params.iter().filter(|param| param.trainable).count();
        for pass in all(passes) {
            for binding in &pass.bindings {
                let known = match binding.slot {
                    Slot::X(k) | Slot::Dx(k) => k < sample.inputs.len(),
                    Slot::Param(k) => k < params.len(),
                    Slot::Grad(k) => k < trainable,
                    Slot::Scratch(k) => k < scratch,
                    Slot::Temporary(k) => k < temporary,
                    Slot::Y | Slot::Dy => true,
                    Slot::Activated | Slot::Global(_) => false,
                };
                assert!(known, "{sample:?}: {}: {:?}", pass.label, binding.slot);
            }
        }
    }
}

fn experiment(optimizer: &str) -> Experiment {
    let text = format!(
        r#"{{"name": "t", "dataset": {{"name": "custom"}}, "input_shape": [9, 7, 3], "loss": "sparse_categorical_crossentropy",
        "layers": [
            {{"type": "conv2d", "filters": 8, "kernel_size": 3, "activation": "relu",
              "kernel_regularizer": {{"l1": 0.01, "l2": 0.02}}, "kernel_constraint": {{"max_norm": 2, "axis": [0, 1, 2]}}}},
            {{"type": "flatten"}},
            {{"type": "dense", "units": 5, "activation": "softmax", "kernel_constraint": {{"max_norm": 1}}}}],
        "optimizer": {optimizer}, "batch_size": 4}}"#
    );
    Experiment::from_json(&text).unwrap()
}

const OPTIMIZERS: [&str; 13] = [
    r#"{"type": "sgd"}"#,
    r#"{"type": "sgd", "momentum": 0.9, "nesterov": true, "clipvalue": 0.5}"#,
    r#"{"type": "adam", "clipnorm": 1.0}"#,
    r#"{"type": "adamw", "global_clipnorm": 1.0}"#,
    r#"{"type": "rmsprop"}"#,
    r#"{"type": "rmsprop", "momentum": 0.9}"#,
    r#"{"type": "rmsprop", "momentum": 0.9, "centered": true}"#,
    r#"{"type": "nadam"}"#,
    r#"{"type": "adagrad"}"#,
    r#"{"type": "lion", "clipnorm": 1.0}"#,
    r#"{"type": "sgd", "use_ema": true, "ema_overwrite_frequency": 4}"#,
    r#"{"type": "adam", "lookahead": {}}"#,
    r#"{"type": "muon", "conv_kernels": true, "use_ema": true}"#,
];

const CAPACITY: Capacity = Capacity { piece: 4, rows: 64, transforms: 4, steps: 8 };

#[test]
fn every_shader_of_a_training_step_is_valid() {
    let plain = OPTIMIZERS.map(experiment);
    let mut focal = experiment(OPTIMIZERS[0]);
    focal.loss = LossKind::CategoricalFocalCrossentropy;
    for experiment in plain.into_iter().chain([focal]) {
        let graph = Graph::new(&experiment).unwrap();
        for device in DEVICES {
            let program = Program::new(&graph, &experiment.optimizer, CAPACITY, device);
            for dispatch in program.dispatches() {
                check(&dispatch.pass);
                check_access(&dispatch.pass);
            }
            assert!(program.check(128 << 20).is_ok());
        }
    }
}

#[test]
fn a_net_that_does_not_fit_says_which_tensor_and_proposes_a_batch() {
    let experiment = experiment(OPTIMIZERS[0]);
    let graph = Graph::new(&experiment).unwrap();
    let program = Program::new(&graph, &experiment.optimizer, CAPACITY, Tuning::HARDWARE);
    let message = program.check(5000).unwrap_err();
    assert!(message.contains("weights needs 7168 bytes") && message.contains("too large"), "{message}");
    let program = Program::new(&graph, &experiment.optimizer, Capacity { piece: 100, ..CAPACITY }, Tuning::HARDWARE);
    // The first layer's output has 100 images of 7 x 5 x 8 values.
    let message = program.check(100_000).unwrap_err();
    assert!(message.contains("conv2d: output needs 112000 bytes"), "{message}");
    assert!(message.contains("micro_batch_size to 89 or less. Received: 100"), "{message}");
    // If the device's memory does not suffice.
    let message = program.wanted();
    assert!(message.contains("100 images at a time need") && message.contains("micro_batch_size to 50"), "{message}");
    assert!(message.contains("112000 of them for conv2d: gradient"), "{message}");
}
