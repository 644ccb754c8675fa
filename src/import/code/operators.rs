//! Operators, subscripts and attributes.

use super::graph::layer_object;
use super::machine::{Eval, MAX_ITEMS, Machine};
use super::pixels::Pixels;
use super::value::{Arguments, Value};
use ruff_python_ast::{BoolOp, CmpOp, Expr, Operator, UnaryOp};
use ruff_text_size::Ranged;

impl<'a> Machine<'a> {
    /// `left op right`.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn binary(&mut self, op: Operator, left: Value<'a>, right: Value<'a>, expression: &'a Expr) -> Eval<Value<'a>> {
        let place = expression.start().to_usize();
        if let Some(value) = number(op, &left, &right) {
            return Ok(value);
        }
        Ok(match (op, &left, &right) {
            (Operator::Add, Value::Text(a), Value::Text(b)) => {
                self.allocate(a.len() + b.len(), place)?;
                Value::text(&format!("{a}{b}"))
            }
            (Operator::Add, Value::List(_), Value::List(_)) | (Operator::Add, Value::Tuple(_), Value::Tuple(_)) => {
                let (Some(mut a), Some(b)) = (self.items(&left, place)?, self.items(&right, place)?) else {
                    return Ok(self.unknown(expression));
                };
                self.allocate(a.len() + b.len(), place)?;
                a.extend(b);
                if matches!(left, Value::List(_)) { Value::list(a) } else { Value::tuple(a) }
            }
            (Operator::Mult, sequence, count) | (Operator::Mult, count, sequence)
                if count.as_int().is_some()
                    && matches!(sequence, Value::List(_) | Value::Tuple(_) | Value::Text(_)) =>
            {
                return self.repeated(sequence, count.as_int().unwrap_or_default(), place);
            }
            (Operator::Mod, Value::Text(format), value) => {
                percent(format, value).map_or_else(|| self.unknown(expression), |text| Value::text(&text))
            }
            (Operator::Add, Value::Tensor(_), Value::Tensor(_)) => {
                self.apply_new("keras.layers.Add", vec![left.clone(), right.clone()], place)
            }
            (Operator::Mult, Value::Tensor(_), Value::Tensor(_)) => {
                self.apply_new("keras.layers.Multiply", vec![left.clone(), right.clone()], place)
            }
            (_, Value::Tensor(_), _) | (_, _, Value::Tensor(_)) => {
                let inputs = [left, right].into_iter().filter(|side| matches!(side, Value::Tensor(_))).collect();
                self.apply_unknown(self.source(expression), inputs, place)
            }
            (_, Value::Pixels(pixels), _) => pixels_and(op, pixels, &right, place, || self.source(expression)).into(),
            (Operator::Mult, _, Value::Pixels(pixels)) => match left.as_float() {
                Some(factor) => pixels.scaled(factor, 0.0).into(),
                None => pixels.changed(place, self.source(expression)).into(),
            },
            (_, _, Value::Pixels(pixels)) => pixels.changed(place, self.source(expression)).into(),
            (_, Value::Unknown(_), _) => left,
            (_, _, Value::Unknown(_)) => right,
            _ => self.unknown(expression),
        })
    }

    /// The value of `left op= right`.
    pub fn augmented(&mut self, op: Operator, left: Value<'a>, right: Value<'a>, place: usize) -> Value<'a> {
        match (op, &left, &right) {
            (Operator::Add, Value::List(items), _) => {
                let more = right.items(MAX_ITEMS).unwrap_or_else(|| vec![Value::unknown(place, right.describe())]);
                if self.allocate(more.len(), place).is_ok() && items.borrow().len() + more.len() <= MAX_ITEMS {
                    items.borrow_mut().extend(more);
                }
                left
            }
            (Operator::Add, Value::Text(a), Value::Text(b)) if a.len() + b.len() <= MAX_ITEMS => {
                Value::text(&format!("{a}{b}"))
            }
            (Operator::Add, Value::Tensor(_), Value::Tensor(_)) => {
                self.apply_new("keras.layers.Add", vec![left, right], place)
            }
            (_, Value::Tensor(_), _) => self.apply_unknown(format!("{}=", op.as_str()), vec![left], place),
            (_, Value::Pixels(pixels), _) => {
                let what = || format!("{}= {}", op.as_str(), right.describe());
                pixels_and(op, pixels, &right, place, what).into()
            }
            _ => number(op, &left, &right).unwrap_or_else(|| Value::unknown(place, format!("{}=", op.as_str()))),
        }
    }

    fn repeated(&mut self, sequence: &Value<'a>, count: i64, place: usize) -> Eval<Value<'a>> {
        let items = self.items(sequence, place)?.unwrap_or_default();
        let count = usize::try_from(count).unwrap_or(0);
        self.allocate(items.len().saturating_mul(count), place)?;
        Ok(match sequence {
            Value::Text(text) => Value::text(&text.repeat(count)),
            Value::Tuple(_) => Value::tuple(items.repeat_values(count)),
            _ => Value::list(items.repeat_values(count)),
        })
    }

    /// `not`, `and`, `or`, comparisons, and `a if b else c`.
    ///
    /// # Errors
    /// If a bound is reached.
    pub fn logic(&mut self, expression: &'a Expr, scope: usize) -> Eval<Value<'a>> {
        Ok(match expression {
            Expr::UnaryOp(one) => {
                let value = self.eval(&one.operand, scope)?;
                match (one.op, &value) {
                    (UnaryOp::Not, _) => {
                        value.truth().map_or_else(|| self.unknown(expression), |truth| Value::Bool(!truth))
                    }
                    (UnaryOp::USub, Value::Int(value)) => Value::Int(value.wrapping_neg()),
                    (UnaryOp::USub, Value::Float(value)) => Value::Float(-value),
                    (UnaryOp::UAdd, Value::Int(_) | Value::Float(_)) => value,
                    _ => self.unknown(expression),
                }
            }
            Expr::BoolOp(one) => {
                let mut value = Value::None;
                for part in &one.values {
                    value = self.eval(part, scope)?;
                    match value.truth() {
                        None => return Ok(self.unknown(expression)),
                        Some(truth) if truth == (one.op == BoolOp::Or) => break,
                        Some(_) => {}
                    }
                }
                value
            }
            Expr::If(one) => match self.eval(&one.test, scope)?.truth() {
                Some(true) => self.eval(&one.body, scope)?,
                Some(false) => self.eval(&one.orelse, scope)?,
                None => self.unknown(expression),
            },
            Expr::Compare(one) => {
                let mut left = self.eval(&one.left, scope)?;
                for (op, right) in one.ops.iter().zip(&one.comparators) {
                    let right = self.eval(right, scope)?;
                    match self.compare(*op, &left, &right, expression.start().to_usize())? {
                        Some(true) => left = right,
                        Some(false) => return Ok(Value::Bool(false)),
                        None => return Ok(self.unknown(expression)),
                    }
                }
                Value::Bool(true)
            }
            _ => self.unknown(expression),
        })
    }

    fn compare(&mut self, op: CmpOp, left: &Value<'a>, right: &Value<'a>, place: usize) -> Eval<Option<bool>> {
        let order = || left.as_float()?.partial_cmp(&right.as_float()?);
        Ok(match op {
            CmpOp::Eq => left.equals(right),
            CmpOp::NotEq => left.equals(right).map(|equal| !equal),
            CmpOp::Lt => order().map(std::cmp::Ordering::is_lt),
            CmpOp::LtE => order().map(std::cmp::Ordering::is_le),
            CmpOp::Gt => order().map(std::cmp::Ordering::is_gt),
            CmpOp::GtE => order().map(std::cmp::Ordering::is_ge),
            CmpOp::Is | CmpOp::IsNot => {
                let same = match (left, right) {
                    (Value::Unknown(_), _) | (_, Value::Unknown(_)) => None,
                    (Value::None, other) | (other, Value::None) => Some(matches!(other, Value::None)),
                    _ => left.equals(right),
                };
                same.map(|same| same == (op == CmpOp::Is))
            }
            CmpOp::In | CmpOp::NotIn => {
                let found = match (left, right) {
                    (Value::Text(part), Value::Text(whole)) => Some(whole.contains(&**part)),
                    _ => self.items(right, place)?.and_then(|items| {
                        items.iter().try_fold(false, |found, item| Some(found || item.equals(left)?))
                    }),
                };
                found.map(|found| found == (op == CmpOp::In))
            }
        })
    }

    /// `value.name`.
    pub fn attribute(&mut self, value: Value<'a>, name: &str, expression: &'a Expr) -> Value<'a> {
        match (&value, name) {
            (Value::Name(path), _) => match (&**path, name) {
                ("math" | "numpy", "pi") => Value::Float(std::f64::consts::PI),
                ("numpy" | "tensorflow", "newaxis") => Value::None,
                _ => Value::Name(format!("{path}.{name}").into()),
            },
            (Value::Pixels(pixels), "shape") => {
                Value::tuple(pixels.whole_shape().into_iter().map(Value::Int).collect())
            }
            (Value::Pixels(pixels), "ndim") => Value::Int(pixels.whole_shape().len() as i64),
            (Value::Pixels(pixels), "size") => Value::Int(pixels.whole_shape().iter().product()),
            (Value::Object(object), _) => {
                let attributes = object.attributes.borrow();
                let set = attributes.iter().rev().find(|(other, _)| other == name).map(|(_, value)| value.clone());
                let given = || object.arguments.named(name).cloned();
                set.or_else(given).unwrap_or_else(|| value.clone().method(name))
            }
            (Value::Model(model), _) => self.model_attribute(*model, name).unwrap_or_else(|| value.method(name)),
            (Value::Tensor(_), "shape") => self.shape(&value).unwrap_or_else(|| self.unknown(expression)),
            (Value::Tensor(_), "get_shape") => value.method(name),
            (Value::Tensor(_), _) => self.unknown(expression),
            (Value::Unknown(_), _) => value,
            _ => value.method(name),
        }
    }

    /// The output of a new layer without arguments.
    pub fn apply_new(&mut self, path: &str, inputs: Vec<Value<'a>>, place: usize) -> Value<'a> {
        self.apply(layer_object(path, Arguments::default(), place), &inputs, place)
    }
}

/// A list's items, several times.
trait Repeat {
    fn repeat_values(&self, count: usize) -> Self;
}

impl Repeat for Vec<Value<'_>> {
    fn repeat_values(&self, count: usize) -> Self {
        (0..count).flat_map(|_| self.iter().cloned()).collect()
    }
}

