//! The interpreter's state and its statements. It follows the code as far as that decides a network and its training, and no
//! further: there are no files, no arrays, no classes, and every loop is bounded.

use super::model::{Model, Node};
use super::value::{Body, Function, Value};
use ruff_python_ast::{Parameters, Stmt};
use ruff_text_size::Ranged;
use std::collections::HashMap;
use std::rc::Rc;

/// The most expressions and statements that are followed.
const MAX_STEPS: usize = 200_000;

/// The most expressions, statements and calls inside each other.
const MAX_DEPTH: usize = 150;

/// The most values in one list, and characters in one text.
pub const MAX_ITEMS: usize = 20_000;

/// The most values of all lists and characters of all texts together.
const MAX_MEMORY: usize = 2_000_000;

/// The most items that are looked at in loops and searches.
const MAX_WORK: usize = 20_000_000;

/// The most entries of a dictionary, which is searched from its start.
pub const MAX_ENTRIES: usize = 2_000;

/// The end of the interpretation: a bound is reached.
#[derive(Debug)]
pub struct Halt {
    pub place: usize,
    pub message: String,
}

pub type Eval<T> = Result<T, Halt>;

/// How a statement ends.
pub enum Flow<'a> {
    Next,
    Break,
    Continue,
    Return(Value<'a>),
}

/// A scope of names.
#[derive(Default)]
struct Scope<'a> {
    names: HashMap<String, Value<'a>>,
    parent: Option<usize>,
    /// Names that belong to the outermost scope here.
    globals: Vec<&'a str>,
}

/// The interpreter.
#[derive(Default)]
pub struct Machine<'a> {
    /// The code.
    pub text: &'a str,
    scopes: Vec<Scope<'a>>,
    /// Modules whose every name was imported.
    pub stars: Vec<String>,
    /// Inputs and outputs of layers, in the order of the calls.
    pub nodes: Vec<Node<'a>>,
    pub models: Vec<Model<'a>>,
    /// What was not understood where it matters, with its place.
    pub notes: Vec<(usize, String)>,
    /// The library of another kind of code, where one is imported: PyTorch, say.
    pub foreign: Option<(usize, &'static str)>,
    steps: usize,
    depth: usize,
    memory: usize,
    work: usize,
}

impl<'a> Machine<'a> {
    /// An interpreter of this code.
    pub fn new(text: &'a str) -> Self {
        Self { text, ..Self::default() }
    }

    /// Runs the statements of a module.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn run(&mut self, code: &'a [Stmt]) -> Eval<()> {
        self.scopes = vec![Scope::default()];
        self.set(0, "__name__", Value::text("__main__"));
        for statement in code {
            // A `return` or `break` outside of its block is an error in Python, too.
            self.statement(statement, 0)?;
        }
        Ok(())
    }

    /// Notes what was not understood where it matters, once.
    pub fn note(&mut self, place: usize, what: impl Into<String>) {
        let note = (place, what.into());
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Counts a step, and a level that [`Self::leave`] ends.
    pub fn enter(&mut self, place: usize) -> Eval<()> {
        self.steps += 1;
        self.depth += 1;
        if self.steps > MAX_STEPS {
            let message = format!("following the code takes more than {MAX_STEPS} steps. Is there an endless loop?");
            return Err(Halt { place, message });
        }
        if self.depth > MAX_DEPTH {
            let message =
                "calls or expressions are nested too deeply here. Does a function call itself without an end?";
            return Err(Halt { place, message: message.into() });
        }
        Ok(())
    }

    /// Counts the values of a list or the characters of a text before it is made.
    ///
    /// # Errors
    /// If there are too many.
    pub fn allocate(&mut self, count: usize, place: usize) -> Eval<()> {
        self.memory = self.memory.saturating_add(count);
        if count > MAX_ITEMS || self.memory > MAX_MEMORY {
            let message = format!("lists and texts become too long here: more than {MAX_ITEMS} items in one");
            return Err(Halt { place, message });
        }
        Ok(())
    }

    /// The items of a list, a tuple, a short range, a text or a dictionary's keys.
    ///
    /// # Errors
    /// If too many have been looked at.
    pub fn items(&mut self, value: &Value<'a>, place: usize) -> Eval<Option<Vec<Value<'a>>>> {
        let items = value.items(MAX_ITEMS);
        self.work += items.as_ref().map_or(1, Vec::len);
        if self.work > MAX_WORK {
            let message = "following the code takes too long here. Are there loops in loops over long lists?";
            return Err(Halt { place, message: message.into() });
        }
        Ok(items)
    }

    pub fn leave(&mut self) {
        self.depth -= 1;
    }

    // ---- names ----

    pub fn scope(&mut self, parent: usize) -> usize {
        self.scopes.push(Scope { parent: Some(parent), ..Scope::default() });
        self.scopes.len() - 1
    }

    pub fn set(&mut self, scope: usize, name: &str, value: Value<'a>) {
        let scope = if self.scopes[scope].globals.contains(&name) { 0 } else { scope };
        self.scopes[scope].names.insert(name.into(), value);
    }

    /// The value of a name, in the innermost scope that has it.
    pub fn get(&self, scope: usize, name: &str) -> Option<Value<'a>> {
        let mut at = Some(scope);
        while let Some(scope) = at {
            let Scope { names, parent, .. } = &self.scopes[scope];
            if let Some(value) = names.get(name) {
                return Some(value.clone());
            }
            at = *parent;
        }
        None
    }

    // ---- statements ----

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

    fn statement(&mut self, statement: &'a Stmt, scope: usize) -> Eval<Flow<'a>> {
        let place = statement.start().to_usize();
        self.enter(place)?;
        let flow = self.inner_statement(statement, scope, place);
        self.leave();
        flow
    }

    fn inner_statement(&mut self, statement: &'a Stmt, scope: usize, place: usize) -> Eval<Flow<'a>> {
        match statement {
            Stmt::Expr(one) => drop(self.eval(&one.value, scope)?),
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
                // Nothing is raised here, so the handlers are not reached.
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
            Stmt::Global(one) => self.scopes[scope].globals.extend(one.names.iter().map(|name| name.as_str())),
            Stmt::Break(_) => return Ok(Flow::Break),
            Stmt::Continue(_) => return Ok(Flow::Continue),
            Stmt::Match(one) => self.note(place, format!("match {}", self.source(&one.subject))),
            Stmt::Delete(_)
            | Stmt::TypeAlias(_)
            | Stmt::Raise(_)
            | Stmt::Assert(_)
            | Stmt::Nonlocal(_)
            | Stmt::Pass(_)
            | Stmt::IpyEscapeCommand(_) => {}
        }
        Ok(Flow::Next)
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

/// Where classes of the code itself are, as if it were a library.
pub const OWN: &str = "(own)";
