//! What all other modules use: errors, number formats, tables, documents.

pub mod document;
pub mod error;
pub mod number;
pub mod table;
