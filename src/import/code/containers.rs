//! Lists and dictionaries: their methods, and what assignments and `del` change in them.

use super::items::slice_indices;
use super::machine::{Eval, MAX_ENTRIES, MAX_ITEMS, Machine};
use super::value::{Arguments, Value};
use ruff_python_ast::Expr;
use ruff_text_size::Ranged;
use std::cell::RefCell;
use std::rc::Rc;

type Entries<'a> = RefCell<Vec<(Value<'a>, Value<'a>)>>;

impl<'a> Machine<'a> {
    /// A method of a list; none where it is not known what it does.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn list_method(
        &mut self,
        items: &RefCell<Vec<Value<'a>>>,
        name: &str,
        arguments: &Arguments<'a>,
        place: usize,
        expression: &'a Expr,
    ) -> Eval<Option<Value<'a>>> {
        let (first, count) = (arguments.positional.first(), items.borrow().len());
        match (name, first) {
            ("append", Some(value)) => {
                self.allocate(1, place)?;
                items.borrow_mut().push(value.clone());
            }
            ("extend", Some(more)) => {
                let more = self.items(more, place)?;
                let more = more.unwrap_or_else(|| vec![Value::unknown(place, self.source(expression))]);
                self.allocate(more.len(), place)?;
                items.borrow_mut().extend(more);
            }
            ("insert", Some(at)) => {
                let (Some(at), Some(value)) = (at.as_int(), arguments.positional.get(1)) else { return Ok(None) };
                self.allocate(1, place)?;
                let at = if at < 0 { at + count as i64 } else { at };
                items.borrow_mut().insert(usize::try_from(at).unwrap_or(0).min(count), value.clone());
            }
            ("pop", at) => {
                let at = at.map_or(Some(-1), Value::as_int).and_then(|at| index(at, count));
                return Ok(at.map(|at| items.borrow_mut().remove(at)));
            }
            // Of a set.
            ("add", Some(value)) => {
                if self.position(items, value, place)?.is_none() {
                    self.allocate(1, place)?;
                    items.borrow_mut().push(value.clone());
                }
            }
            ("remove", Some(value)) => {
                let Some(at) = self.position(items, value, place)? else { return Ok(None) };
                items.borrow_mut().remove(at);
            }
            ("index", Some(value)) => {
                return Ok(self.position(items, value, place)?.map(|at| Value::Int(at as i64)));
            }
            ("sort", None) => {
                let all = items.borrow().clone();
                let Some(sorted) = self.sorted(all, arguments, place, expression)? else { return Ok(None) };
                *items.borrow_mut() = sorted;
            }
            ("reverse", None) => items.borrow_mut().reverse(),
            ("clear", None) => items.borrow_mut().clear(),
            ("copy", None) => {
                self.allocate(count, place)?;
                return Ok(Some(Value::list(items.borrow().clone())));
            }
            _ => return Ok(None),
        }
        Ok(Some(Value::None))
    }

    /// The place of the first equal item, where that is known.
    fn position(&mut self, items: &RefCell<Vec<Value<'a>>>, value: &Value<'a>, place: usize) -> Eval<Option<usize>> {
        let all = self.items(&Value::list(items.borrow().clone()), place)?.unwrap_or_default();
        let mut equal = all.iter().map(|item| item.equals(value));
        let found = equal.position(|equal| equal != Some(false));
        Ok(found.filter(|at| all[*at].equals(value) == Some(true)))
    }

    /// A method of a dictionary; none where it is not known what it does.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn dict_method(
        &mut self,
        items: &Entries<'a>,
        name: &str,
        arguments: &Arguments<'a>,
        place: usize,
    ) -> Eval<Option<Value<'a>>> {
        let (key, default) = (arguments.positional.first(), arguments.positional.get(1));
        let found = key.and_then(|key| position(&items.borrow(), key));
        let value = found.map(|at| items.borrow()[at].1.clone());
        let pairs = || items.borrow().clone().into_iter();
        Ok(match (name, key) {
            ("get", _) => value.or(default.cloned()).or(Some(Value::None)),
            ("keys", _) => Some(Value::list(pairs().map(|(key, _)| key).collect())),
            ("values", _) => Some(Value::list(pairs().map(|(_, value)| value).collect())),
            ("items", _) => Some(Value::list(pairs().map(|(key, value)| Value::tuple(vec![key, value])).collect())),
            ("copy", _) => Some(Value::Dict(Rc::new(items.clone()))),
            ("pop", Some(_)) => {
                found.into_iter().for_each(|at| drop(items.borrow_mut().remove(at)));
                value.or(default.cloned())
            }
            ("setdefault", Some(key)) => {
                let default = default.cloned().unwrap_or(Value::None);
                if value.is_none() && !self.set_entry(items, key, default.clone(), place)? {
                    return Ok(None);
                }
                value.or(Some(default))
            }
            ("clear", None) => {
                items.borrow_mut().clear();
                Some(Value::None)
            }
            ("update", _) => {
                let mut more = match key {
                    None => Vec::new(),
                    Some(Value::Dict(more)) => more.borrow().clone(),
                    Some(list) => {
                        let pairs = self.items(list, place)?;
                        let pair = |pair: Value<'a>| <[Value; 2]>::try_from(pair.items(2)?).ok();
                        let pairs = pairs.and_then(|pairs| pairs.into_iter().map(pair).collect::<Option<Vec<_>>>());
                        let Some(pairs) = pairs else { return Ok(None) };
                        pairs.into_iter().map(|[key, value]| (key, value)).collect()
                    }
                };
                more.extend(arguments.named.iter().map(|(name, value)| (Value::text(name), value.clone())));
                for (key, value) in more {
                    if !self.set_entry(items, &key, value, place)? {
                        return Ok(None);
                    }
                }
                Some(Value::None)
            }
            _ => None,
        })
    }

    fn set_entry(&mut self, items: &Entries<'a>, key: &Value<'a>, value: Value<'a>, place: usize) -> Eval<bool> {
        self.allocate(1, place)?;
        let mut items = items.borrow_mut();
        let is_open = matches!(key, Value::Unknown(_));
        match position(&items, key) {
            Some(at) => items[at].1 = value,
            None if items.len() < MAX_ENTRIES && !is_open => items.push((key.clone(), value)),
            None => return Ok(false),
        }
        Ok(true)
    }

    /// `object[key] = value`; false where it is not known what that changes in a value that is known.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn set_item(&mut self, object: &Value<'a>, key: &Value<'a>, value: Value<'a>, place: usize) -> Eval<bool> {
        match (object, key) {
            (Value::Dict(items), _) => self.set_entry(items, key, value, place),
            (Value::List(items), Value::Slice(slice)) => {
                let (picked, Some(more)) = (slice_indices(slice, items.borrow().len() as i64), value.items(MAX_ITEMS))
                else {
                    return Ok(false);
                };
                self.allocate(more.len(), place)?;
                let Some(picked) = picked else { return Ok(false) };
                let mut items = items.borrow_mut();
                if matches!(slice[2], Value::None) {
                    let start = picked.first().copied().or_else(|| slice_start(slice, items.len()));
                    let Some(start) = start else { return Ok(false) };
                    items.splice(start..start + picked.len(), more);
                    return Ok(true);
                }
                let fits = picked.len() == more.len();
                picked.into_iter().zip(more).filter(|_| fits).for_each(|(at, value)| items[at] = value);
                Ok(fits)
            }
            (Value::List(items), _) => {
                let mut items = items.borrow_mut();
                let at = key.as_int().and_then(|at| index(at, items.len()));
                at.into_iter().for_each(|at| items[at] = value.clone());
                Ok(at.is_some())
            }
            (Value::Pixels(_) | Value::Object(_) | Value::Model(_), _) => Ok(false),
            _ => Ok(true),
        }
    }

    /// `del target`.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn delete(&mut self, target: &'a Expr, scope: usize) -> Eval<()> {
        let is_done = match target {
            Expr::Name(name) => {
                self.unset(scope, name.id.as_str());
                true
            }
            Expr::Tuple(targets) => {
                for target in &targets.elts {
                    self.delete(target, scope)?;
                }
                true
            }
            Expr::Subscript(one) => {
                let (object, key) = (self.eval(&one.value, scope)?, self.eval(&one.slice, scope)?);
                !self.is_layers(&one.value, scope)? && deleted(&object, &key)
            }
            _ => false,
        };
        if !is_done {
            self.note(target.start().to_usize(), format!("del {}", self.source(target)));
        }
        Ok(())
    }
}

