//! What every floor uses: errors, numbers in messages, tables.

pub mod error;
pub mod number;
pub mod record;
pub mod table;
