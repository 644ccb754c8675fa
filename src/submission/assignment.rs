//! An assignment: what counts when a submission is checked. It is the teacher's document; nothing in a submission changes it.

use super::Submission;
use super::canonical::has_option;
use super::moment::deadline;
use super::rubric::{Award, Question, check_rubric};
use super::seed::{plain_name, student_seed, visible};
use crate::base::document;
use crate::base::error::{Error, Result};
use crate::base::text::bytes;
use crate::data::is_synthetic;
use crate::experiment::{Experiment, presets};
use crate::network::graph::Graph;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use ts_rs::TS;

/// The largest document in bytes.
const MOST_BYTES: usize = 4 << 20;

/// An assignment document. An experiment's document alone is an assignment, too: of this experiment with its own seed, on the
/// CPU engine and the portable build, exact.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(rename = "AssignmentDocument", optional_fields)]
pub struct Document {
    /// The title.
    pub assignment: String,
    /// The experiment: a preset's id or a document.
    #[ts(type = "string | Experiment")]
    pub experiment: Value,
    /// The engine that runs must use; the CPU engine if this is not set.
    #[serde(default)]
    #[ts(as = "Option<_>")]
    pub engine: AllowedEngine,
    /// The build of the CPU engine that runs must use; `simd128` for exact assignments, else any.
    pub build: Option<AllowedBuild>,
    /// Whether every figure must be that of the replay to the last bit. True unless the assignment allows the GPU or a build that
    /// rounds differently from processor to processor, which need a tolerance.
    pub exact: Option<bool>,
    /// The seed: a number, or `"student"` for one that follows from the student's name; the experiment's own if this is not set.
    #[ts(type = "number | \"student\"", optional)]
    pub seed: Option<Seed>,
    /// Checksum of the images, as a submission's `data.sha256` has it.
    pub data_sha256: Option<String>,
    /// The last moment to hand in: `2026-12-04`, the end of that day in UTC, or `2026-12-04T18:00:00+01:00`.
    pub deadline: Option<String>,
    /// The names of those who may hand in; anyone if this is not set.
    #[serde(default)]
    #[ts(as = "Option<_>")]
    pub students: Vec<String>,
    /// The options of the experiment that a student may change, such as `epochs` or `optimizer.learning_rate`.
    #[serde(default)]
    #[ts(as = "Option<_>")]
    pub may_change: Vec<String>,
    /// The questions that a student answers.
    #[serde(default)]
    #[ts(as = "Option<_>")]
    pub questions: Vec<Question>,
    /// What gives points.
    #[serde(default)]
    #[ts(as = "Option<_>")]
    pub rubric: Vec<Award>,
}

/// The engines that an assignment allows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AllowedEngine {
    /// The CPU engine only.
    #[default]
    Cpu,
    /// The GPU engine, and the CPU engine where there is no GPU or it fails.
    Gpu,
    /// Either engine.
    #[serde(alias = "auto")]
    Any,
}

/// The builds of the CPU engine that an assignment allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum AllowedBuild {
    /// The portable build, which gives the same bits on every processor.
    Simd128,
    /// The build with fused multiply-add, which may round differently from processor to processor.
    RelaxedSimd,
    /// The command line.
    Native,
    /// Any build.
    Any,
}

/// The seed of an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a whole number from 0 to 4294967295, or \"student\", is needed")]
pub enum Seed {
    /// The same for all.
    Number(u32),
    /// One per student.
    Named(NamedSeed),
}

/// A rule for seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NamedSeed {
    /// From the student's name ([`student_seed`]).
    Student,
}

/// Finds a preset's experiment by its id.
pub type Presets<'a> = &'a dyn Fn(&str) -> Result<Experiment>;

/// A checked assignment.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The document.
    pub document: Document,
    /// Its experiment.
    pub experiment: Experiment,
    /// The deadline.
    pub deadline: Option<OffsetDateTime>,
    /// Whether the student chooses the whole experiment, since no assignment was given.
    pub is_open: bool,
}

