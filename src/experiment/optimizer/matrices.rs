//! What Muon's rule for matrices needs: its constants, and which parameters are matrices.

/// The constants of Muon's rule for matrices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Orthogonal {
    /// Share of the last step that is kept.
    pub momentum: f64,
    /// Nesterov momentum.
    pub nesterov: bool,
    /// Iterations.
    pub steps: u32,
    /// The iteration is `x = a x + (b A + c A A) x` with `A = x x^T`.
    pub coefficients: [f64; 3],
    /// Factor of a step beside the root of the longer side; 0 for steps without this scale.
    pub rms_rate: f64,
}

impl Orthogonal {
    /// The factor of a step of a matrix of this shape.
    pub fn scale(&self, [rows, columns]: [usize; 2]) -> f64 {
        if self.rms_rate == 0.0 { 1.0 } else { self.rms_rate * (rows.max(columns) as f64).sqrt() }
    }
}

/// Which parameters are matrices to Muon, and what is different for the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrices {
    /// Kernels of convolutions are matrices, too.
    pub(super) conv_kernels: bool,
    /// Parts of the names of parameters that are not.
    pub(super) excluded: Vec<String>,
    /// Weight decay of matrices, and of the others.
    pub(super) decays: [f64; 2],
    /// The learning rate of the others as a multiple.
    pub rate: f64,
}

impl Matrices {
    /// The rows and columns of a parameter, if it is a matrix.
    pub fn shape(&self, name: &str, shape: &[usize]) -> Option<[usize; 2]> {
        let name = name.replacen('.', "/", 1);
        if self.excluded.iter().any(|part| name.contains(part)) {
            return None;
        }
        match *shape {
            [rows, columns] => Some([rows, columns]),
            [height, width, inputs, outputs] if self.conv_kernels && name.ends_with("kernel") => {
                (!name.ends_with("depthwise_kernel")).then_some([height * width * inputs, outputs])
            }
            _ => None,
        }
    }

    /// The larger one of the two weight decays, which counts for the optimiser as a whole.
    fn weight_decay(&self) -> f64 {
        self.decays[0].max(self.decays[1])
    }

    /// The weight decay of a matrix, or of another parameter, as a share of the optimiser's.
    pub fn decay(&self, is_matrix: bool) -> f64 {
        let own = self.decays[usize::from(!is_matrix)];
        if own == 0.0 { 0.0 } else { own / self.weight_decay() }
    }
}
