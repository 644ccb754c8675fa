//! What every floor uses: errors, numbers in messages, tables, documents.

pub mod document;
pub mod error;
pub mod number;
pub mod table;
