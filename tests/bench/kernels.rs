//! The CPU engine's kernels, one by one: `cargo bench --no-default-features --features cli --bench kernels`.
//!
//! Sizes are those of the presets. Each figure is also given in multiply-accumulates per second ("items").
#![cfg(not(target_arch = "wasm32"))]

use convlab::kernels::cpu::matrix::{Matrix, Panels, Rows, Start, panels_len};
use convlab::layers;
use convlab::layers::layer::{Backward, Forward, Layer, LayerCompute, LayerContext};
use convlab::tensor::activation::Activation;
use convlab::tensor::list::SmallList;
use convlab::tensor::parameter::ParamSpec;
use convlab::tensor::shape::Shape;
use convlab::tensor::view;
use divan::Bencher;
use divan::counter::ItemsCount;
use ndarray::ArrayViewD;
use serde_json::{Value, json};

fn main() {
    divan::main();
}

fn noise(len: usize) -> Vec<f32> {
    (0..len).map(|i| convlab::tensor::random::uniform(1, 2, 3, i as u32) - 0.5).collect()
}

/// Rows, columns and terms of a product: dense layers, a convolution's forward pass, its weight gradient.
#[divan::bench(args = [[128, 512, 256], [576, 16, 49], [676, 64, 288], [288, 64, 676], [16, 64, 12_544]])]
fn product(bencher: Bencher, [m, n, k]: [usize; 3]) {
    let (a, b, mut c) = (noise(m * k), noise(k * n), vec![0.0; m * n]);
    let mut memory = vec![0.0; panels_len::<f32>(k, n)];
    bencher.counter(ItemsCount::new(m * n * k)).bench_local(|| {
        let panels = Panels::pack(Matrix::dense(&b, n), k, n, &mut memory);
        panels.multiply(Matrix::dense(&a, k), m, 0..k, Start::Zero, Rows::dense(&mut c, n));
    });
}

/// A layer with its options and a shard of images.
struct Case {
    layer: Box<dyn Layer>,
    input: Shape,
    output: Shape,
    rows: usize,
    specs: Vec<ParamSpec>,
    params: Vec<Vec<f32>>,
    /// Sums over the batch, if the layer needs them.
    sums: Vec<f64>,
}

impl Case {
    fn new(kind: &str, options: Value, input: [usize; 3], rows: usize) -> Self {
        let layer = layers::from_options(kind, options).expect("a layer");
        let input = Shape::from(input);
        let output = layer.output_shape(std::slice::from_ref(&input)).expect("a shape");
        let specs = layer.params(std::slice::from_ref(&input));
        let params = specs.iter().map(|spec| noise(spec.len())).collect();
        let count = LayerCompute::<f32>::forward_sums(&*layer, std::slice::from_ref(&input));
        Self { layer, input, output, rows, specs, params, sums: vec![1.0; count] }
    }

    fn params(&self) -> SmallList<ArrayViewD<'_, f32>> {
        self.specs.iter().zip(&self.params).map(|(spec, values)| view::parameter(values, &spec.shape)).collect()
    }

    fn context(&self) -> LayerContext<'_> {
        LayerContext {
            inputs: std::slice::from_ref(&self.input),
            output: &self.output,
            first_row: 0,
            batch_rows: self.rows,
            training: true,
            seed: 0,
            step: 0,
            stream: 0,
        }
    }

    fn work(&self) -> ItemsCount {
        let macs = self.layer.macs(std::slice::from_ref(&self.input), &self.output) as usize;
        ItemsCount::new(self.rows * macs.max(self.output.len()))
    }

    fn forward(&self, bencher: Bencher) {
        let (x, mut y, mut workspace) = (noise(self.rows * self.input.len()), self.outputs(), Vec::new());
        bencher.counter(self.work()).bench_local(|| {
            let layer: &dyn LayerCompute<f32> = &*self.layer;
            layer.forward(&mut Forward {
                context: self.context(),
                x: std::iter::once(view::tensors(&x, self.rows, &self.input)).collect(),
                params: self.params(),
                y: view::tensors_mut(&mut y, self.rows, &self.output),
                sums: &self.sums,
                workspace: &mut workspace,
            });
        });
    }

    fn backward(&self, bencher: Bencher) {
        let (x, y, dy) = (noise(self.rows * self.input.len()), self.outputs(), self.outputs());
        let (mut dx, mut workspace) = (vec![0.0; x.len()], Vec::new());
        let trainable: Vec<&ParamSpec> = self.specs.iter().filter(|spec| spec.trainable).collect();
        let mut grads: Vec<Vec<f32>> = trainable.iter().map(|spec| vec![0.0; spec.len()]).collect();
        bencher.counter(self.work()).bench_local(|| {
            let layer: &dyn LayerCompute<f32> = &*self.layer;
            layer.backward(&mut Backward {
                context: self.context(),
                x: std::iter::once(view::tensors(&x, self.rows, &self.input)).collect(),
                y: view::tensors(&y, self.rows, &self.output),
                dy: view::tensors(&dy, self.rows, &self.output),
                params: self.params(),
                dx: std::iter::once(Some(view::tensors_mut(&mut dx, self.rows, &self.input))).collect(),
                grads: trainable
                    .iter()
                    .zip(&mut grads)
                    .map(|(spec, grad)| view::parameter_mut(grad, &spec.shape))
                    .collect(),
                forward_sums: &self.sums,
                sums: &self.sums,
                workspace: &mut workspace,
            });
        });
    }

    fn outputs(&self) -> Vec<f32> {
        noise(self.rows * self.output.len())
    }
}

