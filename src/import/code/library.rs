//! Functions of Python and NumPy, as far as networks and their data need them.

use super::machine::{Eval, MAX_ITEMS, Machine};
use super::operators::{number, to_text};
use super::sequences::distinct;
use super::value::{Arguments, Object, Value, range_len};
use ruff_python_ast::{Expr, Operator};
use std::rc::Rc;

impl<'a> Machine<'a> {
    /// A function of plain values; none where this is not one.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn plain_function(
        &mut self,
        path: &str,
        arguments: &Arguments<'a>,
        place: usize,
        expression: &'a Expr,
    ) -> Eval<Option<Value<'a>>> {
        let given = &arguments.positional[..];
        let function = path.strip_prefix("builtins.").unwrap_or(path);
        match (function, given) {
            ("map" | "filter", _) => return self.mapped(function == "filter", arguments, place, expression),
            ("min" | "max", [_, _, ..]) => {
                return self.of_items(function, given.to_vec(), arguments, place, expression);
            }
            ("zip" | "enumerate" | "sum" | "min" | "max" | "any" | "all" | "sorted" | "reversed", [first, ..]) => {
                let Some(items) = self.items(first, place)? else { return Ok(None) };
                return self.of_items(function, items, arguments, place, expression);
            }
            _ => {}
        }
        Ok(match (function, given) {
            ("range", given) => {
                let numbers: Option<Vec<i64>> = given.iter().map(Value::as_int).collect();
                match numbers.as_deref() {
                    Some(&[stop]) => Some(Value::Range(0, stop, 1)),
                    Some(&[start, stop]) => Some(Value::Range(start, stop, 1)),
                    Some(&[start, stop, step]) => Some(Value::Range(start, stop, step)),
                    _ => None,
                }
            }
            ("len", [one]) => self.length(one, place)?.map(Value::Int),
            ("int", [one]) => match one {
                Value::Text(text) => text.trim().parse().ok().map(Value::Int),
                one => one.as_float().map(|value| Value::Int(value as i64)),
            },
            ("float", [one]) => match one {
                Value::Text(text) => text.trim().parse().ok().map(Value::Float),
                one => one.as_float().map(Value::Float),
            },
            ("str", [one]) => to_text(one).map(|text| Value::text(&text)),
            ("bool", [one]) => one.truth().map(Value::Bool),
            ("list", [one]) => self.copy(one, place)?.map(Value::list),
            ("set", [one]) => self.copy(one, place)?.and_then(distinct).map(Value::list),
            ("tuple", [one]) => self.copy(one, place)?.map(Value::tuple),
            ("list" | "set", []) => Some(Value::list(Vec::new())),
            ("tuple", []) => Some(Value::tuple(Vec::new())),
            ("dict", _) if arguments.named("**").is_none() => {
                let items = Rc::default();
                self.dict_method(&items, "update", arguments, place)?.map(|_| Value::Dict(items))
            }
            ("print" | "display", _) => Some(Value::None),
            ("abs", [one]) => match one {
                Value::Int(value) => Some(Value::Int(value.wrapping_abs())),
                one => one.as_float().map(|value| Value::Float(value.abs())),
            },
            ("round", [one]) => one.as_float().map(|value| Value::Int(value.round_ties_even() as i64)),
            ("round", [one, digits]) => one.as_float().zip(digits.as_int()).map(|(value, digits)| {
                let unit = 10f64.powi(digits.clamp(-20, 20) as i32);
                Value::Float((value * unit).round_ties_even() / unit)
            }),
            ("pow", [base, exponent]) => number(Operator::Pow, base, exponent),
            ("math.ceil" | "numpy.ceil", [one]) => one.as_float().map(|value| Value::Int(value.ceil() as i64)),
            ("math.floor" | "numpy.floor", [one]) => one.as_float().map(|value| Value::Int(value.floor() as i64)),
            ("math.pow" | "numpy.power" | "tensorflow.pow" | "tensorflow.math.pow", [base, exponent]) => {
                number(Operator::Pow, base, exponent)
            }
            ("math.sqrt" | "numpy.sqrt", [one]) => {
                one.as_float().filter(|value| *value >= 0.0).map(|v| Value::Float(v.sqrt()))
            }
            ("math.cos" | "numpy.cos" | "tensorflow.cos" | "tensorflow.math.cos", [one]) => {
                one.as_float().map(|value| Value::Float(value.cos()))
            }
            ("math.log2" | "numpy.log2", [one]) => {
                one.as_float().filter(|value| *value > 0.0).map(|v| Value::Float(v.log2()))
            }
            ("math.exp" | "numpy.exp" | "tensorflow.exp" | "tensorflow.math.exp" | "keras.ops.exp", [one]) => {
                one.as_float().map(|value| Value::Float(value.exp()))
            }
            // Objects whose attributes are read, or that are called: see `call`.
            ("types.SimpleNamespace" | "argparse.Namespace" | "argparse.ArgumentParser" | "functools.partial", _) => {
                let (path, arguments) = (function.into(), arguments.clone());
                Some(Value::Object(Rc::new(Object {
                    path,
                    arguments,
                    place,
                    own_class: None,
                    attributes: Vec::new().into(),
                })))
            }
            ("numpy.prod" | "math.prod", [one]) => self.items(one, place)?.and_then(|items| {
                items.iter().try_fold(Value::Int(1), |product, item| number(Operator::Mult, &product, item))
            }),
            _ => None,
        })
    }

    fn length(&mut self, value: &Value<'a>, place: usize) -> Eval<Option<i64>> {
        Ok(match value {
            Value::Pixels(pixels) => Some(pixels.count()),
            &Value::Range(start, stop, step) => Some(range_len(start, stop, step)),
            Value::Unknown(_) => None,
            other => self.items(other, place)?.map(|items| items.len() as i64),
        })
    }

    fn copy(&mut self, value: &Value<'a>, place: usize) -> Eval<Option<Vec<Value<'a>>>> {
        let items = self.items(value, place)?;
        self.allocate(items.as_ref().map_or(0, Vec::len), place)?;
        Ok(items)
    }
}

/// `"block{}_{}".format(a, b)`, with plain braces only.
pub fn format(format: &str, arguments: &Arguments) -> Option<String> {
    let (mut text, mut values, mut rest) = (String::new(), arguments.positional.iter(), format);
    while let Some((before, after)) = rest.split_once('{') {
        let (inside, after) = after.split_once('}')?;
        let value = match inside {
            "" => values.next()?,
            name => match name.parse::<usize>() {
                Ok(index) => arguments.positional.get(index)?,
                Err(_) => arguments.named(name)?,
            },
        };
        text += before;
        text += &to_text(value)?;
        rest = after;
        if text.len() > MAX_ITEMS {
            return None;
        }
    }
    Some(text + rest)
}
