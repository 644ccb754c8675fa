//! What every floor uses: errors, numbers in messages, tables, figures as text.

pub mod error;
pub mod number;
pub mod record;
pub mod table;
pub mod text;
