//! How a type says what its document looks like.

/// A struct's fields, or an enum's variants with theirs, in the order in which they are written.
///
/// - `field` must be there, unless it is an `Option`;
/// - `field = value` stands for itself where it is missing;
/// - `field: optional` is left out where it is `None` or an empty list;
/// - `field as "name"` is called so in the document;
/// - `field or "other" = value` goes by another name, too.
///
/// `record!(Struct { … })` knows no other fields; `record!(lenient Struct { … })` passes them over. An enum's variants are told
/// apart by a field: `record!(Enum by "type" { "name" => Variant { … }, … })`.
#[macro_export]
macro_rules! record {
    ($type:ident by $tag:literal {
        $($name:literal => $variant:ident { $($field:ident $(= $default:expr)?),* $(,)? }),* $(,)?
    }) => {
        impl $crate::base::record::Read for $type {
            fn read(value: &serde_json::Value) -> $crate::base::record::Reading<Self> {
                let fields = $crate::base::record::Fields::of(value)?;
                match fields.name($tag, &[$($name),*])? {
                    $($name => {
                        let fields = fields.only(&[$tag $(, stringify!($field))*])?;
                        Ok(Self::$variant { $($field: $crate::record!(@get fields, stringify!($field) $(, = $default)?)),* })
                    })*
                    _ => unreachable!("the name is one of those above"),
                }
            }
        }
        $crate::written!($type by $tag { $($name => $variant { $($field),* }),* });
        $crate::serde_reads!($type);
    };
    (lenient $type:ident { $($field:ident $(as $name:literal)? $(or $other:literal)? $(: $how:ident)? $(= $default:expr)?),* $(,)? }) => {
        $crate::record!(@struct $type, |fields| Ok::<_, $crate::base::record::Wrong>(fields), $($field $(as $name)? $(or $other)? $(: $how)? $(= $default)?),*);
    };
    ($type:ident { $($field:ident $(as $name:literal)? $(or $other:literal)? $(: $how:ident)? $(= $default:expr)?),* $(,)? }) => {
        $crate::record!(
            @struct $type, |fields| fields.only(&[$($crate::record!(@name $field $($name)?), $($other,)?)*]),
            $($field $(as $name)? $(or $other)? $(: $how)? $(= $default)?),*
        );
    };
    (@struct $type:ident, |$all:ident| $checked:expr, $($field:ident $(as $name:literal)? $(or $other:literal)? $(: $how:ident)? $(= $default:expr)?),*) => {
        impl $crate::base::record::Read for $type {
            fn read(value: &serde_json::Value) -> $crate::base::record::Reading<Self> {
                let $all = $crate::base::record::Fields::of(value)?;
                #[allow(unused_variables, reason = "there may be no fields")]
                let fields: $crate::base::record::Fields = $checked?;
                Ok(Self { $($field: $crate::record!(
                    @get fields, $crate::record!(@name $field $($name)?) $(, or $other)? $(, $how)? $(, = $default)?
                )),* })
            }
        }
        $crate::written!($type { $($field $(as $name)? $(: $how)?),* });
        $crate::serde_reads!($type);
    };
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
    (@get $fields:ident, $name:expr) => { $fields.get($name)? };
    (@get $fields:ident, $name:expr, optional) => { $fields.get_or($name, Default::default())? };
    (@get $fields:ident, $name:expr, = $default:expr) => { $fields.get_or($name, $default)? };
    (@get $fields:ident, $name:expr, or $other:literal, = $default:expr) => {
        $fields.get_or($name, $fields.get_or($other, $default)?)?
    };
    (@is) => { false };
    (@is optional) => { true };
}

/// A struct or an enum that is only written. A variant may have its fields from a struct of their own.
#[macro_export]
macro_rules! written {
    ($type:ident by $tag:literal {
        $($name:literal => $variant:ident $({ $($field:ident),* })? $(($inner:ident))?),* $(,)?
    }) => {
        impl $crate::base::record::Write for $type {
            fn write(&self) -> serde_json::Value {
                match self { $(
                    $(Self::$variant { $($field),* } => {
                        $crate::base::record::object(&[($tag, &$name, false) $(, (stringify!($field), $field, false))*])
                    })?
                    $(Self::$variant($inner) => $crate::base::record::tagged($tag, $name, $inner.write()),)?
                )* }
            }
        }
        $crate::serde_writes!($type);
    };
    ($type:ident $(<$life:lifetime>)? { $($field:ident $(as $name:literal)? $(: $how:ident)?),* $(,)? }) => {
        impl $(<$life>)? $crate::base::record::Write for $type $(<$life>)? {
            fn write(&self) -> serde_json::Value {
                $crate::base::record::object(&[
                    $(($crate::record!(@name $field $($name)?), &self.$field, $crate::record!(@is $($how)?))),*
                ])
            }
        }
        $crate::serde_writes!($type $(<$life>)?);
    };
}

/// An enum of plain names.
#[macro_export]
macro_rules! names {
    ($type:ident { $($name:literal => $variant:ident),* $(,)? }) => {
        impl $crate::base::record::Read for $type {
            fn read(value: &serde_json::Value) -> $crate::base::record::Reading<Self> {
                let place = $crate::base::record::name_of(value, &[$($name),*])?;
                Ok([$(Self::$variant),*][place])
            }
        }
        impl $crate::base::record::Write for $type {
            fn write(&self) -> serde_json::Value {
                serde_json::Value::from(match self { $(Self::$variant => $name),* })
            }
        }
        $crate::serde_writes!($type);
        $crate::serde_reads!($type);
    };
}

/// A type that is written, for whoever speaks serde.
#[macro_export]
macro_rules! serde_writes {
    ($type:ident $(<$life:lifetime>)?) => {
        impl $(<$life>)? serde::Serialize for $type $(<$life>)? {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                serde::Serialize::serialize(&$crate::base::record::Write::write(self), serializer)
            }
        }
    };
}

/// A type that is read, for whoever speaks serde.
#[macro_export]
macro_rules! serde_reads {
    ($type:ident) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                let value = <serde_json::Value as serde::Deserialize>::deserialize(deserializer)?;
                $crate::base::record::Read::read(&value).map_err(serde::de::Error::custom)
            }
        }
    };
}
