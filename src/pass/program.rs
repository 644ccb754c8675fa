//! From a graph to buffers and dispatches: everything that the GPU engine will allocate and run, worked out and checked
//! before it touches a device.
//!
//! Tensor and gradient of each layer's output have buffers of their own, except where a layer only renames its input
//! ([`View`]). A gradient that one layer alone writes is multiplied by the slope of the activation before it right there;
//! where several layers add to it, a pass of its own does so.

use super::{
    Binding, Global, GpuShapes, Lanes, Pass, Passes, Slot, Tuning, View, data, line, loss, read, update, write,
};
use crate::graph::{ALIGNMENT, Graph, Node, Param};
use crate::layer::Activation;
use crate::optimizer::Optimizer;
use crate::plan::{Dx, Plan};
use std::collections::HashMap;

/// A buffer to allocate.
#[derive(Debug, Clone)]
pub struct BufferSpec {
    /// For errors: `conv2d: output`.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Whether a smaller batch makes it smaller.
    pub per_row: bool,
}

/// Part of a buffer in its place in a shader.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    /// The binding's number.
    pub number: u32,
    /// An index into [`Program::buffers`]; none for [`Global::Pictures`], which come later.
    pub buffer: Option<usize>,
    /// Where the part starts, in bytes.
    pub offset: u64,
    /// How long it is, in bytes.
    pub bytes: u64,
    /// Whether the shader writes to it.
    pub writes: bool,
}

/// A pass and the buffers it runs on.
#[derive(Debug, Clone)]
pub struct Dispatch {
    /// For errors and profiles: `conv2d_1: conv2d forward`.
    pub label: String,
    /// What runs.
    pub pass: Pass,
    /// On what.
    pub bounds: Vec<Bound>,
}

/// A network as work for a GPU.
#[derive(Debug)]
pub struct Program {
    /// Buffers to allocate.
    pub buffers: Vec<BufferSpec>,
    /// Fills the input from one chunk of pictures: as they are, and changed.
    pub load: [Dispatch; 2],
    /// Training, up to the logits.
    pub forward: Vec<Dispatch>,
    /// Inference, up to the logits.
    pub infer: Vec<Dispatch>,
    /// Loss and gradients.
    pub backward: Vec<Dispatch>,
    /// New weights.
    pub update: Vec<Dispatch>,
    /// The buffer of each tensor's values.
    pub tensors: Vec<usize>,
    /// The buffers of the whole network.
    pub globals: HashMap<Global, usize>,
    /// The moving statistics' buffer.
    pub state: usize,
    /// The most pictures at once.
    pub rows: usize,
}

/// How many rows and metrics the rings hold.
#[derive(Debug, Clone, Copy)]
pub struct Capacity {
    /// Pictures that pass through the network at once.
    pub piece: usize,
    /// Entries of the list of rows.
    pub rows: usize,
    /// Pictures of a batch, each with its transform.
    pub transforms: usize,
    /// Steps whose figures wait to be read.
    pub steps: usize,
}

/// Rows that inference sends at once, at least.
const INFERENCE_ROWS: usize = 4096;

impl Capacity {
    /// For batches of `batch_size` that may be cut into pieces.
    pub fn new(batch_size: usize, micro_batch_size: Option<usize>, device: Tuning) -> Self {
        Self {
            piece: micro_batch_size.unwrap_or(batch_size).min(batch_size),
            rows: batch_size.max(INFERENCE_ROWS),
            transforms: batch_size,
            // A pause is answered when the steps under way are done, and on a software adapter steps are slow.
            steps: if device.software { 8 } else { 32 },
        }
    }
}

impl Program {
    /// The program of a network.
    pub fn new(graph: &Graph, optimizer: &Optimizer, capacity: Capacity, device: Tuning) -> Self {
        let mut builder = Builder::new(graph, optimizer, capacity);
        let (forward, infer, backward) = builder.layers(device);
        let update = builder.update(optimizer);
        let shape = &graph.input_shape;
        let load = [data::plain(shape, capacity.piece), data::changed(shape, capacity.piece)];
        let load = load.map(|pass| builder.dispatch("input", None, pass));
        let Builder { buffers, tensors, globals, state, .. } = builder;
        let tensors = tensors.iter().map(|memory| memory.values).collect();
        Self { buffers, load, forward, infer, backward, update, tensors, globals, state, rows: capacity.piece }
    }

    /// Every dispatch, to compile.
    pub fn dispatches(&self) -> impl Iterator<Item = &Dispatch> {
        self.load.iter().chain(&self.forward).chain(&self.infer).chain(&self.backward).chain(&self.update)
    }

