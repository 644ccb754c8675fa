//! Each layer's forward and backward arithmetic on the CPU, in f32 and f64, against Keras's values.

use super::{folder, read, relative};
use convlab::layers;
use convlab::layers::layer::Element;
use convlab::layers::layer::{Backward, Forward, Layer, LayerContext, State};
use convlab::layers::sample::Sample;
use convlab::tensor::list::SmallList;
use convlab::tensor::loss::softmax_cross_entropy;
use convlab::tensor::parameter::ParamSpec;
use convlab::tensor::shape::Shape;
use convlab::tensor::view;
use ndarray::ArrayViewD;
use safetensors::SafeTensors;
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    layer: Map<String, Value>,
    input_shape: Vec<usize>,
    /// Number of inputs of that shape.
    inputs: usize,
    output_shape: Vec<usize>,
    training: bool,
}

/// The tensors of one case, by their short names.
struct Tensors<'a> {
    file: &'a SafeTensors<'a>,
    id: &'a str,
}

impl Tensors<'_> {
    fn get<T: Element>(&self, name: &str) -> Vec<T> {
        let view = self.file.tensor(&format!("{}.{name}", self.id)).unwrap_or_else(|error| panic!("{name}: {error}"));
        super::floats(view.data()).into_iter().map(|value| T::of(f64::from(value))).collect()
    }

    /// The relative error of `found` against the golden tensor `name`.
    fn error<T: Element>(&self, name: &str, found: &[T]) -> f64 {
        let golden: Vec<f64> = self.get(name);
        relative(&found.iter().map(|value| value.f64()).collect::<Vec<_>>(), &golden)
    }
}

/// A layer with its golden parameters, ready to run a batch.
struct Bench<'a, T> {
    layer: &'a dyn Layer,
    context: LayerContext<'a>,
    rows: usize,
    specs: Vec<ParamSpec>,
    params: Vec<Vec<T>>,
    x: Vec<Vec<T>>,
    /// Sums over the batch, forward.
    sums: Vec<f64>,
    /// The output before the activation.
    before: Vec<T>,
}