/// Deletes items; false where it is not known which of a value that is known.
fn deleted<'a>(object: &Value<'a>, key: &Value<'a>) -> bool {
    match (object, key) {
        (Value::Dict(items), _) => {
            let at = position(&items.borrow(), key);
            at.map(|at| items.borrow_mut().remove(at)).is_some()
        }
        (Value::List(items), Value::Slice(slice)) => {
            let mut items = items.borrow_mut();
            let Some(picked) = slice_indices(slice, items.len() as i64) else { return false };
            let mut at = 0..;
            items.retain(|_| !at.next().is_some_and(|at: usize| picked.contains(&at)));
            true
        }
        (Value::List(items), _) => {
            let mut items = items.borrow_mut();
            let at = key.as_int().and_then(|at| index(at, items.len()));
            at.map(|at| items.remove(at)).is_some()
        }
        (Value::Unknown(_), _) => true,
        _ => false,
    }
}

/// The place of an item, counted from the end where it is negative.
fn index(at: i64, count: usize) -> Option<usize> {
    let at = if at < 0 { at + count as i64 } else { at };
    usize::try_from(at).ok().filter(|at| *at < count)
}

/// Where an empty slice begins.
fn slice_start(slice: &[Value; 3], count: usize) -> Option<usize> {
    let start = if matches!(slice[0], Value::None) { 0 } else { slice[0].as_int()? };
    let start = if start < 0 { start + count as i64 } else { start };
    Some(usize::try_from(start).unwrap_or(0).min(count))
}

fn position<'a>(items: &[(Value<'a>, Value<'a>)], key: &Value<'a>) -> Option<usize> {
    items.iter().position(|(other, _)| other.equals(key) == Some(true))
}
