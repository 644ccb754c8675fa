//! What every script has in common: its target, its head, and how values are written in Python.

use crate::experiment::Experiment;
use crate::network::graph::Graph;
use crate::network::names::INPUT;
use serde_json::Value;

/// Reading files and printing predictions, for both.
pub const COMMON: &str = include_str!("common.py");

/// The framework to leave for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Keras 3, on any of its backends.
    Keras,
    /// PyTorch, which can train on under `torchrun`.
    Pytorch,
}

impl Target {
    /// `keras` or `pytorch`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keras => "keras",
            Self::Pytorch => "pytorch",
        }
    }
}

/// A script, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// `net-1_keras.py`
    pub file_name: String,
    /// Python.
    pub text: String,
}

/// `net-1_keras.py`
pub fn file_name(spec: &Experiment, target: Target) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || "-_".contains(letter) { letter } else { '_' };
    format!("{}_{}.py", spec.name.chars().map(plain).collect::<String>(), target.name())
}

/// The experiment without its layers and texts, as a Python dictionary, a key a line.
pub fn config(spec: &Experiment) -> String {
    let value = serde_json::to_value(spec).unwrap_or_default();
    let wanted = |key: &str| !["layers", "text", "title", "early_stopping", "model_checkpoint"].contains(&key);
    let lines = value.as_object().into_iter().flatten().filter(|(key, _)| wanted(key));
    let lines: String = lines.map(|(key, value)| format!("    {}: {},\n", quoted(key), python(value))).collect();
    format!("CONFIG = {{\n{lines}}}\n")
}

/// A JSON value as Python writes it.
pub fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(python).collect::<Vec<_>>().join(", ")),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| format!("{}: {}", quoted(key), python(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}

/// A JSON string is a Python string: both know the same escapes.
pub fn quoted(text: &str) -> String {
    Value::String(text.into()).to_string()
}

/// Text that may stand in a docstring.
pub fn plain(text: &str) -> String {
    text.replace(['\\', '"'], "'").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name of the tensor that a layer reads.
pub fn tensor_name(graph: &Graph, tensor: usize) -> &str {
    tensor.checked_sub(1).map_or(INPUT, |node| &graph.nodes[node].name)
}

/// A list as a tuple, anything else as it is.
pub fn tuple(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("({})", items.iter().map(tuple).collect::<Vec<_>>().join(", ")),
        other => python(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_written_as_python_writes_them() {
        let value = json!({"a": [1, 2.5, null, true, false], "b\"": "x\ny"});
        assert_eq!(python(&value), r#"{"a": [1, 2.5, None, True, False], "b\"": "x\ny"}"#);
        assert_eq!(tuple(&json!([[1, 0], [1, 0]])), "((1, 0), (1, 0))");
        assert_eq!(plain("a \"\"\" b\\"), "a ''' b'");
    }
}