    /// What it takes memory for, and what to do where there is not as much: devices do not say how much they have.
    pub fn wanted(&self) -> String {
        let total: u64 = self.buffers.iter().map(|buffer| buffer.bytes).sum();
        let largest = self.buffers.iter().max_by_key(|buffer| buffer.bytes);
        let (name, bytes) = largest.map_or(("", 0), |buffer| (&buffer.name, buffer.bytes));
        let advice = match self.rows {
            0 | 1 => "make the network smaller".to_string(),
            rows => format!("set batch_size or micro_batch_size to {} or less", rows / 2),
        };
        let rows = self.rows;
        format!(
            "{rows} pictures at a time need {total} bytes, {bytes} of them for {name}; {advice}, or close other programs"
        )
    }

    /// Whether every buffer fits into `most` bytes and every grid into the 65 535 workgroups of an axis.
    ///
    /// # Errors
    /// Names the first that does not fit, and a batch that would.
    pub fn check(&self, most: u64) -> Result<(), String> {
        if let Some(buffer) = self.buffers.iter().find(|buffer| buffer.bytes > most) {
            let rows = self.rows as u64;
            let fits = rows * most / buffer.bytes;
            let advice = match fits {
                _ if !buffer.per_row => "the network is too large for this device; make it smaller".to_string(),
                0 => {
                    "one picture alone is too large for this device; make the pictures or the layer smaller".to_string()
                }
                fits => format!("set batch_size or micro_batch_size to {fits} or less. Received: {rows}"),
            };
            let (name, bytes) = (&buffer.name, buffer.bytes);
            return Err(format!("{name} needs {bytes} bytes, and this device allows {most} for one buffer; {advice}"));
        }
        match self.dispatches().find(|dispatch| dispatch.pass.grid.iter().any(|&groups| groups > 65_535)) {
            Some(Dispatch { label, pass, .. }) => Err(format!(
                "{label} needs a grid of {:?} workgroups, and WebGPU allows 65535 along an axis; make the layer or the batch \
                 smaller",
                pass.grid
            )),
            None => Ok(()),
        }
    }
}

/// The buffers of a tensor.
#[derive(Debug, Clone, Copy)]
struct Memory {
    values: usize,
    gradient: Option<usize>,
}

/// A layer in its place, while its slots are resolved.
struct Local<'a> {
    node: &'a Node,
    params: &'a [Param],
    scratch: Vec<usize>,
}

struct Builder<'a> {
    graph: &'a Graph,
    plan: Plan,
    piece: usize,
    buffers: Vec<BufferSpec>,
    tensors: Vec<Memory>,
    globals: HashMap<Global, usize>,
    state: usize,
    temporary: Vec<usize>,
}

impl<'a> Builder<'a> {
    fn new(graph: &'a Graph, optimizer: &Optimizer, capacity: Capacity) -> Self {
        let mut builder = Self {
            graph,
            plan: Plan::new(graph),
            piece: capacity.piece,
            buffers: Vec::new(),
            tensors: Vec::new(),
            globals: HashMap::new(),
            state: 0,
            temporary: Vec::new(),
        };
        builder.state = builder.allocate("moving statistics", graph.state_len, false);
        let params = update::trainable(graph).count();
        let sizes = [
            (Global::Rows, "rows", 2 * capacity.rows),
            (Global::Transforms, "transforms", data::TRANSFORM * capacity.transforms),
            (Global::Metrics, "metrics", 4 * capacity.steps),
            (Global::Weights, "weights", graph.weights_len),
            (Global::Gradients, "gradients", graph.weights_len),
            (Global::Slots, "the optimiser's slots", graph.weights_len * optimizer.update.slots()),
            (Global::Blocks, "blocks", graph.weights_len / ALIGNMENT),
            (Global::Table, "table", 4 * params),
            (Global::BlockSums, "block sums", 2 * graph.weights_len / ALIGNMENT),
            (Global::Factors, "factors", 4 * params),
        ];
        for (global, name, values) in sizes {
            let buffer = builder.allocate(name, values, false);
            builder.globals.insert(global, buffer);
        }
        builder
    }

    fn allocate(&mut self, name: impl Into<String>, values: usize, per_row: bool) -> usize {
        // Whole vec4s, and never empty: an empty buffer cannot be bound.
        let bytes = 4 * values.next_multiple_of(4).max(4) as u64;
        self.buffers.push(BufferSpec { name: name.into(), bytes, per_row });
        self.buffers.len() - 1
    }

    /// The number of layers that read each tensor.
    fn readers(&self) -> Vec<usize> {
        let mut readers = vec![0; self.graph.nodes.len() + 1];
        self.graph.nodes.iter().flat_map(|node| &node.inputs).for_each(|&tensor| readers[tensor] += 1);
        readers
    }

