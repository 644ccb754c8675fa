//! What every floor uses: errors, numbers in messages, tables, checksums.

pub mod crc;
pub mod document;
pub mod error;
pub mod number;
pub mod table;
