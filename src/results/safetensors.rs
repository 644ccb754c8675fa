//! The safetensors format (<https://github.com/huggingface/safetensors>): the length of a header (8 bytes, little-endian), the
//! header in JSON, and the tensors' values one after another without a gap.

use crate::base::document;
use serde_json::{Map, Value, json};
use std::cmp::Ordering;

/// The header's key for texts that belong to no tensor.
const METADATA: &str = "__metadata__";

/// The longest header that the format allows.
const MAX_HEADER: usize = 100_000_000;

/// A tensor of float32 values, as bytes.
pub struct Tensor<'a> {
    /// Its name.
    pub name: String,
    /// Its axes.
    pub shape: &'a [usize],
    /// Its values, row-major.
    pub bytes: &'a [u8],
}

/// A file of these tensors, and of texts by name: byte for byte what the format's own library writes.
pub fn write(tensors: &[Tensor], texts: &[(&str, &str)]) -> Vec<u8> {
    let order = order(tensors.len(), &|a, b| tensors[a].name.cmp(&tensors[b].name));
    let sorted = || order.iter().map(|&place| &tensors[place]);
    let mut header = Map::new();
    if !texts.is_empty() {
        header.insert(
            METADATA.into(),
            texts.iter().map(|(key, text)| ((*key).to_string(), Value::from(*text))).collect(),
        );
    }
    let mut end = 0;
    for Tensor { name, shape, bytes } in sorted() {
        let start = end;
        end += bytes.len();
        header.insert(name.clone(), json!({"dtype": "F32", "shape": shape, "data_offsets": [start, end]}));
    }
    let mut header = Value::Object(header).to_string().into_bytes();
    header.resize(header.len().next_multiple_of(8), b' ');
    let mut file = Vec::with_capacity(8 + header.len() + end);
    file.extend_from_slice(&(header.len() as u64).to_le_bytes());
    file.extend_from_slice(&header);
    sorted().for_each(|tensor| file.extend_from_slice(tensor.bytes));
    file
}

/// A tensor in a file.
pub struct Found<'a> {
    /// Its name.
    pub name: String,
    /// The type of its values: `F32`, …
    pub dtype: String,
    /// Its axes.
    pub shape: Vec<usize>,
    /// Its values.
    pub bytes: &'a [u8],
}

/// What a file holds.
pub struct Contents<'a> {
    /// The tensors, in the order of their values.
    pub tensors: Vec<Found<'a>>,
    texts: Map<String, Value>,
}

impl<'a> Contents<'a> {
    /// Reads a file.
    ///
    /// # Errors
    /// Where it is cut off, damaged or none.
    pub fn read(file: &'a [u8]) -> Result<Self, String> {
        let (length, rest) = file.split_first_chunk().ok_or("it is shorter than any header")?;
        let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
        if length > MAX_HEADER {
            return Err("its header is too long".into());
        }
        let (header, data) = rest.split_at_checked(length).ok_or("its header is cut off")?;
        let header = std::str::from_utf8(header).map_err(|_| "its header is no text")?;
        let Value::Object(mut header) = serde_json::from_str(header).map_err(|error| error.to_string())? else {
            return Err("its header is no object".into());
        };
        let texts = match header.remove(METADATA) {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(texts)) if texts.values().all(Value::is_string) => texts,
            Some(_) => return Err("its metadata are not texts".into()),
        };
        let entries: Vec<Entry> =
            header.iter().map(|(name, entry)| Entry::read(name, entry)).collect::<Result<_, _>>()?;
        let (mut tensors, mut rest) = (Vec::new(), data);
        for place in order(entries.len(), &|a, b| entries[a].range().cmp(&entries[b].range())) {
            let Entry { start, end, name, dtype, shape } = &entries[place];
            if *start != data.len() - rest.len() || end < start {
                return Err(format!("\"{name}\" does not lie where the one before it ends"));
            }
            let (bytes, tail) = rest.split_at_checked(end - start).ok_or("its values are cut off")?;
            let values = shape.iter().try_fold(4_usize, |values, &axis| values.checked_mul(axis));
            if dtype == "F32" && values != Some(bytes.len()) {
                return Err(format!("\"{name}\" is not as large as its shape"));
            }
            tensors.push(Found { name: name.clone(), dtype: dtype.clone(), shape: shape.clone(), bytes });
            rest = tail;
        }
        if rest.is_empty() { Ok(Self { tensors, texts }) } else { Err("bytes follow its values".into()) }
    }

    /// The tensor of this name.
    pub fn tensor(&self, name: &str) -> Option<&Found<'a>> {
        self.tensors.iter().find(|tensor| tensor.name == name)
    }

    /// The text of this name.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name)?.as_str()
    }
}

/// The places of so many things in their order: of one kind, so that there is one sort to download.
fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_unstable_by(|&a, &b| compare(a, b));
    places
}

/// What the header says of a tensor.
struct Entry {
    start: usize,
    end: usize,
    name: String,
    dtype: String,
    shape: Vec<usize>,
}

impl Entry {
    fn read(name: &str, value: &Value) -> Result<Self, String> {
        #[derive(serde::Deserialize)]
        struct Fields {
            data_offsets: [usize; 2],
            dtype: String,
            shape: Vec<usize>,
        }
        let fields: Fields = document::read(value).map_err(|wrong| format!("\"{name}\": {wrong}"))?;
        let [start, end] = fields.data_offsets;
        Ok(Self { start, end, name: name.into(), dtype: fields.dtype, shape: fields.shape })
    }

    fn range(&self) -> (usize, usize) {
        (self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};

    #[test]
    fn files_are_those_of_the_formats_own_library() {
        let values: Vec<u8> = (0..40).collect();
        let parts = [
            ("conv.kernel", vec![2, 3], &values[..24]),
            ("é\"\\\n", vec![1], &values[24..28]),
            ("a", vec![0, 3], &[][..]),
        ];
        let views = parts
            .iter()
            .map(|(name, shape, bytes)| (*name, TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap()));
        let ours = || -> Vec<Tensor> {
            parts.iter().map(|(name, shape, bytes)| Tensor { name: (*name).into(), shape, bytes }).collect()
        };
        assert_eq!(write(&ours(), &[]), serialize(views.clone(), None).unwrap());
        let file = write(&ours(), &[("state", "{\"a\": 1}")]);
        let theirs = Some([("state".to_string(), "{\"a\": 1}".to_string())].into());
        assert_eq!(file, serialize(views, theirs).unwrap());
        let read = Contents::read(&file).unwrap();
        assert_eq!(read.text("state"), Some("{\"a\": 1}"));
        for (name, tensor) in SafeTensors::deserialize(&file).unwrap().tensors() {
            let found = read.tensor(&name).unwrap();
            assert_eq!((&found.dtype[..], &found.shape[..], found.bytes), ("F32", tensor.shape(), tensor.data()));
        }
        for len in 0..file.len() {
            assert!(Contents::read(&file[..len]).is_err());
        }
        assert!(Contents::read(&[&file[..], &[0]].concat()).is_err());
    }
}
