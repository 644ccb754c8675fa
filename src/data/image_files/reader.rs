//! Reads image files one by one, and archives of them.

use super::annotations::Annotations;
use super::arrange::{arrange, astray, refuse_several};
use super::decode::decode;
use super::file::{ImageFile, LeftOut, MAX_ARCHIVE, MAX_FILE, MAX_FILES, is_annotations, is_companion};
use crate::base::error::{Error, Result};
use crate::base::number::PlainNumber;
use crate::data::archive::{Limits, tar_members, zip_members};
use crate::data::array::MAX_BYTES;
use crate::data::image_options::ImageOptions;
use crate::data::images::Dataset;
use crate::data::sniff::{Kind, kind};
use std::collections::BTreeMap;

/// The most bytes of all images together. Outside of a browser, Tiny ImageNet's 120 000 images fit: 1.5 GB, of which the test images
/// without classes are dropped at the end.
const MAX_PIXELS: usize = if cfg!(target_arch = "wasm32") { MAX_BYTES } else { 2 << 30 };

/// The maximum height and width after resizing.
const MAX_SIDE: usize = 8192;

/// The images that were read so far.
#[derive(Debug)]
pub struct ImageFiles {
    options: ImageOptions,
    files: Vec<ImageFile>,
    left_out: Vec<LeftOut>,
    bytes: usize,
    annotations: Annotations,
    /// The paths of the archives, by those without their endings.
    archives: BTreeMap<String, String>,
}

/// Refuses options that are out of range.
///
/// # Errors
/// [`Error::Spec`] that names the option.
pub(in crate::data) fn check_options(options: &ImageOptions) -> Result<()> {
    let share = |name: &str, share: f64, from: &str| match (0.0..1.0).contains(&share) {
        true => Ok(()),
        false => Err(Error::Spec(format!(
            "dataset.{name}: a share of the images lies between {from} and 1. Received: {}",
            PlainNumber(share)
        ))),
    };
    share("validation", options.validation, "0")?;
    share("test", options.test, "0")?;
    let [height, width] = options.image_size;
    if !(1..=MAX_SIDE).contains(&height) || !(1..=MAX_SIDE).contains(&width) {
        return Err(Error::Spec(format!(
            "dataset.image_size: height and width must be between 1 and {MAX_SIDE}. Received: {height} x {width}"
        )));
    }
    Ok(())
}

/// Whether this is an archive.
fn is_packed(bytes: &[u8]) -> bool {
    matches!(kind(bytes), Kind::Zip | Kind::Gzip | Kind::Tar)
}

impl ImageFiles {
    /// Without any files.
    ///
    /// # Errors
    /// [`Error::Spec`] if an option is out of range.
    pub fn new(options: ImageOptions) -> Result<Self> {
        check_options(&options)?;
        Ok(Self {
            options,
            files: Vec::new(),
            left_out: Vec::new(),
            bytes: 0,
            annotations: Annotations::default(),
            archives: BTreeMap::new(),
        })
    }

    /// Reads a file: one image, or an archive of many. Returns how many images there were.
    ///
    /// # Errors
    /// [`Error::Data`] if an archive is damaged or holds no image, or if memory would not suffice. A single file that cannot be
    /// read is listed in [`Self::left_out`].
    pub fn add(&mut self, path: &str, bytes: &[u8], progress: &mut dyn FnMut(usize, usize)) -> Result<usize> {
        if is_companion(path) {
            return Ok(0);
        }
        if is_packed(bytes) {
            return self.archive(path, bytes, progress);
        }
        self.remove(path);
        self.file(path, bytes)
    }

