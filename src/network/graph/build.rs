//! Reads the layers of an experiment one after the other, checks each, and adds it to the graph with its parameters.

use super::{ALIGNMENT, Graph, MAX_LAYERS, MAX_NAME, MAX_PARAMS, Node, Param};
use crate::base::document;
use crate::base::error::{Error, Result};
use crate::base::number::{NOT_NEGATIVE, POSITIVE, PlainNumber, is_not_negative, is_positive};
use crate::experiment::Experiment;
use crate::layers;
use crate::network::names::{DefaultNames, INPUT};
use crate::tensor::activation::Activation;
use crate::tensor::loss::Loss;
use crate::tensor::parameter::{MaxNorm, ParamSpec};
use crate::tensor::shape::Shape;
use serde_json::{Map, Value};

impl Graph {
    /// Builds the graph of an experiment.
    ///
    /// # Errors
    /// [`Error::Layer`] names the layer, the rule and the value received; [`Error::Spec`] concerns the network as a
    /// whole.
    pub fn new(spec: &Experiment) -> Result<Self> {
        if spec.layers.is_empty() || spec.layers.len() > MAX_LAYERS {
            let found = spec.layers.len();
            return Err(Error::Spec(format!("layers must hold 1 to {MAX_LAYERS} layers. Received: {found}")));
        }
        let mut graph = Self {
            input_shape: spec.input_shape.into(),
            nodes: Vec::new(),
            params: Vec::new(),
            weights_len: 0,
            state_len: 0,
            softmax: false,
            loss: Loss::default(),
            input_gradient: false,
        };
        let mut names = Names::new();
        for options in &spec.layers {
            graph.push(options.clone(), &mut names)?;
        }
        #[cfg(feature = "extended")]
        graph.group(&spec.optimizer.groups)?;
        #[cfg(feature = "extended")]
        if let Some(matrices) = &spec.optimizer.matrices {
            for param in &mut graph.params {
                param.matrix = matrices.shape(&param.name, &param.spec.shape);
                param.decay *= matrices.decay(param.matrix.is_some());
                if param.matrix.is_none() {
                    // The decay goes by the optimiser's learning rate.
                    (param.rate, param.decay) = (param.rate * matrices.rate, param.decay / matrices.rate);
                }
            }
        }
        #[cfg(feature = "extended")]
        {
            graph.loss = spec.extended_loss(graph.classes())?;
        }
        graph.finish()
    }

    fn push(&mut self, mut options: Map<String, Value>, names: &mut Names) -> Result<()> {
        let kind = match options.remove("type") {
            Some(Value::String(kind)) => kind,
            other => {
                let received = other.unwrap_or(Value::Null);
                let number = self.nodes.len() + 1;
                return Err(Error::Spec(format!("layer {number} needs a \"type\", a string. Received: {received}")));
            }
        };
        let name = names.name(&kind, options.remove("name"))?;
        let wrong = |message: String| Error::layer(&name, message);
        let inputs = names.inputs(options.remove("inputs"), self.nodes.len()).map_err(wrong)?;
        let frozen = frozen(&mut options).map_err(wrong)?;
        let layer = layers::from_options(&kind, Value::Object(options)).map_err(wrong)?;
        if layer.merges() != (inputs.len() > 1) {
            let wanted = if layer.merges() { "two inputs or more (set \"inputs\")" } else { "exactly one input" };
            return Err(wrong(format!("{kind} takes {wanted}. Received: {}", inputs.len())));
        }
        let input_shapes: Vec<Shape> = inputs.iter().map(|&tensor| self.shape(tensor).clone()).collect();
        let output_shape = layer.output_shape(&input_shapes).map_err(wrong)?;
        output_shape.checked_len().map_err(|message| wrong(format!("its output {message}")))?;
        let first = self.params.len();
        for spec in layer.params(&input_shapes) {
            self.add_param(&name, spec, frozen)?;
        }
        let (params, stream, activation) = (first..self.params.len(), self.nodes.len() as u32, layer.activation());
        names.add(name.clone());
        self.nodes.push(Node { name, layer, activation, inputs, input_shapes, output_shape, params, stream, frozen });
        Ok(())
    }

    fn add_param(&mut self, layer: &str, spec: ParamSpec, frozen: bool) -> Result<()> {
        let length = spec.shape.iter().try_fold(1usize, |n, &axis| n.checked_mul(axis)).unwrap_or(usize::MAX);
        let flat = if spec.trainable { &mut self.weights_len } else { &mut self.state_len };
        if length > MAX_PARAMS || *flat + length > MAX_PARAMS {
            let shape = Shape(spec.shape);
            return Err(Error::layer(
                layer,
                format!(
                    "the network has more than {MAX_PARAMS} parameters; make it smaller. Received: {} {shape}",
                    spec.name
                ),
            ));
        }
        if let Some(constraint) = &spec.constraint {
            check_constraint(layer, constraint, spec.shape.len())?;
        }
        let penalty = spec.regularizer;
        if !(is_not_negative(penalty.l1) && is_not_negative(penalty.l2)) {
            let (l1, l2) = (PlainNumber(penalty.l1), PlainNumber(penalty.l2));
            let message = format!("l1 and l2 {NOT_NEGATIVE}. Received: l1 {l1}, l2 {l2}");
            return Err(Error::layer(layer, message));
        }
        self.params.push(Param {
            name: format!("{layer}.{}", spec.name),
            offset: *flat,
            spec,
            frozen,
            rate: 1.0,
            decay: 1.0,
            #[cfg(feature = "extended")]
            matrix: None,
        });
        *flat += length.next_multiple_of(ALIGNMENT);
        Ok(())
    }

