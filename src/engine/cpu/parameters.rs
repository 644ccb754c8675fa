//! Reading and replacing the values that training changes.

use super::CpuEngine;
use crate::engine::step::Parameters;
use crate::layers::layer::Element;

impl<T: Element> CpuEngine<T> {
    /// All values that training changes.
    pub fn parameters(&self) -> Parameters {
        let narrow = |values: &Vec<T>| values.iter().map(|v| v.f64() as f32).collect();
        Parameters {
            weights: narrow(&self.weights),
            state: narrow(&self.state),
            slots: self.slots.iter().map(narrow).collect(),
        }
    }

    /// Replaces all values that training changes by those of the same network and optimiser.
    pub fn set_parameters(&mut self, parameters: &Parameters) {
        let copy = |to: &mut Vec<T>, from: &Vec<f32>| {
            to.iter_mut().zip(from).for_each(|(to, &from)| *to = T::of(f64::from(from)));
        };
        copy(&mut self.weights, &parameters.weights);
        copy(&mut self.state, &parameters.state);
        self.slots.iter_mut().zip(&parameters.slots).for_each(|(to, from)| copy(to, from));
    }

    /// The trainable parameters, flat; mutable for gradient checks.
    pub fn weights_mut(&mut self) -> &mut [T] {
        &mut self.weights
    }

    /// The gradient of the last step, flat.
    pub fn gradient(&self) -> &[T] {
        &self.gradient
    }
}