    /// All layers' passes over their buffers: training, inference, gradients.
    fn layers(&mut self, device: Tuning) -> (Vec<Dispatch>, Vec<Dispatch>, Vec<Dispatch>) {
        let graph = self.graph;
        let readers = self.readers();
        let (passes, fused) = self.passes(&readers, device);
        let input = self.allocate("input", self.piece * graph.input_shape.len(), true);
        self.tensors.push(Memory { values: input, gradient: None });
        let (mut forward, mut infer) = (Vec::new(), Vec::new());
        let mut locals = Vec::new();
        for (i, (node, passes)) in graph.nodes.iter().zip(&passes).enumerate() {
            let view = if readers[node.inputs[0]] == 1 { passes.view } else { View::No };
            self.tensor(node, i, view);
            let scratch = passes.scratch.iter().enumerate();
            let name = &node.name;
            let scratch =
                scratch.map(|(k, &values)| self.allocate(format!("{name}: memory {k}"), values, true)).collect();
            let local = Local { node, params: &graph.params[node.params.clone()], scratch };
            for (k, &values) in passes.temporary.iter().enumerate() {
                self.share(k, values);
            }
            if view != View::Both {
                let place = Some((i, &local));
                forward.extend(passes.forward.iter().map(|pass| self.dispatch(name, place, pass.clone())));
                let pass = passes.infer.as_ref().unwrap_or(&passes.forward);
                infer.extend(pass.iter().map(|pass| self.dispatch(name, place, pass.clone())));
            }
            locals.push((local, view));
        }
        (forward, infer, self.backward(&passes, &locals, &fused))
    }

    /// Every layer's passes, and for every tensor whether its gradient comes with the activation's slope in it.
    fn passes(&self, readers: &[usize], device: Tuning) -> (Vec<Passes>, Vec<bool>) {
        let graph = self.graph;
        let mut passes = Vec::new();
        let mut fused = vec![false; graph.nodes.len() + 1];
        // The activation whose slope a tensor's gradient may be multiplied by on the way back: that of the layer that made
        // it, seen through layers that only rename it.
        let mut pending = vec![Activation::Linear; graph.nodes.len() + 1];
        let mut origin: Vec<usize> = (0..=graph.nodes.len()).collect();
        for (i, node) in graph.nodes.iter().enumerate() {
            let none = vec![Dx::None; node.inputs.len()];
            let dx = if self.plan.dx[i].is_empty() { &none } else { &self.plan.dx[i] };
            let sole = |tensor: usize| readers[tensor] == 1;
            let slope = |tensor: usize| if sole(tensor) { pending[tensor] } else { Activation::Linear };
            let slopes: Vec<Activation> = node.inputs.iter().map(|&tensor| slope(tensor)).collect();
            let shapes = GpuShapes {
                inputs: &node.input_shapes,
                output: &node.output_shape,
                batch: self.piece,
                activation: node.activation,
                dx,
                slopes: &slopes,
                stream: node.stream,
                device,
            };
            let made = node.layer.passes(&shapes);
            let input = node.inputs[0];
            let view = if sole(input) { made.view } else { View::No };
            match view {
                View::Both => (pending[i + 1], origin[i + 1]) = (pending[input], origin[input]),
                _ => (pending[i + 1], origin[i + 1]) = (node.activation, i + 1),
            }
            // Whoever writes a tensor's gradient alone multiplies the slope in; a layer that renames it writes nothing.
            for &tensor in node.inputs.iter().filter(|&&tensor| view == View::No && sole(tensor)) {
                fused[origin[tensor]] = true;
            }
            passes.push(made);
        }
        (passes, fused)
    }

    /// Buffers for the output of node `i`.
    fn tensor(&mut self, node: &Node, i: usize, view: View) {
        let values = self.piece * node.output_shape.len();
        let input = self.tensors[node.inputs[0]];
        let output = match view {
            View::Both => input.values,
            _ => self.allocate(format!("{}: output", node.name), values, true),
        };
        let renamed = input.gradient.filter(|_| view != View::No);
        // The loss writes a gradient whether or not there is something to train.
        let needed = renamed.is_none() && (self.plan.needs[i + 1] || i + 1 == self.graph.nodes.len());
        let own = needed.then(|| self.allocate(format!("{}: gradient", node.name), values, true));
        self.tensors.push(Memory { values: output, gradient: renamed.or(own) });
    }

    /// Makes shared memory `k` at least `values` long.
    fn share(&mut self, k: usize, values: usize) {
        while self.temporary.len() <= k {
            let buffer = self.allocate(format!("shared memory {}", self.temporary.len()), 4, false);
            self.temporary.push(buffer);
        }
        let spec = &mut self.buffers[self.temporary[k]];
        spec.bytes = spec.bytes.max(4 * values.next_multiple_of(4) as u64);
    }

