//! Deadlines and moments as text.

use crate::base::error::{Error, Result};
use crate::data::members::FileTime;
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcDateTime};

/// A deadline with its zone; that of a date is UTC.
///
/// # Errors
/// [`Error::Spec`] if it is neither a date nor a time with its zone.
pub fn deadline(text: &str) -> Result<OffsetDateTime> {
    let day = |text: &str| OffsetDateTime::parse(&format!("{text}T23:59:59Z"), &Rfc3339);
    OffsetDateTime::parse(text, &Rfc3339).or_else(|_| day(text)).map_err(|_| {
        Error::Spec(format!(
            "assignment: deadline must be a date such as 2026-12-04, or a time with its zone such as \
             2026-12-04T18:00:00+01:00. Received: \"{text}\""
        ))
    })
}

/// Whether a file was written after a deadline. A time without a zone is taken for one in the zone of the deadline.
pub fn is_late(time: FileTime, deadline: OffsetDateTime) -> bool {
    match time {
        FileTime::Utc(seconds) => seconds > deadline.unix_timestamp(),
        FileTime::Local(seconds) => seconds - i64::from(deadline.offset().whole_seconds()) > deadline.unix_timestamp(),
    }
}

/// When a file was written, as text.
pub fn written(time: FileTime) -> String {
    match time {
        FileTime::Utc(seconds) => moment(seconds),
        FileTime::Local(seconds) => moment(seconds).replace("UTC", "without a zone"),
    }
}

/// A moment in Unix time as text, such as `2026-12-04 17:00 UTC`.
pub fn moment(seconds: i64) -> String {
    let Ok(time) = UtcDateTime::from_unix_timestamp(seconds) else { return String::new() };
    format!("{} {:02}:{:02} UTC", time.date(), time.hour(), time.minute())
}
