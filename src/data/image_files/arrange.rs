//! From decoded files to a data set: the class of each by its folder, and splits by folders or drawn from the seed.

use super::file::{ImageFile, LeftOut};
use crate::base::error::{Error, FoundSet, Result};
use crate::base::text::grouped;
use crate::data::image_options::ImageOptions;
use crate::data::images::{Dataset, Images};
use crate::data::stream::reserve;
use crate::tensor::random::{below, stream};
use std::collections::{BTreeMap, BTreeSet};

/// The most classes; a label is a byte.
const MAX_CLASSES: usize = 256;

/// The part of the set to which a folder belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Train,
    Validation,
    Test,
}

impl Part {
    fn of(folder: &str) -> Option<Self> {
        match folder.to_ascii_lowercase().as_str() {
            "train" | "training" => Some(Self::Train),
            "val" | "valid" | "validation" => Some(Self::Validation),
            "test" | "testing" => Some(Self::Test),
            _ => None,
        }
    }
}

/// How the folders are nested.
#[derive(Debug, Clone)]
struct Layout {
    /// Folders around the whole set.
    depth: usize,
    /// If the first folder below them is that of a part: the folders around its classes.
    parts: Option<BTreeMap<Part, usize>>,
}

impl Layout {
    fn of(files: &[ImageFile]) -> Self {
        let folders: Vec<Vec<&str>> = files.iter().map(|file| folders(&file.path)).filter(|f| !f.is_empty()).collect();
        // Around the classes there may be folders that hold everything.
        let depth = common(&folders, 0);
        let mut parts: BTreeMap<Part, Vec<Vec<&str>>> = BTreeMap::new();
        for path in folders {
            if let Some(part) = path.get(depth).and_then(|folder| Part::of(folder)) {
                parts.entry(part).or_default().push(path);
            }
        }
        let has_classes = |paths: &Vec<Vec<&str>>| paths.iter().all(|path| path.len() > depth + 1);
        let is_divided = parts.get(&Part::Train).is_some_and(has_classes);
        // An archive called train.zip may hold a folder train.
        let inner = || parts.iter().map(|(part, paths)| (*part, common(paths, depth + 1) - depth - 1)).collect();
        Self { depth, parts: is_divided.then(inner) }
    }

    /// The part and the class of a file.
    fn place<'a>(&self, path: &'a str) -> Option<(Part, &'a str)> {
        let mut below = folders(path).into_iter().skip(self.depth);
        let Some(parts) = &self.parts else { return Some((Part::Train, below.next()?)) };
        let part = Part::of(below.next()?)?;
        Some((part, below.nth(parts.get(&part).copied().unwrap_or(0))?))
    }
}

/// How many folders, from the given one on, are the same in all paths; at least one is left in each.
fn common(paths: &[Vec<&str>], from: usize) -> usize {
    let mut depth = from;
    while !paths.is_empty() && paths.iter().all(|path| path.len() > depth + 1 && path[depth] == paths[0][depth]) {
        depth += 1;
    }
    depth
}

/// The folders of a path.
fn folders(path: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    parts.pop();
    parts
}

/// The files of each part and class, in the order of their paths.
struct Sorted {
    classes: Vec<String>,
    /// By part, then by class.
    files: BTreeMap<Part, Vec<Vec<usize>>>,
}

