//! The interpreter's state. It follows the code as far as that decides a network and its training, and no
//! further: there are no files, no arrays, no classes, and every loop is bounded.

use super::model::{Model, Node};
use super::value::Value;
use ruff_python_ast::Stmt;
use std::collections::HashMap;

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
    /// Names that belong to a function around this one here.
    outer: Vec<&'a str>,
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
    /// Classes of the code's own with methods, which are not followed.
    pub classes: Vec<(usize, &'a str)>,
    /// A `return` of the running function that depends on what is not known.
    pub open_return: Option<Value<'a>>,
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
        let owner = match &self.scopes[scope] {
            Scope { globals, .. } if globals.contains(&name) => 0,
            Scope { outer, parent: Some(parent), .. } if outer.contains(&name) => self.owner(*parent, name),
            _ => scope,
        };
        self.scopes[owner].names.insert(name.into(), value);
    }

    /// The innermost scope that has a name, or else the given one.
    fn owner(&self, scope: usize, name: &str) -> usize {
        let parents = std::iter::successors(Some(scope), |scope| self.scopes[*scope].parent);
        parents.into_iter().find(|scope| self.scopes[*scope].names.contains_key(name)).unwrap_or(scope)
    }

    /// Forgets a name.
    pub fn unset(&mut self, scope: usize, name: &str) {
        self.scopes[scope].names.remove(name);
    }

    /// `global` and `nonlocal`.
    pub fn declare(&mut self, scope: usize, names: &'a [ruff_python_ast::Identifier], is_global: bool) {
        let Scope { globals, outer, .. } = &mut self.scopes[scope];
        let list = if is_global { globals } else { outer };
        list.extend(names.iter().map(|name| name.as_str()));
    }

    /// The values of all names of the module.
    pub fn module_values(&self) -> impl Iterator<Item = &Value<'a>> {
        self.scopes.first().into_iter().flat_map(|scope| scope.names.values())
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
}

/// Where classes of the code itself are, as if it were a library.
pub const OWN: &str = "(own)";
