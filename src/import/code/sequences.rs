//! Python's functions of lists: `sorted`, `map`, `max`, …

use super::machine::{Eval, Machine};
use super::operators::number;
use super::value::{Arguments, Value};
use ruff_python_ast::{Expr, Operator};
use std::cmp::Ordering;

impl<'a> Machine<'a> {
    /// A function of a list's items; none where its value is not known.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn of_items(
        &mut self,
        function: &str,
        items: Vec<Value<'a>>,
        arguments: &Arguments<'a>,
        place: usize,
        expression: &'a Expr,
    ) -> Eval<Option<Value<'a>>> {
        self.allocate(items.len(), place)?;
        Ok(match function {
            "enumerate" => {
                let start = arguments.get(1, "start").map_or(Some(0), Value::as_int);
                start.map(|start| {
                    let pairs = (start..).zip(items);
                    Value::list(pairs.map(|(i, item)| Value::tuple(vec![Value::Int(i), item])).collect())
                })
            }
            "zip" => self.zipped(&arguments.positional, place)?.map(|rows| {
                let rows = rows.into_iter().map(Value::tuple);
                Value::list(rows.collect())
            }),
            "reversed" => Some(Value::list(items.into_iter().rev().collect())),
            "sorted" => self.sorted(items, arguments, place, expression)?.map(Value::list),
            "sum" => {
                let start = arguments.get(1, "start").cloned().unwrap_or(Value::Int(0));
                items.iter().try_fold(start, |sum, item| number(Operator::Add, &sum, item))
            }
            "any" => items.iter().try_fold(false, |any, item| Some(any || item.truth()?)).map(Value::Bool),
            "all" => items.iter().try_fold(true, |all, item| Some(all && item.truth()?)).map(Value::Bool),
            "min" | "max" if items.is_empty() => arguments.named("default").cloned(),
            "min" | "max" => {
                let keys = self.keys(&items, arguments, place, expression)?;
                // Of equal ones the first is taken.
                let wanted = if function == "min" { Ordering::Less } else { Ordering::Greater };
                let best = (1..items.len())
                    .try_fold(0, |best, at| Some(if order(&keys[at], &keys[best])? == wanted { at } else { best }));
                best.map(|best| items[best].clone())
            }
            _ => None,
        })
    }

    /// `map(function, list, …)` and `filter(function, list)`; none where the lists, or which items pass, are not known.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn mapped(
        &mut self,
        is_filter: bool,
        arguments: &Arguments<'a>,
        place: usize,
        expression: &'a Expr,
    ) -> Eval<Option<Value<'a>>> {
        let Some((function, lists)) = arguments.positional.split_first() else { return Ok(None) };
        let Some(rows) = self.zipped(lists, place)? else { return Ok(None) };
        let mut values = Vec::new();
        for row in rows {
            let first = row.first().cloned().unwrap_or(Value::None);
            let value = match function {
                Value::None => first.clone(),
                _ => {
                    let arguments = Arguments { positional: row, named: Vec::new() };
                    self.call(function.clone(), arguments, place, expression)?
                }
            };
            match (is_filter, value.truth()) {
                (false, _) => values.push(value),
                (true, Some(true)) => values.push(first),
                (true, Some(false)) => {}
                (true, None) => return Ok(None),
            }
        }
        Ok(Some(Value::list(values)))
    }

    /// The first items of all lists, the second ones, and so on.
    fn zipped(&mut self, lists: &[Value<'a>], place: usize) -> Eval<Option<Vec<Vec<Value<'a>>>>> {
        let lists = lists.iter().map(|list| self.items(list, place)).collect::<Eval<Option<Vec<_>>>>()?;
        let Some(lists) = lists else { return Ok(None) };
        let count = lists.iter().map(Vec::len).min().unwrap_or(0);
        self.allocate(count, place)?;
        Ok(Some((0..count).map(|i| lists.iter().map(|list| list[i].clone()).collect()).collect()))
    }

    /// The items in order; none where the order of two is not known.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn sorted(
        &mut self,
        items: Vec<Value<'a>>,
        arguments: &Arguments<'a>,
        place: usize,
        expression: &'a Expr,
    ) -> Eval<Option<Vec<Value<'a>>>> {
        let Some(is_reverse) = arguments.named("reverse").map_or(Some(false), Value::truth) else { return Ok(None) };
        let keys = self.keys(&items, arguments, place, expression)?;
        let (mut places, mut is_known): (Vec<usize>, _) = ((0..items.len()).collect(), true);
        places.sort_by(|a, b| {
            let order = order(&keys[*a], &keys[*b]);
            is_known &= order.is_some();
            let order = order.unwrap_or(Ordering::Equal);
            if is_reverse { order.reverse() } else { order }
        });
        Ok(is_known.then(|| places.into_iter().map(|at| items[at].clone()).collect()))
    }

    /// What items are ordered by.
    fn keys(
        &mut self,
        items: &[Value<'a>],
        arguments: &Arguments<'a>,
        place: usize,
        expression: &'a Expr,
    ) -> Eval<Vec<Value<'a>>> {
        let Some(function) = arguments.named("key").filter(|key| !matches!(key, Value::None)) else {
            return Ok(items.to_vec());
        };
        let key = |item: &Value<'a>| {
            let arguments = Arguments { positional: vec![item.clone()], named: Vec::new() };
            self.call(function.clone(), arguments, place, expression)
        };
        items.iter().map(key).collect()
    }
}

/// The order of numbers, texts, and lists of them; none where it is not known.
pub fn order(a: &Value, b: &Value) -> Option<Ordering> {
    order_within(a, b, 8)
}

/// A list may hold itself, so the levels are bounded.
fn order_within(a: &Value, b: &Value, levels: usize) -> Option<Ordering> {
    let levels = levels.checked_sub(1)?;
    let lists = |a: &[Value], b: &[Value]| {
        let pairs = a.iter().zip(b).map(|(a, b)| order_within(a, b, levels));
        let first = pairs.into_iter().find(|order| *order != Some(Ordering::Equal));
        first.unwrap_or_else(|| Some(a.len().cmp(&b.len())))
    };
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Tuple(a), Value::Tuple(b)) => lists(a, b),
        (Value::List(a), Value::List(b)) => lists(&a.borrow(), &b.borrow()),
        _ => a.as_float()?.partial_cmp(&b.as_float()?),
    }
}

/// Items without those that are equal to one before them, as a set has them; none where that is not known.
pub fn distinct<'a>(items: Vec<Value<'a>>) -> Option<Vec<Value<'a>>> {
    let mut unique: Vec<Value<'a>> = Vec::new();
    for item in items {
        let is_new = unique.iter().try_fold(true, |is_new, other| Some(is_new && !other.equals(&item)?))?;
        if is_new {
            unique.push(item);
        }
    }
    Some(unique)
}
