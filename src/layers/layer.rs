//! What a layer is: its shapes and parameters ([`LayerSpec`]), its arithmetic on the CPU ([`LayerCompute`]), its passes on the
//! GPU ([`LayerSpec::passes`]), what it is in Keras, PyTorch and ONNX ([`LayerExport`]), and the configurations that it is tested on
//! ([`Samples`](crate::layers::sample::Samples)). One file under `layers/` holds all of it for one layer.

use crate::kernels::cpu::matrix::Gemm;
use crate::kernels::gpu::pass::{GpuShapes, Passes};
use crate::layers::keras::{KerasLayer, KerasPart};
use crate::layers::onnx::OnnxLayer;
use crate::layers::pytorch::TorchLayer;
use crate::tensor::activation::Activation;
use crate::tensor::list::SmallList;
use crate::tensor::parameter::ParamSpec;
use crate::tensor::real::Real;
use crate::tensor::shape::Shape;
use ndarray::{ArrayViewD, ArrayViewMutD};
use serde_json::Value;

/// Result of a shape rule; the graph adds the layer's name to the message.
pub type Rule<T> = std::result::Result<T, String>;

/// Everything about a layer that does not depend on numbers.
pub trait LayerSpec: Send + Sync {
    /// The contract's `type`: `conv2d`, …
    fn kind(&self) -> &'static str;
    /// The options as the contract writes them.
    fn options(&self) -> Value;
    /// The shape of one image's output, or the rule that the inputs break.
    ///
    /// # Errors
    /// A message without the layer's name, where there are too few or too many inputs, or their shapes do not fit the layer.
    fn output_shape(&self, inputs: &[Shape]) -> Rule<Shape>;
    /// The parameters, trainable ones first.
    fn params(&self, _inputs: &[Shape]) -> Vec<ParamSpec> {
        Vec::new()
    }
    /// The function applied to the output.
    fn activation(&self) -> Activation {
        Activation::Linear
    }
    /// True where the layer takes two inputs or more.
    fn merges(&self) -> bool {
        false
    }
    /// True where each output is the maximum of some inputs. A monotonic activation before the layer may then be applied after it.
    fn takes_maxima(&self) -> bool {
        false
    }
    /// True where the layer, frozen, computes in training as in inference.
    fn infers_when_frozen(&self) -> bool {
        false
    }
    /// True where the parameters `mean` and `variance` are to be computed from the training images.
    fn needs_statistics(&self) -> bool {
        false
    }
    /// Multiply-accumulates per image of convolutions and dense layers. By convention, biases are not counted.
    fn macs(&self, _inputs: &[Shape], _output: &Shape) -> u64 {
        0
    }
    /// The layer's GPU passes for a batch of `shapes.batch` images. The activation is not part of them.
    fn passes(&self, shapes: &GpuShapes) -> Passes;
}

/// What a layer is in other frameworks.
pub trait LayerExport {
    /// What it is in Keras.
    fn keras(&self) -> KerasLayer;
    /// How it is built from layers that Keras has, where Keras does not have it.
    fn keras_parts(&self, _inputs: &[Shape]) -> Vec<KerasPart> {
        Vec::new()
    }
    /// What it is in PyTorch.
    fn pytorch(&self, inputs: &[Shape]) -> TorchLayer;
    /// What it is in ONNX.
    fn onnx(&self, inputs: &[Shape]) -> OnnxLayer;
}

/// A layer's arithmetic over one shard of the batch. `T` is `f32` to train, `f64` to check gradients.
///
/// Tensors are views `(rows, …)`: the images of the shard, then the shape of one, channels last. Every method writes all of its
/// outputs; nothing is accumulated by the layer.
pub trait LayerCompute<T: Real>: LayerSpec {
    /// Writes `y`.
    fn forward(&self, cx: &mut Forward<T>);
    /// Writes `dx` (where it is wanted) and the gradients.
    fn backward(&self, cx: &mut Backward<T>);

    /// How many sums over the whole batch `forward` needs first (0 for most layers).
    fn forward_sums(&self, _inputs: &[Shape]) -> usize {
        0
    }
    /// Writes this shard's part of them into `sums`.
    fn forward_partials(&self, _cx: &Forward<T>, _sums: &mut [f64]) {}
    /// How many sums over the whole batch `backward` needs first.
    fn backward_sums(&self, _inputs: &[Shape]) -> usize {
        0
    }
    /// Writes this shard's part of them into `sums`.
    fn backward_partials(&self, _cx: &mut Backward<T>, _sums: &mut [f64]) {}
    /// Updates the non-trainable parameters once a training step, from the batch's forward sums.
    fn update_state(&self, _cx: &mut State<T>) {}
}