pub(super) fn arrange(options: &ImageOptions, mut files: Vec<ImageFile>, left_out: &[LeftOut]) -> Result<Dataset> {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let layout = Layout::of(&files);
    let mut sorted = sort(&layout, &files, left_out)?;
    let has = |sorted: &Sorted, part: Part| sorted.files.get(&part).is_some_and(|of| of.iter().any(|f| !f.is_empty()));
    shuffle(&mut sorted, options.seed);
    if !has(&sorted, Part::Test) {
        draw(&mut sorted, Part::Test, options.test);
    }
    if !has(&sorted, Part::Validation) && options.validation > 0.0 {
        draw(&mut sorted, Part::Validation, options.validation);
    }
    let found = files.len();
    let mut part = |part: Part, number: u32| {
        let mut all: Vec<(u8, usize)> = Vec::new();
        for (class, of) in sorted.files.remove(&part).unwrap_or_default().into_iter().enumerate() {
            all.extend(of.into_iter().map(|file| (class as u8, file)));
        }
        shuffled(&mut all, options.seed, number);
        all
    };
    let (mut train, validation, test) = (part(Part::Train, 1), part(Part::Validation, 2), part(Part::Test, 3));
    let apart = validation.len();
    train.extend(validation);
    if train.len() == apart || test.is_empty() {
        return Err(Error::Data(format!(
            "there are {} images to train on and {} to test on, and both need some: add images, or set \"test\": \
             {{\"split\": 0.2}} in the experiment's dataset. Received: {found} images",
            train.len() - apart,
            test.len()
        )));
    }
    let used = train.len() + test.len();
    let all = found + left_out.len();
    let title = match used < all {
        true => format!("Image files ({} of {} files)", grouped(used as u64), grouped(all as u64)),
        false => "Image files".to_string(),
    };
    let [height, width] = options.image_size;
    let mut images = |list: Vec<(u8, usize)>| {
        let mut pixels = Vec::new();
        reserve(&mut pixels, list.len() * height * width * options.color_mode.channels())?;
        // Each file's pixels are freed as they are copied.
        list.iter().for_each(|&(_, file)| pixels.extend(std::mem::take(&mut files[file].pixels)));
        Images::new(
            [height, width, options.color_mode.channels()],
            pixels,
            list.into_iter().map(|(class, _)| class).collect(),
        )
    };
    let (train, test) = (images(train)?, images(test)?);
    let name = "images".to_string();
    Ok(Dataset { name, title, synthetic: false, classes: sorted.classes, validation: apart, train, test })
}

/// The paths of the images that belong to no class.
pub(super) fn astray(files: &[ImageFile]) -> Vec<&str> {
    let layout = Layout::of(files);
    files.iter().map(|file| file.path.as_str()).filter(|path| layout.place(path).is_none()).collect()
}

/// Refuses an archive that is a whole set, with classes of its own, beside other images: its name would become a class.
///
/// # Errors
/// [`Error::Data`] that names the archive.
pub(super) fn refuse_several(files: &[ImageFile], archives: &BTreeMap<String, String>) -> Result<()> {
    for archive in archives.keys().filter(|archive| Part::of(archive.rsplit('/').next().unwrap_or(archive)).is_none()) {
        let start = format!("{archive}/");
        let (inside, beside): (Vec<_>, Vec<_>) = files.iter().partition(|file| file.path.starts_with(&start));
        let folders_inside = inside.iter().map(|file| folders(&file.path[start.len()..]));
        let folders_inside: Vec<Vec<&str>> = folders_inside.filter(|path| !path.is_empty()).collect();
        let depth = common(&folders_inside, 0);
        let classes: BTreeSet<&str> = folders_inside.iter().map(|path| path[depth]).collect();
        let other = beside.iter().map(|file| &file.path).find(|path| !folders(path).is_empty());
        if let (2.., Some(other)) = (classes.len(), other) {
            let classes: Vec<&str> = classes.into_iter().take(4).collect();
            let message = format!(
                "these are several sets of images: the archive \"{archive}\" has folders of its own, and there are images beside \
                 it. Give one of the sets alone; or, if they belong together, unpack them into one folder for each class. \
                 Received: \"{archive}\" with the folders {}, and \"{other}\"",
                classes.join(", ")
            );
            let set = |name: String, files: &[&ImageFile]| FoundSet { name, files: given(files, archives) };
            let sets = vec![set(format!("\"{archive}\""), &inside), set(format!("\"{other}\" and its like"), &beside)];
            return Err(Error::several(message, sets));
        }
    }
    Ok(())
}

/// The files from which these images come: each archive once, other files by their paths.
fn given(files: &[&ImageFile], archives: &BTreeMap<String, String>) -> Vec<String> {
    let starts: Vec<(String, &String)> = archives.iter().map(|(start, path)| (format!("{start}/"), path)).collect();
    let of = |file: &&ImageFile| {
        let archive = starts.iter().find(|(start, _)| file.path.starts_with(start));
        archive.map_or_else(|| file.path.clone(), |(_, path)| (*path).clone())
    };
    files.iter().map(of).collect::<BTreeSet<_>>().into_iter().collect()
}

