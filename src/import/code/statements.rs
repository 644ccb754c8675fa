//! Statements.

use super::keras;
use super::machine::{Eval, Flow, Machine};
use super::value::{Body, Function, Value};
use ruff_python_ast::{Expr, ExprCall, Parameters, Stmt};
use ruff_text_size::Ranged;
use std::rc::Rc;

/// Methods of models whose result alone is of interest, so that nothing is lost where it is not known.
const REPORTS: [&str; 18] = [
    "fit",
    "fit_generator",
    "train_on_batch",
    "summary",
    "evaluate",
    "evaluate_generator",
    "predict",
    "predict_classes",
    "predict_generator",
    "predict_on_batch",
    "test_on_batch",
    "save",
    "save_weights",
    "export",
    "to_json",
    "count_params",
    "reset_metrics",
    "reset_states",
];

/// Methods and functions that change an array in its place.
const IN_PLACE: [&str; 8] = ["shuffle", "sort", "fill", "resize", "put", "itemset", "copyto", "putmask"];

impl<'a> Machine<'a> {
    /// # Errors
    /// If a bound is reached.
    pub fn block(&mut self, code: &'a [Stmt], scope: usize) -> Eval<Flow<'a>> {
        for statement in code {
            match self.statement(statement, scope)? {
                Flow::Next => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::Next)
    }

    /// # Errors
    /// If a bound is reached.
    pub fn statement(&mut self, statement: &'a Stmt, scope: usize) -> Eval<Flow<'a>> {
        let place = statement.start().to_usize();
        self.enter(place)?;
        let flow = self.inner_statement(statement, scope, place);
        self.leave();
        flow
    }

    fn inner_statement(&mut self, statement: &'a Stmt, scope: usize, place: usize) -> Eval<Flow<'a>> {
        match statement {
            Stmt::Expr(one) => match &*one.value {
                Expr::Call(call) => self.call_alone(call, &one.value, scope)?,
                other => drop(self.eval(other, scope)?),
            },
            Stmt::Assign(one) => {
                let value = self.eval(&one.value, scope)?;
                for target in &one.targets {
                    self.assign(target, value.clone(), scope)?;
                }
            }
            Stmt::AnnAssign(one) => {
                if let Some(value) = &one.value {
                    let value = self.eval(value, scope)?;
                    self.assign(&one.target, value, scope)?;
                }
            }
            Stmt::AugAssign(one) => {
                let (left, right) = (self.eval(&one.target, scope)?, self.eval(&one.value, scope)?);
                let value = self.augmented(one.op, left, right, place);
                self.assign(&one.target, value, scope)?;
            }
            Stmt::FunctionDef(one) => {
                let body = Body::Statements(&one.body);
                let function = self.function(one.name.as_str(), Some(&one.parameters), body, scope, place)?;
                self.set(scope, one.name.as_str(), function);
            }
            Stmt::ClassDef(one) => self.class(one, scope, place)?,
            Stmt::Return(one) => {
                let value = one.value.as_ref().map_or(Ok(Value::None), |value| self.eval(value, scope))?;
                return Ok(Flow::Return(value));
            }
            Stmt::If(_) | Stmt::For(_) | Stmt::While(_) => return self.branches(statement, scope, place),
            Stmt::With(one) => {
                for item in &one.items {
                    let value = self.eval(&item.context_expr, scope)?;
                    if let Some(target) = &item.optional_vars {
                        self.assign(target, value, scope)?;
                    }
                }
                return self.block(&one.body, scope);
            }
            Stmt::Try(one) => {
                // What is raised is noted, so the handlers are not reached.
                for part in [&one.body, &one.orelse, &one.finalbody] {
                    match self.block(part, scope)? {
                        Flow::Next => {}
                        other => return Ok(other),
                    }
                }
            }
            Stmt::Import(one) => one.names.iter().for_each(|name| self.import(name, scope, place)),
            Stmt::ImportFrom(one) => {
                let module = one.module.as_ref().map_or("", |module| module.as_str());
                self.check_foreign(module, place);
                one.names.iter().for_each(|name| self.import_from(module, name, scope));
            }
            Stmt::Global(one) => self.declare(scope, &one.names, true),
            Stmt::Nonlocal(one) => self.declare(scope, &one.names, false),
            Stmt::Break(_) => return Ok(Flow::Break),
            Stmt::Continue(_) => return Ok(Flow::Continue),
            Stmt::Match(one) => self.note(place, format!("match {}", self.source(&one.subject))),
            Stmt::Raise(one) => {
                let what = one.exc.as_ref().map_or(String::new(), |what| self.source(what));
                let what = format!("raise {what}");
                self.note(place, what.clone());
                return Ok(Flow::Return(Value::unknown(place, what)));
            }
            Stmt::Delete(one) => {
                for target in &one.targets {
                    self.delete(target, scope)?;
                }
            }
            // It may do anything.
            Stmt::IpyEscapeCommand(one) if one.value.starts_with("run ") => self.note(place, format!("%{}", one.value)),
            Stmt::TypeAlias(_) | Stmt::Assert(_) | Stmt::Pass(_) | Stmt::IpyEscapeCommand(_) => {}
        }
        Ok(Flow::Next)
    }

    /// A call whose value nothing takes: it is there for its effect, which is noted where it would change what is known.
    fn call_alone(&mut self, call: &'a ExprCall, expression: &'a Expr, scope: usize) -> Eval<()> {
        if self.assigned(call, scope)? {
            return Ok(());
        }
        let place = expression.start().to_usize();
        let (receiver, name) = match &*call.func {
            Expr::Attribute(method) if is_path(&method.value) => {
                (Some(self.eval(&method.value, scope)?), method.attr.as_str())
            }
            Expr::Attribute(method) => (None, method.attr.as_str()),
            Expr::Name(name) => (None, name.id.as_str()),
            _ => (None, ""),
        };
        let is_lost = match self.eval(expression, scope)? {
            // A list in an order that is not known.
            Value::Unknown(_) if name == "shuffle" => match &call.arguments.args[..] {
                [list] if is_path(list) => {
                    matches!(self.eval(list, scope)?, Value::List(items) if items.borrow().len() > 1)
                }
                _ => false,
            },
            Value::Unknown(_) => match &receiver {
                Some(Value::List(_) | Value::Dict(_)) => true,
                Some(Value::Model(_)) => !REPORTS.contains(&name),
                Some(Value::Object(object)) => {
                    keras::is_of(object, &["layers", "optimizers"]) && !["build", "get_config", "adapt"].contains(&name)
                }
                _ => false,
            },
            Value::Pixels(pixels) => pixels.change.is_some() && IN_PLACE.contains(&name),
            _ => false,
        };
        let is_copy = match &*call.func {
            Expr::Attribute(method) if matches!(receiver, Some(Value::List(_))) => {
                self.is_layers(&method.value, scope)?
            }
            _ => false,
        };
        if is_lost || is_copy && !["index", "count", "copy"].contains(&name) {
            self.note(place, self.source(expression));
        }
        Ok(())
    }

    /// Whether an expression is `model.layers`, which gives a list of its own each time.
    pub fn is_layers(&mut self, list: &'a Expr, scope: usize) -> Eval<bool> {
        let layers = list.as_attribute_expr().filter(|layers| layers.attr.as_str() == "layers");
        let Some(layers) = layers else { return Ok(false) };
        Ok(matches!(self.eval(&layers.value, scope)?, Value::Model(_)))
    }

    /// A function with the values of its defaults.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn function(
        &mut self,
        name: &'a str,
        parameters: Option<&'a Parameters>,
        body: Body<'a>,
        scope: usize,
        place: usize,
    ) -> Eval<Value<'a>> {
        let list = parameters.iter().flat_map(|parameters| parameters.iter_non_variadic_params());
        let defaults = list.map(|one| one.default.as_ref().map(|value| self.eval(value, scope)).transpose());
        let defaults = defaults.collect::<Eval<Vec<_>>>()?;
        Ok(Value::Function(Rc::new(Function { name, parameters, body, scope, defaults, place })))
    }
}

/// Whether an expression is a name, or a part of one, so that its value may be looked up more than once.
pub fn is_path(expression: &Expr) -> bool {
    match expression {
        Expr::Name(_) => true,
        Expr::Attribute(one) => is_path(&one.value),
        Expr::Subscript(one) => {
            let is_plain = |key: &Expr| matches!(key, Expr::Name(_) | Expr::NumberLiteral(_) | Expr::StringLiteral(_));
            let is_negative = |key: &Expr| key.as_unary_op_expr().is_some_and(|one| is_plain(&one.operand));
            is_path(&one.value) && (is_plain(&one.slice) || is_negative(&one.slice))
        }
        _ => false,
    }
}
