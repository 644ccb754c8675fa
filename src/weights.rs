//! Weights and checkpoints as safetensors: tensors `<layer>.kernel` and so on in Keras's shapes, float32. A checkpoint
//! holds the optimiser's slots and the run's state besides.

use crate::engine::Parameters;
use crate::error::{Error, Result};
use crate::graph::{Graph, Param};
use safetensors::{Dtype, SafeTensors, View};
use std::borrow::Cow;
use std::collections::HashMap;

/// The metadata key of a checkpoint's run state.
pub const STATE_KEY: &str = "convlab_state";

/// The metadata key of a checkpoint's checksum, in hexadecimal.
const CHECKSUM_KEY: &str = "convlab_crc32";

/// The prefixes of the parameters that early stopping would go back to, and of those that `model_checkpoint` keeps.
const COPIES: [&str; 2] = ["best.", "saved."];

/// The prefix of slot `i`'s tensors.
fn slot_prefix(slot: usize) -> String {
    format!("optimizer.{slot}.")
}

/// One named set of values: a parameter, a slot of it, or its best value so far.
type Named<'a> = (String, Vec<usize>, &'a [f32]);

fn values<'a>(param: &Param, parameters: &'a Parameters) -> &'a [f32] {
    let flat = if param.spec.trainable { &parameters.weights } else { &parameters.state };
    &flat[param.range()]
}

fn named<'a>(graph: &Graph, prefix: &str, parameters: &'a Parameters) -> Vec<Named<'a>> {
    graph
        .params
        .iter()
        .map(|param| (format!("{prefix}{}", param.name), param.spec.shape.clone(), values(param, parameters)))
        .collect()
}

/// The file's values are little-endian, and so are all processors that this is built for: they are written as they lie.
const _: () = assert!(cfg!(target_endian = "little"));

/// Values as the file holds them.
struct Tensor<'a> {
    shape: Vec<usize>,
    values: &'a [f32],
}

impl View for Tensor<'_> {
    fn dtype(&self) -> Dtype {
        Dtype::F32
    }
    fn shape(&self) -> &[usize] {
        &self.shape
    }
    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(bytemuck::cast_slice(self.values))
    }
    fn data_len(&self) -> usize {
        4 * self.values.len()
    }
}

fn serialize(tensors: Vec<Named>, metadata: Option<HashMap<String, String>>) -> Result<Vec<u8>> {
    let views = tensors.into_iter().map(|(name, shape, values)| (name, Tensor { shape, values }));
    safetensors::serialize(views, metadata).map_err(|error| Error::Weights(error.to_string()))
}

/// The parameters as a weights file.
///
/// # Errors
/// [`Error::Weights`] where the file format refuses them.
pub fn save(graph: &Graph, parameters: &Parameters) -> Result<Vec<u8>> {
    serialize(named(graph, "", parameters), None)
}

/// Everything a run needs to go on: parameters, slots, the copies of parameters it keeps and a text of the trainer's.
///
/// # Errors
/// As [`save`].
pub fn save_checkpoint(
    graph: &Graph,
    parameters: &Parameters,
    copies: [Option<&Parameters>; 2],
    state: String,
) -> Result<Vec<u8>> {
    let mut tensors = named(graph, "", parameters);
    for (i, slot) in parameters.slots.iter().enumerate() {
        for param in graph.params.iter().filter(|param| param.spec.trainable) {
            let name = format!("{}{}", slot_prefix(i), param.name);
            tensors.push((name, param.spec.shape.clone(), &slot[param.range()]));
        }
    }
    for (prefix, copy) in COPIES.into_iter().zip(copies) {
        tensors.extend(copy.map(|copy| named(graph, prefix, copy)).unwrap_or_default());
    }
    let mut sum = Checksum::new(&state);
    for (name, _, values) in &tensors {
        sum.tensor(name, bytemuck::cast_slice(values));
    }
    let checksum = (CHECKSUM_KEY.to_string(), sum.text());
    serialize(tensors, Some(HashMap::from([(STATE_KEY.to_string(), state), checksum])))
}

/// The CRC-32 of a checkpoint's state and those of its tensors, added up: in whatever order they come, a bit that falls
/// over on a disk is found.
struct Checksum(u32);

impl Checksum {
    fn new(state: &str) -> Self {
        Self(crc32fast::hash(state.as_bytes()))
    }

    fn tensor(&mut self, name: &str, data: &[u8]) {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(name.as_bytes());
        hasher.update(data);
        self.0 = self.0.wrapping_add(hasher.finalize());
    }

    fn text(&self) -> String {
        format!("{:08x}", self.0)
    }
}

/// A parsed file.
pub struct File<'a> {
    tensors: SafeTensors<'a>,
    /// A checkpoint's run state.
    pub state: Option<String>,
}

