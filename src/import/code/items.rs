//! Subscripts.

use super::machine::{MAX_ITEMS, Machine};
use super::pixels::Pixels;
use super::value::{Value, range_len};
use ruff_python_ast::Expr;
use ruff_text_size::Ranged;

impl<'a> Machine<'a> {
    /// `value[key]`.
    pub fn item(&mut self, value: &Value<'a>, key: &Value<'a>, expression: &'a Expr) -> Value<'a> {
        let place = expression.start().to_usize();
        match (value, key) {
            (Value::Dict(items), key) => {
                let items = items.borrow();
                let found = items.iter().find(|(other, _)| other.equals(key) == Some(true));
                found.map_or_else(|| self.unknown(expression), |(_, value)| value.clone())
            }
            // `table[labels]`: the new class of each label.
            (Value::List(_) | Value::Tuple(_), Value::Pixels(labels)) => {
                let table = value
                    .items(MAX_ITEMS)
                    .and_then(|items| items.iter().map(Value::as_int).collect::<Option<Vec<_>>>());
                let merged = table.and_then(|table| labels.merge(&table));
                merged.unwrap_or_else(|| labels.changed(place, self.source(expression))).into()
            }
            (Value::Pixels(pixels), key) => pixels_item(pixels, key, place, || self.source(expression)),
            (Value::Unknown(_), _) => value.clone(),
            (Value::Tensor(_), _) => self.apply_unknown(self.source(expression), vec![value.clone()], place),
            (_, Value::Slice(slice)) => {
                let Some(items) = value.items(MAX_ITEMS) else { return self.unknown(expression) };
                let picked = slice_indices(slice, items.len() as i64);
                let Some(picked) = picked else { return self.unknown(expression) };
                if self.allocate(picked.len(), place).is_err() {
                    return self.unknown(expression);
                }
                let items: Vec<Value> = picked.into_iter().map(|index| items[index].clone()).collect();
                match value {
                    Value::Tuple(_) => Value::tuple(items),
                    Value::Text(_) => Value::text(&items.iter().filter_map(Value::as_text).collect::<String>()),
                    _ => Value::list(items),
                }
            }
            (_, key) => {
                let Some(items) = value.items(MAX_ITEMS) else { return self.unknown(expression) };
                let index = key.as_int().map(|index| if index < 0 { index + items.len() as i64 } else { index });
                let item = index.and_then(|index| items.get(usize::try_from(index).ok()?).cloned());
                item.unwrap_or_else(|| self.unknown(expression))
            }
        }
    }
}

/// `x[:1000]`, `x[..., None]`, `x[:, :, :, np.newaxis]`.
fn pixels_item<'a>(pixels: &Pixels, key: &Value, place: usize, what: impl Fn() -> String) -> Value<'a> {
    let keys = match key {
        Value::Tuple(keys) => keys.to_vec(),
        other => vec![other.clone()],
    };
    let is_whole = |key: &Value| match key {
        Value::Ellipsis => true,
        Value::Slice(slice) => slice.iter().all(|part| matches!(part, Value::None)),
        _ => false,
    };
    let (mut value, mut rest) = (pixels.clone(), &keys[..]);
    if let Some(Value::Slice(slice)) = keys.first()
        && !is_whole(&keys[0])
    {
        let bound = |part: &Value| if matches!(part, Value::None) { Some(None) } else { Some(Some(part.as_int()?)) };
        let (Some(from), Some(to), Value::None) = (bound(&slice[0]), bound(&slice[1]), &slice[2]) else {
            return pixels.changed(place, what()).into();
        };
        (value, rest) = (pixels.part(from, to), &keys[1..]);
    }
    match rest {
        [whole @ .., Value::None] if !pixels.labels && whole.iter().all(is_whole) => {
            value.with(|pixels| pixels.shape.push(1)).into()
        }
        whole if whole.iter().all(is_whole) => value.into(),
        // Labels in one column, as CIFAR's are.
        [whole, Value::Int(0)] if pixels.labels && !pixels.one_hot && is_whole(whole) => value.into(),
        // One image or label.
        [Value::Int(_)] => Value::unknown(place, what()),
        _ => pixels.changed(place, what()).into(),
    }
}

/// The places that a slice takes; none where it is not known.
pub fn slice_indices(slice: &[Value; 3], count: i64) -> Option<Vec<usize>> {
    let bound = |part: &Value, open: i64| match part {
        Value::None => Some(open),
        part => part.as_int().map(|at| if at < 0 { (at + count).max(-1) } else { at.min(count) }),
    };
    let step = if matches!(slice[2], Value::None) { 1 } else { slice[2].as_int().filter(|step| *step != 0)? };
    let (from, to) = if step > 0 {
        (bound(&slice[0], 0)?.max(0), bound(&slice[1], count)?.max(0))
    } else {
        (bound(&slice[0], count - 1)?.min(count - 1), bound(&slice[1], -1)?)
    };
    let picked = range_len(from, to, step).min(count);
    Some((0..picked).map(|i| (from + i * step) as usize).filter(|index| *index < count as usize).collect())
}
