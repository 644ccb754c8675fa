//! Progress bars on standard error. They are hidden where that is not a terminal.

use crate::base::text::{plain, shortened};
use indicatif::{ProgressBar, ProgressStyle};

/// The most characters of a bar's message.
const MESSAGE: usize = 60;

/// A progress bar, whose message is one plain line.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar of a template of `indicatif`.
    pub fn new(template: &str) -> Self {
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        Self(ProgressBar::new(1).with_style(style))
    }

    /// Replaces the message.
    pub fn message(&self, message: &str) {
        self.0.set_message(plain(&shortened(message, MESSAGE)).into_owned());
    }

    /// Moves the bar.
    pub fn at(&self, done: usize, total: usize) {
        self.0.set_length(total as u64);
        self.0.set_position(done as u64);
    }

    /// Hides the bar while something is printed.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
