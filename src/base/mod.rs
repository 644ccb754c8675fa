//! What every floor uses: errors, numbers in messages, tables, figures as text, checksums.

pub mod crc;
pub mod error;
pub mod number;
pub mod record;

pub mod table;
pub mod text;
