//! Resolves the slots of a pass to buffers.

use super::{Builder, Local};
use crate::kernels::gpu::pass::{Binding, Global, Pass, Slot};
use crate::network::graph::Param;
use crate::network::program::{Bound, Dispatch};

impl Builder<'_> {
    /// A pass with its buffers; `place` is the layer that it belongs to, with its index.
    pub(super) fn dispatch(&self, name: &str, place: Option<(usize, &Local)>, pass: Pass) -> Dispatch {
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
        let gradient = |tensor: usize| whole(self.tensors[tensor].gradient.expect("the plan computes this gradient"));
        let layer = || place.expect("only passes of a layer use its slots");
        match binding.slot {
            Slot::X(k) => whole(self.tensors[layer().1.node.inputs[k]].values),
            Slot::Y => {
                let memory = self.tensors[layer().0 + 1];
                whole(memory.before.unwrap_or(memory.values))
            }
            Slot::Activated => whole(self.tensors[layer().0 + 1].values),
            Slot::Dx(k) => gradient(layer().1.node.inputs[k]),
            Slot::Dy => gradient(layer().0 + 1),
            Slot::Param(k) => {
                let param = &layer().1.params[k];
                part(self.globals.of(if param.spec.trainable { Global::Weights } else { Global::State }), param)
            }
            Slot::Grad(k) => part(self.globals.of(Global::Gradients), &layer().1.params[k]),
            Slot::Scratch(k) => whole(layer().1.scratch[k]),
            Slot::Temporary(k) => whole(self.temporary[k]),
            Slot::Global(Global::Images) => Bound { number, buffer: None, offset: 0, bytes: 0, writes },
            Slot::Global(Global::Input) => whole(self.tensors[0].values),
            Slot::Global(Global::Logits) => whole(self.tensors[last].values),
            Slot::Global(Global::Dlogits) => gradient(last),
            Slot::Global(global) => whole(self.globals.of(global)),
        }
    }
}
