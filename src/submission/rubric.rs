//! Questions and points of an assignment.

use super::Submission;
use super::seed::{folded, visible};
use super::verdict::Verdict;
use crate::base::text::shortened;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// The most characters of an answer that are shown.
const SHOWN: usize = 2000;

/// A small allowance, so that 0.3 is within 0.1 of 0.2.
const ROUNDING: f64 = 1e-9;

/// The most points of an award.
const MOST_POINTS: f64 = 1e6;

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
    /// Whether equal answers say nothing about copying: there is a right one, or a few to choose from.
    pub(super) fn is_closed(&self) -> bool {
        self.answer.is_some() || !self.choices.is_empty()
    }

    /// Whether an answer is right; any answer is where there is no right one.
    fn accepts(&self, given: &str) -> bool {
        let Some(right) = &self.answer else { return !given.trim().is_empty() };
        match right.as_f64() {
            Some(right) => number(given, right)
                .is_some_and(|given| (given - right).abs() <= self.tolerance.unwrap_or(0.0) + ROUNDING * right.abs()),
            // As names are compared.
            None => folded(&visible(&text(right))) == folded(&visible(given)),
        }
    }
}

/// A number as people write it: with a decimal point or comma, with groups of digits between commas, points, spaces or
/// apostrophes, and with a per cent sign. Of the two numbers that 17,386 can be, it is the one nearer to the right answer.
/// `numberIn` in www/src/base/number.ts is the same rule.
fn number(text: &str, right: f64) -> Option<f64> {
    let plain: String = text.chars().filter(|sign| !sign.is_whitespace() && !"%'\u{2019}".contains(*sign)).collect();
    let Some(at) = plain.rfind(['.', ',']) else { return decimal(&plain) };
    let (before, after) = (&plain[..at], &plain[at + 1..]);
    let repeated = before.contains(&plain[at..=at]);
    let as_decimal = if repeated { None } else { decimal(&format!("{}.{after}", ungrouped(before))) };
    let as_groups = decimal(&ungrouped(&plain));
    as_decimal.into_iter().chain(as_groups).min_by(|a, b| (a - right).abs().total_cmp(&(b - right).abs()))
}

/// The text without the signs between its groups of three digits, if it consists of such groups.
fn ungrouped(text: &str) -> String {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let are_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let are_groups = |sign: char| {
        digits.split_once(sign).is_some_and(|(first, rest)| {
            (1..=3).contains(&first.len())
                && are_digits(first)
                && !first.starts_with('0')
                && rest.split(sign).all(|group| group.len() == 3 && are_digits(group))
        })
    };
    if are_groups('.') || are_groups(',') { text.replace(['.', ','], "") } else { text.into() }
}

/// What the standard library reads, except the names of infinity and of no number.
fn decimal(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    if is_plain { text.parse().ok() } else { None }
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
        if question.tolerance.is_some_and(|tolerance| tolerance.is_nan() || tolerance < 0.0) {
            return Err(format!(
                "questions[{i}].tolerance must be 0 or more. Received: {}",
                question.tolerance.unwrap_or_default()
            ));
        }
        if let Some(right) = &question.answer
            && !question.choices.is_empty()
            && !question.choices.iter().any(|choice| question.accepts(choice))
        {
            return Err(format!(
                "questions[{i}].answer must be one of its choices, \"{}\". Received: {right}",
                question.choices.join("\", \"")
            ));
        }
    }
    for (i, award) in rubric.iter().enumerate() {
        let reasons = [award.accuracy.is_some(), award.answer.is_some(), award.guess.is_some()];
        if award.points.is_nan() || award.points.abs() > MOST_POINTS {
            return Err(format!(
                "rubric[{i}].points must lie between -{MOST_POINTS} and {MOST_POINTS}. Received: {}",
                award.points
            ));
        }
        if reasons.into_iter().filter(|is| *is).count() != 1 {
            return Err(format!(
                "rubric[{i}] needs points, and one of accuracy, answer and guess. Received: {}",
                serde_json::to_string(award).unwrap_or_default()
            ));
        }
        if let Some(share) = award.accuracy.or(award.guess)
            && !(0.0..=1.0).contains(&share)
        {
            return Err(format!("rubric[{i}]: accuracy and guess must lie between 0 and 1. Received: {share}"));
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
        (_, _, Some(most)) => submission.guess.is_some_and(|guess| (guess - accuracy).abs() <= most + ROUNDING),
        _ => false,
    };
    let sum: f64 = rubric.iter().filter(deserved).map(|award| award.points).sum();
    // Of 0.1 and 0.2 the sum is 0.3; that of nothing is -0.
    Some((sum * 1e6).round() / 1e6 + 0.0)
}

/// The answers of a submission as pairs of question and answer. They are the student's words: of any JSON value there is text.
pub fn answers(submission: &Submission) -> Vec<(String, String)> {
    let short = |text: &str| shortened(text, SHOWN).into_owned();
    let shown = |value: &Value| short(&text(value));
    match &submission.answers {
        None => Vec::new(),
        Some(Value::Object(answers)) => answers.iter().map(|(id, answer)| (short(id), shown(answer))).collect(),
        Some(Value::Array(answers)) => {
            let pair = |(i, answer): (usize, &Value)| match (
                answer.get("question").or(answer.get("id")),
                answer.get("answer"),
            ) {
                (Some(id), Some(answer)) => (short(&text(id)), shown(answer)),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts, right answers and the numbers that are read; the page's tests read the same file.
    const NUMBERS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/numbers.json"));

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let cases: Vec<(String, f64, Option<f64>)> = serde_json::from_str(NUMBERS).unwrap();
        assert!(cases.len() > 20);
        for (text, right, read) in cases {
            assert_eq!(number(&text, right), read, "{text}");
        }
    }

    #[test]
    fn an_answer_is_right_within_its_tolerance() {
        let question: Question =
            serde_json::from_str(r#"{"id": "n", "text": "How much?", "answer": 0.2, "tolerance": 0.1}"#).unwrap();
        assert!(question.accepts("0,3"));
        assert!(!question.accepts("0.31"));
    }
}
