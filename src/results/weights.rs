//! Weights and checkpoints as safetensors: tensors `<layer>.kernel` and so on in Keras's shapes, float32. A checkpoint
//! holds the optimiser's slots and the run's state besides.

use crate::base::crc::Crc;
use crate::base::error::{Error, Result};
use crate::base::number::Plain;
use crate::engine::Parameters;
use crate::network::graph::{Graph, Param};
use crate::results::safetensors::{self, Contents, Tensor};

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

/// The file's values are little-endian, and so are all processors that this is built for: they are written as they lie.
const _: () = assert!(cfg!(target_endian = "little"));

fn tensor<'a>(prefix: &str, param: &'a Param, flat: &'a [f32]) -> Tensor<'a> {
    let (name, bytes) = (format!("{prefix}{}", param.name), bytemuck::cast_slice(&flat[param.range()]));
    Tensor { name, shape: &param.spec.shape, bytes }
}

fn tensors<'a>(graph: &'a Graph, prefix: &str, parameters: &'a Parameters) -> Vec<Tensor<'a>> {
    let flat = |param: &Param| if param.spec.trainable { &parameters.weights } else { &parameters.state };
    graph.params.iter().map(|param| tensor(prefix, param, flat(param))).collect()
}

/// The parameters as a weights file.
pub fn save(graph: &Graph, parameters: &Parameters) -> Vec<u8> {
    safetensors::write(&tensors(graph, "", parameters), &[])
}

/// Everything a run needs to go on: parameters, slots, the copies of parameters it keeps and a text of the trainer's.
pub fn save_checkpoint(
    graph: &Graph,
    parameters: &Parameters,
    copies: [Option<&Parameters>; 2],
    state: &str,
) -> Vec<u8> {
    let mut all = tensors(graph, "", parameters);
    for (i, slot) in parameters.slots.iter().enumerate() {
        let trained = graph.params.iter().filter(|param| param.spec.trainable);
        all.extend(trained.map(|param| tensor(&slot_prefix(i), param, slot)));
    }
    for (prefix, copy) in COPIES.into_iter().zip(copies) {
        all.extend(copy.map(|copy| tensors(graph, prefix, copy)).unwrap_or_default());
    }
    let mut sum = Checksum::new(state);
    for tensor in &all {
        sum.tensor(&tensor.name, tensor.bytes);
    }
    safetensors::write(&all, &[(STATE_KEY, state), (CHECKSUM_KEY, &sum.text())])
}

/// The CRC-32 of a checkpoint's state and those of its tensors, added up: in whatever order they come, a bit that falls
/// over on a disk is found.
struct Checksum(u32);

impl Checksum {
    fn new(state: &str) -> Self {
        let mut crc = Crc::new();
        crc.update(state.as_bytes());
        Self(crc.value())
    }

    fn tensor(&mut self, name: &str, data: &[u8]) {
        let mut crc = Crc::new();
        crc.update(name.as_bytes());
        crc.update(data);
        self.0 = self.0.wrapping_add(crc.value());
    }

    fn text(&self) -> String {
        format!("{:08x}", self.0)
    }
}

/// A parsed file.
pub struct File<'a>(Contents<'a>);

impl<'a> File<'a> {
    /// Parses a weights file or a checkpoint.
    ///
    /// # Errors
    /// [`Error::Weights`] where it is not a safetensors file, or a damaged one.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let contents = Contents::read(bytes).map_err(|why| {
            Error::Weights(format!(
                "this is not a whole safetensors file ({why}); choose one that Convlab or its scripts wrote, and copy it \
                 again where it is one. Received: {} bytes",
                bytes.len()
            ))
        })?;
        let file = Self(contents);
        file.check()?;
        Ok(file)
    }

    /// A checkpoint's run state.
    pub fn state(&self) -> Option<&str> {
        self.0.text(STATE_KEY)
    }

    /// Whether the file is as it was written, where it says what it was.
    fn check(&self) -> Result<()> {
        let Some(written) = self.0.text(CHECKSUM_KEY) else { return Ok(()) };
        let mut sum = Checksum::new(self.state().unwrap_or_default());
        for tensor in &self.0.tensors {
            sum.tensor(&tensor.name, tensor.bytes);
        }
        let found = sum.text();
        if found == written {
            return Ok(());
        }
        Err(Error::Weights(format!(
            "the file has changed since it was written (its checksum was {written}); take another copy. Received: {found}"
        )))
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.0.tensors.iter().map(|tensor| tensor.name.as_str())
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
        let tensor = self.0.tensor(name).ok_or_else(|| {
            let found: Vec<&str> = self.names().take(8).collect();
            Error::Weights(format!("tensor \"{name}\" is missing. Received: {}, …", found.join(", ")))
        })?;
        if tensor.dtype != "F32" || tensor.shape != shape {
            let (dtype, received) = (&tensor.dtype, &tensor.shape);
            return Err(Error::Weights(format!(
                "tensor \"{name}\" must be float32 of shape {shape:?}. Received: {dtype} {received:?}"
            )));
        }
        for (out, bytes) in out.iter_mut().zip(tensor.bytes.chunks_exact(4)) {
            *out = f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            if !out.is_finite() {
                return Err(Error::Weights(format!(
                    "tensor \"{name}\" must hold finite numbers. Received: {}",
                    Plain(f64::from(*out))
                )));
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
        let foreign = self.names().find(|name| !ours(name) && graph.param(name).is_none());
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
        if first.is_none_or(|name| self.0.tensor(&name).is_none()) {
            return Ok(None);
        }
        let mut copy = like.clone();
        self.fill(graph, prefix, &mut copy)?;
        Ok(Some(copy))
    }
}