    fn archive(&mut self, path: &str, bytes: &[u8], progress: &mut dyn FnMut(usize, usize)) -> Result<usize> {
        // The name of an archive may be that of a part or of a class: train.zip, cats.tar.gz.
        let ends = [".zip", ".tar.gz", ".tgz", ".tar", ".gz"];
        let lower = path.to_ascii_lowercase();
        let end = ends.iter().find(|end| lower.ends_with(*end)).map_or(0, |end| end.len());
        let (whole, path) = (path, &path[..path.len() - end]);
        self.remove_below(path);
        self.archives.insert(path.replace('\\', "/"), whole.to_string());
        let limits = Limits { bytes: MAX_ARCHIVE, member: MAX_FILE, input: bytes.len(), members: MAX_FILES };
        let is_wanted = |member: &str| !is_companion(member);
        let (mut done, mut count) = (0, 0);
        let mut visit = |member: &str, contents: Vec<u8>| {
            count += self.file(&format!("{path}/{member}"), &contents)?;
            Ok(())
        };
        let seen = match kind(bytes) {
            Kind::Zip => zip_members(bytes, limits, &is_wanted, &mut |member, contents| {
                done = (done + contents.len()).min(bytes.len());
                progress(done, bytes.len());
                visit(member, contents)
            })?,
            _ => tar_members(bytes, progress, limits, &is_wanted, &mut visit)?,
        };
        for (link, _) in &seen.links {
            self.leave_out(&format!("{path}/{link}"), "it is a link, which is not followed".to_string());
        }
        if count == 0 {
            let reason =
                self.left_out.last().map_or(String::new(), |file| format!(" ({}: {})", file.path, file.reason));
            return Err(Error::Data(format!(
                "it contains no image that can be read{reason}. Images are PNG, JPEG, WebP, GIF or BMP files, in one folder for \
                 each class. Received: {}",
                seen.describe()
            )));
        }
        Ok(count)
    }

    fn file(&mut self, path: &str, bytes: &[u8]) -> Result<usize> {
        if is_annotations(path) {
            self.annotations.read(path, bytes);
            return Ok(0);
        }
        if is_packed(bytes) {
            self.leave_out(
                path,
                "an archive in an archive is not unpacked: unpack it, and give the folder".to_string(),
            );
            return Ok(0);
        }
        self.image(path, bytes)
    }

    /// The pixels of an image file, for [`Self::add_decoded`] of another instance with the same options, so that many images are decoded
    /// side by side. `None` for any other file, and for one that cannot be read: [`Self::add`] takes or lists it.
    pub fn decode(&self, path: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        if is_packed(bytes) || is_companion(path) || is_annotations(path) {
            return None;
        }
        decode(bytes, &self.options).ok()
    }

    /// Takes an image that [`Self::decode`] of another instance has decoded.
    ///
    /// # Errors
    /// [`Error::Data`] if it has another size than this instance's options ask for, or if memory would not suffice.
    pub fn add_decoded(&mut self, path: &str, pixels: Vec<u8>) -> Result<usize> {
        let expected = self.image_bytes();
        if pixels.len() != expected {
            return Err(Error::Data(format!("an image has {expected} values. Received: {}", pixels.len())));
        }
        self.remove(path);
        self.check_room()?;
        self.keep(path, pixels);
        Ok(1)
    }

    /// Decodes one image. One that cannot be read is listed, and counts nothing.
    fn image(&mut self, path: &str, bytes: &[u8]) -> Result<usize> {
        self.check_room()?;
        match decode(bytes, &self.options) {
            Ok(pixels) => {
                self.keep(path, pixels);
                Ok(1)
            }
            Err(reason) => {
                self.leave_out(path, reason);
                Ok(0)
            }
        }
    }

    fn keep(&mut self, path: &str, pixels: Vec<u8>) {
        self.bytes += pixels.len();
        self.files.push(ImageFile { path: path.replace('\\', "/"), pixels });
    }

    /// The bytes of each image.
    fn image_bytes(&self) -> usize {
        let [height, width] = self.options.image_size;
        height * width * self.options.color_mode.channels()
    }

    /// Refuses one more image, before memory is taken for it.
    fn check_room(&self) -> Result<()> {
        if self.bytes + self.image_bytes() <= MAX_PIXELS {
            return Ok(());
        }
        let [height, width] = self.options.image_size;
        Err(Error::Data(format!(
            "the images take more than {} MiB at {height} x {width}: set a smaller image_size, or give fewer images",
            MAX_PIXELS >> 20
        )))
    }