/// Convolutions of the presets: kernel, filters, input shape, images of a shard.
const CONVOLUTIONS: [(usize, usize, [usize; 3], usize); 5] = [
    (7, 16, [28, 28, 1], 3),
    (5, 8, [21, 21, 16], 3),
    (3, 64, [15, 15, 32], 16),
    (5, 64, [28, 28, 32], 16),
    (9, 64, [22, 22, 36], 4),
];

fn convolution(index: usize) -> Case {
    let (kernel, filters, input, rows) = CONVOLUTIONS[index];
    Case::new("conv2d", json!({"filters": filters, "kernel_size": kernel}), input, rows)
}

#[divan::bench(args = 0..CONVOLUTIONS.len())]
fn conv2d_forward(bencher: Bencher, index: usize) {
    convolution(index).forward(bencher);
}

#[divan::bench(args = 0..CONVOLUTIONS.len())]
fn conv2d_backward(bencher: Bencher, index: usize) {
    convolution(index).backward(bencher);
}

/// Strides of a 2x2 pool: 1 as in `mnist-10`, 2 as in `net-1`.
#[divan::bench(args = [1, 2])]
fn max_pooling2d_forward(bencher: Bencher, stride: usize) {
    Case::new("max_pooling2d", json!({"pool_size": 2, "strides": stride}), [30, 30, 32], 16).forward(bencher);
}

#[divan::bench(args = [1, 2])]
fn max_pooling2d_backward(bencher: Bencher, stride: usize) {
    Case::new("max_pooling2d", json!({"pool_size": 2, "strides": stride}), [30, 30, 32], 16).backward(bencher);
}

/// Layers with few operations per value, so that the overhead matters: options and input shape, 16 images each.
const LIGHT: [(&str, &str, [usize; 3]); 9] = [
    ("average_pooling2d", "{}", [30, 30, 32]),
    ("average_pooling2d", r#"{"strides": 1}"#, [30, 30, 32]),
    ("batch_normalization", "{}", [16, 16, 16]),
    ("batch_normalization", "{}", [8, 8, 64]),
    ("depthwise_conv2d", r#"{"kernel_size": 3, "padding": "same"}"#, [16, 16, 32]),
    ("flatten", "{}", [14, 14, 32]),
    ("global_average_pooling2d", "{}", [8, 8, 64]),
    ("local_response_normalization", "{}", [13, 13, 96]),
    ("zero_padding2d", "{}", [16, 16, 16]),
];

fn light(index: usize) -> Case {
    let (kind, options, input) = LIGHT[index];
    Case::new(kind, serde_json::from_str(options).expect("options"), input, 16)
}

#[divan::bench(args = 0..LIGHT.len())]
fn light_forward(bencher: Bencher, index: usize) {
    light(index).forward(bencher);
}

#[divan::bench(args = 0..LIGHT.len())]
fn light_backward(bencher: Bencher, index: usize) {
    light(index).backward(bencher);
}

#[divan::bench]
fn dropout_forward(bencher: Bencher) {
    Case::new("dropout", json!({"rate": 0.5}), [32, 32, 32], 4).forward(bencher);
}

/// Activations that take different functions.
const ACTIVATIONS: [&str; 7] = ["relu", "sigmoid", "tanh", "gelu", "silu", "mish", "elu"];

fn activation(name: &str) -> Activation {
    serde_json::from_value(json!(name)).expect("an activation")
}

#[divan::bench(args = ACTIVATIONS)]
fn activation_forward(bencher: Bencher, name: &str) {
    let (function, x) = (activation(name), noise(16 * 30 * 30 * 32));
    let mut y = x.clone();
    bencher.counter(ItemsCount::new(y.len())).bench_local(|| {
        // Its own result over and over would leave the range of real inputs.
        y.copy_from_slice(&x);
        function.forward(divan::black_box(&mut y));
    });
}

#[divan::bench(args = ACTIVATIONS)]
fn activation_backward(bencher: Bencher, name: &str) {
    let (function, y) = (activation(name), noise(16 * 30 * 30 * 32));
    let mut dy = y.clone();
    bencher.counter(ItemsCount::new(y.len())).bench_local(|| function.backward(&y, divan::black_box(&mut dy)));
}
