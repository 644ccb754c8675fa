//! What all other modules use: errors, number formats, tables, figures as text, documents.

pub mod document;
pub mod error;
pub mod number;
pub mod table;
pub mod text;
