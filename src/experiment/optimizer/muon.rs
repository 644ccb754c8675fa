//! `muon`: Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024, with the scale of Liu et al., "Muon is
//! Scalable for LLM Training", 2025.

use super::constants::{check, not_negative, positive, share};
use super::matrices::{Matrices, Orthogonal};
use super::options::{Method, Shared};
use super::update::Update;
use crate::base::number::is_not_negative;

options! {
    /// Muon for matrices: momentum whose singular values are brought to about one. AdamW for all other parameters.
    #[schemars(extend("examples" = [{"learning_rate": 0.001}]))]
    pub struct Muon(learning_rate = 0.001, weight_decay = 0.004) {
        /// Momentum: the share of the last step that the next one keeps, 0 or more and below 1.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        momentum: f64 = 0.95,
        /// Nesterov momentum: apply the momentum before the gradient.
        nesterov: bool = true,
        /// Newton-Schulz iterations, 1 to 20.
        #[schemars(range(min = 1, max = 20))]
        ns_steps: u32 = 5,
        /// Coefficient of the iteration.
        muon_a: f64 = 3.4445,
        /// Coefficient of the iteration.
        muon_b: f64 = -4.7750,
        /// Coefficient of the iteration.
        muon_c: f64 = 2.0315,
        /// Factor of a step, beside the root of the matrix's longer side; 0 for steps without this scale.
        #[schemars(range(min = 0.0))]
        rms_rate: f64 = 0.2,
        /// Use Muon for the kernels of convolutions, too: as matrices of outputs and flattened patches.
        conv_kernels: bool = false,
        /// AdamW for parameters whose name (`dense_1/kernel`) contains one of these texts, such as the last layer's.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        exclude_layers: Vec<String> = Vec::new(),
        /// Of AdamW: decay of the mean of the gradients, 0 or more and below 1.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        adam_beta_1: f64 = 0.9,
        /// Of AdamW: decay of the mean of the squared gradients, 0 or more and below 1.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        adam_beta_2: f64 = 0.999,
        /// Of AdamW: added to the divisor to avoid division by zero, above 0.
        #[schemars(extend("exclusiveMinimum" = 0))]
        epsilon: f64 = 1e-7,
        /// Of AdamW: decoupled weight decay, between 0 and 1.
        #[schemars(range(min = 0.0, max = 1.0))]
        adam_weight_decay: f64 = 0.004,
        /// Of AdamW: its learning rate as a multiple of Muon's, above 0.
        #[schemars(extend("exclusiveMinimum" = 0))]
        adam_lr_ratio: f64 = 1.0,
    }
}

impl Method for Muon {
    fn shared(&self) -> Shared {
        Shared { weight_decay: self.weight_decay.max(self.adam_weight_decay), ..self.shared_options() }
    }

    fn matrices(&self) -> Option<Matrices> {
        Some(Matrices {
            conv_kernels: self.conv_kernels,
            excluded: self.exclude_layers.clone(),
            decays: [self.weight_decay, self.adam_weight_decay],
            rate: self.adam_lr_ratio,
        })
    }

    fn update(&self) -> Result<Update, String> {
        let Self { momentum, nesterov, ns_steps: steps, muon_a, muon_b, muon_c, rms_rate, epsilon, .. } = *self;
        let (beta_1, beta_2) = (self.adam_beta_1, self.adam_beta_2);
        positive("epsilon", epsilon)?;
        positive("adam_lr_ratio", self.adam_lr_ratio)?;
        share("momentum", momentum)?;
        share("adam_beta_1", beta_1)?;
        share("adam_beta_2", beta_2)?;
        check((1..=20).contains(&steps), "ns_steps", "must lie between 1 and 20", f64::from(steps))?;
        not_negative("rms_rate", rms_rate)?;
        for decay in [self.weight_decay, self.adam_weight_decay] {
            check((0.0..=1.0).contains(&decay), "weight decay", "must lie between 0 and 1", decay)?;
        }
        let coefficients = [muon_a, muon_b, muon_c];
        if let Some(&value) = coefficients.iter().find(|value| !is_not_negative(value.abs())) {
            check(false, "muon_a, muon_b and muon_c", "must be between -3.4e38 and 3.4e38", value)?;
        }
        if let Some(part) =
            self.exclude_layers.iter().find(|part| part.contains(|c: char| "^$*+?()[]{}|\\".contains(c)))
        {
            return Err(format!("exclude_layers takes parts of names, not regular expressions. Received: {part:?}"));
        }
        Ok(Update::Muon {
            matrix: Orthogonal { momentum, nesterov, steps, coefficients, rms_rate },
            beta_1,
            beta_2,
            epsilon,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_are_dense_kernels_and_on_demand_those_of_convolutions() {
        let read =
            |options: serde_json::Value| crate::base::document::read::<Muon>(&options).unwrap().matrices().unwrap();
        let plain = read(serde_json::json!({"exclude_layers": ["out"], "weight_decay": 0.01}));
        assert_eq!(plain.shape("dense.kernel", &[3, 4]), Some([3, 4]));
        assert_eq!(plain.shape("out.kernel", &[3, 4]), None);
        assert_eq!(plain.shape("dense.bias", &[4]), None);
        assert_eq!(plain.shape("conv2d.kernel", &[3, 2, 4, 5]), None);
        assert!((plain.decay(true) - 1.0).abs() < 1e-12 && (plain.decay(false) - 0.4).abs() < 1e-12);
        let all = read(serde_json::json!({"conv_kernels": true}));
        assert_eq!(all.shape("conv2d.kernel", &[3, 2, 4, 5]), Some([24, 5]));
        assert_eq!(all.shape("depthwise_conv2d.depthwise_kernel", &[3, 3, 4, 1]), None);
        let pattern = crate::base::document::read::<Muon>(&serde_json::json!({"exclude_layers": ["dense.*"]})).unwrap();
        assert!(pattern.update().unwrap_err().contains("regular expressions"));
    }
}