/// The number types that a layer computes in.
pub trait Element: Gemm {
    /// A layer's arithmetic in this type.
    fn compute(layer: &dyn Layer) -> &dyn LayerCompute<Self>;
}

impl Element for f32 {
    fn compute(layer: &dyn Layer) -> &dyn LayerCompute<Self> {
        layer
    }
}

#[cfg(any(test, not(target_arch = "wasm32")))]
impl Element for f64 {
    fn compute(layer: &dyn Layer) -> &dyn LayerCompute<Self> {
        layer
    }
}

/// What the graph holds: a layer in `f32`; in `f64` where gradients are checked; and its exports where scripts are written. Methods
/// that a wasm module does not call are not part of it, so that they do not add to the download.
#[cfg(any(test, not(target_arch = "wasm32")))]
pub trait Layer: LayerCompute<f32> + LayerCompute<f64> + LayerExport {}
#[cfg(any(test, not(target_arch = "wasm32")))]
impl<L: LayerCompute<f32> + LayerCompute<f64> + LayerExport> Layer for L {}

/// What the graph holds.
#[cfg(all(not(test), target_arch = "wasm32", any(feature = "tools", feature = "import")))]
pub trait Layer: LayerCompute<f32> + LayerExport {}
#[cfg(all(not(test), target_arch = "wasm32", any(feature = "tools", feature = "import")))]
impl<L: LayerCompute<f32> + LayerExport> Layer for L {}

/// What the graph holds.
#[cfg(all(not(test), target_arch = "wasm32", not(any(feature = "tools", feature = "import"))))]
pub trait Layer: LayerCompute<f32> {}
#[cfg(all(not(test), target_arch = "wasm32", not(any(feature = "tools", feature = "import"))))]
impl<L: LayerCompute<f32>> Layer for L {}

/// Prints the name. The options are printed by [`LayerSpec::options`].
impl std::fmt::Debug for dyn Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(self.kind())
    }
}

/// Where a layer runs: its shapes and its place in the run.
#[derive(Debug, Clone, Copy)]
pub struct LayerContext<'a> {
    /// Shapes of one image of each input.
    pub inputs: &'a [Shape],
    /// Shape of one image of the output.
    pub output: &'a Shape,
    /// The first one's position in the batch: random masks are drawn by position.
    pub first_row: usize,
    /// Images in the whole batch.
    pub batch_rows: usize,
    /// Training (dropout on, batch statistics) or inference.
    pub training: bool,
    /// The experiment's seed.
    pub seed: u32,
    /// Training steps done before this one.
    pub step: u32,
    /// This layer's random stream.
    pub stream: u32,
}

/// What `forward` reads and writes.
pub struct Forward<'a, T> {
    /// Where.
    pub context: LayerContext<'a>,
    /// Inputs.
    pub x: SmallList<ArrayViewD<'a, T>>,
    /// Parameters, in [`LayerSpec::params`]'s order.
    pub params: SmallList<ArrayViewD<'a, T>>,
    /// Output.
    pub y: ArrayViewMutD<'a, T>,
    /// Totals of `forward_partials` over the batch.
    pub sums: &'a [f64],
    /// Memory that keeps its size between calls; contents undefined.
    pub workspace: &'a mut Vec<T>,
}

/// What `backward` reads and writes.
pub struct Backward<'a, T> {
    /// Where.
    pub context: LayerContext<'a>,
    /// Inputs, as in `forward`.
    pub x: SmallList<ArrayViewD<'a, T>>,
    /// Output, after the activation.
    pub y: ArrayViewD<'a, T>,
    /// Gradient of the loss by the output (before the activation).
    pub dy: ArrayViewD<'a, T>,
    /// Parameters.
    pub params: SmallList<ArrayViewD<'a, T>>,
    /// Gradients by the inputs; `None` where nobody needs one.
    pub dx: SmallList<Option<ArrayViewMutD<'a, T>>>,
    /// Gradients by the trainable parameters, for this shard.
    pub grads: SmallList<ArrayViewMutD<'a, T>>,
    /// Totals of `forward_partials`, as in `forward`.
    pub forward_sums: &'a [f64],
    /// Totals of `backward_partials` over the batch.
    pub sums: &'a [f64],
    /// Memory that keeps its size between calls; contents undefined.
    pub workspace: &'a mut Vec<T>,
}

/// What `update_state` reads and writes.
pub struct State<'a, T> {
    /// Where.
    pub context: LayerContext<'a>,
    /// Totals of `forward_partials`.
    pub sums: &'a [f64],
    /// The non-trainable parameters, in order.
    pub params: SmallList<ArrayViewMutD<'a, T>>,
}
