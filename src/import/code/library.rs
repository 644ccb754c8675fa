//! Functions of Python and NumPy, as far as networks and their data need them.

use super::machine::{Eval, MAX_ITEMS, Machine};
use super::operators::{number, to_text};
use super::value::{Arguments, Object, Value, range_len};
use ruff_python_ast::Operator;
use std::rc::Rc;

impl<'a> Machine<'a> {
    /// A function of plain values; none where this is not one.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn plain_function(&mut self, path: &str, arguments: &Arguments<'a>, place: usize) -> Eval<Option<Value<'a>>> {
        let given = &arguments.positional[..];
        let function = path.strip_prefix("builtins.").unwrap_or(path);
        if let (
            "zip" | "enumerate" | "map" | "sum" | "min" | "max" | "any" | "all" | "sorted" | "reversed",
            [first, ..],
        ) = (function, given)
        {
            if let ("min" | "max", true) = (function, given.len() > 1) {
                return Ok(extreme(function, given));
            }
            let Some(items) = self.items(first, place)? else { return Ok(None) };
            return self.of_items(function, items, arguments, place);
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
            ("list" | "set", [one]) => self.copy(one, place)?.map(Value::list),
            ("tuple", [one]) => self.copy(one, place)?.map(Value::tuple),
            ("list" | "set", []) => Some(Value::list(Vec::new())),
            ("tuple", []) => Some(Value::tuple(Vec::new())),
            ("dict", []) => {
                let pairs: Vec<_> =
                    arguments.named.iter().map(|(name, value)| (Value::text(name), value.clone())).collect();
                Some(Value::Dict(Rc::new(pairs.into())))
            }
            ("dict", [Value::Dict(items)]) => Some(Value::Dict(Rc::new(items.borrow().clone().into()))),
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

    /// A function that takes a list.
    fn of_items(
        &mut self,
        function: &str,
        items: Vec<Value<'a>>,
        arguments: &Arguments<'a>,
        place: usize,
    ) -> Eval<Option<Value<'a>>> {
        self.allocate(items.len(), place)?;
        Ok(match function {
            "enumerate" => {
                let start = arguments.get(1, "start").and_then(Value::as_int).unwrap_or(0);
                let pairs = items.into_iter().enumerate();
                Some(Value::list(
                    pairs.map(|(i, item)| Value::tuple(vec![Value::Int(start + i as i64), item])).collect(),
                ))
            }
            "zip" => {
                let lists = arguments
                    .positional
                    .iter()
                    .map(|list| self.items(list, place))
                    .collect::<Eval<Option<Vec<_>>>>()?;
                lists.map(|lists| {
                    let count = lists.iter().map(Vec::len).min().unwrap_or(0);
                    Value::list(
                        (0..count).map(|i| Value::tuple(lists.iter().map(|list| list[i].clone()).collect())).collect(),
                    )
                })
            }
            "reversed" => Some(Value::list(items.into_iter().rev().collect())),
            "sorted" => {
                let mut numbers: Vec<(f64, Value)> = items
                    .into_iter()
                    .map(|item| Some((item.as_float()?, item)))
                    .collect::<Option<_>>()
                    .unwrap_or_default();
                numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
                if arguments.named("reverse").and_then(Value::truth) == Some(true) {
                    numbers.reverse();
                }
                Some(Value::list(numbers.into_iter().map(|(_, item)| item).collect()))
            }
            "sum" => items.iter().try_fold(Value::Int(0), |sum, item| number(Operator::Add, &sum, item)),
            "any" => items.iter().try_fold(false, |any, item| Some(any || item.truth()?)).map(Value::Bool),
            "all" => items.iter().try_fold(true, |all, item| Some(all && item.truth()?)).map(Value::Bool),
            "min" | "max" => extreme(function, &items),
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

fn extreme<'a>(function: &str, items: &[Value<'a>]) -> Option<Value<'a>> {
    let numbers: Option<Vec<f64>> = items.iter().map(Value::as_float).collect();
    let better = |a: f64, b: f64| if function == "min" { a < b } else { a > b };
    let numbers = numbers?;
    let best = (0..numbers.len()).reduce(|best, i| if better(numbers[i], numbers[best]) { i } else { best })?;
    Some(items[best].clone())
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
