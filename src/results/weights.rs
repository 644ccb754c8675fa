//! Weights and checkpoints as safetensors: tensors `<layer>.kernel` and so on in Keras's shapes, float32. A checkpoint
//! holds the optimiser's slots and the run's state besides.

use crate::base::error::{Error, Result};
use crate::base::number::PlainNumber;
use crate::engine::Parameters;
use crate::network::graph::{Graph, Param};
use crc32fast::Hasher;
use safetensors::tensor::{Dtype, Metadata, SafeTensors, TensorInfo, TensorView, serialize};

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

fn tensor<'a>(prefix: &str, param: &'a Param, flat: &'a [f32]) -> (String, TensorView<'a>) {
    let bytes = bytemuck::cast_slice(&flat[param.range()]);
    let view = TensorView::new(Dtype::F32, param.spec.shape.clone(), bytes);
    (format!("{prefix}{}", param.name), view.expect("a parameter has as many values as its shape says"))
}

fn tensors<'a>(graph: &'a Graph, prefix: &str, parameters: &'a Parameters) -> Vec<(String, TensorView<'a>)> {
    let flat = |param: &Param| if param.spec.trainable { &parameters.weights } else { &parameters.state };
    graph.params.iter().map(|param| tensor(prefix, param, flat(param))).collect()
}

/// A file of these tensors, and of these metadata. The library writes the metadata in no particular order.
fn write(tensors: Vec<(String, TensorView)>, metadata: Option<[(&str, &str); 2]>) -> Result<Vec<u8>> {
    let metadata = metadata.map(|texts| texts.map(|(key, text)| (key.to_string(), text.to_string())).into());
    serialize(tensors, metadata).map_err(|error| Error::Weights(format!("the file cannot be written: {error}")))
}

/// The parameters as a weights file.
///
/// # Errors
/// [`Error::Weights`] where the file's header would be longer than the format allows (100 MB).
pub fn save(graph: &Graph, parameters: &Parameters) -> Result<Vec<u8>> {
    write(tensors(graph, "", parameters), None)
}

/// The parameters of a weights file or a checkpoint, without slots.
///
/// # Errors
/// As [`File::parse`] and [`File::parameters`].
pub fn load(graph: &Graph, seed: u32, bytes: &[u8]) -> Result<Parameters> {
    let file = File::parse(bytes)?;
    let (weights, state) = graph.initial(seed);
    file.parameters(graph, &Parameters { weights, state, slots: Vec::new() })
}

/// Everything a run needs to go on: parameters, slots, the copies of parameters it keeps and a text of the trainer's.
///
/// # Errors
/// As [`save`]; the text is part of the header.
pub fn save_checkpoint(
    graph: &Graph,
    parameters: &Parameters,
    copies: [Option<&Parameters>; 2],
    state: &str,
) -> Result<Vec<u8>> {
    let mut all = tensors(graph, "", parameters);
    for (i, slot) in parameters.slots.iter().enumerate() {
        let (trained, state) = slot.split_at(graph.weights_len);
        for param in graph.params.iter().filter(|param| param.spec.trainable || !state.is_empty()) {
            let flat = if param.spec.trainable { trained } else { state };
            all.push(tensor(&slot_prefix(i), param, flat));
        }
    }
    for (prefix, copy) in COPIES.into_iter().zip(copies) {
        all.extend(copy.map(|copy| tensors(graph, prefix, copy)).unwrap_or_default());
    }
    let mut sum = Checksum::new(state);
    for (name, tensor) in &all {
        sum.tensor(name, tensor.data());
    }
    write(all, Some([(STATE_KEY, state), (CHECKSUM_KEY, &sum.text())]))
}

/// The CRC-32 of a checkpoint's state and those of its tensors, added up: in whatever order they come, a bit that falls
/// over on a disk is found.
struct Checksum(u32);

impl Checksum {
    fn new(state: &str) -> Self {
        Self(crc32fast::hash(state.as_bytes()))
    }

    fn tensor(&mut self, name: &str, data: &[u8]) {
        let mut crc = Hasher::new();
        crc.update(name.as_bytes());
        crc.update(data);
        self.0 = self.0.wrapping_add(crc.finalize());
    }

    fn text(&self) -> String {
        format!("{:08x}", self.0)
    }
}

/// A parsed file.
pub struct File<'a> {
    metadata: Metadata,
    values: &'a [u8],
}