    /// Lists a file that cannot be used.
    pub fn leave_out(&mut self, path: &str, reason: String) {
        self.left_out.push(LeftOut { path: path.to_string(), reason });
    }

    fn remove(&mut self, path: &str) {
        self.remove_all(|other| other == path);
    }

    fn remove_below(&mut self, path: &str) {
        let inside = format!("{path}/");
        self.remove_all(|other| other.starts_with(&inside));
    }

    fn remove_all(&mut self, is_removed: impl Fn(&str) -> bool) {
        let before = self.files.len();
        self.files.retain(|file| !is_removed(&file.path));
        self.left_out.retain(|file| !is_removed(&file.path));
        // All images have the same size.
        self.bytes -= (before - self.files.len()) * self.image_bytes();
    }

    /// What [`Self::finish`] still needs, for display; empty if nothing is missing.
    pub fn missing(&self) -> Vec<String> {
        let missing = "images: PNG, JPEG, WebP, GIF or BMP files in one folder for each class, or an archive of them";
        if self.files.is_empty() { vec![missing.to_string()] } else { Vec::new() }
    }

    /// The files that are left out: those that cannot be read, and images that lie in no class's folder.
    pub fn left_out(&self) -> Vec<LeftOut> {
        let without_pixels = |file: &ImageFile| ImageFile { path: file.path.clone(), pixels: Vec::new() };
        let mut files: Vec<ImageFile> = self.files.iter().map(without_pixels).collect();
        let unlabelled = self.annotations.apply(&mut files);
        let astray = astray(&files)
            .into_iter()
            .map(|path| LeftOut { path: path.to_string(), reason: "it lies in no class's folder".to_string() });
        self.left_out.iter().cloned().chain(unlabelled).chain(astray).collect()
    }

    /// The data set: classes by folders, in the order of their names' bytes.
    ///
    /// # Errors
    /// [`Error::Data`] if there are fewer than two classes, or one has no image to train on.
    pub fn finish(mut self) -> Result<Dataset> {
        // Images without a published class make none.
        self.annotations.apply(&mut self.files);
        refuse_several(&self.files, &self.archives)?;
        arrange(&self.options, self.files, &self.left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{ColorMode, Interpolation};

    fn images(image_size: [usize; 2]) -> ImageFiles {
        let options = ImageOptions {
            image_size,
            color_mode: ColorMode::Rgb,
            interpolation: Interpolation::Nearest,
            crop_to_aspect_ratio: false,
            validation: 0.0,
            test: 0.2,
            seed: 0,
        };
        ImageFiles::new(options).unwrap()
    }

    #[test]
    fn an_image_beyond_the_limit_is_refused_before_it_is_decoded() {
        let mut images = images([64, 64]);
        let all = MAX_PIXELS / images.image_bytes();
        assert!(all >= 120_000, "Tiny ImageNet fits");
        images.bytes = all * images.image_bytes();
        // Were it decoded, it would be listed as damaged.
        for refused in
            [images.add("a/1.png", b"no image", &mut |_, _| ()), images.add_decoded("a/1.png", vec![0; 12_288])]
        {
            let error = refused.unwrap_err().to_string();
            assert!(error.contains("more than 2048 MiB at 64 x 64: set a smaller image_size"), "{error}");
        }
        assert!(images.left_out().is_empty());
    }

    #[test]
    fn an_image_that_is_given_again_takes_the_place_of_the_first() {
        let mut images = images([1, 1]);
        for _ in 0..3 {
            images.add_decoded("a/1.png", vec![1, 2, 3]).unwrap();
        }
        assert_eq!((images.files.len(), images.bytes), (1, 3));
        images.remove_below("a");
        assert_eq!((images.files.len(), images.bytes), (0, 0));
    }
}
