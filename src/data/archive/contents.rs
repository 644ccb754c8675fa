//! What is asked of an archive, and what it holds.

use crate::base::error::{Error, Result};

/// Tells whether a member of this path is needed.
pub(in crate::data) type Accepts<'a> = &'a dyn Fn(&str) -> bool;

/// Receives a member's path and bytes.
pub(in crate::data) type Visit<'a> = &'a mut dyn FnMut(&str, Vec<u8>) -> Result<()>;

/// What an archive may hold.
#[derive(Debug, Clone, Copy)]
pub(in crate::data) struct Limits {
    /// The sum of all unpacked bytes.
    pub bytes: usize,
    /// The unpacked bytes of one file.
    pub member: usize,
    /// The size of the archive itself.
    pub input: usize,
    /// The number of files.
    pub members: usize,
}

impl Limits {
    /// The most members of an archive of a known set; the official archives have fewer than twenty.
    pub const MEMBERS: usize = 10_000;
}

/// The names of the members, for the message if none was needed.
#[derive(Debug, Default)]
pub(in crate::data) struct Contents {
    names: Vec<String>,
    count: usize,
    /// The number of members that were passed to `visit`.
    pub taken: usize,
    /// The paths of needed members that are links, with the paths to which they lead; those of symbolic ones are empty. In the end
    /// these are the links that were not followed.
    pub links: Vec<(String, String)>,
}

impl Contents {
    /// Counts a member, of which there may be `most`.
    pub(super) fn note(&mut self, name: &str, most: usize) -> Result<()> {
        self.count += 1;
        if self.names.len() < 6 {
            self.names.push(name.chars().filter(|c| !c.is_control()).take(40).collect());
        }
        if self.count > most {
            return Err(Error::Data(format!("an archive of more than {most} files is not one of the known data sets")));
        }
        Ok(())
    }

    /// The members for a message: "an archive with a.txt, b.txt and 7 more".
    pub fn describe(&self) -> String {
        if self.count == 0 {
            return "an archive without files".to_string();
        }
        let more = self.count - self.names.len();
        let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
        let link = self
            .links
            .first()
            .map_or(String::new(), |(path, _)| format!(" ({} is a link, which is not followed)", base_name(path)));
        format!("an archive with {}{tail}{link}", self.names.join(", "))
    }
}

/// The last part of a path, with `/` or `\` as separator. Empty for the `._` files of macOS, which are not needed.
pub(in crate::data) fn base_name(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    if name.starts_with("._") { "" } else { name }
}

/// The announced size, if it does not exceed `limit`.
pub(super) fn member_size(name: &str, size: u64, limit: usize) -> Result<usize> {
    usize::try_from(size).ok().filter(|&size| size <= limit).ok_or_else(|| {
        Error::Data(format!(
            "{name}: a file of this data set unpacks to no more than {} MiB. Received: {size} bytes",
            limit >> 20
        ))
    })
}

/// The error of a member that ends early.
pub(super) fn cut_short(name: &str, expected: usize, received: usize) -> Error {
    Error::Data(format!("{name} is cut short in its archive: it should have {expected} bytes. Received: {received}"))
}