/// Arithmetic of numbers, as Python does it.
pub fn number<'a>(op: Operator, left: &Value<'a>, right: &Value<'a>) -> Option<Value<'a>> {
    let ints = match (left, right) {
        (Value::Int(_) | Value::Bool(_), Value::Int(_) | Value::Bool(_)) => left.as_int().zip(right.as_int()),
        _ => None,
    };
    if let Some((a, b)) = ints {
        let value = match op {
            Operator::Add => a.checked_add(b),
            Operator::Sub => a.checked_sub(b),
            Operator::Mult => a.checked_mul(b),
            Operator::FloorDiv if b != 0 => {
                a.checked_div(b).map(|q| if a % b != 0 && (a < 0) != (b < 0) { q - 1 } else { q })
            }
            Operator::Mod if b != 0 => a.checked_rem(b).map(|r| if r != 0 && (r < 0) != (b < 0) { r + b } else { r }),
            Operator::Pow if b >= 0 => a.checked_pow(u32::try_from(b).ok()?),
            Operator::LShift if (0..63).contains(&b) => a.checked_mul(1 << b),
            Operator::RShift if (0..64).contains(&b) => Some(a >> b),
            Operator::BitAnd => Some(a & b),
            Operator::BitOr => Some(a | b),
            Operator::BitXor => Some(a ^ b),
            _ => None,
        };
        if let Some(value) = value {
            return Some(Value::Int(value));
        }
    }
    let (a, b) = (left.as_float()?, right.as_float()?);
    let value = match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => a * b,
        Operator::Div if b != 0.0 => a / b,
        Operator::FloorDiv if b != 0.0 => (a / b).floor(),
        Operator::Mod if b != 0.0 => a - b * (a / b).floor(),
        Operator::Pow => a.powf(b),
        _ => return None,
    };
    value.is_finite().then_some(Value::Float(value))
}

