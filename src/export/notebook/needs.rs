//! What the parts of a notebook have in common.

use super::classes::Class;

/// What the cells need that others of the notebook contain.
#[derive(Default)]
pub struct Needs {
    /// The classes that are to be defined, in order.
    pub classes: Vec<Class>,
    /// What Keras lacks.
    pub left_out: Vec<String>,
}

impl Needs {
    /// Adds a class once.
    pub fn class(&mut self, class: Class) {
        if !self.classes.contains(&class) {
            self.classes.push(class);
        }
    }
}
