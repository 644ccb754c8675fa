//! Calls: of the code's own functions, of methods, of libraries.

use super::keras;
use super::machine::{Eval, Flow, Machine};
use super::value::{Arguments, Body, Function, Value, tensors};
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Stmt};
use std::rc::Rc;

/// What scikit-learn has for cross-validation.
const CROSS_VALIDATION: [&str; 10] = [
    "KFold",
    "StratifiedKFold",
    "RepeatedKFold",
    "RepeatedStratifiedKFold",
    "LeaveOneOut",
    "cross_val_score",
    "cross_val_predict",
    "cross_validate",
    "GridSearchCV",
    "RandomizedSearchCV",
];

impl<'a> Machine<'a> {
    /// The value of a call.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn call(
        &mut self,
        function: Value<'a>,
        arguments: Arguments<'a>,
        place: usize,
        expression: &'a Expr,
    ) -> Eval<Value<'a>> {
        self.enter(place)?;
        let value = self.inner_call(function, arguments, place, expression);
        self.leave();
        value
    }

    fn inner_call(
        &mut self,
        function: Value<'a>,
        arguments: Arguments<'a>,
        place: usize,
        expression: &'a Expr,
    ) -> Eval<Value<'a>> {
        match function {
            Value::Function(function) => self.inline(&function, arguments, place),
            Value::Name(path) => self.library(&path, arguments, place, expression),
            Value::Method(method) => self.method(&method.0, &method.1, arguments, place, expression),
            Value::Object(class) if class.own_class.is_some() && class.path.starts_with(super::machine::OWN) => {
                Ok(self.own_object(&class, arguments, place))
            }
            // Arguments of the call come before those that were given with the function.
            Value::Object(partial) if &*partial.path == "functools.partial" => {
                let Some((function, first)) = partial.arguments.positional.split_first() else {
                    return Ok(self.unknown(expression));
                };
                let positional = first.iter().cloned().chain(arguments.positional).collect();
                let given = partial
                    .arguments
                    .named
                    .iter()
                    .filter(|(name, _)| arguments.named.iter().all(|(other, _)| other != name));
                let named = given.cloned().chain(arguments.named.iter().cloned()).collect();
                self.call(function.clone(), Arguments { positional, named }, place, expression)
            }
            Value::Object(object) => {
                self.check_training(&arguments, place);
                let inputs = arguments.positional.first().or_else(|| arguments.named("inputs"));
                match inputs.and_then(tensors) {
                    Some(inputs) => Ok(self.apply(object, &inputs, place)),
                    None => Ok(Value::unknown(place, self.source(expression))),
                }
            }
            Value::Model(model) => match arguments.positional.first().and_then(tensors) {
                Some(inputs) => {
                    self.check_training(&arguments, place);
                    Ok(self.apply_model(model, &inputs, place))
                }
                None => Ok(Value::unknown(place, self.source(expression))),
            },
            other => {
                let what =
                    if let Value::Unknown(unknown) = &other { unknown.what.clone() } else { self.source(expression) };
                Ok(self.foreign_call(&what, &arguments, place))
            }
        }
    }

    /// A layer that computes as in training, or as in inference, at all times.
    fn check_training(&mut self, arguments: &Arguments<'a>, place: usize) {
        if let Some(training) = arguments.named("training").filter(|training| !matches!(training, Value::None)) {
            self.note(place, format!("training={}", training.describe()));
        }
    }

    /// A call of what is not known. If it takes a layer's output, it is a layer that is not understood.
    pub fn foreign_call(&mut self, what: &str, arguments: &Arguments<'a>, place: usize) -> Value<'a> {
        let inputs: Vec<Value> = arguments.values().filter_map(tensors).flatten().collect();
        if inputs.is_empty() { Value::unknown(place, what) } else { self.apply_unknown(what.into(), inputs, place) }
    }

    /// Notes a call of scikit-learn that trains a model several times.
    fn check_folds(&mut self, path: &str, place: usize) {
        let name = path.strip_prefix("sklearn.model_selection.").unwrap_or_default();
        if CROSS_VALIDATION.contains(&name) {
            let what = "trains a model on each fold, but one training is imported";
            self.note(place, format!("{name} {what} (build and fit the model once, outside of the folds)"));
        }
    }

    /// Runs a function's body with its arguments.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn inline(&mut self, function: &Function<'a>, arguments: Arguments<'a>, place: usize) -> Eval<Value<'a>> {
        if is_generator(function) {
            return Ok(Value::unknown(place, format!("the generator {}()", function.name)));
        }
        let scope = self.scope(function.scope);
        if let Some(parameters) = function.parameters {
            // Of a dictionary that is not known, each argument may come that is not given otherwise.
            let open = arguments.named("**").cloned();
            let mut positional = arguments.positional.into_iter();
            let mut named = arguments.named;
            let keyword_only = parameters.posonlyargs.len() + parameters.args.len();
            for (index, one) in parameters.iter_non_variadic_params().enumerate() {
                let name = one.parameter.name.as_str();
                let given = if index < keyword_only { positional.next() } else { None };
                let by_name = named.iter().position(|(other, _)| other == name);
                let by_name = by_name.map(|index| named.swap_remove(index).1);
                let default = || function.defaults.get(index).cloned().flatten();
                let value = given.or(by_name).or(open.clone()).or_else(default);
                let value =
                    value.unwrap_or_else(|| Value::unknown(place, format!("{}: {name} is missing", function.name)));
                self.set(scope, name, value);
            }
            if let Some(rest) = &parameters.vararg {
                self.set(scope, rest.name.as_str(), Value::tuple(positional.collect()));
            }
            if let Some(rest) = &parameters.kwarg {
                let pairs: Vec<_> = named.into_iter().map(|(name, value)| (Value::text(&name), value)).collect();
                self.set(scope, rest.name.as_str(), Value::Dict(Rc::new(pairs.into())));
            }
        }
        let body = match function.body {
            Body::Expression(body) => return self.eval(body, scope),
            Body::Statements(body) => body,
        };
        let before = self.open_return.take();
        let flow = self.block(body, scope)?;
        Ok(match (std::mem::replace(&mut self.open_return, before), flow) {
            // An earlier `return` may give the value.
            (Some(unknown), _) => unknown,
            (None, Flow::Return(value)) => value,
            _ => Value::None,
        })
    }

    fn method(
        &mut self,
        object: &Value<'a>,
        name: &str,
        arguments: Arguments<'a>,
        place: usize,
        expression: &'a Expr,
    ) -> Eval<Value<'a>> {
        let unknown = Value::unknown(place, self.source(expression));
        Ok(match object {
            Value::Model(model) => return self.model_method(*model, name, arguments, place),
            Value::Pixels(pixels) => super::arrays::pixels_method(pixels, name, &arguments, place),
            Value::Batches(batches) => return self.batches_method(batches, name, &arguments, place, expression),
            Value::List(items) => self.list_method(items, name, &arguments, place, expression)?.unwrap_or(unknown),
            Value::Dict(items) => self.dict_method(items, name, &arguments, place)?.unwrap_or(unknown),
            Value::Tensor(_) if name == "get_shape" => self.shape(object).unwrap_or(unknown),
            Value::Tuple(items) if name == "as_list" => Value::list(items.to_vec()),
            Value::Text(text) => match name {
                "lower" => Value::text(&text.to_lowercase()),
                "upper" => Value::text(&text.to_uppercase()),
                "strip" => Value::text(text.trim()),
                "format" => super::library::format(text, &arguments).map_or(unknown, |text| Value::text(&text)),
                _ => unknown,
            },
            Value::Object(object) => {
                if &*object.path == "argparse.ArgumentParser"
                    && let Some(value) = super::own::parser_method(object, name, &arguments)
                {
                    return Ok(value);
                }
                // Of an object's methods those matter that give images in batches.
                match (object.class(), name) {
                    ("ImageDataGenerator", "flow") => super::arrays::flow(object, &arguments),
                    ("ImageDataGenerator", "flow_from_directory") => {
                        Value::unknown(place, "images of a folder (flow_from_directory)")
                    }
                    _ => self.foreign_call(&format!("{}.{name}", object.class()), &arguments, place),
                }
            }
            _ => self.foreign_call(&self.source(expression), &arguments, place),
        })
    }

    /// The call of a library's name.
    fn library(
        &mut self,
        path: &Rc<str>,
        arguments: Arguments<'a>,
        place: usize,
        expression: &'a Expr,
    ) -> Eval<Value<'a>> {
        if let Some(value) = self.plain_function(path, &arguments, place, expression)? {
            return Ok(value);
        }
        if let Some(value) = super::arrays::array_function(path, &arguments, place) {
            return Ok(value);
        }
        if let Some(name) = keras::name(path) {
            return match name.name {
                "clone_model" => self.cloned_model(&arguments, place),
                _ => Ok(self.keras_call(name, path, arguments, place)),
            };
        }
        self.check_folds(path, place);
        let what = if path.starts_with("builtins.") { self.source(expression) } else { format!("{path}()") };
        Ok(self.foreign_call(&what, &arguments, place))
    }
}

/// Whether a function's calls give generators, whose items are not followed.
fn is_generator(function: &Function) -> bool {
    struct Yields(bool);
    impl<'a> Visitor<'a> for Yields {
        fn visit_stmt(&mut self, statement: &'a Stmt) {
            if !matches!(statement, Stmt::FunctionDef(_)) {
                walk_stmt(self, statement);
            }
        }
        fn visit_expr(&mut self, expression: &'a Expr) {
            self.0 |= matches!(expression, Expr::Yield(_) | Expr::YieldFrom(_));
            walk_expr(self, expression);
        }
    }
    let mut yields = Yields(false);
    if let Body::Statements(body) = function.body {
        yields.visit_body(body);
    }
    yields.0
}