fn sort(layout: &Layout, files: &[ImageFile], left_out: &[LeftOut]) -> Result<Sorted> {
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    let places = files.iter().map(|file| layout.place(&file.path));
    let lost = left_out.iter().filter_map(|file| layout.place(&file.path));
    for (_, class) in places.clone().flatten().chain(lost) {
        classes.insert(class, 0);
    }
    // A BTreeMap is in the order of the names' bytes.
    classes.values_mut().enumerate().for_each(|(i, index)| *index = i);
    if !(2..=MAX_CLASSES).contains(&classes.len()) {
        let names: Vec<&str> = classes.keys().take(4).copied().collect();
        return Err(Error::Data(format!(
            "each class is a folder of images, and there are 2 to {MAX_CLASSES}: CLASS/image.png, or train/CLASS/image.png and \
             test/CLASS/image.png. Received: {} images in {} classes{}",
            files.len(),
            classes.len(),
            if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) }
        )));
    }
    let mut sorted = BTreeMap::new();
    for (i, place) in places.enumerate() {
        let Some((part, class)) = place else { continue };
        sorted.entry(part).or_insert_with(|| vec![Vec::new(); classes.len()])[classes[class]].push(i);
    }
    let none = vec![Vec::new(); classes.len()];
    let training = sorted.get(&Part::Train).unwrap_or(&none);
    if let Some((class, _)) = classes.iter().find(|(_, index)| training[**index].is_empty()) {
        let why = left_out.iter().find(|file| layout.place(&file.path).is_some_and(|(_, of)| of == *class));
        let why = why.map_or(String::new(), |file| format!(" ({}: {})", file.path, file.reason));
        return Err(Error::Data(format!(
            "the class \"{class}\" has no image to train on{why}. Add images to its folder, or remove the folder"
        )));
    }
    Ok(Sorted { classes: classes.into_keys().map(str::to_string).collect(), files: sorted })
}

/// Brings each class's training images into a random order, from which parts are drawn.
fn shuffle(sorted: &mut Sorted, seed: u32) {
    let classes = sorted.files.get_mut(&Part::Train).into_iter().flatten();
    classes.enumerate().for_each(|(class, files)| shuffled(files, seed, 4 + class as u32));
}

/// Moves a share of each class's training images to another part: at least one, and not all.
fn draw(sorted: &mut Sorted, part: Part, share: f64) {
    let Some(training) = sorted.files.get_mut(&Part::Train) else { return };
    let take = |files: &mut Vec<usize>| {
        let count = (files.len() as f64 * share).round() as usize;
        let count = if share > 0.0 { count.clamp(1, files.len().saturating_sub(1).max(1)) } else { 0 };
        files.split_off(files.len() - count.min(files.len() - 1))
    };
    let drawn = training.iter_mut().map(take).collect();
    sorted.files.insert(part, drawn);
}

/// Which images are drawn: the same share of each class, at least one, and not all.
pub(in crate::data) fn draw_by_class(labels: &[u8], classes: usize, share: f64, seed: u32) -> Vec<bool> {
    let mut is_drawn = vec![false; labels.len()];
    for class in 0..classes {
        let mut own: Vec<usize> = (0..labels.len()).filter(|&row| usize::from(labels[row]) == class).collect();
        shuffled(&mut own, seed, 4 + class as u32);
        let count = (own.len() as f64 * share).round() as usize;
        let count = if share > 0.0 { count.max(1) } else { 0 }.min(own.len().saturating_sub(1));
        own[..count].iter().for_each(|&row| is_drawn[row] = true);
    }
    is_drawn
}

/// Fisher and Yates' shuffle; a function of the seed and the list's number.
fn shuffled<T>(list: &mut [T], seed: u32, number: u32) {
    for i in (1..list.len()).rev() {
        list.swap(i, below(i as u32 + 1, seed, number, stream::SPLIT, i as u32) as usize);
    }
}
