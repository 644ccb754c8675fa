//! An assignment as a card shows it to a student.

use super::assignment::{AllowedBuild, Assignment};
use super::rubric::Question;
use crate::base::document;
use crate::base::error::{Error, Result};
use crate::base::text::{plain, shortened};
use crate::engine::choose::Choice;
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use ts_rs::TS;

/// The most characters of a name in a message.
const SHOWN: usize = 80;

/// What a card needs to know.
#[derive(Debug, Clone, Serialize, TS)]
#[ts(optional_fields = nullable)]
pub struct Assigned {
    /// The title.
    pub title: String,
    /// The experiment, with the student's seed once there is a name.
    #[ts(type = "Experiment")]
    pub experiment: Value,
    /// Whether the seed follows from the student's name.
    pub has_own_seeds: bool,
    /// The engine to train on.
    pub engine: Choice,
    /// Whether to train on the portable build.
    pub portable: bool,
    /// Whether the check is exact to the last bit.
    pub exact: bool,
    /// The deadline in seconds of Unix time.
    #[ts(type = "number")]
    pub deadline: Option<i64>,
    /// The options of the experiment that the student may change.
    pub may_change: Vec<String>,
    /// The questions, without their answers.
    pub questions: Vec<Question>,
    /// Whether a guess gives points.
    pub asks_guess: bool,
}

impl Assigned {
    /// The assignment of a student, or of any while there is no name.
    ///
    /// # Errors
    /// [`Error::Submission`] if no run here can be handed in for it, or none of this name.
    pub fn new(assignment: &Assignment, student: Option<&str>) -> Result<Self> {
        let document = &assignment.document;
        if assignment.build() == AllowedBuild::Native {
            return Err(Error::Submission(
                "this assignment asks for runs of the command line (its build is native): convlab train".into(),
            ));
        }
        let mut experiment = assignment.experiment.clone();
        if let Some(name) = student {
            let shown = || plain(&shortened(name, SHOWN)).into_owned();
            if !name.contains(char::is_alphanumeric) {
                return Err(Error::Submission(format!("a name or a number is needed. Received: \"{}\"", shown())));
            }
            if !assignment.is_listed(student) {
                return Err(Error::Submission(format!(
                    "\"{}\" is not among the students of this assignment; write the name as your teacher's list has it",
                    shown()
                )));
            }
            if let Some(seed) = assignment.seed(student).map_err(Error::Submission)? {
                experiment.seed = seed;
            }
        }
        let hidden = |question: &Question| Question { answer: None, tolerance: None, ..question.clone() };
        Ok(Self {
            title: document.assignment.clone(),
            experiment: document::write(&experiment),
            has_own_seeds: assignment.has_own_seeds(),
            engine: if assignment.allows_gpu() { Choice::Auto } else { Choice::Cpu },
            portable: assignment.build() != AllowedBuild::RelaxedSimd && !assignment.allows_gpu(),
            exact: !assignment.allows_tolerance(),
            deadline: assignment.deadline.map(OffsetDateTime::unix_timestamp),
            may_change: document.may_change.clone(),
            questions: document.questions.iter().map(hidden).collect(),
            asks_guess: document.rubric.iter().any(|award| award.guess.is_some()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::seed::student_seed;
    use super::*;
    use crate::experiment::presets;

    fn assigned(document: &str, student: Option<&str>) -> Result<Assigned> {
        let preset = |id: &str| presets::find(id).map(|preset| preset.experiment.clone());
        Assigned::new(&Assignment::from_json(document, &preset)?, student)
    }

    #[test]
    fn a_student_gets_the_seed_of_the_name_and_no_answers() {
        let document = r#"{"assignment": "A", "experiment": "mnist-10", "seed": "student", "students": ["Ada", "12"],
            "questions": [{"id": "q", "text": "?", "answer": 3, "tolerance": 1}], "rubric": [{"points": 1, "guess": 0.1}]}"#;
        let ada = assigned(document, Some(" ada ")).unwrap();
        assert_eq!(ada.experiment["seed"], student_seed("Ada").unwrap());
        assert!(ada.portable && ada.exact && ada.asks_guess && ada.has_own_seeds);
        assert!(!serde_json::to_string(&ada.questions).unwrap().contains("answer"));
        for (name, part) in [("Eve", "\"Eve\" is not among"), ("..", "a name or a number is needed")] {
            assert!(assigned(document, Some(name)).unwrap_err().to_string().contains(part));
        }
        assert_eq!(assigned(document, None).unwrap().experiment["seed"], 0);
    }

    #[test]
    fn builds_and_engines() {
        let with = |rest: &str| assigned(&format!(r#"{{"assignment": "A", "experiment": "mnist-10"{rest}}}"#), None);
        let gpu = with(r#", "engine": "gpu""#).unwrap();
        assert!(!gpu.portable && !gpu.exact && gpu.engine == Choice::Auto);
        assert!(!with(r#", "build": "relaxed-simd""#).unwrap().portable);
        assert!(with(r#", "build": "any""#).unwrap().portable);
        assert!(with(r#", "build": "native""#).unwrap_err().to_string().contains("convlab train"));
    }
}