impl<'a> File<'a> {
    /// Parses a weights file or a checkpoint.
    ///
    /// # Errors
    /// [`Error::Weights`] where it is not a safetensors file, or a damaged one.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        let (header, metadata) = SafeTensors::read_metadata(bytes).map_err(|why| {
            Error::Weights(format!(
                "this is not a whole safetensors file ({why}); choose one that Convlab or its scripts wrote, and copy it \
                 again where it is one. Received: {} bytes",
                bytes.len()
            ))
        })?;
        // The length of the header stands before it.
        let file = Self { metadata, values: &bytes[size_of::<u64>() + header..] };
        file.check()?;
        Ok(file)
    }

    /// A checkpoint's run state.
    pub fn state(&self) -> Option<&str> {
        self.text(STATE_KEY)
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.metadata.metadata().as_ref()?.get(key).map(String::as_str)
    }

    fn bytes(&self, tensor: &TensorInfo) -> &'a [u8] {
        &self.values[tensor.data_offsets.0..tensor.data_offsets.1]
    }

    /// Whether the file is as it was written, where it says what it was.
    fn check(&self) -> Result<()> {
        let Some(written) = self.text(CHECKSUM_KEY) else { return Ok(()) };
        let mut sum = Checksum::new(self.state().unwrap_or_default());
        for (name, tensor) in self.metadata.tensors() {
            sum.tensor(&name, self.bytes(tensor));
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
        let tensor = self.metadata.info(name).ok_or_else(|| {
            let found: Vec<String> = self.metadata.offset_keys().into_iter().take(8).collect();
            Error::Weights(format!("tensor \"{name}\" is missing. Received: {}, …", found.join(", ")))
        })?;
        if tensor.dtype != Dtype::F32 || tensor.shape != shape {
            let (dtype, received) = (tensor.dtype, &tensor.shape);
            return Err(Error::Weights(format!(
                "tensor \"{name}\" must be float32 of shape {shape:?}. Received: {dtype} {received:?}"
            )));
        }
        for (out, bytes) in out.iter_mut().zip(self.bytes(tensor).as_chunks().0) {
            *out = f32::from_le_bytes(*bytes);
            if !out.is_finite() {
                return Err(Error::Weights(format!(
                    "tensor \"{name}\" must hold finite numbers. Received: {}",
                    PlainNumber(f64::from(*out))
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
        let names = self.metadata.offset_keys();
        let foreign = names.iter().find(|name| !ours(name) && graph.param(name).is_none());
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
            let (trained, state) = parameters.slots[i].split_at_mut(graph.weights_len);
            let has_state = !state.is_empty();
            for param in graph.params.iter().filter(|param| param.spec.trainable || has_state) {
                let flat = if param.spec.trainable { &mut *trained } else { &mut *state };
                let name = format!("{}{}", slot_prefix(i), param.name);
                self.copy(&name, &param.spec.shape, &mut flat[param.range()])?;
            }
        }
        Ok((parameters, [self.kept(graph, COPIES[0], like)?, self.kept(graph, COPIES[1], like)?]))
    }

    fn kept(&self, graph: &Graph, prefix: &str, like: &Parameters) -> Result<Option<Parameters>> {
        let first = graph.params.first().map(|param| format!("{prefix}{}", param.name));
        if first.is_none_or(|name| self.metadata.info(&name).is_none()) {
            return Ok(None);
        }
        let mut copy = like.clone();
        self.fill(graph, prefix, &mut copy)?;
        Ok(Some(copy))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_cut_off_or_goes_on_is_refused() {
        let values = [1.0_f32, 2.0, 3.0];
        let view = TensorView::new(Dtype::F32, vec![3, 1], bytemuck::cast_slice(&values)).unwrap();
        let state = "{\"é\\\"\": 1}";
        let file = write(vec![("a.kernel".into(), view)], Some([(STATE_KEY, state), ("other", "\n")])).unwrap();
        assert_eq!(File::parse(&file).unwrap().state(), Some(state));
        for len in 0..file.len() {
            assert!(File::parse(&file[..len]).is_err(), "{len} of {} bytes", file.len());
        }
        assert!(File::parse(&[&file[..], &[0]].concat()).is_err());
    }

    #[test]
    fn a_header_that_contradicts_itself_is_refused() {
        let refused = |header: &str| {
            let file = [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &[0; 8]].concat();
            File::parse(&file).err().unwrap_or_else(|| panic!("{header} is taken")).to_string()
        };
        let one = |dtype: &str, shape: &str, from: usize, to: usize| {
            format!(r#"{{"a": {{"dtype": "{dtype}", "shape": {shape}, "data_offsets": [{from}, {to}]}}}}"#)
        };
        assert!(refused(&one("F33", "[2]", 0, 8)).contains("`F33`"));
        assert!(refused(&one("F32", "[2]", 4, 8)).contains("`a`"), "a gap");
        assert!(refused(&one("F32", "[3]", 0, 8)).contains("shape"));
        assert!(refused(&one("F32", "[4294967295, 4294967295, 4294967295]", 0, 8)).contains("overflow"));
        assert!(refused(&one("F32", "[1]", 0, 4)).contains("not fully covered"));
        assert!(refused(&one("F32", "[4]", 0, 16)).contains("not fully covered"));
    }
}