impl<T: Element> Bench<'_, T> {
    fn params(&self) -> SmallList<ArrayViewD<'_, T>> {
        self.specs.iter().zip(&self.params).map(|(spec, values)| view::parameter(values, &spec.shape)).collect()
    }

    fn inputs(&self) -> SmallList<ArrayViewD<'_, T>> {
        self.x.iter().zip(self.context.inputs).map(|(x, shape)| view::tensors(x, self.rows, shape)).collect()
    }

    fn forward_context<'a>(&'a self, y: &'a mut [T], sums: &'a [f64], workspace: &'a mut Vec<T>) -> Forward<'a, T> {
        Forward {
            context: self.context,
            x: self.inputs(),
            params: self.params(),
            y: view::tensors_mut(y, self.rows, self.context.output),
            sums,
            workspace,
        }
    }

    /// The output, after the activation.
    fn forward(&mut self) -> Vec<T> {
        let math = T::compute(self.layer);
        let mut y = vec![T::zero(); self.rows * self.context.output.len()];
        let mut sums = vec![0.0; math.forward_sums(self.context.inputs)];
        math.forward_partials(&self.forward_context(&mut y, &[], &mut Vec::new()), &mut sums);
        math.forward(&mut self.forward_context(&mut y, &sums, &mut Vec::new()));
        self.sums = sums;
        self.before.clone_from(&y);
        self.layer.activation().forward(&mut y);
        y
    }

    /// The gradients with respect to the inputs and to the trainable parameters.
    fn backward(&self, y: &[T], mut dy: Vec<T>) -> (Vec<Vec<T>>, Vec<Vec<T>>) {
        let activation = self.layer.activation();
        activation.backward(if activation.needs_input() { &self.before } else { y }, &mut dy);
        let mut dx: Vec<Vec<T>> = self.x.iter().map(|x| vec![T::zero(); x.len()]).collect();
        let mut grads: Vec<Vec<T>> = self.trainable(true).map(|(spec, _)| vec![T::zero(); spec.len()]).collect();
        let mut sums = vec![0.0; T::compute(self.layer).backward_sums(self.context.inputs)];
        self.with_backward(y, &dy, &mut dx, &mut grads, &[], |cx| {
            T::compute(self.layer).backward_partials(cx, &mut sums)
        });
        self.with_backward(y, &dy, &mut dx, &mut grads, &sums, |cx| T::compute(self.layer).backward(cx));
        (dx, grads)
    }

    fn with_backward(
        &self,
        y: &[T],
        dy: &[T],
        dx: &mut [Vec<T>],
        grads: &mut [Vec<T>],
        sums: &[f64],
        work: impl FnOnce(&mut Backward<T>),
    ) {
        work(&mut Backward {
            context: self.context,
            x: self.inputs(),
            y: view::tensors(y, self.rows, self.context.output),
            dy: view::tensors(dy, self.rows, self.context.output),
            params: self.params(),
            dx: dx
                .iter_mut()
                .zip(self.context.inputs)
                .map(|(dx, shape)| Some(view::tensors_mut(dx, self.rows, shape)))
                .collect(),
            grads: self
                .trainable(true)
                .zip(grads)
                .map(|((spec, _), grad)| view::parameter_mut(grad, &spec.shape))
                .collect(),
            forward_sums: &self.sums,
            sums,
            workspace: &mut Vec::new(),
        });
    }

    /// The moving statistics after the step.
    fn update(&self) -> Vec<Vec<T>> {
        let mut state: Vec<Vec<T>> = self.trainable(false).map(|(_, values)| values.clone()).collect();
        let shapes = self.trainable(false).map(|(spec, _)| &spec.shape);
        let params = state.iter_mut().zip(shapes).map(|(values, shape)| view::parameter_mut(values, shape)).collect();
        T::compute(self.layer).update_state(&mut State { context: self.context, sums: &self.sums, params });
        state
    }

    fn trainable(&self, wanted: bool) -> impl Iterator<Item = (&ParamSpec, &Vec<T>)> {
        self.specs.iter().zip(&self.params).filter(move |(spec, _)| spec.trainable == wanted)
    }
}

/// One case in one precision: the largest relative error over all its tensors, and the tensor's name.
fn run<T: Element>(case: &Case, tensors: &Tensors) -> (f64, String) {
    let mut options = case.layer.clone();
    let kind = options.remove("type").and_then(|kind| kind.as_str().map(str::to_owned)).expect("a type");
    let layer = layers::from_options(&kind, Value::Object(options)).unwrap_or_else(|error| panic!("{error}"));
    let (rows, inputs) = (case.input_shape[0], vec![Shape(case.input_shape[1..].to_vec()); case.inputs]);
    let output = layer.output_shape(&inputs).unwrap_or_else(|error| panic!("{}: {error}", case.id));
    assert_eq!(output.0, case.output_shape[1..], "{}: output shape", case.id);
    let context = LayerContext {
        inputs: &inputs,
        output: &output,
        first_row: 0,
        batch_rows: rows,
        training: case.training,
        seed: 0,
        step: 0,
        stream: 0,
    };
    // `x`, `x1`, …
    let names = |name: &'static str| {
        (0..case.inputs).map(move |k| if k == 0 { name.to_string() } else { format!("{name}{k}") })
    };
    let specs = layer.params(&inputs);
    let params = specs.iter().map(|spec| tensors.get(spec.name)).collect();
    let mut bench = Bench::<T> {
        layer: &*layer,
        context,
        rows,
        specs,
        params,
        x: names("x").map(|name| tensors.get(&name)).collect(),
        sums: Vec::new(),
        before: Vec::new(),
    };
    let mut worst = (0.0, String::new());
    let mut check = |name: &str, found: &[T]| {
        let error = tensors.error(name, found);
        if worst.1.is_empty() || error > worst.0 || error.is_nan() {
            worst = (error, format!("{} {name}", case.id));
        }
    };
    let y = bench.forward();
    check("y", &y);
    if case.training {
        let (dx, grads) = bench.backward(&y, tensors.get("dy"));
        names("dx").zip(&dx).for_each(|(name, dx)| check(&name, dx));
        bench.trainable(true).zip(&grads).for_each(|((spec, _), grad)| check(&format!("d{}", spec.name), grad));
        // Statistics of the batch change those of the layer; given ones stay.
        let state = if bench.sums.is_empty() { Vec::new() } else { bench.update() };
        bench.trainable(false).zip(&state).for_each(|((spec, _), new)| check(&format!("new_{}", spec.name), new));
    }
    worst
}

