//! Conditions and loops.

use super::machine::{Eval, Flow, Machine};
use super::statements::is_path;
use super::value::{Body, Value};
use ruff_python_ast::visitor::{Visitor, walk_expr, walk_stmt};
use ruff_python_ast::{Expr, Stmt};

impl<'a> Machine<'a> {
    /// `if`, `for` and `while`.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn branches(&mut self, statement: &'a Stmt, scope: usize, place: usize) -> Eval<Flow<'a>> {
        match statement {
            Stmt::If(one) => {
                let mut branches = vec![(Some(&*one.test), &one.body)];
                branches.extend(one.elif_else_clauses.iter().map(|clause| (clause.test.as_ref(), &clause.body)));
                for (index, (test, body)) in branches.iter().enumerate() {
                    let holds = test.map_or(Ok(Some(true)), |test| Ok(self.eval(test, scope)?.truth()))?;
                    match holds {
                        Some(true) => return self.block(body, scope),
                        Some(false) => {}
                        None => {
                            let test = test.map_or(String::new(), |test| self.source(test));
                            let bodies: Vec<&'a [Stmt]> = branches[index..].iter().map(|(_, body)| &body[..]).collect();
                            self.skip(&bodies, &format!("if {test}"), scope, place)?;
                            break;
                        }
                    }
                }
                Ok(Flow::Next)
            }
            Stmt::For(one) => {
                let items = self.eval(&one.iter, scope)?;
                let Some(items) = self.items(&items, place)? else {
                    let what = format!("for … in {}", self.source(&one.iter));
                    self.skip(&[&one.body, &one.orelse], &what, scope, place)?;
                    self.assign(&one.target, Value::unknown(place, what), scope)?;
                    return Ok(Flow::Next);
                };
                for item in items {
                    self.enter(place)?;
                    self.leave();
                    self.assign(&one.target, item, scope)?;
                    match self.block(&one.body, scope)? {
                        Flow::Break => return Ok(Flow::Next),
                        Flow::Return(value) => return Ok(Flow::Return(value)),
                        Flow::Next | Flow::Continue => {}
                    }
                }
                self.block(&one.orelse, scope)
            }
            Stmt::While(one) => loop {
                self.enter(place)?;
                self.leave();
                match self.eval(&one.test, scope)?.truth() {
                    Some(true) => {}
                    Some(false) => return self.block(&one.orelse, scope),
                    None => {
                        let what = format!("while {}", self.source(&one.test));
                        self.skip(&[&one.body, &one.orelse], &what, scope, place)?;
                        return Ok(Flow::Next);
                    }
                }
                match self.block(&one.body, scope)? {
                    Flow::Break => return Ok(Flow::Next),
                    Flow::Return(value) => return Ok(Flow::Return(value)),
                    Flow::Next | Flow::Continue => {}
                }
            },
            _ => Ok(Flow::Next),
        }
    }

    /// Leaves out code that depends on what is not known: the names that it sets, and the lists and dictionaries that it changes,
    /// are unknown from here on. It is noted where it would build or train a model.
    fn skip(&mut self, bodies: &[&'a [Stmt]], what: &str, scope: usize, place: usize) -> Eval<()> {
        let mut effects = Effects::default();
        bodies.iter().for_each(|body| effects.visit_body(body));
        let mut builds = effects.builds;
        for path in effects.changed {
            let object = self.eval(path, scope)?;
            let unknown = Value::unknown(place, what);
            match &object {
                Value::List(items) => items.borrow_mut().push(unknown.clone()),
                Value::Dict(items) => items.borrow_mut().iter_mut().for_each(|(_, value)| *value = unknown.clone()),
                Value::Pixels(_) => {}
                Value::Model(_) | Value::Object(_) => builds = true,
                _ => continue,
            }
            if let Expr::Name(name) = path {
                self.set(scope, name.id.as_str(), unknown);
            }
        }
        for name in effects.names {
            self.set(scope, name, Value::unknown(place, what));
        }
        for name in effects.called {
            builds |= self.get(scope, name).is_some_and(|function| self.has_effects(&function, &mut Vec::new()));
        }
        if effects.returns {
            self.open_return = Some(Value::unknown(place, what));
        }
        if builds {
            self.note(place, what);
        }
        Ok(())
    }

    /// Whether a call of the code's own function may change more than its own names; `seen` are the functions that it is called by.
    fn has_effects(&self, function: &Value<'a>, seen: &mut Vec<usize>) -> bool {
        let Value::Function(function) = function else { return false };
        let Body::Statements(body) = function.body else { return true };
        if seen.contains(&function.place) {
            return false;
        }
        seen.push(function.place);
        let mut effects = Effects::default();
        effects.visit_body(body);
        let is_outer = |path: &&Expr| root(path).is_none_or(|name| !effects.names.contains(&name));
        effects.builds
            || effects.changed.iter().any(is_outer)
            || effects.called.iter().any(|name| {
                let called = self.get(function.scope, name);
                called.is_some_and(|called| self.has_effects(&called, seen))
            })
    }
}