/// Arithmetic of pixels and a number.
fn pixels_and(op: Operator, pixels: &Pixels, right: &Value, place: usize, what: impl Fn() -> String) -> Pixels {
    match (op, right.as_float()) {
        _ if pixels.labels => pixels.changed(place, what()),
        (Operator::Div, Some(divisor)) if divisor != 0.0 => {
            // A division by 255 is exact, its reciprocal is not.
            pixels.with(|pixels| (pixels.scale, pixels.offset) = (pixels.scale / divisor, pixels.offset / divisor))
        }
        (Operator::Mult, Some(factor)) => pixels.scaled(factor, 0.0),
        (Operator::Add, Some(offset)) => pixels.scaled(1.0, offset),
        (Operator::Sub, Some(offset)) => pixels.scaled(1.0, -offset),
        _ => pixels.changed(place, what()),
    }
}

/// A number or a text in a text, as `str` writes it.
pub fn to_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        plain if plain.is_plain() => Some(plain.describe()),
        _ => None,
    }
}

/// `"block%d" % i`, with plain signs only.
fn percent(format: &str, value: &Value) -> Option<String> {
    let values = if let Value::Tuple(values) = value { values.to_vec() } else { vec![value.clone()] };
    let (mut text, mut values, mut rest) = (String::new(), values.iter(), format);
    while let Some((before, after)) = rest.split_once('%') {
        text += before;
        let sign = after.chars().next()?;
        match sign {
            '%' => text.push('%'),
            's' | 'd' | 'i' => text += &to_text(values.next()?)?,
            _ => return None,
        }
        rest = &after[sign.len_utf8()..];
        if text.len() > MAX_ITEMS {
            return None;
        }
    }
    Some(text + rest)
}
