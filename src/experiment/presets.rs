//! The experiments that are included in Convlab: the documents under `presets/`, parsed once.

use crate::base::error::{Error, Result};
use crate::experiment::{COST_SHEET_DATA, Experiment};
use serde::Serialize;
use std::sync::LazyLock;

const DOCUMENTS: [&str; 14] = [
    include_str!("presets/mnist-10.json"),
    include_str!("presets/mnist-4.json"),
    include_str!("presets/mnist-10-better.json"),
    include_str!("presets/maxnorm.json"),
    include_str!("presets/conv-only.json"),
    include_str!("presets/conv-pool.json"),
    include_str!("presets/net-1.json"),
    include_str!("presets/net-2.json"),
    include_str!("presets/net-3.json"),
    include_str!("presets/net-x.json"),
    include_str!("presets/plain-18.json"),
    include_str!("presets/residual-18.json"),
    include_str!("presets/mobile-18.json"),
    include_str!("presets/alexnet.json"),
];

/// Further experiments, some of which have words of the extended vocabulary.
#[cfg(feature = "extended")]
const FURTHER: &[&str] = &[
    include_str!("presets/lenet-5.json"),
    include_str!("presets/resnet-20.json"),
    include_str!("presets/vgg-small.json"),
    include_str!("presets/inception-mini.json"),
    include_str!("presets/mnist-99.json"),
    include_str!("presets/cifar10-quick.json"),
    include_str!("presets/cifar10-fast.json"),
];
#[cfg(not(feature = "extended"))]
const FURTHER: &[&str] = &[];

fn documents() -> impl Iterator<Item = &'static &'static str> {
    DOCUMENTS.iter().chain(FURTHER)
}

static PRESETS: LazyLock<Vec<Preset>> = LazyLock::new(|| {
    let preset = |json: &&'static str| {
        let experiment = Experiment::from_json(json).expect("the test below reads every document");
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        let (id, title, text) = (experiment.name.clone(), text(&experiment.title), text(&experiment.text));
        Preset { id, title, text, trainable: check_trainable(&experiment).is_ok(), experiment, json }
    };
    documents().map(preset).collect()
});

/// An included experiment.
#[derive(Debug, Serialize)]
pub struct Preset {
    /// The experiment's name, such as `net-1`.
    pub id: String,
    /// A title for the reader.
    pub title: String,
    /// Markdown: the question, what to look for, what was found.
    pub text: String,
    /// False for an experiment that is only a cost sheet.
    pub trainable: bool,
    /// The experiment.
    pub experiment: Experiment,
    /// The JSON document.
    #[serde(skip)]
    pub json: &'static str,
}

/// All presets, in the order of the course.
pub fn list() -> &'static [Preset] {
    &PRESETS
}

/// The preset called `id`.
///
/// # Errors
/// [`Error::Spec`] if there is none; it suggests the preset with the most similar name.
pub fn find(id: &str) -> Result<&'static Preset> {
    list().iter().find(|preset| preset.id == id).ok_or_else(|| {
        let near = list().iter().map(|preset| (distance(&preset.id, id), preset)).min_by_key(|(distance, _)| *distance);
        let hint = match near {
            Some((distance, preset)) if distance <= 3 => format!("; did you mean \"{}\"?", preset.id),
            _ => String::from(";"),
        };
        let ids: Vec<&str> = list().iter().map(|preset| preset.id.as_str()).collect();
        Error::Spec(format!("there is no preset of this name{hint} There are {}. Received: \"{id}\"", ids.join(", ")))
    })
}

/// Refuses to train an experiment that is only a cost sheet.
///
/// # Errors
/// [`Error::Spec`] if it is one; the message says what to do instead.
pub fn check_trainable(experiment: &Experiment) -> Result<()> {
    if experiment.dataset.name != COST_SHEET_DATA {
        return Ok(());
    }
    Err(Error::Spec(format!(
        "\"{}\" is a cost sheet: Convlab does not read the images of ImageNet, so it can be counted (summary, cost) but \
         not trained. Choose another dataset and input_shape to train such a network. Received: dataset \
         \"{COST_SHEET_DATA}\"",
        experiment.name
    )))
}

/// The Levenshtein distance: the number of letters to insert, delete or replace to get from `a` to `b`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, other) in b.iter().enumerate() {
            let replaced = corner + usize::from(letter != *other);
            corner = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_reads_and_names_itself() {
        for (json, preset) in documents().zip(list()) {
            let experiment = Experiment::from_json(json).unwrap();
            assert_eq!(experiment.name, preset.id);
            assert!(preset.text.contains("**Question.**") && preset.text.contains("**Look for.**"), "{}", preset.id);
            assert!(!preset.title.is_empty(), "{}", preset.id);
        }
    }

    #[test]
    fn an_unknown_name_gets_a_hint() {
        let error = find("net1").unwrap_err().to_string();
        assert!(error.contains("did you mean \"net-1\"?") && error.contains("Received: \"net1\""), "{error}");
        assert!(!find("something else").unwrap_err().to_string().contains("did you mean"));
        assert_eq!((distance("", "abc"), distance("kitten", "sitting"), distance("net-1", "net-1")), (3, 3, 0));
    }

    #[test]
    fn only_the_cost_sheet_cannot_be_trained() {
        let not: Vec<&str> =
            list().iter().filter(|preset| !preset.trainable).map(|preset| preset.id.as_str()).collect();
        assert_eq!(not, ["alexnet"]);
        let error = check_trainable(&find("alexnet").unwrap().experiment).unwrap_err();
        assert!(error.to_string().contains("cost sheet"), "{error}");
    }
}
