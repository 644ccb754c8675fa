//! The cell that fetches the images and labels, and prepares them.

use super::values::float;
use crate::base::document;
use crate::experiment::{Experiment, LabelMode, LossKind};
use crate::export::script::{python, quoted};
use serde_json::Value;

/// Whether labels are one-hot vectors: where the document says so, and for losses that Keras has for these alone.
pub fn is_one_hot(spec: &Experiment) -> bool {
    let smooths =
        document::fields(spec).get("label_smoothing").and_then(Value::as_f64).is_some_and(|share| share != 0.0);
    spec.loss != LossKind::SparseCategoricalCrossentropy || smooths
}

/// The sets that Keras fetches.
const FETCHED: [&str; 4] = ["mnist", "fashion_mnist", "cifar10", "cifar100"];

/// Where the data comes from, if the student has to fetch it.
pub fn source(spec: &Experiment) -> Option<String> {
    let (name, [h, w, c]) = (spec.dataset.full_name(), spec.input_shape);
    match spec.dataset.name.as_str() {
        name if FETCHED.contains(&name) => None,
        "images" => Some(
            "Put your images into the folder `images` beside this notebook (in Colab: the panel *Files*): a folder for each \
             class, in `images/train` and in `images/test`."
                .into(),
        ),
        "synthetic_digits" | "synthetic_objects" => Some(format!(
            "Convlab draws these images itself; Keras cannot. `keras.datasets.{}.load_data()` gives real images of the same \
             size: put it in place of the function's call below. Or put your own beside this notebook, in the file \
             `{name}.npz`, with `x_train`, `y_train`, `x_test` and `y_test`: images of {h} × {w} × {c}, from 0 to 255.",
            if c == 1 { "mnist" } else { "cifar10" }
        )),
        _ => Some(format!(
            "Keras does not fetch {name}. Put it beside this notebook (in Colab: the panel *Files*) as `{}`, with the arrays \
             `x_train`, `y_train`, `x_test` and `y_test`: images of {h} × {w} × {c}, from 0 to 255.",
            file(spec)
        )),
    }
}

/// `emnist-letters.npz`
fn file(spec: &Experiment) -> String {
    spec.dataset.full_name().replace('/', "-") + ".npz"
}

/// Writes it.
pub fn cell(spec: &Experiment, classes: usize) -> String {
    let dataset = &spec.dataset;
    let name = dataset.name.as_str();
    let (mut text, [height, width, channels]) = (load(spec), spec.input_shape);
    for (part, limit) in dataset.limit.iter().flat_map(|limit| [("train", limit.train), ("test", limit.test)]) {
        if let Some(limit) = limit {
            text += &format!("x_{part}, y_{part} = x_{part}[:{limit}], y_{part}[:{limit}]\n");
        }
    }
    if let Some(merged) = &dataset.merge_classes {
        let count = merged.iter().flatten().map(|class| usize::from(*class) + 1).max().unwrap_or(0);
        let of = |class: usize| merged.iter().position(|list| list.contains(&(class as u8))).unwrap_or(0);
        let table: Vec<usize> = (0..count).map(of).collect();
        text += &format!("merged = np.array({table:?})  # the new class of each class\n");
        text += "y_train, y_test = merged[y_train], merged[y_test]\n";
    }
    let shape = match name {
        name if !FETCHED.contains(&name) => format!(".reshape(-1, {height}, {width}, {channels})"),
        _ if channels == 1 => "[..., None]".into(),
        _ => String::new(),
    };
    for part in ["train", "test"] {
        text += &format!("x_{part} = x_{part}{shape}.astype(\"float32\") / 255\n");
    }
    if is_one_hot(spec) {
        for part in ["train", "test"] {
            text += &format!("y_{part} = keras.utils.to_categorical(y_{part}, {classes})\n");
        }
    }
    text.trim_end().into()
}

/// The call that fetches the data, and where Keras has none, a function.
fn load(spec: &Experiment) -> String {
    let dataset = &spec.dataset;
    match dataset.name.as_str() {
        name if FETCHED.contains(&name) => {
            let mode = if dataset.label_mode == Some(LabelMode::Coarse) { "label_mode=\"coarse\"" } else { "" };
            format!("(x_train, y_train), (x_test, y_test) = keras.datasets.{name}.load_data({mode})\n")
        }
        "images" => {
            let fields = crate::base::document::fields(dataset);
            let [height, width, channels] = spec.input_shape;
            let or =
                |key: &str, other: Value| fields.get(key).filter(|value| !value.is_null()).cloned().unwrap_or(other);
            let mode = or("color_mode", if channels == 1 { "grayscale" } else { "rgb" }.into());
            let size = dataset.image_size.unwrap_or([height, width]);
            let options = format!(
                "image_size=({}, {}), color_mode={}, interpolation={}, crop_to_aspect_ratio={}",
                size[0],
                size[1],
                python(&mode),
                python(&or("interpolation", "bilinear".into())),
                python(&or("crop_to_aspect_ratio", false.into()))
            );
            format!(
                "def read(folder):\n    \"\"\"The images and labels below a folder, in an order that mixes the classes.\"\"\"\n    \
                 data = keras.utils.image_dataset_from_directory(\n        folder, batch_size=None, shuffle=False, {options}\n    \
                 )\n    x, y = zip(*data.as_numpy_iterator())\n    order = np.random.default_rng({}).permutation(len(y))\n    \
                 return np.stack(x)[order], np.array(y)[order]\n\n\n\
                 (x_train, y_train), (x_test, y_test) = read(\"images/train\"), read(\"images/test\")\n",
                spec.seed
            )
        }
        _ => format!(
            "def read(file):\n    \"\"\"The training and the test images of an .npz file, with their labels.\"\"\"\n    \
             with np.load(file) as data:\n        \
             return (data[\"x_train\"], data[\"y_train\"]), (data[\"x_test\"], data[\"y_test\"])\n\n\n\
             (x_train, y_train), (x_test, y_test) = read({})\n",
            quoted(&file(spec))
        ),
    }
}

/// The number of training images, without those of validation, as an expression.
pub fn training_images(spec: &Experiment) -> String {
    match spec.dataset.validation {
        Some(crate::experiment::Validation::Split(split)) => {
            format!("int(len(x_train) * (1 - {}))", float(split.split))
        }
        _ => "len(x_train)".into(),
    }
}