impl Assignment {
    /// Reads an assignment, or an experiment as one.
    ///
    /// # Errors
    /// [`Error::Spec`] if it is neither, or a rule is broken; it names the field, the rule and the received value.
    pub fn from_json(text: &str, preset: Presets) -> Result<Self> {
        if text.len() > MOST_BYTES {
            return Err(Error::Spec(format!(
                "an assignment has at most {}. Received: {}",
                bytes(MOST_BYTES as u64),
                bytes(text.len() as u64)
            )));
        }
        let value = document::parse(text).map_err(|why| Error::Spec(format!("this document cannot be read: {why}")))?;
        if value.get("assignment").is_none() {
            return Self::of(Experiment::from_value(value)?);
        }
        Self::new(document::read(&value).map_err(Error::Spec)?, preset)
    }

    /// The assignment of an experiment alone.
    ///
    /// # Errors
    /// Any error of its network.
    pub fn of(experiment: Experiment) -> Result<Self> {
        let assignment = experiment.title.clone().unwrap_or_else(|| experiment.name.clone());
        let document = Document { assignment, experiment: document::write(&experiment), ..Document::default() };
        Self::new(document, &|id| Err(Error::Spec(format!("no document. Received: \"{id}\""))))
    }

    /// What is checked where there is no assignment: that the figures of a file are those of the run that it describes. Where the
    /// file says that its engine or build may round differently, the figures may be within the tolerance, which makes them
    /// plausible at most.
    ///
    /// # Errors
    /// Any error of the file's experiment and its network.
    pub fn open(submission: &Submission) -> Result<Self> {
        let mut assignment = Self::of(submission.spec()?)?;
        let rounds_alike = submission.places().iter().all(|place| *place == ("cpu", "simd128"));
        if !rounds_alike {
            assignment.document.exact = Some(false);
        }
        if submission.used_gpu() {
            assignment.document.engine = AllowedEngine::Any;
        }
        assignment.is_open = true;
        Ok(assignment)
    }

