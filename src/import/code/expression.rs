//! Expressions.

use super::machine::{Eval, MAX_ITEMS, Machine};
use super::sequences::distinct;
use super::value::{Arguments, Body, Value};
use ruff_python_ast::{Comprehension, Expr, ExprFString, FStringPart, InterpolatedStringElement, Number};
use ruff_text_size::Ranged;

/// Names that need no import.
const BUILTINS: [&str; 33] = [
    "range",
    "len",
    "int",
    "float",
    "str",
    "bool",
    "list",
    "tuple",
    "dict",
    "set",
    "zip",
    "enumerate",
    "reversed",
    "sorted",
    "min",
    "max",
    "sum",
    "abs",
    "round",
    "print",
    "isinstance",
    "any",
    "all",
    "map",
    "filter",
    "pow",
    "divmod",
    "type",
    "super",
    "open",
    "object",
    "display",
    "get_ipython",
];

impl<'a> Machine<'a> {
    /// The value of an expression.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn eval(&mut self, expression: &'a Expr, scope: usize) -> Eval<Value<'a>> {
        let place = expression.start().to_usize();
        self.enter(place)?;
        let value = self.inner_eval(expression, scope, place);
        self.leave();
        value
    }

    fn inner_eval(&mut self, expression: &'a Expr, scope: usize, place: usize) -> Eval<Value<'a>> {
        Ok(match expression {
            Expr::NoneLiteral(_) => Value::None,
            Expr::EllipsisLiteral(_) => Value::Ellipsis,
            Expr::BooleanLiteral(one) => Value::Bool(one.value),
            Expr::NumberLiteral(one) => match &one.value {
                Number::Int(value) => value.as_i64().map_or_else(|| self.unknown(expression), Value::Int),
                Number::Float(value) => Value::Float(*value),
                Number::Complex { .. } => self.unknown(expression),
            },
            Expr::StringLiteral(one) => {
                self.allocate(one.value.to_str().len().min(MAX_ITEMS), place)?;
                Value::text(one.value.to_str())
            }
            Expr::FString(one) => return self.f_string(one, expression, scope),
            Expr::Name(one) => self.name(one.id.as_str(), scope, place),
            Expr::Attribute(one) => {
                let value = self.eval(&one.value, scope)?;
                self.attribute(value, one.attr.as_str(), expression)
            }
            Expr::Tuple(one) => Value::tuple(self.elements(&one.elts, scope)?),
            Expr::List(one) => Value::list(self.elements(&one.elts, scope)?),
            Expr::Set(one) => {
                let items = distinct(self.elements(&one.elts, scope)?);
                items.map_or_else(|| self.unknown(expression), Value::list)
            }
            Expr::Dict(_) | Expr::DictComp(_) => return self.dictionary(expression, scope),
            Expr::ListComp(one) => return self.comprehension(&[&one.elt], &one.generators, scope),
            Expr::SetComp(one) => {
                let made = self.comprehension(&[&one.elt], &one.generators, scope)?;
                let items = self.items(&made, place)?.and_then(distinct);
                items.map_or_else(|| self.unknown(expression), Value::list)
            }
            Expr::Generator(one) => return self.comprehension(&[&one.elt], &one.generators, scope),
            Expr::Call(one) => {
                let function = self.eval(&one.func, scope)?;
                let arguments = self.arguments(&one.arguments, scope)?;
                // The call's last name is what a reader looks for: `layers.LSTM` in a chain over several lines.
                let at =
                    if let Expr::Attribute(method) = &*one.func { method.attr.range.start().to_usize() } else { place };
                return self.call(function, arguments, at, expression);
            }
            Expr::Subscript(one) => {
                let (value, key) = (self.eval(&one.value, scope)?, self.eval(&one.slice, scope)?);
                self.item(&value, &key, expression)
            }
            Expr::Slice(one) => {
                let mut part =
                    |part: &'a Option<Box<Expr>>| part.as_ref().map_or(Ok(Value::None), |part| self.eval(part, scope));
                Value::Slice([part(&one.lower)?, part(&one.upper)?, part(&one.step)?].into())
            }
            Expr::BinOp(one) => {
                let (left, right) = (self.eval(&one.left, scope)?, self.eval(&one.right, scope)?);
                return self.binary(one.op, left, right, expression);
            }
            Expr::UnaryOp(_) | Expr::BoolOp(_) | Expr::Compare(_) | Expr::If(_) => {
                return self.logic(expression, scope);
            }
            Expr::Lambda(one) => {
                return self.function("", one.parameters.as_deref(), Body::Expression(&one.body), scope, place);
            }
            Expr::Named(one) => {
                let value = self.eval(&one.value, scope)?;
                self.assign(&one.target, value.clone(), scope)?;
                value
            }
            Expr::Starred(one) => self.eval(&one.value, scope)?,
            _ => self.unknown(expression),
        })
    }

    /// An expression that is not understood.
    pub fn unknown(&self, expression: &Expr) -> Value<'a> {
        Value::unknown(expression.start().to_usize(), self.source(expression))
    }

    /// An expression as it is written, on one line and shortened.
    pub fn source(&self, expression: &Expr) -> String {
        let (start, end) = (expression.start().to_usize(), expression.end().to_usize());
        let words: Vec<&str> = self.text.get(start..end).unwrap_or_default().split_whitespace().take(20).collect();
        let line = words.join(" ");
        if line.chars().count() <= 60 { line } else { line.chars().take(59).chain(['…']).collect() }
    }

    fn name(&self, name: &'a str, scope: usize, place: usize) -> Value<'a> {
        if let Some(value) = self.get(scope, name) {
            return value;
        }
        if BUILTINS.contains(&name) {
            return Value::Name(format!("builtins.{name}").into());
        }
        // The last module whose every name was imported; of Keras's, that is known only when the name is used.
        match self.stars.last() {
            Some(_) => {
                let star = self.stars.iter().rev().find(|module| super::keras::has_name(module, name));
                star.map_or_else(
                    || Value::unknown(place, name),
                    |module| Value::Name(format!("{module}.{name}").into()),
                )
            }
            None => Value::unknown(place, name),
        }
    }

    fn elements(&mut self, elements: &'a [Expr], scope: usize) -> Eval<Vec<Value<'a>>> {
        let mut values = Vec::new();
        for element in elements {
            let value = self.eval(element, scope)?;
            match element {
                Expr::Starred(_) => match self.items(&value, element.start().to_usize())? {
                    Some(items) => values.extend(items),
                    None => values.push(value),
                },
                _ => values.push(value),
            }
        }
        let place = elements.first().map_or(0, |first| first.start().to_usize());
        self.allocate(values.len(), place)?;
        Ok(values)
    }

    fn arguments(&mut self, given: &'a ruff_python_ast::Arguments, scope: usize) -> Eval<Arguments<'a>> {
        let positional = self.elements(&given.args, scope)?;
        let mut named = Vec::new();
        for keyword in &given.keywords {
            let value = self.eval(&keyword.value, scope)?;
            match (&keyword.arg, &value) {
                (Some(name), _) => named.push((name.as_str().into(), value)),
                (None, Value::Dict(items)) => {
                    let items = items.borrow();
                    named.extend(items.iter().filter_map(|(key, value)| Some((key.as_text()?.into(), value.clone()))));
                }
                (None, other) => {
                    named.push(("**".into(), Value::unknown(keyword.start().to_usize(), other.describe())))
                }
            }
        }
        Ok(Arguments { positional, named })
    }

    fn dictionary(&mut self, expression: &'a Expr, scope: usize) -> Eval<Value<'a>> {
        let mut pairs: Vec<(Value<'a>, Value<'a>)> = Vec::new();
        match expression {
            Expr::Dict(one) => {
                for item in &one.items {
                    let value = self.eval(&item.value, scope)?;
                    match &item.key {
                        Some(key) => pairs.push((self.eval(key, scope)?, value)),
                        None => match value {
                            Value::Dict(items) => pairs.extend(items.borrow().iter().cloned()),
                            _ => return Ok(self.unknown(expression)),
                        },
                    }
                }
            }
            Expr::DictComp(one) => {
                let Some(key) = &one.key else { return Ok(self.unknown(expression)) };
                let made = self.comprehension(&[key, &one.value], &one.generators, scope)?;
                let Some(made) = self.items(&made, expression.start().to_usize())? else { return Ok(made) };
                pairs.extend(made.iter().filter_map(|pair| {
                    let pair = pair.items(2)?;
                    Some((pair.first()?.clone(), pair.get(1)?.clone()))
                }));
            }
            _ => {}
        }
        // Of equal keys the last one counts.
        let mut unique: Vec<(Value<'a>, Value<'a>)> = Vec::new();
        self.allocate(pairs.len(), expression.start().to_usize())?;
        for (key, value) in pairs.into_iter().take(1000) {
            match unique.iter_mut().find(|(other, _)| other.equals(&key) == Some(true)) {
                Some((_, old)) => *old = value,
                None => unique.push((key, value)),
            }
        }
        Ok(Value::Dict(std::rc::Rc::new(unique.into())))
    }

    /// A list of the values of `parts`, or of tuples of them, for each item of the generators.
    fn comprehension(&mut self, parts: &[&'a Expr], generators: &'a [Comprehension], scope: usize) -> Eval<Value<'a>> {
        let (scope, mut values) = (self.scope(scope), Vec::new());
        match self.generate(parts, generators, scope, &mut values)? {
            None => Ok(Value::list(values)),
            Some(unknown) => Ok(unknown),
        }
    }

    /// Appends to `values`; gives what is not known, if the items are not.
    fn generate(
        &mut self,
        parts: &[&'a Expr],
        generators: &'a [Comprehension],
        scope: usize,
        values: &mut Vec<Value<'a>>,
    ) -> Eval<Option<Value<'a>>> {
        let Some((first, rest)) = generators.split_first() else {
            let mut made = parts.iter().map(|part| self.eval(part, scope)).collect::<Eval<Vec<_>>>()?;
            self.allocate(1, parts[0].start().to_usize())?;
            values.push(if made.len() == 1 { made.remove(0) } else { Value::tuple(made) });
            return Ok(None);
        };
        let items = self.eval(&first.iter, scope)?;
        let Some(items) = self.items(&items, first.start().to_usize())? else {
            return Ok(Some(self.unknown(&first.iter)));
        };
        'items: for item in items {
            self.enter(first.start().to_usize())?;
            self.leave();
            self.assign(&first.target, item, scope)?;
            for test in &first.ifs {
                match self.eval(test, scope)?.truth() {
                    Some(true) => {}
                    Some(false) => continue 'items,
                    None => return Ok(Some(self.unknown(test))),
                }
            }
            if let Some(unknown) = self.generate(parts, rest, scope, values)? {
                return Ok(Some(unknown));
            }
        }
        Ok(None)
    }

    fn f_string(&mut self, string: &'a ExprFString, expression: &'a Expr, scope: usize) -> Eval<Value<'a>> {
        let mut text = String::new();
        for part in &string.value {
            let part = match part {
                FStringPart::Literal(literal) => {
                    text += literal.as_str();
                    continue;
                }
                FStringPart::FString(part) => part,
            };
            for element in &part.elements {
                match element {
                    InterpolatedStringElement::Literal(literal) => text += &literal.value,
                    InterpolatedStringElement::Interpolation(one) => {
                        let value = self.eval(&one.expression, scope)?;
                        let plain = one.format_spec.is_none() && one.debug_text.is_none();
                        match super::operators::to_text(&value).filter(|_| plain) {
                            Some(value) if text.len() <= MAX_ITEMS => text += &value,
                            _ => return Ok(self.unknown(expression)),
                        }
                    }
                }
            }
        }
        self.allocate(text.len(), expression.start().to_usize())?;
        Ok(Value::text(&text))
    }
}
