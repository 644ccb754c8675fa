//! `tf.data` and TensorFlow Datasets: images with their labels, in batches where the code says so.

use super::machine::{Eval, Machine};
use super::pixels::{KnownSet, Pixels, SETS};
use super::value::{Arguments, Batches, Value};
use ruff_python_ast::Expr;
use std::rc::Rc;

impl<'a> Machine<'a> {
    /// Methods of a `tf.data.Dataset`.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn batches_method(
        &mut self,
        batches: &Rc<Batches<'a>>,
        name: &str,
        arguments: &Arguments<'a>,
        place: usize,
        expression: &'a Expr,
    ) -> Eval<Value<'a>> {
        let first = arguments.positional.first().or_else(|| arguments.named("batch_size"));
        Ok(match (name, first) {
            ("shuffle" | "prefetch" | "cache" | "with_options" | "as_numpy_iterator", _) => {
                Value::Batches(batches.clone())
            }
            ("batch", Some(size)) => {
                let drops = arguments.get(1, "drop_remainder").is_some_and(|drops| drops.truth() != Some(false));
                let is_whole = match (&batches.x, size.as_int()) {
                    (Value::Pixels(pixels), Some(size)) if size > 0 => pixels.count() % size == 0,
                    _ => false,
                };
                if drops && !is_whole {
                    self.note(place, "drop_remainder=True: the last batch of an epoch is trained, too");
                }
                Value::Batches(Rc::new(Batches { batch_size: size.as_int(), ..(**batches).clone() }))
            }
            ("take" | "skip", Some(count)) if batches.batch_size.is_none() => {
                let Some(count) = count.as_int() else { return Ok(self.unknown(expression)) };
                let (from, to) = if name == "take" { (None, Some(count)) } else { (Some(count), None) };
                let part = |value: &Value<'a>| match value {
                    Value::Pixels(pixels) => pixels.part(from, to).into(),
                    other => other.clone(),
                };
                Value::Batches(Rc::new(Batches { x: part(&batches.x), y: part(&batches.y), ..(**batches).clone() }))
            }
            ("map", _) => {
                let function = arguments.get(0, "map_func").cloned().unwrap_or(Value::None);
                let pair = Arguments { positional: vec![batches.x.clone(), batches.y.clone()], named: Vec::new() };
                let mapped = self.call(function.clone(), pair, place, expression)?;
                match mapped.items(2).as_deref() {
                    Some([x, y]) => {
                        Value::Batches(Rc::new(Batches { x: x.clone(), y: y.clone(), ..(**batches).clone() }))
                    }
                    // Named here; what is known of the data stays known.
                    _ => {
                        self.note(place, format!("map({})", function.describe()));
                        Value::Batches(batches.clone())
                    }
                }
            }
            _ => Value::unknown(place, format!("the data after {name}()")),
        })
    }
}

/// `tfds.load("mnist", split=["train", "test"], as_supervised=True)`.
pub fn tfds_load<'a>(arguments: &Arguments<'a>, place: usize) -> Value<'a> {
    let name = arguments.get(0, "name").and_then(Value::as_text).unwrap_or_default();
    let name = name.split([':', '/']).next().unwrap_or_default();
    let Some(set) = SETS.iter().find(|set| set.name == name) else {
        return Value::unknown(place, format!("the data set {name}"));
    };
    let of = |split: &Value<'a>| part(set, split.as_text()?);
    let splits = arguments.get(1, "split").cloned().unwrap_or(Value::None);
    let data = match &splits {
        Value::None => {
            let entry = |name: &str| Some((Value::text(name), part(set, name)?));
            let entries: Vec<_> = ["train", "test"].into_iter().filter_map(entry).collect();
            Some(Value::Dict(Rc::new(entries.into())))
        }
        Value::Text(_) => of(&splits),
        list => list.items(10).and_then(|list| list.iter().map(of).collect::<Option<Vec<_>>>()).map(Value::list),
    };
    let data = data.unwrap_or_else(|| Value::unknown(place, format!("split={}", splits.describe())));
    if arguments.named("with_info").and_then(Value::truth) != Some(true) {
        return data;
    }
    Value::tuple(vec![data, Value::unknown(place, "the data set's description")])
}

/// A part of a set: `train`, `test[:1000]`, `train[:80%]`.
fn part<'a>(set: &'static KnownSet, split: &str) -> Option<Value<'a>> {
    let (name, range) = split.trim_end_matches(']').split_once('[').unwrap_or((split, ":"));
    let test = match name {
        "train" => false,
        "test" => true,
        _ => return None,
    };
    let count = set.counts[usize::from(test)];
    let bound = |text: &str| match text.trim() {
        "" => Some(None),
        text => match text.strip_suffix('%') {
            Some(percent) => Some(Some((percent.parse::<f64>().ok()? / 100.0 * count as f64).round() as i64)),
            None => text.parse().ok().map(Some),
        },
    };
    let (from, to) = range.split_once(':')?;
    let (from, to) = (bound(from)?, bound(to)?);
    let of = |labels| {
        let mut all = Pixels::all(set, false, test, labels);
        // Its images have an axis of channels.
        if !labels && all.shape.len() == 2 {
            all.shape.push(1);
        }
        all.part(from, to).into()
    };
    Some(Value::Batches(Rc::new(Batches { x: of(false), y: of(true), batch_size: None, generator: None })))
}
