//! The pages of a column, unpacked within limits.

use super::thrift::are_sound_pages;
use crate::base::error::{Error, Result};
use crate::data::stream::{gunzip, one_line, read_all, reserve};
use bytes::Bytes;
use parquet::basic::{Compression, Encoding, Type};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::serialized_reader::SerializedPageReader;
use ruzstd::decoding::StreamingDecoder;
use std::sync::Arc;

/// The most bytes of an unpacked page.
const MAX_PAGE: usize = 512 << 20;
/// The most bytes of all unpacked pages of a column of a row group.
const MAX_COLUMN: usize = 1 << 30;
/// Snappy's shortest instruction takes three bytes for 64, after a length of at most five.
const MAX_SNAPPY: usize = 22;

/// Reads the pages of one column of one row group.
pub(super) struct Pages {
    inner: SerializedPageReader<Bytes>,
    codec: Compression,
    left: usize,
    rows: usize,
    /// Of a column of byte strings: whether a row may have none.
    strings: Option<bool>,
}

impl Pages {
    /// The pages of the column `chunk` in a file of these bytes.
    pub fn new(file: &[u8], chunk: &ColumnChunkMetaData, rows: usize) -> Result<Self> {
        // The crate asserts that these are not negative.
        let place = |value: i64| usize::try_from(value).ok();
        let (data, dictionary) = (place(chunk.data_page_offset()), chunk.dictionary_page_offset().map(place));
        let start = match dictionary {
            // Some writers give an offset of 0 for no dictionary.
            None | Some(Some(0)) => data,
            Some(dictionary) => dictionary.zip(data).map(|(dictionary, data)| dictionary.min(data)),
        };
        let range = start.zip(place(chunk.compressed_size())).and_then(|(start, length)| {
            let end = start.checked_add(length).filter(|&end| end <= file.len())?;
            Some(start..end)
        });
        let (Some(range), Some(data)) = (range, data) else { return Err(damaged("a column lies outside of the file")) };
        let start = range.start;
        let bytes = &file[range];
        if !are_sound_pages(bytes) {
            return Err(damaged("a page of a column cannot be read"));
        }
        let mut copy = Vec::new();
        reserve(&mut copy, bytes.len())?;
        copy.extend_from_slice(bytes);
        let here = chunk
            .clone()
            .into_builder()
            .set_compression(Compression::UNCOMPRESSED)
            .set_data_page_offset((data - start) as i64)
            .set_dictionary_page_offset((data > start).then_some(0))
            .build()
            .map_err(|error| explain(&error))?;
        let inner = SerializedPageReader::new(Arc::new(Bytes::from(copy)), &here, rows, None)
            .map_err(|error| explain(&error))?;
        let may_be_absent = chunk.column_descr().max_def_level() > 0;
        let strings = (chunk.column_type() == Type::BYTE_ARRAY).then_some(may_be_absent);
        Ok(Self { inner, codec: chunk.compression(), left: MAX_COLUMN, rows, strings })
    }

    fn unpack(&mut self, packed: &[u8]) -> Result<Vec<u8>> {
        let limit = MAX_PAGE.min(self.left);
        let unpacked = match self.codec {
            Compression::UNCOMPRESSED => packed.to_vec(),
            Compression::SNAPPY => {
                let length = snap::raw::decompress_len(packed).map_err(|error| damaged(&error.to_string()))?;
                if length > limit.min(packed.len().saturating_mul(MAX_SNAPPY) + 64) {
                    return Err(damaged("a page unpacks to more than it can hold"));
                }
                snap::raw::Decoder::new().decompress_vec(packed).map_err(|error| damaged(&error.to_string()))?
            }
            Compression::GZIP(_) => read_all(gunzip(packed, &mut |_, _| ()), limit, packed.len())?,
            Compression::ZSTD(_) => {
                let decoder = StreamingDecoder::new(packed).map_err(|error| damaged(&error.to_string()))?;
                read_all(decoder, limit, packed.len())?
            }
            other => {
                let name = one_line(&other.to_string());
                return Err(Error::Data(format!(
                    "the Parquet file is compressed with a codec that is not read here: write it with Snappy, gzip, Zstandard or \
                     without compression. Received: {}",
                    name.split('(').next().unwrap_or(&name)
                )));
            }
        };
        self.left -= unpacked.len().min(self.left);
        Ok(unpacked)
    }

