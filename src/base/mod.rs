//! What every floor uses: errors, numbers in messages, tables, figures as text, documents.

pub mod document;
pub mod error;
pub mod number;
pub mod table;
pub mod text;
