//! The weight update on the CPU: penalties, clipping, weight decay, the optimiser's rule and constraints, in this
//! order.

use crate::engine::step::Step;
#[cfg(feature = "extended")]
use crate::experiment::optimizer::Update;
use crate::experiment::optimizer::{Clip, Optimizer};
use crate::layers::layer::Element;
use crate::network::graph::{Graph, Param};

fn trainable(graph: &Graph) -> impl Iterator<Item = &Param> {
    graph.params.iter().filter(|param| param.is_trained())
}

/// The sum of the penalties of all regularisers. Their gradients are added to `gradient`.
pub fn penalize<T: Element>(graph: &Graph, weights: &[T], gradient: &mut [T]) -> f64 {
    let mut penalty = 0.0;
    for param in trainable(graph).filter(|param| !param.spec.regularizer.is_none()) {
        let (l1, l2) = (param.spec.regularizer.l1, param.spec.regularizer.l2);
        let (slope, twice) = (T::of(l1), T::of(2.0 * l2));
        for (g, &w) in gradient[param.range()].iter_mut().zip(&weights[param.range()]) {
            penalty += l1 * w.f64().abs() + l2 * w.f64() * w.f64();
            // `signum` is 1 at zero; the gradient of |w| there is 0.
            let sign = if w == T::zero() { T::zero() } else { w.signum() };
            *g += slope * sign + twice * w;
        }
    }
    penalty
}

/// Whether every value is finite. Blocks are checked without early exit, so that the compiler vectorises the loop.
pub fn is_finite<T: Element>(values: &[T]) -> bool {
    values.chunks(256).all(|block| block.iter().fold(true, |all, value| all & value.is_finite()))
}

/// Updates all weights.
pub fn apply<T: Element>(
    graph: &Graph,
    optimizer: &Optimizer,
    step: &Step,
    weights: &mut [T],
    gradient: &mut [T],
    slots: &mut [Vec<T>],
) {
    // The backward pass writes the gradients of frozen layers, too.
    for param in graph.params.iter().filter(|param| param.spec.trainable && param.frozen) {
        gradient[param.range()].fill(T::zero());
    }
    clip(graph, optimizer.clip, gradient);
    let decay = optimizer.weight_decay * step.learning_rate;
    let rate = step.learning_rate * optimizer.update.rate_scale(step.step + 1);
    for param in trainable(graph) {
        let w = &mut weights[param.range()];
        let decay = T::of(decay * param.decay * param.rate);
        if optimizer.weight_decay > 0.0 {
            w.iter_mut().for_each(|w| *w -= *w * decay);
        }
        let mut slots: crate::tensor::list::SmallList<&mut [T]> =
            slots.iter_mut().map(|slot| &mut slot[param.range()]).collect();
        let rate = T::of(rate * param.rate);
        let slots = &mut slots[..];
        #[cfg(feature = "extended")]
        let (slots, average) = slots.split_at_mut(optimizer.update.slots());
        #[cfg(feature = "extended")]
        if let (Update::Muon { matrix, .. }, Some(shape)) = (optimizer.update, param.matrix) {
            super::muon::update(&matrix, shape, w, &gradient[param.range()], slots, step.learning_rate * param.rate);
        } else {
            optimizer.update.apply(w, &gradient[param.range()], slots, (rate, step.step + 1));
        }
        #[cfg(not(feature = "extended"))]
        optimizer.update.apply(w, &gradient[param.range()], slots, (rate, step.step + 1));
        #[cfg(feature = "extended")]
        if let (Some(averaging), [average]) = (optimizer.averaging, average) {
            let (keep, overwrites) = (averaging.keep(step.step + 1), averaging.overwrites(step.step + 1));
            let (keep, take) = (T::of(keep), T::of(1.0 - keep));
            for (w, average) in w.iter_mut().zip(average.iter_mut()) {
                *average = keep * *average + take * *w;
                *w = if overwrites { *average } else { *w };
            }
        }
        bound(param, w);
    }
}

