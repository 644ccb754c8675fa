//! Questions and points of an assignment.

use super::Submission;
use super::verdict::Verdict;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// The most characters of an answer that are shown.
const SHOWN: usize = 2000;

/// A question of an assignment.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct Question {
    /// The name under which a submission has the answer.
    pub id: String,
    /// The question.
    pub text: String,
    /// The answers to choose from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<_>")]
    pub choices: Vec<String>,
    /// The right answer, if there is one: a number, a choice or a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(type = "number | string | boolean", optional)]
    pub answer: Option<Value>,
    /// How far a number may be from the right one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<f64>,
}

impl Question {
    /// Whether an answer is right; any answer is where there is no right one.
    fn accepts(&self, given: &str) -> bool {
        let Some(right) = &self.answer else { return !given.trim().is_empty() };
        let number = |text: &str| text.trim().replace(',', ".").parse::<f64>().ok();
        match right.as_f64() {
            Some(right) => number(given).is_some_and(|given| (given - right).abs() <= self.tolerance.unwrap_or(0.0)),
            None => text(right).trim().to_lowercase() == given.trim().to_lowercase(),
        }
    }
}

/// Points of a rubric: for one of an accuracy, an answer and a guess.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct Award {
    /// The points.
    pub points: f64,
    /// For a test accuracy of at least this, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// For an answer to the question of this id; for the right one, if the question has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// For a guess at most this far from the test accuracy; 1 for any guess.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guess: Option<f64>,
}

/// Checks that questions have names and that each award is for one thing.
///
/// # Errors
/// A sentence.
pub(super) fn check_rubric(questions: &[Question], rubric: &[Award]) -> Result<(), String> {
    for (i, question) in questions.iter().enumerate() {
        if question.id.is_empty() || questions[..i].iter().any(|other| other.id == question.id) {
            return Err(format!("each question needs an id of its own. Received: \"{}\"", question.id));
        }
    }
    for (i, award) in rubric.iter().enumerate() {
        let reasons = [award.accuracy.is_some(), award.answer.is_some(), award.guess.is_some()];
        if reasons.into_iter().filter(|is| *is).count() != 1 || !award.points.is_finite() {
            return Err(format!(
                "rubric[{i}] needs points, and one of accuracy, answer and guess. Received: {}",
                serde_json::to_string(award).unwrap_or_default()
            ));
        }
        if let Some(id) = &award.answer
            && !questions.iter().any(|question| question.id == *id)
        {
            return Err(format!("rubric[{i}].answer must be the id of a question. Received: \"{id}\""));
        }
    }
    Ok(())
}

/// The points of a submission that passes; `None` without a rubric, and for those that do not pass.
pub(super) fn points(
    (questions, rubric): (&[Question], &[Award]),
    submission: &Submission,
    verdict: Verdict,
) -> Option<f64> {
    if rubric.is_empty() || !verdict.passes() {
        return None;
    }
    let (accuracy, answers) = (submission.test.test_accuracy, answers(submission));
    let deserved = |award: &&Award| match (award.accuracy, &award.answer, award.guess) {
        (Some(least), ..) => accuracy >= least,
        (_, Some(id), _) => {
            let given = answers.iter().find(|(question, _)| question == id);
            let question = questions.iter().find(|question| question.id == *id);
            given.zip(question).is_some_and(|((_, given), question)| question.accepts(given))
        }
        (_, _, Some(most)) => submission.guess.is_some_and(|guess| (guess - accuracy).abs() <= most),
        _ => false,
    };
    Some(rubric.iter().filter(deserved).map(|award| award.points).sum())
}

/// The answers of a submission as pairs of question and answer. They are the student's words: of any JSON value there is text.
pub fn answers(submission: &Submission) -> Vec<(String, String)> {
    let shown = |value: &Value| crate::base::text::shortened(&text(value), SHOWN).into_owned();
    match &submission.answers {
        None => Vec::new(),
        Some(Value::Object(answers)) => answers.iter().map(|(id, answer)| (id.clone(), shown(answer))).collect(),
        Some(Value::Array(answers)) => {
            let pair = |(i, answer): (usize, &Value)| match (
                answer.get("question").or(answer.get("id")),
                answer.get("answer"),
            ) {
                (Some(id), Some(answer)) => (text(id), shown(answer)),
                _ => ((i + 1).to_string(), shown(answer)),
            };
            answers.iter().enumerate().map(pair).collect()
        }
        Some(other) => vec![("1".into(), shown(other))],
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
