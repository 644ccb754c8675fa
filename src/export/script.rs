//! What every script has in common: its target, its head, and how values are written in Python.

use crate::base::text::is_hidden;
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
    /// A notebook that trains in Keras 3; it takes no weights.
    Notebook,
}

impl Target {
    /// All targets.
    pub const ALL: [Self; 3] = [Self::Keras, Self::Pytorch, Self::Notebook];

    /// The target of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name)
    }

    /// `keras`, `pytorch` or `notebook`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keras => "keras",
            Self::Pytorch => "pytorch",
            Self::Notebook => "notebook",
        }
    }
}

/// A script, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// `net-1_keras.py`
    pub file_name: String,
    /// Python, or a notebook's JSON.
    pub text: String,
}

/// `net-1_keras.py`, `net-1.ipynb`
pub fn file_name(spec: &Experiment, target: Target) -> String {
    let stem = file_stem(spec);
    if target == Target::Notebook { stem + ".ipynb" } else { format!("{stem}_{}.py", target.name()) }
}

/// The most letters of an experiment's name in the name of a file, which may have 255 bytes with its ending.
const MAX_STEM: usize = 100;

/// The experiment's name in letters that any file system takes, and not too many.
pub fn file_stem(spec: &Experiment) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() || "-_".contains(letter) { letter } else { '_' };
    spec.name.chars().take(MAX_STEM).map(plain).collect()
}

/// The experiment without its layers and texts, as a Python dictionary, a key a line.
pub fn config(spec: &Experiment) -> String {
    let value = serde_json::to_value(spec).unwrap_or_default();
    let wanted = |key: &str| !["layers", "text", "title"].contains(&key);
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

/// A JSON string is a Python string: both know the same escapes. Hidden characters are escaped, too.
pub fn quoted(text: &str) -> String {
    let json = Value::String(text.into()).to_string();
    let escape = |letter: char| match u32::from(letter) {
        _ if !is_hidden(letter) => letter.into(),
        code if code <= 0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    };
    json.chars().map(escape).collect()
}

/// Text that may stand in a docstring. Python refuses a source with NUL anywhere, and other hidden characters can make it look
/// different from what it is.
pub fn docstring(text: &str) -> String {
    let visible = |letter: char| match letter {
        '\\' | '"' => '\'',
        letter if is_hidden(letter) => ' ',
        letter => letter,
    };
    text.chars().map(visible).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
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
    fn a_long_name_makes_a_file_name_that_file_systems_take() {
        let mut spec = crate::experiment::presets::find("net-1").unwrap().experiment.clone();
        spec.name = "é-".repeat(150);
        assert_eq!(file_name(&spec, Target::Keras), format!("{}_keras.py", "_-".repeat(50)));
    }

    #[test]
    fn values_are_written_as_python_writes_them() {
        let value = json!({"a": [1, 2.5, null, true, false], "b\"": "x\ny"});
        assert_eq!(python(&value), r#"{"a": [1, 2.5, None, True, False], "b\"": "x\ny"}"#);
        assert_eq!(tuple(&json!([[1, 0], [1, 0]])), "((1, 0), (1, 0))");
        assert_eq!(docstring("a \"\"\" b\\"), "a ''' b'");
        assert_eq!(
            docstring("NUL \0, escape \u{1b}[2J,\r\nlines, \u{202e}reversed"),
            "NUL , escape [2J, lines, reversed"
        );
        assert_eq!(quoted("\0\u{7f}\u{202e}\u{e0001}é"), "\"\\u0000\\u007f\\u202e\\U000e0001é\"");
    }
}