    fn backward(&self, passes: &[Passes], locals: &[(Local, View)], fused: &[bool]) -> Vec<Dispatch> {
        let mut backward = vec![self.dispatch("loss", None, loss::loss(self.graph.classes()))];
        for (i, (node, passes)) in self.graph.nodes.iter().zip(passes).enumerate().rev() {
            if !self.plan.needs[i + 1] {
                continue;
            }
            let (local, view) = &locals[i];
            if node.activation != Activation::Linear && !fused[i + 1] {
                let pass = slope(node.activation, self.piece * node.output_shape.len());
                backward.push(self.dispatch(&node.name, Some((i, local)), pass));
            }
            if *view == View::No {
                let passes = passes.backward.iter();
                backward.extend(passes.map(|pass| self.dispatch(&node.name, Some((i, local)), pass.clone())));
            }
        }
        backward
    }

    fn update(&mut self, optimizer: &Optimizer) -> Vec<Dispatch> {
        let graph = self.graph;
        if graph.weights_len == 0 {
            return Vec::new();
        }
        let passes = update::passes(graph, optimizer);
        let mut dispatches: Vec<Dispatch> =
            passes.into_iter().map(|pass| self.dispatch("optimizer", None, pass)).collect();
        for node in &graph.nodes {
            for param in &graph.params[node.params.clone()] {
                let Some(pass) = update::constrain(param) else { continue };
                let local = Local { node, params: std::slice::from_ref(param), scratch: Vec::new() };
                dispatches.push(self.dispatch(&param.name, Some((0, &local)), pass));
            }
        }
        dispatches
    }

    fn dispatch(&self, name: &str, place: Option<(usize, &Local)>, pass: Pass) -> Dispatch {
        let bounds = pass.bindings.iter().map(|binding| self.bind(place, binding)).collect();
        Dispatch { label: format!("{name}: {}", pass.label), pass, bounds }
    }

    fn bind(&self, place: Option<(usize, &Local)>, binding: &Binding) -> Bound {
        let (number, writes) = (binding.number, binding.writes);
        let whole = |buffer: usize| {
            let bytes = self.buffers[buffer].bytes;
            Bound { number, buffer: Some(buffer), offset: 0, bytes, writes }
        };
        let part = |buffer: usize, param: &Param| {
            let (offset, bytes) = (4 * param.offset as u64, 4 * param.spec.len().next_multiple_of(4) as u64);
            Bound { number, buffer: Some(buffer), offset, bytes, writes }
        };
        let last = self.tensors.len().saturating_sub(1);
        let gradient = |tensor: usize| whole(self.tensors[tensor].gradient.expect("the plan gives it a gradient"));
        let layer = || place.expect("only a layer's passes name its slots");
        match binding.slot {
            Slot::X(k) => whole(self.tensors[layer().1.node.inputs[k]].values),
            Slot::Y => whole(self.tensors[layer().0 + 1].values),
            Slot::Dx(k) => gradient(layer().1.node.inputs[k]),
            Slot::Dy => gradient(layer().0 + 1),
            Slot::Param(k) => {
                let param = &layer().1.params[k];
                part(if param.spec.trainable { self.globals[&Global::Weights] } else { self.state }, param)
            }
            Slot::Grad(k) => part(self.globals[&Global::Gradients], &layer().1.params[k]),
            Slot::Scratch(k) => whole(layer().1.scratch[k]),
            Slot::Temporary(k) => whole(self.temporary[k]),
            Slot::Global(Global::Pictures) => Bound { number, buffer: None, offset: 0, bytes: 0, writes },
            Slot::Global(Global::Input) => whole(self.tensors[0].values),
            Slot::Global(Global::Logits) => whole(self.tensors[last].values),
            Slot::Global(Global::Dlogits) => gradient(last),
            Slot::Global(global) => whole(self.globals[&global]),
        }
    }
}

const SLOPE: &[&str] = &["
@group(0) @binding(0) var<storage, read_write> dy: array<V>;
@group(0) @binding(1) var<storage, read> y: array<V>;
override LEN: u32;

@compute @workgroup_size(64)
fn multiply(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let i = line(id, groups);
    if i < LEN {
        dy[i] = slope(dy[i], y[i]);
    }
}
"];

/// Multiplies the gradient by an activation's output by its slope.
fn slope(activation: Activation, values: usize) -> Pass {
    let vectors = values.div_ceil(4);
    Pass {
        label: "activation backward",
        shader: SLOPE,
        lanes: Lanes::Four,
        entry: "multiply",
        constants: vec![("LEN", vectors as f64), ("SLOPE", super::code(activation))],
        bindings: vec![write(0, Slot::Dy), read(1, Slot::Y)],
        grid: line(vectors),
    }
}
