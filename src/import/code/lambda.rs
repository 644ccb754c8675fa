//! Activations with constants, which Keras takes as functions.

use super::value::{Body, Function};
use ruff_python_ast::{Expr, Number};
use serde_json::{Map, Value as Json};

/// A function of Keras's with constants: `lambda x: keras.activations.leaky_relu(x, negative_slope=0.1)`.
pub fn activation(function: &Function) -> Option<Json> {
    let Body::Expression(Expr::Call(call)) = function.body else { return None };
    let Expr::Attribute(name) = &*call.func else { return None };
    let [Expr::Name(input)] = &*call.arguments.args else { return None };
    let parameter = function.parameters?.iter_non_variadic_params().next()?;
    let area = name
        .value
        .as_attribute_expr()
        .map_or_else(|| name.value.as_name_expr().map(|n| &*n.id), |a| Some(a.attr.as_str()));
    if parameter.parameter.name.as_str() != input.id.as_str() || !["activations", "nn"].contains(&area?) {
        return None;
    }
    let mut fields = Map::from_iter([("type".to_string(), super::names::snake_case(name.attr.as_str()).into())]);
    for keyword in &call.arguments.keywords {
        let value = match &keyword.value {
            Expr::NumberLiteral(number) => match &number.value {
                Number::Int(value) => value.as_i64()?.into(),
                Number::Float(value) => (*value).into(),
                Number::Complex { .. } => return None,
            },
            Expr::BooleanLiteral(one) => one.value.into(),
            _ => return None,
        };
        fields.insert(keyword.arg.as_ref()?.to_string(), value);
    }
    Some(if fields.len() == 1 { fields.remove("type")? } else { fields.into() })
}
