//! Assignments and imports.

use super::keras;
use super::machine::{Eval, Machine};
use super::value::{Object, Value};
use ruff_python_ast::{Alias, Expr, ExprCall};
use ruff_text_size::Ranged;
use std::rc::Rc;

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
                if !self.set_item(&object, &key, value, place)? {
                    self.note(place, format!("{} = …", self.source(target)));
                }
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

    /// `object.name = value`. Of Keras's objects those attributes are known that the document has.
    pub fn set_attribute(&mut self, object: &Value<'a>, name: &str, value: Value<'a>, place: usize) {
        match object {
            Value::Object(object) => {
                let is_known = match name {
                    "trainable" => !keras::is_of(object, &["optimizers", "losses", "callbacks"]),
                    "learning_rate" | "lr" => keras::is_of(object, &["optimizers"]),
                    _ => keras::name(&object.path).is_none() || name.ends_with("name"),
                };
                let is_late = !name.ends_with("name") && self.is_trained(object);
                if !is_known || is_late {
                    let when = if is_late { " after fit" } else { "" };
                    self.note(place, format!("{}.{name} = {}{when}", object.class(), value.describe()));
                } else {
                    let name = if name == "lr" { "learning_rate" } else { name };
                    object.attributes.borrow_mut().push((name.into(), value));
                }
            }
            Value::Model(model) => {
                if name != "trainable" && !name.ends_with("name") {
                    self.note(place, format!("model.{name} = {}", value.describe()));
                }
                self.models[*model].attributes.push((name.into(), value, place));
            }
            Value::Method(method) if matches!(method.0, Value::Model(_) | Value::Object(_)) => {
                self.note(place, format!("{}.{name} = {}", method.1, value.describe()));
            }
            _ => {}
        }
    }

    /// Whether a model has been trained with this layer or optimizer.
    fn is_trained(&self, object: &Rc<Object<'a>>) -> bool {
        let is_it = |value: &Value<'a>| matches!(value, Value::Object(other) if Rc::ptr_eq(other, object));
        let trained = self.models.iter().enumerate().filter(|(_, model)| !model.fits.is_empty());
        let mut trained = trained.map(|(index, model)| (self.layers(index), &model.trained));
        trained.any(|(layers, trained)| {
            let compiled = trained.as_ref().and_then(|trained| trained.1.as_ref());
            compiled.is_some_and(|(arguments, _)| arguments.values().any(is_it)) || layers.iter().any(is_it)
        })
    }

    /// `object.attribute.assign(value)` and `set_value(object.attribute, value)`, by which optimizers' rates are set.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn assigned(&mut self, call: &'a ExprCall, scope: usize) -> Eval<bool> {
        let arguments = &call.arguments.args;
        let (target, value) = match (&*call.func, &arguments[..]) {
            (Expr::Attribute(method), [value]) if method.attr.as_str() == "assign" => (&*method.value, value),
            (Expr::Attribute(method), [target, value]) if method.attr.as_str() == "set_value" => (target, value),
            (Expr::Name(name), [target, value]) if name.id.as_str() == "set_value" => (target, value),
            _ => return Ok(false),
        };
        let Expr::Attribute(target) = target else { return Ok(false) };
        let (object, value) = (self.eval(&target.value, scope)?, self.eval(value, scope)?);
        self.set_attribute(&object, target.attr.as_str(), value, call.start().to_usize());
        Ok(true)
    }
}
