//! Classes of the code's own that are known: those that exported code defines, by their text; and settings, whose attributes are
//! read (`class Config: epochs = 10`, `argparse`, `SimpleNamespace`).

use super::machine::{Eval, Machine, OWN};
use super::value::{Arguments, Object, Value};
use crate::export::classes;
use crate::layers;
use ruff_python_ast::{Stmt, StmtClassDef};
use ruff_text_size::Ranged;
use std::rc::Rc;

/// Where the classes of exported code are, as if they were Keras's.
const EXPORTED: &str = "convlab";

/// Whether a class is one of exported code, which Keras does not have by this name or has with another meaning.
pub fn is_exported(object: &Object) -> bool {
    object.path.split('.').any(|segment| segment == EXPORTED)
}

/// The path of a class that exported code defines.
fn exported(text: &str) -> Option<String> {
    let text = text.replace('\r', "");
    let is = |definition: &str| definition.trim() == text.trim();
    let own = classes::ALL.into_iter().find(|class| is(class.text));
    let own = own.map(|class| format!("keras.{}.{EXPORTED}.{}", class.area, class.name));
    own.or_else(|| {
        let mut classes = layers::keras_classes().into_iter().map(|(_, layer)| layer);
        let layer = classes.find(|layer| layer.definition.is_some_and(is))?;
        Some(format!("keras.layers.{}", layer.class))
    })
}

impl<'a> Machine<'a> {
    /// `class Name(bases): …`
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn class(&mut self, class: &'a StmtClassDef, scope: usize, place: usize) -> Eval<()> {
        let (name, range) = (class.name.as_str(), class.range());
        if let Some(path) = self.text.get(range.start().to_usize()..range.end().to_usize()).and_then(exported) {
            self.set(scope, name, Value::Name(path.into()));
            return Ok(());
        }
        let bases = class.arguments.iter().flat_map(|arguments| &arguments.args);
        let bases = bases.map(|base| self.eval(base, scope)).collect::<Eval<Vec<_>>>()?;
        let (inner, mut attributes) = (self.scope(scope), Vec::new());
        for statement in &class.body {
            let names: Vec<&str> = match statement {
                Stmt::Assign(one) => {
                    one.targets.iter().filter_map(|target| Some(target.as_name_expr()?.id.as_str())).collect()
                }
                Stmt::AnnAssign(one) => one.target.as_name_expr().map(|name| name.id.as_str()).into_iter().collect(),
                _ => continue,
            };
            self.block(std::slice::from_ref(statement), inner)?;
            attributes.extend(names.into_iter().filter_map(|name| Some((name.to_string(), self.get(inner, name)?))));
        }
        if class.body.iter().any(Stmt::is_function_def_stmt) {
            self.classes.push((place, name));
        }
        let arguments = Arguments { positional: bases, named: Vec::new() };
        let path = format!("{OWN}.{name}").into();
        let class = Object { path, arguments, place, own_class: Some(place), attributes: attributes.into() };
        self.set(scope, name, Value::Object(Rc::new(class)));
        Ok(())
    }

    /// An object of a class of the code's own: it has the class's attributes but where its arguments give others.
    pub fn own_object(&mut self, class: &Object<'a>, arguments: Arguments<'a>, place: usize) -> Value<'a> {
        let bases: Vec<String> = class.arguments.positional.iter().map(Value::describe).collect();
        if bases.iter().any(|base| base.ends_with("Model") || base.ends_with("Sequential")) {
            return self.subclassed_model(class, place);
        }
        // A class is called, an object is not a class: the path tells them apart.
        let path = format!("own object.{}", class.class()).into();
        let attributes =
            class.attributes.borrow().iter().filter(|(name, _)| arguments.named(name).is_none()).cloned().collect();
        let attributes = std::cell::RefCell::new(attributes);
        Value::Object(Rc::new(Object { path, arguments, place, own_class: class.own_class, attributes }))
    }
}

/// A method of `argparse.ArgumentParser`: the defaults of its arguments become attributes.
pub fn parser_method<'a>(parser: &Rc<Object<'a>>, name: &str, arguments: &Arguments<'a>) -> Option<Value<'a>> {
    match name {
        "add_argument" => {
            let flags = arguments.positional.iter().filter_map(Value::as_text);
            let flag = flags.max_by_key(|flag| flag.starts_with("--"))?;
            let given = arguments.named("dest").and_then(Value::as_text);
            let name = given.map_or_else(|| flag.trim_start_matches('-').replace('-', "_"), str::to_string);
            let value = match arguments.named("action").and_then(Value::as_text) {
                Some("store_true") => Value::Bool(false),
                Some("store_false") => Value::Bool(true),
                _ if flag.starts_with('-') => Value::None,
                // One that the caller has to give is not known.
                _ => return Some(Value::None),
            };
            let value = arguments.named("default").cloned().unwrap_or(value);
            parser.attributes.borrow_mut().push((name, value));
            Some(Value::None)
        }
        "parse_args" => Some(Value::Object(parser.clone())),
        "parse_known_args" => Some(Value::tuple(vec![Value::Object(parser.clone()), Value::list(Vec::new())])),
        _ => None,
    }
}
