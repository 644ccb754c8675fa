//! What a submission says of its engines. It gives no rights: it can only exclude a run.

use super::Submission;

/// An engine and a build, as a file names them.
type Place<'a> = (&'a str, &'a str);

impl Submission {
    /// Whether the file says that a GPU took part.
    pub fn used_gpu(&self) -> bool {
        self.places().iter().any(|(engine, _)| *engine == "gpu")
    }

    /// Whether the file says that the run moved between engines.
    pub fn moved(&self) -> bool {
        self.places().windows(2).any(|pair| pair[0].0 != pair[1].0)
    }

    /// Whether the file says that the run moved between builds.
    pub fn moved_between_builds(&self) -> bool {
        self.places().windows(2).any(|pair| pair[0].1 != pair[1].1)
    }

    /// The engines and builds that computed the run's figures, in order. Steps that were done over elsewhere are not among them.
    pub fn places(&self) -> Vec<Place<'_>> {
        let history = &self.history;
        // Each part with its first step; the current one begins at `from`.
        let mut parts: Vec<(usize, Place)> = Vec::new();
        let mut from = 0;
        for one in &history.interruptions {
            let end = one.step.saturating_sub(one.repeated);
            while parts.pop_if(|(first, _)| *first >= end).is_some() {}
            // Earlier versions name the engine in the message only.
            let named = if one.message.contains("GPU") { "gpu" } else { &history.engine };
            let place = (one.engine.as_deref().unwrap_or(named), one.build.as_deref().unwrap_or(&history.build));
            if from < end {
                parts.push((from, place));
            }
            from = end;
        }
        let last = [(&*history.engine, &*history.build), (&*self.test.engine, &*self.test.build)];
        parts.into_iter().map(|(_, place)| place).chain(last).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// The engines of a run that ended on the CPU, from its interruptions: step, repeated steps and engine.
    fn engines(interruptions: &[(usize, usize, Option<&str>, &str)]) -> String {
        let interruptions: Vec<Value> = interruptions
            .iter()
            .map(|(step, repeated, engine, message)| {
                json!({"step": step, "repeated": repeated, "engine": engine, "message": message, "build": "simd128"})
            })
            .collect();
        let submission: Submission = serde_json::from_value(json!({
            "format": "convlab submission 1", "version": "1", "date": "", "experiment": {}, "weights_sha256": "",
            "data": {"name": "", "title": "", "train": 1, "test": 1, "sha256": ""},
            "history": {"epochs": [], "learning_rates": [], "engine": "cpu", "device": "", "build": "simd128", "seed": 0,
                "interruptions": interruptions},
            "test": {"test_loss": 1.0, "test_accuracy": 0.5, "test_top_5_accuracy": 1.0, "confusion": [], "engine": "cpu",
                "device": "", "build": "simd128", "images_per_s": 1.0, "seconds": 1.0, "stopped_early": false},
        }))
        .unwrap();
        let places: Vec<&str> = submission.places().into_iter().map(|(engine, _)| engine).collect();
        assert_eq!(submission.used_gpu(), places.contains(&"gpu"));
        assert_eq!(submission.moved(), places.contains(&"gpu"));
        assert!(!submission.moved_between_builds());
        places.join(" ")
    }

    #[test]
    fn the_steps_that_count_decide_and_not_those_that_were_done_over() {
        let (gpu, cpu) = (Some("gpu"), Some("cpu"));
        assert_eq!(engines(&[]), "cpu cpu");
        assert_eq!(engines(&[(5, 2, gpu, "")]), "gpu cpu cpu");
        assert_eq!(engines(&[(5, 5, gpu, "")]), "cpu cpu");
        // It went on from step 6 on a GPU, which was lost at once, or later.
        assert_eq!(engines(&[(6, 0, cpu, ""), (9, 3, gpu, "")]), "cpu cpu cpu");
        assert_eq!(engines(&[(6, 0, cpu, ""), (9, 2, gpu, "")]), "cpu gpu cpu cpu");
        // All that the GPU did was repeated in the end.
        assert_eq!(engines(&[(9, 4, gpu, ""), (6, 6, cpu, "")]), "cpu cpu");
        assert_eq!(engines(&[(5, 2, None, "The GPU failed"), (7, 9, None, "")]), "cpu cpu");
        assert_eq!(engines(&[(5, 2, None, "The GPU failed"), (7, 1, None, "a worker")]), "gpu cpu cpu cpu");
    }
}
