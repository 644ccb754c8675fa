//! What a submission says of its engine. It gives no rights: it can only exclude a run.

use super::Submission;

impl Submission {
    /// Whether the file says that a GPU took part.
    pub fn used_gpu(&self) -> bool {
        self.history.engine == "gpu" || self.test.engine == "gpu" || self.moved()
    }

    /// Whether the file says that the run moved between engines or devices.
    pub fn moved(&self) -> bool {
        let history = &self.history;
        history.engine != self.test.engine || history.interruptions.iter().any(|one| one.message.contains("GPU"))
    }
}
