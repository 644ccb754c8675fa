//! Assignments and imports.

use super::machine::{Eval, MAX_ENTRIES, Machine};
use super::value::Value;
use ruff_python_ast::{Alias, Expr};
use ruff_text_size::Ranged;

/// Libraries for other networks than Keras's.
const FOREIGN: [(&str, &str); 6] = [
    ("torch", "PyTorch"),
    ("torchvision", "PyTorch"),
    ("pytorch_lightning", "PyTorch"),
    ("jax", "JAX"),
    ("flax", "Flax"),
    ("mxnet", "MXNet"),
];

impl<'a> Machine<'a> {
    /// `import module`.
    pub fn import(&mut self, alias: &'a Alias, scope: usize, place: usize) {
        let module = alias.name.as_str();
        self.check_foreign(module, place);
        match &alias.asname {
            Some(name) => self.set(scope, name.as_str(), Value::Name(module.into())),
            None => {
                let first = module.split('.').next().unwrap_or_default();
                self.set(scope, first, Value::Name(first.into()));
            }
        }
    }

    /// `from module import name`.
    pub fn import_from(&mut self, module: &str, alias: &'a Alias, scope: usize) {
        let name = alias.name.as_str();
        if name == "*" {
            self.stars.push(module.into());
            return;
        }
        let bound = alias.asname.as_ref().map_or(name, |name| name.as_str());
        self.set(scope, bound, Value::Name(format!("{module}.{name}").into()));
    }

    /// Remembers the first library for other networks than Keras's.
    pub fn check_foreign(&mut self, module: &str, place: usize) {
        let first = module.split('.').next().unwrap_or_default();
        let foreign = FOREIGN.iter().find(|(name, _)| *name == first);
        self.foreign = self.foreign.or(foreign.map(|(_, name)| (place, *name)));
    }

    /// # Errors
    /// If a bound is reached.
    pub fn assign(&mut self, target: &'a Expr, value: Value<'a>, scope: usize) -> Eval<()> {
        let place = target.start().to_usize();
        match target {
            Expr::Name(name) => self.set(scope, name.id.as_str(), value),
            Expr::Tuple(targets) => self.unpack(&targets.elts, &value, scope, place)?,
            Expr::List(targets) => self.unpack(&targets.elts, &value, scope, place)?,
            Expr::Starred(one) => self.assign(&one.value, value, scope)?,
            Expr::Attribute(one) => {
                let object = self.eval(&one.value, scope)?;
                self.set_attribute(&object, one.attr.as_str(), value, place);
            }
            Expr::Subscript(one) => {
                let (object, key) = (self.eval(&one.value, scope)?, self.eval(&one.slice, scope)?);
                set_item(&object, &key, value);
            }
            _ => {}
        }
        Ok(())
    }

    fn unpack(&mut self, targets: &'a [Expr], value: &Value<'a>, scope: usize, place: usize) -> Eval<()> {
        let items = self.items(value, place)?;
        let star = targets.iter().position(Expr::is_starred_expr);
        let items = items.filter(|items| match star {
            Some(_) => items.len() + 1 >= targets.len(),
            None => items.len() == targets.len(),
        });
        let Some(items) = items else {
            for target in targets {
                self.assign(target, Value::unknown(place, self.source(target)), scope)?;
            }
            return Ok(());
        };
        let more = items.len() + 1 - targets.len().min(items.len() + 1);
        let mut items = items.into_iter();
        for (index, target) in targets.iter().enumerate() {
            if star == Some(index) {
                let part = items.by_ref().take(more).collect();
                self.assign(target, Value::list(part), scope)?;
            } else if let Some(item) = items.next() {
                self.assign(target, item, scope)?;
            }
        }
        Ok(())
    }

    fn set_attribute(&mut self, object: &Value<'a>, name: &str, value: Value<'a>, place: usize) {
        match object {
            Value::Object(object) => object.attributes.borrow_mut().push((name.into(), value)),
            Value::Model(model) => self.models[*model].attributes.push((name.into(), value, place)),
            _ => {}
        }
    }
}

fn set_item<'a>(object: &Value<'a>, key: &Value<'a>, value: Value<'a>) {
    match object {
        Value::Dict(items) => {
            let mut items = items.borrow_mut();
            let at = items.iter().position(|(other, _)| other.equals(key) == Some(true));
            match at {
                Some(at) => items[at].1 = value,
                None if items.len() < MAX_ENTRIES => items.push((key.clone(), value)),
                None => {}
            }
        }
        Value::List(items) => {
            let mut items = items.borrow_mut();
            let count = items.len() as i64;
            let index = key.as_int().map(|index| if index < 0 { index + count } else { index });
            let item = index.and_then(|index| items.get_mut(usize::try_from(index).ok()?));
            item.into_iter().for_each(|item| *item = value.clone());
        }
        _ => {}
    }
}
