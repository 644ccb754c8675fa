//! What all other modules use: errors, files, number formats, tables, figures as text, documents.

#[cfg(any(feature = "cli", feature = "tools"))]
pub mod csv;
pub mod document;
pub mod error;
#[cfg(not(target_arch = "wasm32"))]
pub mod file;
pub mod number;
pub mod table;
pub mod text;