    /// Gives every parameter the factors of the first group that matches it.
    #[cfg(feature = "extended")]
    fn group(&mut self, groups: &[crate::experiment::optimizer::Group]) -> Result<()> {
        let mut used = vec![false; groups.len()];
        for param in &mut self.params {
            let Some(place) = groups.iter().position(|group| group.matches(&param.name)) else { continue };
            used[place] = true;
            param.rate = groups[place].learning_rate_multiplier;
            param.decay = groups[place].weight_decay_multiplier;
        }
        match used.iter().position(|used| !used) {
            None => Ok(()),
            Some(unused) => {
                let names: Vec<&str> = self.params.iter().map(|param| param.name.as_str()).take(8).collect();
                Err(Error::Spec(format!(
                    "optimizer.groups: a group matches no parameter that an earlier group has left; the parameters are {}, …. \
                     Received: {:?}",
                    names.join(", "),
                    groups[unused].pattern
                )))
            }
        }
    }

    /// Moves a softmax at the end into the loss. Rejects softmax in other layers, and outputs that no layer reads.
    fn finish(mut self) -> Result<Self> {
        let last = self.nodes.len() - 1;
        let mut read = vec![false; self.nodes.len() + 1];
        self.nodes.iter().flat_map(|node| &node.inputs).for_each(|&tensor| read[tensor] = true);
        for (i, node) in self.nodes.iter_mut().enumerate() {
            if i == last {
                node.output_shape.features().map_err(|message| {
                    Error::layer(&node.name, format!("the last layer gives one value per class, so it {message}"))
                })?;
                self.softmax = node.activation == Activation::Softmax;
                if self.softmax {
                    node.activation = Activation::Linear;
                }
            } else if node.activation == Activation::Softmax {
                return Err(Error::layer(&node.name, "softmax is only for the last layer. Received: softmax"));
            } else if !read[i + 1] {
                return Err(Error::layer(
                    &node.name,
                    "no layer reads its output; name it in another layer's \"inputs\" or remove it",
                ));
            }
        }
        Ok(self)
    }
}

/// Takes `trainable` out of a layer's options: whether it is false.
#[cfg(feature = "extended")]
fn frozen(options: &mut Map<String, Value>) -> std::result::Result<bool, String> {
    match options.remove("trainable") {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(trainable)) => Ok(!trainable),
        Some(other) => Err(format!("\"trainable\" is true or false. Received: {other}")),
    }
}

/// The small engine has no frozen layers; the layer's reader refuses the option.
#[cfg(not(feature = "extended"))]
fn frozen(_: &mut Map<String, Value>) -> std::result::Result<bool, String> {
    Ok(false)
}

fn check_constraint(layer: &str, constraint: &MaxNorm, rank: usize) -> Result<()> {
    if !is_positive(constraint.max_norm) {
        return Err(Error::layer(
            layer,
            format!("max_norm {POSITIVE}. Received: {}", PlainNumber(constraint.max_norm)),
        ));
    }
    match constraint.axes(rank) {
        Some(_) => Ok(()),
        None => Err(Error::layer(
            layer,
            format!(
                "max_norm axis must lie within the kernel's {rank} axes, each once. Received: {}",
                document::write(&constraint.axis)
            ),
        )),
    }
}

/// The names of the tensors so far, by index.
struct Names {
    tensors: Vec<String>,
    defaults: DefaultNames,
}

impl Names {
    fn new() -> Self {
        Self { tensors: vec![INPUT.to_string()], defaults: DefaultNames::default() }
    }

    /// The given name, or the one Keras would generate.
    fn name(&mut self, kind: &str, given: Option<Value>) -> Result<String> {
        let name = match given {
            Some(Value::String(name)) if !name.is_empty() && name.len() <= MAX_NAME => name,
            None | Some(Value::Null) => self.defaults.next(kind),
            Some(other) => {
                return Err(Error::Spec(format!(
                    "a layer's \"name\" is a string of 1 to {MAX_NAME} bytes. Received: {other}"
                )));
            }
        };
        if self.tensors.contains(&name) {
            return Err(Error::layer(&name, "two layers have this name; give each one its own"));
        }
        Ok(name)
    }

    fn inputs(&self, given: Option<Value>, previous: usize) -> std::result::Result<Vec<usize>, String> {
        let Some(given) = given.filter(|value| !value.is_null()) else { return Ok(vec![previous]) };
        let list = given.as_array().filter(|list| !list.is_empty());
        let list = list.ok_or_else(|| format!("\"inputs\" is a list of layer names. Received: {given}"))?;
        list.iter()
            .map(|name| {
                let tensor = self.tensors.iter().position(|tensor| Some(tensor.as_str()) == name.as_str());
                tensor.ok_or_else(|| format!("\"inputs\" must name layers before it. Received: {name}"))
            })
            .collect()
    }

    fn add(&mut self, name: String) {
        self.tensors.push(name);
    }
}
