//! Assigns buffers to the passes of all layers.
//!
//! Each layer's output and its gradient have their own buffers, unless the layer is a view of its input ([`View`]). If
//! only one layer writes a gradient, it also multiplies by the derivative of the activation before it. If several
//! layers add to a gradient, a separate pass does so.

mod bind;

use super::update;
use super::{BufferSpec, Capacity, Dispatch, Globals, Program};
use crate::experiment::optimizer::Optimizer;
#[cfg(feature = "extended")]
use crate::experiment::optimizer::Update;
use crate::kernels::gpu::pass::{Global, GpuShapes, Passes, View};
use crate::kernels::gpu::tuning::Tuning;
use crate::kernels::gpu::{data, elementwise, loss};
use crate::network::graph::{ALIGNMENT, Graph, Node, Param};
use crate::network::plan::Plan;
use crate::tensor::activation::Activation;
use crate::tensor::gradient::GradientMode;

impl Program {
    /// The program of a network.
    pub fn new(graph: &Graph, optimizer: &Optimizer, capacity: Capacity, device: Tuning) -> Self {
        let mut builder = Builder::new(graph, optimizer, capacity);
        let (forward, infer, backward) = builder.layers(device);
        let update = builder.update(optimizer);
        let load = builder.load();
        let Builder { buffers, tensors, globals, .. } = builder;
        #[cfg(feature = "extended")]
        let gradients = (tensors[0].gradient, tensors[tensors.len() - 1].gradient);
        let tensors = tensors.iter().map(|memory| memory.values).collect();
        Self {
            buffers,
            load,
            forward,
            infer,
            backward,
            update,
            tensors,
            #[cfg(feature = "extended")]
            gradients,
            globals,
            rows: capacity.piece,
        }
    }
}

/// The buffers of a tensor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Memory {
    pub(super) values: usize,
    /// The values before the activation, where its derivative needs them.
    before: Option<usize>,
    gradient: Option<usize>,
}

/// A layer with its buffers, by which the slots of its passes are resolved.
struct Local<'a> {
    node: &'a Node,
    params: &'a [Param],
    scratch: Vec<usize>,
}

