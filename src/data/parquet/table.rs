//! The rows of a Parquet file: each an image file and its label.

use super::column::{Columns, class_names, numbers};
use super::page::{Pages, damaged, explain};
use super::thrift::is_sound_footer;
use crate::base::error::{Error, Result};
use parquet::column::reader::{ColumnReader, get_column_reader};
use parquet::data_type::ByteArray;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};

/// The most rows of a file.
const MAX_ROWS: usize = 2_000_000;
/// The most bytes of the metadata at the end of a file.
const MAX_FOOTER: usize = 16 << 20;
/// Rows that are decoded together.
const STEP: usize = 256;

/// Labels as the file has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Labels {
    Numbers(Vec<i64>),
    Texts(Vec<String>),
}

impl Labels {
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Texts(values) => values.len(),
        }
    }
}

/// A file whose metadata was read.
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    metadata: ParquetMetaData,
    columns: Columns,
    pub rows: usize,
}

impl<'a> Table<'a> {
    /// Reads the metadata, and finds the columns.
    pub fn open(bytes: &'a [u8], image: Option<&str>, label: Option<&str>) -> Result<Self> {
        let cut_short = || damaged("it is cut short: the end of a Parquet file is missing");
        let tail = bytes.len().checked_sub(8).filter(|_| bytes.ends_with(b"PAR1")).ok_or_else(cut_short)?;
        let length = u32::from_le_bytes([bytes[tail], bytes[tail + 1], bytes[tail + 2], bytes[tail + 3]]) as usize;
        let start = tail.checked_sub(length).ok_or_else(cut_short)?;
        let footer = &bytes[start..tail];
        if length > MAX_FOOTER || !is_sound_footer(footer) {
            return Err(damaged("its list of columns cannot be read, or has more than 300 columns"));
        }
        let metadata = ParquetMetaDataReader::decode_metadata(footer).map_err(|error| explain(&error))?;
        let columns = Columns::find(metadata.file_metadata(), image, label)?;
        let width = metadata.file_metadata().schema_descr().num_columns();
        let mut rows = 0_usize;
        for group in metadata.row_groups() {
            let more = usize::try_from(group.num_rows()).map_err(|_| damaged("a row group has fewer than 0 rows"))?;
            rows = rows.saturating_add(more);
            if group.num_columns() != width {
                return Err(damaged("a row group lacks columns"));
            }
        }
        if !(1..=MAX_ROWS).contains(&rows) {
            return Err(Error::Data(format!("a Parquet file has 1 to {MAX_ROWS} rows. Received: {rows}")));
        }
        Ok(Self { bytes, metadata, columns, rows })
    }

    /// The names of the classes, where the file has them.
    pub fn class_names(&self) -> Option<Vec<String>> {
        class_names(self.metadata.file_metadata(), &self.columns.label_name)
    }

    /// The labels of all rows.
    pub fn labels(&self) -> Result<Labels> {
        self.column_of_labels(self.columns.label)
    }

    /// The labels of another column, if there is one of this name.
    pub fn numbers(&self, name: &str) -> Result<Option<Vec<i64>>> {
        let Some(column) = numbers(self.metadata.file_metadata(), name) else { return Ok(None) };
        match self.column_of_labels(column)? {
            Labels::Numbers(values) => Ok(Some(values)),
            Labels::Texts(_) => Ok(None),
        }
    }

    fn column_of_labels(&self, column: usize) -> Result<Labels> {
        let (mut numbers, mut texts) = (Vec::new(), Vec::new());
        self.column(column, "label", &mut |values| {
            match values {
                Values::Numbers(values) => numbers.extend(values),
                Values::Bytes(values) => {
                    for value in values {
                        let text = std::str::from_utf8(value.data()).ok().filter(|text| text.len() <= 256);
                        texts.push(text.ok_or_else(|| damaged("a label is not a short text"))?.to_string());
                    }
                }
            }
            Ok(())
        })?;
        Ok(if texts.is_empty() { Labels::Numbers(numbers) } else { Labels::Texts(texts) })
    }

    /// Passes the image file of each row to `visit`.
    pub fn images(&self, visit: &mut dyn FnMut(usize, &[u8]) -> Result<()>) -> Result<()> {
        let mut row = 0;
        self.column(self.columns.image, "image", &mut |values| {
            let Values::Bytes(values) = values else { return Err(damaged("images are not bytes")) };
            for value in values {
                visit(row, value.data())?;
                row += 1;
            }
            Ok(())
        })
    }

    /// Passes the values of a column to `visit`, some at a time. Every row must have one.
    fn column(&self, column: usize, what: &str, visit: &mut dyn FnMut(Values) -> Result<()>) -> Result<()> {
        let mut first = 0;
        for group in self.metadata.row_groups() {
            let rows = group.num_rows() as usize;
            let chunk = group.column(column);
            let pages = Pages::new(self.bytes, chunk, rows)?;
            let mut reader = Reader::new(get_column_reader(chunk.column_descr_ptr(), Box::new(pages)))?;
            let mut done = 0;
            while done < rows {
                let (records, values) = reader.read(STEP.min(rows - done))?;
                if records == 0 {
                    return Err(damaged("a column has fewer values than rows"));
                }
                if values.len() != records {
                    return Err(Error::Data(format!(
                        "each row has an image and a label. Received: no {what} among rows {} to {}",
                        first + done,
                        first + done + records - 1
                    )));
                }
                visit(values)?;
                done += records;
            }
            first += rows;
        }
        Ok(())
    }
}

/// Some values of a column.
enum Values {
    Numbers(Vec<i64>),
    Bytes(Vec<ByteArray>),
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Bytes(values) => values.len(),
        }
    }
}

/// Reads a column of a type that is used here.
struct Reader(ColumnReader);

impl Reader {
    fn new(reader: ColumnReader) -> Result<Self> {
        use ColumnReader::{BoolColumnReader, ByteArrayColumnReader, Int32ColumnReader, Int64ColumnReader};
        match reader {
            BoolColumnReader(_) | Int32ColumnReader(_) | Int64ColumnReader(_) | ByteArrayColumnReader(_) => {
                Ok(Self(reader))
            }
            _ => Err(damaged("a column has another type than its schema")),
        }
    }

    /// At most `most` rows: their number, and the values that are not null.
    fn read(&mut self, most: usize) -> Result<(usize, Values)> {
        let mut levels = Vec::new();
        macro_rules! read {
            ($reader:expr) => {{
                let mut values = Vec::new();
                let read = $reader.read_records(most, Some(&mut levels), None, &mut values);
                let (records, count, _) = read.map_err(|error| explain(&error))?;
                values.truncate(count);
                (records, values)
            }};
        }
        Ok(match &mut self.0 {
            ColumnReader::BoolColumnReader(reader) => {
                let (records, values) = read!(reader);
                (records, Values::Numbers(values.into_iter().map(i64::from).collect()))
            }
            ColumnReader::Int32ColumnReader(reader) => {
                let (records, values) = read!(reader);
                (records, Values::Numbers(values.into_iter().map(i64::from).collect()))
            }
            ColumnReader::Int64ColumnReader(reader) => {
                let (records, values) = read!(reader);
                (records, Values::Numbers(values))
            }
            ColumnReader::ByteArrayColumnReader(reader) => {
                let (records, values) = read!(reader);
                (records, Values::Bytes(values))
            }
            _ => (0, Values::Numbers(Vec::new())),
        })
    }
}
