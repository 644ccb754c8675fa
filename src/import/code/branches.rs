//! Conditions and loops.

use super::machine::{Eval, Flow, Machine};
use super::value::Value;
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
                            self.skip(&bodies, &format!("if {test}"), scope, place);
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
                    self.skip(&[&one.body, &one.orelse], &what, scope, place);
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
                        self.skip(&[&one.body, &one.orelse], &what, scope, place);
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

    /// Leaves out code that depends on what is not known: the names that it sets are unknown from here on. It is noted where it
    /// would build or train a model.
    fn skip(&mut self, bodies: &[&'a [Stmt]], what: &str, scope: usize, place: usize) {
        let mut effects = Effects::default();
        bodies.iter().for_each(|body| effects.visit_body(body));
        for name in effects.names {
            self.set(scope, name, Value::unknown(place, what));
        }
        if effects.builds {
            self.note(place, what);
        }
    }
}

/// What code would do.
#[derive(Default)]
struct Effects<'a> {
    /// The names that it sets.
    names: Vec<&'a str>,
    /// Whether it builds, compiles or trains a model.
    builds: bool,
}

impl<'a> Visitor<'a> for Effects<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx.is_store() => self.names.push(name.id.as_str()),
            Expr::Call(call) => {
                if let Expr::Attribute(method) = &*call.func {
                    let name = method.attr.as_str();
                    self.builds |= ["add", "pop", "compile", "fit", "fit_generator", "train_on_batch"].contains(&name);
                }
            }
            _ => {}
        }
        walk_expr(self, expression);
    }
}
