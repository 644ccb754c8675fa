//! Classes that a notebook defines, since Keras lacks them. Code that defines one with the same text is read back as what it
//! stands for.

/// A class in Python.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Class {
    /// Its name: `OneCycle`.
    pub name: &'static str,
    /// Where Keras would have it: `layers` or `optimizers.schedules`.
    pub area: &'static str,
    /// Its definition.
    pub text: &'static str,
}

const fn layer(name: &'static str, text: &'static str) -> Class {
    Class { name, area: "layers", text }
}

const fn schedule(name: &'static str, text: &'static str) -> Class {
    Class { name, area: "optimizers.schedules", text }
}

/// All classes.
pub const ALL: [Class; 5] = [
    layer("RandomCrop", include_str!("random_crop.py")),
    layer("Cutout", include_str!("cutout.py")),
    schedule("OneCycle", include_str!("one_cycle.py")),
    schedule("Triangular", include_str!("triangular.py")),
    schedule("Warmup", include_str!("warmup.py")),
];

/// The class that stands for a document's type: `one_cycle`.
pub fn of(kind: &str) -> Option<Class> {
    let name = crate::network::names::class_name(kind);
    ALL.into_iter().find(|class| class.name == name)
}
