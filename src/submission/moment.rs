//! Deadlines and moments as text.

use crate::base::error::{Error, Result};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcDateTime};

/// The Unix time of a deadline.
///
/// # Errors
/// [`Error::Spec`] if it is neither a date nor a time with its zone.
pub fn deadline(text: &str) -> Result<i64> {
    let day = |text: &str| OffsetDateTime::parse(&format!("{text}T23:59:59Z"), &Rfc3339);
    let moment = OffsetDateTime::parse(text, &Rfc3339).or_else(|_| day(text)).map_err(|_| {
        Error::Spec(format!(
            "assignment: deadline must be a date such as 2026-12-04, or a time with its zone such as \
             2026-12-04T18:00:00+01:00. Received: \"{text}\""
        ))
    })?;
    Ok(moment.unix_timestamp())
}

/// A moment in Unix time as text, such as `2026-12-04 17:00 UTC`.
pub fn moment(seconds: i64) -> String {
    let Ok(time) = UtcDateTime::from_unix_timestamp(seconds) else { return String::new() };
    format!("{} {:02}:{:02} UTC", time.date(), time.hour(), time.minute())
}
