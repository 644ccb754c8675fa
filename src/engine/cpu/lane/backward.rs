//! The backward pass of a shard, and its part of the sums that end a stage.

use super::{Lane, Shared};
use crate::layers::layer::Element;
use crate::layers::layer::{Backward, Forward};
use crate::network::plan::Sums;
use crate::tensor::activation::Activation;
use crate::tensor::gradient::GradientMode;
use crate::tensor::list::SmallList;
use crate::tensor::view::parameter_mut;
use ndarray::{ArrayViewMutD, IxDyn};
use std::ops::Range;

impl<T: Element> Lane<T> {
    /// Calls `work` with the arguments of a layer's backward pass. The buffers that it writes to are moved out of
    /// `self` during the call.
    fn with_backward<R>(
        &mut self,
        shared: &Shared<T>,
        node: usize,
        rows: &Range<usize>,
        slot: usize,
        (top, start): (usize, usize),
        work: impl FnOnce(&mut Backward<T>) -> R,
    ) -> R {
        let (this, plan, count) = (&shared.graph.nodes[node], &shared.plan.dx[node], rows.len());
        // At most one input writes a tensor's gradient directly; further inputs with the same tensor write to a spare
        // buffer.
        let mut spares = 0;
        let mut taken: SmallList<Vec<T>> = SmallList::new();
        for (&tensor, dx) in this.inputs.iter().zip(plan) {
            taken.push(match dx {
                GradientMode::None => Vec::new(),
                GradientMode::Write => std::mem::take(&mut self.gradients[tensor]),
                GradientMode::Add => {
                    spares += 1;
                    std::mem::take(&mut self.spare[spares - 1])
                }
            });
        }
        let mut rest = &mut self.stack[top][..];
        let mut offset = start;
        let mut grads = SmallList::new();
        for param in shared.graph.params[this.params.clone()].iter().filter(|param| param.spec.trainable) {
            let (_, tail) = std::mem::take(&mut rest).split_at_mut(param.offset - offset);
            let (grad, tail) = tail.split_at_mut(param.spec.len());
            (rest, offset) = (tail, param.range().end);
            grads.push(parameter_mut(grad, &param.spec.shape));
        }
        let dx = taken.iter_mut().zip(&this.inputs).zip(plan).map(|((memory, &tensor), dx)| match dx {
            GradientMode::None => None,
            // A spare buffer starts at row 0, independent of the slot.
            GradientMode::Add => Some(shared.rows_mut(memory, tensor, 0, count)),
            GradientMode::Write => Some(shared.rows_mut(memory, tensor, slot, count)),
        });
        let result = work(&mut Backward {
            context: Self::context(shared, node, rows, true),
            x: this.inputs.iter().map(|&tensor| shared.rows(&self.tensors[tensor], tensor, slot, count)).collect(),
            y: shared.rows(&self.tensors[node + 1], node + 1, slot, count),
            dy: shared.rows(&self.gradients[node + 1], node + 1, slot, count),
            params: shared.params(node),
            dx: dx.collect(),
            grads,
            forward_sums: &shared.forward_sums[node],
            sums: &shared.backward_sums[node],
            workspace: &mut self.workspace,
        });
        let mut spares = 0;
        for ((memory, &tensor), dx) in taken.into_iter().zip(&this.inputs).zip(plan) {
            match dx {
                GradientMode::None => {}
                GradientMode::Write => self.gradients[tensor] = memory,
                GradientMode::Add => {
                    spares += 1;
                    self.spare[spares - 1] = memory;
                }
            }
        }
        result
    }

    pub(super) fn backward(
        &mut self,
        shared: &Shared<T>,
        node: usize,
        rows: Range<usize>,
        slot: usize,
        grads: (usize, usize),
    ) {
        let this = &shared.graph.nodes[node];
        if this.backward_sums() == 0 {
            self.differentiate_activation(shared, node, &rows, slot);
        }
        self.with_backward(shared, node, &rows, slot, grads, |cx| T::compute(&*this.layer).backward(cx));
        let mut spares = 0;
        for (&tensor, dx) in this.inputs.iter().zip(&shared.plan.dx[node]) {
            if *dx == GradientMode::Add {
                let sum = &mut self.gradients[tensor][shared.cut(tensor, slot, rows.len())];
                sum.iter_mut().zip(&self.spare[spares]).for_each(|(sum, &more)| *sum += more);
                spares += 1;
            }
        }
    }

    /// Converts the gradient with respect to the activation's output into that with respect to its input, in place.
    fn differentiate_activation(&mut self, shared: &Shared<T>, node: usize, rows: &Range<usize>, slot: usize) {
        let this = &shared.graph.nodes[node];
        let activation = match (shared.applies_relu_before(node), shared.plan.fuses_relu[node]) {
            (true, _) => Activation::Relu,
            (false, true) => return,
            (false, false) => this.activation,
        };
        let cut = shared.cut(node + 1, slot, rows.len());
        let y = if activation.needs_input() { &self.before[node] } else { &self.tensors[node + 1] };
        activation.backward(&y[cut.clone()], &mut self.gradients[node + 1][cut]);
    }

    /// Computes this shard's part of the sums that end a stage.
    pub(super) fn partial(
        &mut self,
        shared: &Shared<T>,
        sums: Option<Sums>,
        s: usize,
        rows: Range<usize>,
        slot: usize,
    ) {
        let place = s - self.shards.start;
        let mut out = std::mem::take(&mut self.partials[place]);
        match sums {
            None => {}
            Some(Sums::Forward(node)) => {
                let this = &shared.graph.nodes[node];
                let x = |&tensor: &usize| shared.rows(&self.tensors[tensor], tensor, slot, rows.len());
                let cx = Forward {
                    context: Self::context(shared, node, &rows, true),
                    x: this.inputs.iter().map(x).collect(),
                    params: shared.params(node),
                    y: ArrayViewMutD::from_shape(IxDyn(&[0]), &mut []).expect("no values"),
                    sums: &[],
                    workspace: &mut self.workspace,
                };
                T::compute(&*this.layer).forward_partials(&cx, &mut out[..this.forward_sums()]);
            }
            Some(Sums::Backward(node)) => {
                let this = &shared.graph.nodes[node];
                self.differentiate_activation(shared, node, &rows, slot);
                let (start, count) = (shared.graph.params[this.params.start].offset, this.backward_sums());
                let top = self.stack.len() - 1;
                self.with_backward(shared, node, &rows, slot, (top, start), |cx| {
                    T::compute(&*this.layer).backward_partials(cx, &mut out[..count]);
                });
            }
        }
        self.partials[place] = out;
    }
}
