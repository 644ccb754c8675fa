//! What the code does with a data set's arrays before it trains on them: which part it takes, how it scales pixels, whether
//! labels become one-hot vectors.

/// A data set that Keras loads: its name here, an image's shape as Keras has it, and the number of classes.
pub struct KnownSet {
    pub name: &'static str,
    pub shape: &'static [i64],
    pub classes: i64,
    pub counts: [i64; 2],
}

pub const SETS: [KnownSet; 4] = [
    KnownSet { name: "mnist", shape: &[28, 28], classes: 10, counts: [60_000, 10_000] },
    KnownSet { name: "fashion_mnist", shape: &[28, 28], classes: 10, counts: [60_000, 10_000] },
    KnownSet { name: "cifar10", shape: &[32, 32, 3], classes: 10, counts: [50_000, 10_000] },
    KnownSet { name: "cifar100", shape: &[32, 32, 3], classes: 100, counts: [50_000, 10_000] },
];

/// Images or labels, all or a part.
#[derive(Clone)]
pub struct Pixels {
    pub set: &'static KnownSet,
    /// CIFAR-100's 20 superclasses.
    pub coarse: bool,
    pub test: bool,
    pub labels: bool,
    /// The part of the file that is taken.
    pub from: i64,
    pub to: i64,
    /// An image's shape, as the code has changed it.
    pub shape: Vec<i64>,
    /// A pixel's value is `scale * byte + offset`.
    pub scale: f64,
    pub offset: f64,
    pub one_hot: bool,
    /// The new class of each class, where classes are merged.
    pub merged: Option<Vec<i64>>,
    /// The first change that was not understood, and its place.
    pub change: Option<(usize, String)>,
}

impl Pixels {
    /// All images, or all labels, of a part of a set.
    pub fn all(set: &'static KnownSet, coarse: bool, test: bool, labels: bool) -> Self {
        let to = set.counts[usize::from(test)];
        let shape = if labels { Vec::new() } else { set.shape.to_vec() };
        let (scale, offset, one_hot, merged, change) = (1.0, 0.0, false, None, None);
        Self { set, coarse, test, labels, from: 0, to, shape, scale, offset, one_hot, merged, change }
    }

    pub fn classes(&self) -> i64 {
        if let Some(merged) = &self.merged {
            return 1 + merged.iter().max().unwrap_or(&0);
        }
        if self.coarse { 20 } else { self.set.classes }
    }

    pub fn count(&self) -> i64 {
        self.to - self.from
    }

    /// NumPy's shape of the array.
    pub fn whole_shape(&self) -> Vec<i64> {
        let mut shape = vec![self.count()];
        match self.labels {
            true if self.one_hot => shape.push(self.classes()),
            // CIFAR's labels are a column.
            true if self.set.shape.len() == 3 => shape.push(1),
            true => {}
            false => shape.extend(&self.shape),
        }
        shape
    }

    /// With a change that was not understood.
    pub fn changed(&self, place: usize, what: impl Into<String>) -> Self {
        let change = self.change.clone().or_else(|| Some((place, what.into())));
        Self { change, ..self.clone() }
    }

    /// With another value of its fields.
    pub fn with(&self, edit: impl FnOnce(&mut Self)) -> Self {
        let mut pixels = self.clone();
        edit(&mut pixels);
        pixels
    }

    /// `factor * x + offset`.
    pub fn scaled(&self, factor: f64, offset: f64) -> Self {
        self.with(|pixels| {
            pixels.scale *= factor;
            pixels.offset = pixels.offset * factor + offset;
        })
    }

    /// `x[from:to]`.
    pub fn part(&self, from: Option<i64>, to: Option<i64>) -> Self {
        let at = |index: i64| if index < 0 { (self.count() + index).max(0) } else { index.min(self.count()) };
        let (from, to) = (at(from.unwrap_or(0)), at(to.unwrap_or(i64::MAX)));
        self.with(|pixels| (pixels.from, pixels.to) = (self.from + from, self.from + to.max(from)))
    }

    /// Labels with the new class of each class in its place; none where `table` is no such list.
    pub fn merge(&self, table: &[i64]) -> Option<Self> {
        let is_table = self.labels && !self.one_hot && table.len() as i64 >= self.classes();
        let is_classes = table.iter().all(|class| (0..256).contains(class));
        let old: Vec<i64> = self.merged.clone().unwrap_or_else(|| (0..self.classes()).collect());
        let new = old.iter().map(|class| table.get(usize::try_from(*class).ok()?).copied()).collect::<Option<Vec<_>>>();
        let new = new.filter(|_| is_table && is_classes)?;
        Some(self.with(|pixels| pixels.merged = Some(new)))
    }

    /// The groups of merged classes, as the document has them.
    pub fn groups(&self) -> Option<Vec<Vec<i64>>> {
        let merged = self.merged.as_ref()?;
        let group = |new: i64| (0..).zip(merged).filter(|(_, class)| **class == new).map(|(old, _)| old).collect();
        Some((0..self.classes()).map(group).collect())
    }

    /// The array in another shape, whose first axis counts the images; none where an image's values would not fit.
    pub fn reshaped(&self, shape: &[i64]) -> Option<Self> {
        let values: i64 = self.whole_shape().iter().product();
        let (&images, rest) = shape.split_first()?;
        if self.labels {
            // A column or a row of labels is the same labels.
            return (!self.one_hot && rest.iter().all(|axis| [1, -1].contains(axis))).then(|| self.clone());
        }
        let mut shape = rest.to_vec();
        if images != -1 && images != self.count() {
            return None;
        }
        let known: i64 = shape.iter().filter(|axis| **axis > 0).product();
        let (open, is_counted) = (shape.iter().filter(|axis| **axis == -1).count(), images != -1);
        let image = if self.count() > 0 { values / self.count() } else { 0 };
        match open {
            0 => {}
            1 if is_counted && known > 0 && image % known == 0 => {
                shape.iter_mut().filter(|axis| **axis == -1).for_each(|axis| *axis = image / known);
            }
            _ => return None,
        }
        let fits = shape.iter().all(|axis| *axis > 0) && shape.iter().product::<i64>() == image;
        fits.then(|| self.with(|pixels| pixels.shape = shape))
    }
}
