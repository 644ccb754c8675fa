//! ONNX files that Convlab wrote. The experiment stands in the file's metadata; its network must be, operator by operator, the one
//! in the file, whose weights are taken.

use super::imported::{Imported, Unsupported, refused};
use super::network::{Tensor, checked_len, weights};
use crate::base::error::Result;
use crate::engine::Parameters;
use crate::experiment::Experiment;
use crate::export::layout::{inverse, permuted};
use crate::export::onnx::{EXPERIMENT_KEY, network, proto};
use crate::network::graph::Graph;
use prost::Message;
use std::collections::{HashMap, HashSet};

/// The most bytes of a file apart from its weights. A network of a thousand layers has less than one million.
const MAX_STRUCTURE: usize = 8 << 20;

/// The most foreign operators that are listed.
const MAX_LISTED: usize = 100;

/// Reads a file.
///
/// # Errors
/// [`Error::Import`](crate::Error::Import) where it is no ONNX file, or none that Convlab wrote.
pub fn read(bytes: &[u8]) -> Result<Imported> {
    let structure =
        structure(bytes).ok_or_else(|| refused("this is no ONNX file, or a damaged one; export it again"))?;
    if structure > MAX_STRUCTURE {
        let most = MAX_STRUCTURE >> 20;
        return Err(refused(format!(
            "an ONNX file may have {most} MB besides its weights. Received: {structure} bytes"
        )));
    }
    let model = proto::Model::decode(bytes).map_err(|error| refused(format!("this is no ONNX file ({error})")))?;
    let file = model.graph.ok_or_else(|| refused("this ONNX file has no network"))?;
    let experiment = model.metadata_props.iter().find(|entry| entry.key == EXPERIMENT_KEY);
    let Some(experiment) = experiment else {
        return Err(refused(format!(
            "this ONNX file does not say which experiment it is of; files that Convlab exports do. Received: a file of \
             \"{}\" with {}",
            model.producer_name,
            operators(&file)
        )));
    };
    let experiment = Experiment::from_json(&experiment.value)?;
    let graph = Graph::new(&experiment)?;
    let (trained, state) = graph.initial(0);
    let expected = network(&experiment, &graph, &Parameters { weights: trained, state, slots: Vec::new() });
    let parameters = expected.parameters;
    let expected = expected.model.graph.unwrap_or_default();
    let unsupported = differences(&file, &expected);
    if !unsupported.is_empty() {
        return Ok(Imported { experiment, weights: None, unsupported, matched: Vec::new() });
    }
    let stored: HashMap<&str, &proto::Tensor> =
        file.initializer.iter().map(|tensor| (tensor.name.as_str(), tensor)).collect();
    let read: HashSet<&str> = parameters.iter().map(|(_, name, _)| name.as_str()).collect();
    for constant in expected.initializer.iter().filter(|tensor| !read.contains(tensor.name.as_str())) {
        if stored.get(constant.name.as_str()) != Some(&constant) {
            return Err(refused(format!(
                "the constant \"{}\" is not what Convlab writes; export again",
                constant.name
            )));
        }
    }
    let mut tensors: HashMap<usize, Tensor> = HashMap::new();
    for (index, name, axes) in parameters {
        let tensor = stored.get(name.as_str()).ok_or_else(|| refused(format!("the weights \"{name}\" are missing")))?;
        let (shape, values) = values(tensor)?;
        let shape_in_file = axes.iter().map(|&axis| graph.params[index].spec.shape[axis]).collect::<Vec<_>>();
        if !axes.is_empty() && shape != shape_in_file {
            return Err(refused(format!(
                "the weights \"{name}\" must have shape {shape_in_file:?}. Received: {shape:?}"
            )));
        }
        let (shape, values) = permuted(&shape, &values, &inverse(axes));
        tensors.insert(index, Tensor { shape, values });
    }
    let layers: Vec<Vec<Tensor>> = graph
        .nodes
        .iter()
        .map(|node| node.params.clone().filter_map(|index| tensors.remove(&index)).collect())
        .collect();
    let weights = weights(&graph, |index, _| Some(&layers[index]))?;
    Ok(Imported { experiment, weights: Some(weights), unsupported: Vec::new(), matched: Vec::new() })
}