pub(super) struct Builder<'a> {
    graph: &'a Graph,
    plan: Plan,
    piece: usize,
    pub(super) buffers: Vec<BufferSpec>,
    pub(super) tensors: Vec<Memory>,
    pub(super) globals: Globals,
    temporary: Vec<usize>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(graph: &'a Graph, optimizer: &Optimizer, capacity: Capacity) -> Self {
        let mut builder = Self {
            graph,
            plan: Plan::new(graph),
            piece: capacity.piece,
            buffers: Vec::new(),
            tensors: Vec::new(),
            globals: Globals::default(),
            temporary: Vec::new(),
        };
        let params = update::trainable(graph).count();
        let sizes = [
            (Global::Rows, "rows", 2 * capacity.rows),
            (Global::Transforms, "transforms", data::TRANSFORM * capacity.transforms),
            (Global::Metrics, "metrics", 4 * capacity.steps),
            (Global::Weights, "weights", graph.weights_len),
            (Global::Gradients, "gradients", graph.weights_len),
            (
                Global::Slots,
                "the optimiser's slots",
                optimizer.slot_lengths(graph.weights_len, graph.state_len).iter().sum(),
            ),
            (Global::State, "moving statistics", graph.state_len),
            (Global::Blocks, "blocks", graph.weights_len / ALIGNMENT),
            (Global::Table, "table", 8 * params),
            (Global::BlockSums, "block sums", 2 * graph.weights_len / ALIGNMENT),
            (Global::Factors, "factors", 4 * params),
            #[cfg(feature = "extended")]
            (Global::ClassTable, "class table", 2 * graph.classes()),
        ];
        for (global, name, values) in sizes {
            let buffer = builder.allocate(name, values, false);
            builder.globals.0.push((global, buffer));
        }
        builder
    }

    fn allocate(&mut self, name: impl Into<String>, values: usize, per_row: bool) -> usize {
        // Rounded up to whole vec4s. At least one, because an empty buffer cannot be bound.
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

    /// The dispatches of all layers: forward in training, forward in inference, backward.
    pub(super) fn layers(&mut self, device: Tuning) -> (Vec<Dispatch>, Vec<Dispatch>, Vec<Dispatch>) {
        let graph = self.graph;
        let readers = self.readers();
        let (passes, fused) = self.passes(&readers, device);
        let length = self.piece * graph.input_shape.len();
        let input = self.allocate("input", length, true);
        let gradient = self.plan.needs[0].then(|| self.allocate("input: gradient", length, true));
        self.tensors.push(Memory { values: input, before: None, gradient });
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
            if node.activation.needs_input() {
                let pass = elementwise::activate(node.activation, self.piece * node.output_shape.len());
                let dispatch = self.dispatch(name, Some((i, &local)), pass);
                forward.push(dispatch.clone());
                infer.push(dispatch);
            }
            locals.push((local, view));
        }
        (forward, infer, self.backward(&passes, &locals, &fused))
    }

    /// The passes of every layer, and for every tensor whether the layer that writes its gradient has already
    /// multiplied by the derivative of the activation.
    fn passes(&self, readers: &[usize], device: Tuning) -> (Vec<Passes>, Vec<bool>) {
        let graph = self.graph;
        let mut passes = Vec::new();
        let mut fused = vec![false; graph.nodes.len() + 1];
        // For each tensor, the activation by whose derivative the layer that writes its gradient may multiply: that of
        // the layer that computed the tensor, views skipped.
        let mut pending = vec![Activation::Linear; graph.nodes.len() + 1];
        let mut origin: Vec<usize> = (0..=graph.nodes.len()).collect();
        for (i, node) in graph.nodes.iter().enumerate() {
            let none = vec![GradientMode::None; node.inputs.len()];
            let dx = if self.plan.dx[i].is_empty() { &none } else { &self.plan.dx[i] };
            let sole = |tensor: usize| readers[tensor] == 1;
            let slope = |tensor: usize| if sole(tensor) { pending[tensor] } else { Activation::Linear };
            let slopes: Vec<Activation> = node.inputs.iter().map(|&tensor| slope(tensor)).collect();
            let shapes = GpuShapes {
                inputs: &node.input_shapes,
                output: &node.output_shape,
                batch: self.piece,
                activation: if node.activation.needs_input() { Activation::Linear } else { node.activation },
                dx,
                slopes: &slopes,
                inference: node.infers(),
                stream: node.stream,
                device,
            };
            let made = node.layer.passes(&shapes);
            let input = node.inputs[0];
            let view = if sole(input) { made.view } else { View::No };
            match view {
                // Its derivative needs a pass of its own.
                _ if node.activation.needs_input() => origin[i + 1] = i + 1,
                View::Both => (pending[i + 1], origin[i + 1]) = (pending[input], origin[input]),
                _ => (pending[i + 1], origin[i + 1]) = (node.activation, i + 1),
            }
            // The only layer that writes a gradient multiplies by the derivative. A view writes nothing.
            for &tensor in node.inputs.iter().filter(|&&tensor| view == View::No && sole(tensor)) {
                fused[origin[tensor]] = true;
            }
            passes.push(made);
        }
        (passes, fused)
    }

    /// Allocates the buffers for the output of node `i` and its gradient.
    fn tensor(&mut self, node: &Node, i: usize, view: View) {
        let values = self.piece * node.output_shape.len();
        let input = self.tensors[node.inputs[0]];
        let output = match view {
            View::Both => input.values,
            _ => self.allocate(format!("{}: output", node.name), values, true),
        };
        let (output, before) = if node.activation.needs_input() {
            (self.allocate(format!("{}: activated output", node.name), values, true), Some(output))
        } else {
            (output, None)
        };
        let renamed = input.gradient.filter(|_| view != View::No);
        // The loss writes its gradient even if no parameter is trainable.
        let needed = renamed.is_none() && (self.plan.needs[i + 1] || i + 1 == self.graph.nodes.len());
        let own = needed.then(|| self.allocate(format!("{}: gradient", node.name), values, true));
        self.tensors.push(Memory { values: output, before, gradient: renamed.or(own) });
    }

    /// Makes shared temporary buffer `k` hold at least `values` values.
    fn share(&mut self, k: usize, values: usize) {
        while self.temporary.len() <= k {
            let buffer = self.allocate(format!("shared memory {}", self.temporary.len()), 4, false);
            self.temporary.push(buffer);
        }
        let spec = &mut self.buffers[self.temporary[k]];
        spec.bytes = spec.bytes.max(4 * values.next_multiple_of(4) as u64);
    }

    fn backward(&self, passes: &[Passes], locals: &[(Local, View)], fused: &[bool]) -> Vec<Dispatch> {
        let mut backward = vec![self.dispatch("loss", None, loss::loss(self.graph.classes(), &self.graph.loss))];
        for (i, (node, passes)) in self.graph.nodes.iter().zip(passes).enumerate().rev() {
            if !self.plan.needs[i + 1] {
                continue;
            }
            let (local, view) = &locals[i];
            if node.activation != Activation::Linear && (node.activation.needs_input() || !fused[i + 1]) {
                let pass = elementwise::slope(node.activation, self.piece * node.output_shape.len());
                backward.push(self.dispatch(&node.name, Some((i, local)), pass));
            }
            if *view == View::No {
                let passes = passes.backward.iter();
                backward.extend(passes.map(|pass| self.dispatch(&node.name, Some((i, local)), pass.clone())));
            }
        }
        backward
    }

    pub(super) fn update(&mut self, optimizer: &Optimizer) -> Vec<Dispatch> {
        let graph = self.graph;
        if graph.weights_len == 0 {
            return Vec::new();
        }
        let passes = update::passes(graph, optimizer);
        let mut dispatches: Vec<Dispatch> =
            passes.into_iter().map(|pass| self.dispatch("optimizer", None, pass)).collect();
        #[cfg(feature = "extended")]
        self.update_extended(optimizer, &mut dispatches);
        for node in &graph.nodes {
            for param in &graph.params[node.params.clone()] {
                let Some(pass) = update::constrain(param) else { continue };
                let local = Local { node, params: std::slice::from_ref(param), scratch: Vec::new() };
                dispatches.push(self.dispatch(&param.name, Some((0, &local)), pass));
            }
        }
        dispatches
    }

    /// Muon's steps of matrices, and the average of the weights.
    #[cfg(feature = "extended")]
    fn update_extended(&mut self, optimizer: &Optimizer, dispatches: &mut Vec<Dispatch>) {
        let graph = self.graph;
        if let Update::Muon { matrix: rule, .. } = optimizer.update {
            for node in &graph.nodes {
                for param in graph.params[node.params.clone()].iter().filter(|param| param.is_trained()) {
                    let Some(shape) = param.matrix else { continue };
                    update::muon::temporary(shape)
                        .into_iter()
                        .enumerate()
                        .for_each(|(k, values)| self.share(k, values));
                    let local = Local { node, params: std::slice::from_ref(param), scratch: Vec::new() };
                    let passes = update::muon::passes(graph, param, shape, &rule);
                    dispatches
                        .extend(passes.into_iter().map(|pass| self.dispatch(&param.name, Some((0, &local)), pass)));
                }
            }
        }
        let averages = update::averages(graph, optimizer);
        dispatches.extend(averages.into_iter().map(|pass| self.dispatch("optimizer", None, pass)));
    }

    /// The dispatches that fill the input.
    pub(super) fn load(&self) -> Vec<Dispatch> {
        let shape = &self.graph.input_shape;
        let passes = [
            data::plain(shape, self.piece),
            data::changed(shape, self.piece),
            #[cfg(feature = "extended")]
            data::mixed(shape, self.piece),
            #[cfg(feature = "extended")]
            data::means(shape, self.piece),
        ];
        passes.into_iter().map(|pass| self.dispatch("input", None, pass)).collect()
    }
}