    fn plain(&mut self, page: Page) -> Result<Page> {
        let encoding = page.encoding();
        if !matches!(encoding, Encoding::PLAIN | Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY | Encoding::RLE)
        {
            return Err(Error::Data(format!(
                "a column is encoded in a way that is not read here: write the file with the defaults of pyarrow, pandas or \
                 polars. Received: {encoding}"
            )));
        }
        Ok(match page {
            Page::DataPage { buf, num_values, encoding, def_level_encoding, rep_level_encoding, statistics } => {
                let mut unpacked = self.unpack(&buf)?;
                let levels = match self.strings {
                    Some(true) => unpacked.first_chunk().map_or(4, |&length| 4 + u32::from_le_bytes(length) as usize),
                    _ => 0,
                };
                self.check_strings(&mut unpacked, levels, encoding, num_values)?;
                let buf = Bytes::from(unpacked);
                Page::DataPage { buf, num_values, encoding, def_level_encoding, rep_level_encoding, statistics }
            }
            Page::DataPageV2 {
                buf,
                num_values,
                encoding,
                num_nulls,
                num_rows,
                def_levels_byte_len,
                rep_levels_byte_len,
                is_compressed,
                statistics,
            } => {
                // Levels are not compressed.
                let levels = def_levels_byte_len as usize + rep_levels_byte_len as usize;
                let (levels, values) =
                    buf.split_at_checked(levels).ok_or_else(|| damaged("the levels of a page are cut short"))?;
                let values = if is_compressed && !values.is_empty() { self.unpack(values)? } else { values.to_vec() };
                let mut whole = [levels, &values].concat();
                self.check_strings(&mut whole, levels.len(), encoding, num_values)?;
                Page::DataPageV2 {
                    buf: Bytes::from(whole),
                    num_values,
                    encoding,
                    num_nulls,
                    num_rows,
                    def_levels_byte_len,
                    rep_levels_byte_len,
                    is_compressed: false,
                    statistics,
                }
            }
            Page::DictionaryPage { buf, num_values, encoding, is_sorted } => {
                let buf = Bytes::from(self.unpack(&buf)?);
                // The crate reserves memory for all values at once; each takes four bytes at least.
                if num_values as usize > buf.len() / 4 {
                    return Err(damaged("a dictionary has more values than bytes"));
                }
                if self.strings.is_some() && strings(&buf) != Some(num_values as usize) {
                    return Err(damaged("a dictionary is cut short"));
                }
                Page::DictionaryPage { buf, num_values, encoding, is_sorted }
            }
        })
    }
}

impl Pages {
    /// Checks the strings behind the levels of a page: the crate asserts that no length is cut. Where there are fewer strings than values,
    /// because rows have none or the file lies, empty ones follow.
    fn check_strings(&self, page: &mut Vec<u8>, levels: usize, encoding: Encoding, values: u32) -> Result<()> {
        if self.strings.is_none() || encoding != Encoding::PLAIN {
            return Ok(());
        }
        let found = page.get(levels..).and_then(strings).ok_or_else(|| damaged("a page is cut short"))?;
        let absent = self.rows.min(values as usize).saturating_sub(found);
        if values as usize > self.rows || (absent > 0 && self.strings == Some(false)) {
            return Err(damaged("a page has more values than its column, or fewer than it says"));
        }
        page.resize(page.len() + 4 * absent, 0);
        Ok(())
    }
}

/// The number of strings, each after its length, that fill these bytes; `None` if the last is cut.
fn strings(mut bytes: &[u8]) -> Option<usize> {
    let mut count = 0;
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk()?;
        bytes = rest.get(u32::from_le_bytes(*length) as usize..)?;
        count += 1;
    }
    Some(count)
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> parquet::errors::Result<Option<Page>> {
        let Some(page) = self.inner.get_next_page()? else { return Ok(None) };
        self.plain(page).map(Some).map_err(|error| ParquetError::NYI(error.to_string()))
    }

    fn peek_next_page(&mut self) -> parquet::errors::Result<Option<PageMetadata>> {
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> parquet::errors::Result<()> {
        self.inner.skip_next_page()
    }
}

impl Iterator for Pages {
    type Item = parquet::errors::Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

pub(super) fn damaged(why: &str) -> Error {
    Error::Data(format!("the Parquet file is damaged ({}). Download or copy it again", one_line(why)))
}

/// The crate's error as one for the user. Those of [`Pages`] are complete.
pub(super) fn explain(error: &ParquetError) -> Error {
    match error {
        ParquetError::NYI(message) => Error::Data(message.clone()),
        other => damaged(&other.to_string()),
    }
}