impl Case {
    /// Whether this case holds the values of a layer's sample.
    fn is_of(&self, sample: &Sample) -> bool {
        self.layer == document(sample)
            && self.inputs == sample.inputs.len()
            && self.input_shape[1..] == sample.inputs[0].0
    }
}

/// A sample's layer as an experiment writes it.
fn document(sample: &Sample) -> Map<String, Value> {
    let options: Map<String, Value> = serde_json::from_str(sample.options).expect("options are an object");
    [("type".to_string(), sample.kind.into())].into_iter().chain(options).collect()
}

/// All cases in one precision.
fn run_all<T: Element>(limit: f64) {
    let cases: Cases = serde_json::from_slice(&read(&folder().join("layers.json"))).expect("layers.json");
    let bytes = read(&folder().join("layers.safetensors"));
    let file = SafeTensors::deserialize(&bytes).expect("layers.safetensors");
    for sample in layers::samples() {
        let has_values = cases.cases.iter().any(|case| case.is_of(&sample));
        assert!(has_values, "no golden values: run `python tests/golden/make_layers.py`. Received: {sample:?}");
    }
    assert!(cases.cases.len() >= 39, "cases are missing. Received: {}", cases.cases.len());
    let results: Vec<_> =
        cases.cases.iter().map(|case| run::<T>(case, &Tensors { file: &file, id: &case.id })).collect();
    let (worst, place) = results.iter().max_by(|a, b| a.0.total_cmp(&b.0)).expect("cases");
    println!("{} layer cases, {} bits: worst relative error {worst:.1e} ({place})", results.len(), 8 * size_of::<T>());
    let wrong: Vec<_> = results.iter().filter(|(error, _)| *error >= limit || error.is_nan()).collect();
    assert!(wrong.is_empty(), "not Keras's values: {wrong:#?}");
}

/// Prints the input of `make_layers.py`.
#[test]
#[ignore = "prints the samples for tests/golden/make_layers.py"]
fn samples_as_json() {
    for sample in layers::samples() {
        let shape = &sample.inputs[0].0;
        println!("{}", json!({"layer": document(&sample), "input_shape": shape, "inputs": sample.inputs.len()}));
    }
}

#[test]
fn layers_give_keras_values_in_f32() {
    run_all::<f32>(1e-5);
}

// The golden values are rounded to f32, so f64 cannot be compared more precisely.
#[test]
fn layers_give_keras_values_in_f64() {
    run_all::<f64>(2e-6);
}

#[test]
fn softmax_cross_entropy_gives_keras_values() {
    let bytes = read(&folder().join("layers.safetensors"));
    let file = SafeTensors::deserialize(&bytes).expect("layers.safetensors");
    let tensors = Tensors { file: &file, id: "softmax-cross-entropy" };
    let (x, labels): (Vec<f32>, Vec<f64>) = (tensors.get("x"), tensors.get("labels"));
    let labels: Vec<u8> = labels.into_iter().map(|label| label as u8).collect();
    let mut dx = vec![0.0; x.len()];
    let sums = softmax_cross_entropy(&x, &labels, 1.0 / labels.len() as f64, Some(&mut dx));
    let golden: Vec<f64> = tensors.get("loss");
    assert!((sums.loss / labels.len() as f64 / golden[0] - 1.0).abs() < 1e-6, "loss {sums:?}, Keras's mean {golden:?}");
    assert!(tensors.error("dx", &dx) < 1e-5, "dx {dx:?}");
    let classes = x.len() / labels.len();
    let y: Vec<f32> = x.chunks(classes).flat_map(convlab::tensor::loss::softmax).collect();
    assert!(tensors.error("y", &y) < 1e-5, "probabilities {y:?}");
}