impl<'a> File<'a> {
    /// Parses a weights file or a checkpoint.
    ///
    /// # Errors
    /// [`Error::Weights`] where it is not a safetensors file, or a damaged one.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let wrong = |error: safetensors::SafeTensorError| {
            Error::Weights(format!(
                "this is not a whole safetensors file ({error}); choose one that Convlab or its scripts wrote, and copy it \
                 again where it is one. Received: {} bytes",
                bytes.len()
            ))
        };
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(wrong)?;
        let entry = |key: &str| metadata.metadata().as_ref().and_then(|map| map.get(key)).cloned();
        let file = Self { tensors: SafeTensors::deserialize(bytes).map_err(wrong)?, state: entry(STATE_KEY) };
        file.check(entry(CHECKSUM_KEY))?;
        Ok(file)
    }

    /// Whether the file is as it was written, where it says what it was.
    fn check(&self, written: Option<String>) -> Result<()> {
        let Some(written) = written else { return Ok(()) };
        let mut sum = Checksum::new(self.state.as_deref().unwrap_or_default());
        for (name, tensor) in self.tensors.iter() {
            sum.tensor(name, tensor.data());
        }
        let found = sum.text();
        if found == written {
            return Ok(());
        }
        Err(Error::Weights(format!(
            "the file has changed since it was written (its checksum was {written}); take another copy. Received: {found}"
        )))
    }

    /// Fills parameters (not slots) from the tensors called `prefix` + the parameter's name.
    fn fill(&self, graph: &Graph, prefix: &str, parameters: &mut Parameters) -> Result<()> {
        for param in &graph.params {
            let flat = if param.spec.trainable { &mut parameters.weights } else { &mut parameters.state };
            self.copy(&format!("{prefix}{}", param.name), &param.spec.shape, &mut flat[param.range()])?;
        }
        Ok(())
    }

    fn copy(&self, name: &str, shape: &[usize], out: &mut [f32]) -> Result<()> {
        let tensor = self.tensors.tensor(name).map_err(|_| {
            let found: Vec<&str> = self.tensors.names().into_iter().take(8).collect();
            Error::Weights(format!("tensor \"{name}\" is missing. Received: {}, …", found.join(", ")))
        })?;
        if tensor.dtype() != Dtype::F32 || tensor.shape() != shape {
            let (dtype, received) = (tensor.dtype(), tensor.shape());
            return Err(Error::Weights(format!(
                "tensor \"{name}\" must be float32 of shape {shape:?}. Received: {dtype:?} {received:?}"
            )));
        }
        for (out, bytes) in out.iter_mut().zip(tensor.data().chunks_exact(4)) {
            *out = f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            if !out.is_finite() {
                return Err(Error::Weights(format!("tensor \"{name}\" must hold finite numbers. Received: {out}")));
            }
        }
        Ok(())
    }

    /// The network's parameters; `like` gives the sizes, and its slots are kept.
    ///
    /// # Errors
    /// [`Error::Weights`] names a tensor that is missing, of another shape, or not finite, or that the network does not
    /// have.
    pub fn parameters(&self, graph: &Graph, like: &Parameters) -> Result<Parameters> {
        let mut parameters = like.clone();
        self.fill(graph, "", &mut parameters)?;
        let ours = |name: &str| name.starts_with("optimizer.") || COPIES.iter().any(|prefix| name.starts_with(prefix));
        let foreign = self.tensors.names().into_iter().find(|name| !ours(name) && graph.param(name).is_none());
        match foreign {
            Some(name) => Err(Error::Weights(format!("the network has no such parameter. Received: \"{name}\""))),
            None => Ok(parameters),
        }
    }

    /// A checkpoint's parameters with their slots, and the copies that it has.
    ///
    /// # Errors
    /// As [`Self::parameters`].
    pub fn checkpoint(&self, graph: &Graph, like: &Parameters) -> Result<(Parameters, [Option<Parameters>; 2])> {
        let mut parameters = self.parameters(graph, like)?;
        for i in 0..parameters.slots.len() {
            for param in graph.params.iter().filter(|param| param.spec.trainable) {
                let name = format!("{}{}", slot_prefix(i), param.name);
                self.copy(&name, &param.spec.shape, &mut parameters.slots[i][param.range()])?;
            }
        }
        Ok((parameters, [self.kept(graph, COPIES[0], like)?, self.kept(graph, COPIES[1], like)?]))
    }

    fn kept(&self, graph: &Graph, prefix: &str, like: &Parameters) -> Result<Option<Parameters>> {
        let first = graph.params.first().map(|param| format!("{prefix}{}", param.name));
        if first.is_none_or(|name| self.tensors.tensor(&name).is_err()) {
            return Ok(None);
        }
        let mut copy = like.clone();
        self.fill(graph, prefix, &mut copy)?;
        Ok(Some(copy))
    }
}
