//! `evaluate` and `predict`: saved weights on the test set.

use super::args::{DataArg, EngineArg, EngineName, ExperimentArg};
use super::number::whole;
use super::train::{averaged, class_table, in_file, limit};
use super::{output, session};
use crate::base::error::Result;
use crate::base::text::plain;
use crate::engine::Source;
use crate::experiment::TestTimeAugmentation;
use crate::results::curves::Curves;
use crate::train::Trainer;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// Arguments of both commands.
#[derive(Debug, Args)]
struct Saved {
    #[command(flatten)]
    experiment: ExperimentArg,
    /// The weights (safetensors, also a checkpoint)
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    #[command(flatten)]
    data: DataArg,
    #[command(flatten)]
    engine: EngineArg,
    /// Use only the first N test images
    #[arg(long, value_name = "N", value_parser = whole::<usize>)]
    test_limit: Option<usize>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct EvaluateArgs {
    #[command(flatten)]
    saved: Saved,
    /// Average the logits over views of each image, instead of as the experiment says: flip (the image and its mirror image) or
    /// flip+shift (also both shifted by a pixel)
    #[arg(long, value_name = "VIEWS")]
    tta: Option<TestTimeAugmentation>,
}

#[derive(Debug, Args)]
pub struct PredictArgs {
    #[command(flatten)]
    saved: Saved,
    /// Index of the test image, counted from 0
    #[arg(long, value_name = "I", value_parser = whole::<usize>)]
    index: usize,
}

impl Saved {
    async fn trainer(&self, engine: EngineName, tta: Option<TestTimeAugmentation>) -> Result<Trainer> {
        let mut spec = session::experiment(&self.experiment.experiment)?;
        spec.test_time_augmentation = tta.or(spec.test_time_augmentation);
        spec.dataset.limit = limit(spec.dataset.limit, None, self.test_limit);
        let bytes = output::read_weights(&self.weights)?;
        let data = session::data(&spec, self.data.data.as_deref())?;
        let mut trainer = session::trainer(spec, data, engine, true).await?;
        trainer.load_weights(&bytes).await.map_err(|error| in_file(error, Some(&self.weights)))?;
        Ok(trainer)
    }
}

/// `convlab evaluate`
///
/// # Errors
/// Of the experiment, the data and the weights' file, and of the engine.
pub async fn evaluate(args: &EvaluateArgs) -> Result<()> {
    let mut trainer = args.saved.trainer(args.saved.engine.engine, args.tta).await?;
    let (loss, evaluation) = trainer.evaluate().await?;
    let info = trainer.info();
    if !args.saved.json {
        return output::text(&format!(
            "test loss {loss:.4}, test accuracy {:.4}{}\n{}",
            evaluation.accuracy(),
            averaged(trainer.spec().test_time_augmentation),
            class_table(&evaluation.confusion, &info.classes)
        ));
    }
    let classes = info.classes.len();
    let curves = Curves::new(&trainer.predictions(true).await?, classes)?;
    let info = trainer.info();
    let mut line = json!({
        "event": "evaluate", "test_loss": loss, "test_accuracy": evaluation.accuracy(),
        "test_top_5_accuracy": evaluation.top_5_accuracy(), "confusion": evaluation.confusion,
        "classes": info.classes, "scores": evaluation.classes(), "curves": curves, "engine": info.engine,
        "device": info.device,
    });
    if let Some(kind) = trainer.spec().test_time_augmentation {
        line["test_time_augmentation"] = kind.name().into();
    }
    output::json(&line)
}

/// `convlab predict`
///
/// # Errors
/// As [`evaluate`]; [`Error::Data`](crate::Error::Data) where there is no such test image.
pub async fn predict(args: &PredictArgs) -> Result<()> {
    // Measuring both engines would take longer than one prediction.
    let engine = if args.saved.engine.engine == EngineName::Auto { EngineName::Cpu } else { args.saved.engine.engine };
    let mut trainer = args.saved.trainer(engine, None).await?;
    let prediction = trainer.predict(Source::Test, args.index).await?;
    if args.saved.json {
        return output::json(&prediction);
    }
    let classes = &trainer.info().classes;
    let name = |class: usize| classes.get(class).map_or_else(|| class.to_string(), |name| plain(name).into_owned());
    let mut order: Vec<usize> = (0..prediction.probabilities.len()).collect();
    order.sort_by(|&a, &b| prediction.probabilities[b].total_cmp(&prediction.probabilities[a]));
    let mut text =
        format!("image {}: {} (it is {})\n", prediction.index, name(prediction.predicted), name(prediction.label));
    for class in order.into_iter().take(10) {
        text += &format!("{:>9.6}  {}\n", prediction.probabilities[class], name(class));
    }
    output::text(&text)
}