/// The operators of a network, each once.
fn operators(graph: &proto::Graph) -> String {
    let mut seen = HashSet::new();
    let names = graph.node.iter().map(|node| node.op_type.as_str()).filter(|name| seen.insert(*name));
    let names: Vec<String> =
        names.take(40).map(|name| name.chars().filter(|c| !c.is_control()).take(40).collect()).collect();
    if names.is_empty() { "no operators".into() } else { format!("the operators {}", names.join(", ")) }
}

/// The operators of a file that are not those of its experiment.
fn differences(file: &proto::Graph, expected: &proto::Graph) -> Vec<Unsupported> {
    let short = |text: &str| text.chars().filter(|c| !c.is_control()).take(100).collect::<String>();
    let count = file.node.len().max(expected.node.len());
    let differing = (0..count).filter(|&index| file.node.get(index) != expected.node.get(index));
    let listed = differing.take(MAX_LISTED).map(|index| match file.node.get(index) {
        Some(node) => Unsupported {
            place: format!("operator {}", short(&node.name)),
            what: format!("{}, which is not as in the experiment", short(&node.op_type)),
        },
        None => Unsupported {
            place: format!("operator {}", short(&expected.node[index].name)),
            what: format!("{}, which is missing", short(&expected.node[index].op_type)),
        },
    });
    listed.collect()
}

fn values(tensor: &proto::Tensor) -> Result<(Vec<usize>, Vec<f32>)> {
    let name = &tensor.name;
    let shape: Vec<usize> = tensor.dims.iter().map(|&size| usize::try_from(size).unwrap_or(usize::MAX)).collect();
    let length = checked_len(name, &shape)?;
    let raw = tensor.raw_data.as_deref().unwrap_or_default();
    if tensor.data_type != proto::FLOAT || tensor.data_location != 0 || raw.len() != 4 * length {
        return Err(refused(format!("the weights \"{name}\" must be {length} float32 values in the file itself")));
    }
    Ok((shape, raw.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()))
}

/// The bytes of a file apart from the values of its tensors, by the lengths that its fields have; none where a field is cut short.
/// Messages of a few bytes each take many times as much memory once they are read.
fn structure(bytes: &[u8]) -> Option<usize> {
    const GRAPH: usize = 7;
    const INITIALIZER: usize = 5;
    const VALUES: [usize; 3] = [4, 7, 9];
    let mut total = 0;
    each_field(bytes, |field, contents| {
        if field != GRAPH {
            total += contents.len() + 1;
            return Some(());
        }
        each_field(contents, |field, contents| {
            if field != INITIALIZER {
                total += contents.len() + 1;
                return Some(());
            }
            each_field(contents, |field, contents| {
                total += if VALUES.contains(&field) { 1 } else { contents.len() + 1 };
                Some(())
            })
        })
    })?;
    Some(total)
}

/// Visits the fields of a message: number and contents, which are empty for numbers.
fn each_field<'a>(mut bytes: &'a [u8], mut visit: impl FnMut(usize, &'a [u8]) -> Option<()>) -> Option<()> {
    while !bytes.is_empty() {
        let key = prost::decode_length_delimiter(&mut bytes).ok()?;
        let length = match key & 7 {
            0 => {
                prost::decode_length_delimiter(&mut bytes).ok()?;
                0
            }
            1 => 8,
            2 => prost::decode_length_delimiter(&mut bytes).ok()?,
            5 => 4,
            _ => return None,
        };
        let (contents, rest) = bytes.split_at_checked(length)?;
        visit(key >> 3, contents)?;
        bytes = rest;
    }
    Some(())
}