/// The name that a path begins with.
fn root(path: &Expr) -> Option<&str> {
    match path {
        Expr::Name(name) => Some(name.id.as_str()),
        Expr::Attribute(one) => root(&one.value),
        Expr::Subscript(one) => root(&one.value),
        _ => None,
    }
}

/// What code would do.
#[derive(Default)]
struct Effects<'a> {
    /// The names that it sets.
    names: Vec<&'a str>,
    /// Objects that it changes.
    changed: Vec<&'a Expr>,
    /// Functions that it calls by their names.
    called: Vec<&'a str>,
    /// Whether it builds, compiles or trains a model, or says that outer names are set.
    builds: bool,
    /// Whether it may end the function.
    returns: bool,
}

/// Methods that build, compile or train a model, or change a layer.
const BUILDS: [&str; 11] = [
    "add",
    "compile",
    "fit",
    "fit_generator",
    "train_on_batch",
    "set_weights",
    "load_weights",
    "add_loss",
    // Training by the code's own loop.
    "apply_gradients",
    "minimize",
    "GradientTape",
];

/// Methods that change a list, a dictionary, or a model.
const CHANGES: [&str; 11] =
    ["append", "extend", "insert", "update", "pop", "popitem", "remove", "sort", "reverse", "clear", "setdefault"];

impl<'a> Visitor<'a> for Effects<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Global(_) | Stmt::Nonlocal(_) => self.builds = true,
            // Its body is not run here.
            Stmt::FunctionDef(one) => self.names.push(one.name.as_str()),
            _ => {
                self.returns |= statement.is_return_stmt();
                walk_stmt(self, statement);
            }
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx.is_store() => self.names.push(name.id.as_str()),
            Expr::Attribute(one) if !one.ctx.is_load() => self.change(&one.value),
            Expr::Subscript(one) if !one.ctx.is_load() => self.change(&one.value),
            Expr::Call(call) => match &*call.func {
                Expr::Attribute(method) => {
                    let name = method.attr.as_str();
                    self.builds |= BUILDS.contains(&name);
                    // `optimizer.learning_rate.assign(…)`, `set_value(optimizer.learning_rate, …)`
                    let target = if name == "assign" { Some(&*method.value) } else { call.arguments.args.first() };
                    if let (Some(Expr::Attribute(target)), "assign" | "set_value") = (target, name) {
                        self.change(&target.value);
                    }
                    if CHANGES.contains(&name) {
                        self.change(&method.value);
                    }
                }
                Expr::Name(name) => self.called.push(name.id.as_str()),
                _ => {}
            },
            _ => {}
        }
        walk_expr(self, expression);
    }
}

impl<'a> Effects<'a> {
    /// An object that is changed, where it can be looked up.
    fn change(&mut self, object: &'a Expr) {
        if is_path(object) {
            self.changed.push(object);
        }
    }
}