/// Updates the average of the moving statistics, which follows that of the weights.
#[cfg(feature = "extended")]
pub fn average_state<T: Element>(
    optimizer: &Optimizer,
    step: &Step,
    weights: usize,
    state: &mut [T],
    slots: &mut [Vec<T>],
) {
    let (Some(averaging), Some(average)) = (optimizer.averaging, slots.last_mut()) else { return };
    let take = T::of(1.0 - averaging.keep(step.step + 1));
    let overwrites = averaging.overwrites(step.step + 1);
    for (value, average) in state.iter_mut().zip(&mut average[weights..]) {
        // In this form, statistics that do not change stay as they are.
        *average += take * (*value - *average);
        *value = if overwrites { *average } else { *value };
    }
}

fn clip<T: Element>(graph: &Graph, clip: Option<Clip>, gradient: &mut [T]) {
    let norm = |values: &[T]| values.iter().map(|g| g.f64() * g.f64()).sum::<f64>().sqrt();
    let shrink = |values: &mut [T], bound: f64, norm: f64| {
        if norm > bound {
            let factor = T::of(bound / norm);
            values.iter_mut().for_each(|g| *g *= factor);
        }
    };
    match clip {
        None => {}
        Some(Clip::Value(bound)) => {
            let bound = T::of(bound);
            gradient.iter_mut().for_each(|g| *g = g.max(-bound).min(bound));
        }
        Some(Clip::Norm(bound)) => {
            for param in trainable(graph) {
                let values = &mut gradient[param.range()];
                let norm = norm(values);
                shrink(values, bound, norm);
            }
        }
        // The gaps between parameters hold zeros and do not change the norm.
        Some(Clip::GlobalNorm(bound)) => {
            let norm = norm(gradient);
            shrink(gradient, bound, norm);
        }
    }
}

/// The max-norm constraint: scales down every group of values along the constraint's axes whose norm exceeds the bound.
fn bound<T: Element>(param: &Param, w: &mut [T]) {
    let Some(constraint) = &param.spec.constraint else { return };
    let shape = &param.spec.shape;
    let axes = constraint.axes(shape.len()).expect("the graph checked the axes");
    // Strides by which the index of a group is computed: zero for axes that the norm sums over.
    let mut groups = 1;
    let mut strides = vec![0; shape.len()];
    for axis in (0..shape.len()).rev().filter(|&axis| !axes[axis]) {
        strides[axis] = groups;
        groups *= shape[axis];
    }
    // The values of the last axis belong either all to one group, or each to a different one.
    let last = shape.last().copied().unwrap_or(1).max(1);
    let is_joint = axes.last() == Some(&true);
    let first = |row: usize| {
        let (mut rest, mut group) = (row, 0);
        for axis in (0..shape.len().saturating_sub(1)).rev() {
            group += rest % shape[axis] * strides[axis];
            rest /= shape[axis];
        }
        group
    };
    let mut norms = vec![0.0; groups];
    for (row, w) in w.chunks_exact(last).enumerate() {
        let squares = w.iter().map(|w| w.f64() * w.f64());
        if is_joint {
            squares.for_each(|square| norms[first(row)] += square);
        } else {
            norms[first(row)..].iter_mut().zip(squares).for_each(|(norm, square)| *norm += square);
        }
    }
    let scale = |square: f64| T::of(square.sqrt().min(constraint.max_norm) / (1e-7 + square.sqrt()));
    let scales: Vec<T> = norms.into_iter().map(scale).collect();
    for (row, w) in w.chunks_exact_mut(last).enumerate() {
        let scales = &scales[first(row)..];
        if is_joint {
            w.iter_mut().for_each(|w| *w *= scales[0]);
        } else {
            w.iter_mut().zip(scales).for_each(|(w, &scale)| *w *= scale);
        }
    }
}