    /// Checks a document.
    ///
    /// # Errors
    /// As [`Self::from_json`].
    pub fn new(document: Document, preset: Presets) -> Result<Self> {
        let experiment = match &document.experiment {
            Value::String(id) => preset(id)?,
            value => Experiment::from_value(value.clone())?,
        };
        Graph::new(&experiment)?;
        presets::check_trainable(&experiment)?;
        let wrong = |message: String| Err(Error::Spec(format!("assignment: {message}")));
        if document.exact == Some(true) && document.engine != AllowedEngine::Cpu {
            return wrong(
                "exact is true, but a run on a GPU cannot be repeated exactly; set engine to \"cpu\" or exact to false"
                    .into(),
            );
        }
        if let Some(sha256) = &document.data_sha256
            && !(sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit()))
        {
            return wrong(format!("data_sha256 must be 64 hexadecimal digits. Received: \"{sha256}\""));
        }
        let deadline = document.deadline.as_deref().map(deadline).transpose()?;
        if let Some(path) = document.may_change.iter().find(|path| !has_option(&experiment, path)) {
            return wrong(format!(
                "may_change names options of the experiment by their path, such as optimizer.learning_rate or \
                 layers.0.filters; this experiment has no option of this path. Received: \"{path}\""
            ));
        }
        if let Some(i) = document.students.iter().position(|name| plain_name(&visible(name)).is_empty()) {
            return wrong(format!(
                "students[{i}] must be a name or a number, with a letter or a digit. Received: \"{}\"",
                document.students[i]
            ));
        }
        check_rubric(&document.questions, &document.rubric)
            .map_err(|message| Error::Spec(format!("assignment: {message}")))?;
        Ok(Self { document, experiment, deadline, is_open: false })
    }

    /// Whether figures may differ within a tolerance.
    pub fn allows_tolerance(&self) -> bool {
        self.allows_gpu() || (self.document.exact != Some(true) && self.build() != AllowedBuild::Simd128)
    }

    /// Whether runs may use the GPU.
    pub fn allows_gpu(&self) -> bool {
        self.document.engine != AllowedEngine::Cpu
    }

    /// The build that runs on the CPU must use.
    pub fn build(&self) -> AllowedBuild {
        let lenient = self.allows_gpu() || self.document.exact == Some(false);
        self.document.build.unwrap_or(if lenient { AllowedBuild::Any } else { AllowedBuild::Simd128 })
    }

    /// Whether the replays use the portable build's arithmetic, in the order in which they are tried.
    pub fn portable(&self) -> &'static [bool] {
        match self.build() {
            AllowedBuild::Simd128 => &[true],
            AllowedBuild::RelaxedSimd | AllowedBuild::Native => &[false],
            AllowedBuild::Any => &[true, false],
        }
    }

    /// The seed of a student's run; `None` if the student may choose it.
    ///
    /// # Errors
    /// A sentence, if the seed follows from a name and there is none.
    pub fn seed(&self, student: Option<&str>) -> std::result::Result<Option<u32>, String> {
        match self.document.seed {
            _ if self.may_change("seed") => Ok(None),
            None => Ok(Some(self.experiment.seed)),
            Some(Seed::Number(seed)) => Ok(Some(seed)),
            // Of a name in the list, its spelling there: no other spelling of it gives another seed.
            Some(Seed::Named(NamedSeed::Student)) => match student.and_then(|name| student_seed(self.listed(name)?)) {
                Some(seed) => Ok(Some(seed)),
                None => Err("it has no student's name, from which the seed of this assignment follows".into()),
            },
        }
    }

    /// Whether each student has a seed of their own.
    pub fn has_own_seeds(&self) -> bool {
        self.document.seed == Some(Seed::Named(NamedSeed::Student)) || self.may_change("seed")
    }

    /// Whether no two students can have honest runs with equal figures, since each has a seed that follows from the name.
    pub fn tells_students_apart(&self) -> bool {
        self.has_own_seeds() && !self.may_change("seed")
    }

    /// Whether a student may change an option, given by its path, such as `optimizer.learning_rate`.
    pub fn may_change(&self, path: &str) -> bool {
        let covers = |allowed: &String| {
            path.strip_prefix(allowed.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        self.is_open || self.document.may_change.iter().any(covers)
    }

    /// Whether a student of this name may hand in.
    pub fn is_listed(&self, student: Option<&str>) -> bool {
        self.document.students.is_empty() || student.is_some_and(|name| self.listed(name).is_some())
    }

    /// A name as the list of students has it, or as it is where there is no list.
    fn listed<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        if self.document.students.is_empty() {
            return Some(name);
        }
        let plain = plain_name(&visible(name));
        self.document.students.iter().map(String::as_str).find(|listed| plain_name(&visible(listed)) == plain)
    }

    /// SHA-256 of what decides the verdicts, and of the version of Convlab: the same for equal checks. Title, deadline, questions
    /// and rubric may change without a new replay.
    pub fn check_sha256(&self) -> String {
        let deciding = Document {
            assignment: String::new(),
            deadline: None,
            questions: Vec::new(),
            rubric: Vec::new(),
            ..self.document.clone()
        };
        let document = serde_json::to_string(&deciding).unwrap_or_default();
        super::hex(Sha256::digest(format!("{} {} {document}", env!("CARGO_PKG_VERSION"), self.is_open)))
    }

    /// Whether the assignment alone determines the images: a verdict is then the same wherever it is found.
    pub fn fixes_images(&self) -> bool {
        self.document.data_sha256.is_some() || is_synthetic(&self.experiment.dataset.name)
    }

    /// Checks that images here are those of the assignment.
    ///
    /// # Errors
    /// [`Error::Data`] if they are not.
    pub fn check_images(&self, sha256: &str) -> Result<()> {
        match &self.document.data_sha256 {
            Some(assigned) if !assigned.eq_ignore_ascii_case(sha256) => Err(Error::Data(format!(
                "the images here are not those of the assignment, whose data_sha256 is {assigned}; give the folder with the right \
                 files. Received: {sha256}"
            ))),
            _ => Ok(()),
        }
    }
}
