//! The crate's layers of modules: a module imports only modules below it. The order is read from `src/lib.rs`. Files do
//! not import each other in a cycle.
#![cfg(not(target_arch = "wasm32"))]

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;
use proc_macro2::{TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syn::visit::Visit;
use syn::{ItemMacro, ItemMod, ItemUse, UseTree};

/// Module paths (`layers::conv2d`) and their files, relative to `src/`.
type Modules = BTreeMap<Vec<String>, String>;

/// From importing file to imported file.
type Imports = BTreeSet<(String, String)>;

fn source_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            source_files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// The module of a file: `layers/mod.rs` is `layers`, `lib.rs` the root.
fn module_of(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs");
    let parts = path.split('/').filter(|part| !matches!(*part, "mod" | "lib"));
    parts.map(String::from).collect()
}

/// Collects the paths in a file that begin with `crate`, `self` or `super`, except in tests.
struct Paths {
    module: Vec<String>,
    found: Vec<Vec<String>>,
}

impl Paths {
    /// Adds a path, relative to the crate's root, unless it belongs to another crate.
    fn add(&mut self, segments: &[String]) {
        let above = segments.iter().take_while(|segment| *segment == "super").count();
        let resolved = match segments.first().map(String::as_str) {
            Some("crate") => segments[1..].to_vec(),
            Some("self") => [&self.module[..], &segments[1..]].concat(),
            Some("super") => [&self.module[..self.module.len() - above], &segments[above..]].concat(),
            // `use tile::Tile` beside `mod tile`: the look-up decides whether it is a module of this file.
            Some(_) => [&self.module[..], segments].concat(),
            None => return,
        };
        self.found.push(resolved);
    }

    fn add_tree(&mut self, prefix: &[String], tree: &UseTree) {
        let with = |name: String| [prefix, &[name]].concat();
        match tree {
            UseTree::Path(path) => self.add_tree(&with(path.ident.to_string()), &path.tree),
            UseTree::Name(name) if name.ident == "self" => self.add(prefix),
            UseTree::Name(name) => self.add(&with(name.ident.to_string())),
            UseTree::Rename(rename) => self.add(&with(rename.ident.to_string())),
            UseTree::Glob(_) => self.add(prefix),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(prefix, tree)),
        }
    }

    /// Paths such as `crate::a::b` in a macro's tokens, which `syn` does not parse.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if path.is_empty() && ident == "crate" => path.push(ident.to_string()),
                TokenTree::Ident(ident) if path.last().is_some_and(|last| last == "::") => {
                    path.pop();
                    path.push(ident.to_string());
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() => {
                    if path.last().is_some_and(|last| last != "::") {
                        path.push("::".into());
                    }
                }
                other => {
                    self.end_path(&mut path);
                    if let TokenTree::Group(group) = other {
                        self.add_tokens(group.stream());
                    }
                }
            }
        }
        self.end_path(&mut path);
    }

    fn end_path(&mut self, path: &mut Vec<String>) {
        let path: Vec<String> = std::mem::take(path).into_iter().filter(|part| part != "::").collect();
        if path.len() > 1 {
            self.add(&path);
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.add_tree(&[], &item.tree);
    }
    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        let is_test = item.attrs.iter().any(|attribute| {
            attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Ident>().is_ok_and(|name| name == "test")
        });
        if !is_test {
            syn::visit::visit_item_mod(self, item);
        }
    }
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments.len() > 1 {
            self.add(&segments);
        }
        syn::visit::visit_path(self, path);
    }
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
    fn visit_item_macro(&mut self, item: &'ast ItemMacro) {
        self.add_tokens(item.mac.tokens.clone());
    }
    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.add_tokens(item.tokens.clone());
    }
}

/// The file of the longest prefix of `path` that is a module.
fn file_of<'a>(modules: &'a Modules, path: &[String]) -> Option<&'a String> {
    (1..=path.len()).rev().find_map(|length| modules.get(&path[..length]))
}

/// Every import of the crate, between two different files.
fn imports() -> Imports {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    source_files(&root, &mut files);
    let relative = |path: &PathBuf| path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
    let modules: Modules = files.iter().map(|path| (module_of(&relative(path)), relative(path))).collect();
    let mut imports = Imports::new();
    for path in &files {
        let file = relative(path);
        let text = fs::read_to_string(path).unwrap();
        let syntax = syn::parse_file(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        let mut paths = Paths { module: module_of(&file), found: Vec::new() };
        paths.visit_file(&syntax);
        let targets = paths.found.iter().filter_map(|path| file_of(&modules, path));
        imports.extend(targets.filter(|target| **target != file).map(|target| (file.clone(), target.clone())));
    }
    imports
}

/// The order of the modules in `src/lib.rs`, from the lowest.
fn floors() -> Vec<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let words = text.replace("//!", " ");
    let list =
        words.split("From the ground up:").nth(1).and_then(|rest| rest.split('.').next()).expect("the list of floors");
    list.split(',').map(|name| name.trim().to_string()).collect()
}

fn floor_of(floors: &[String], file: &str) -> Option<usize> {
    let room = file.split('/').next()?;
    floors.iter().position(|floor| floor == room)
}

#[test]
fn every_floor_of_the_list_exists_and_every_room_has_one() {
    let (floors, imports) = (floors(), imports());
    assert!(floors.len() > 10 && imports.len() > 300, "{} floors, {} imports", floors.len(), imports.len());
    let rooms: BTreeSet<&str> =
        imports.iter().flat_map(|(a, b)| [a, b]).filter_map(|f| f.split_once('/')).map(|f| f.0).collect();
    let unlisted: Vec<_> =
        rooms.iter().filter(|room| **room != "bin" && !floors.iter().any(|floor| floor == *room)).collect();
    assert!(unlisted.is_empty(), "src/lib.rs gives no floor to {unlisted:?}");
    let missing: Vec<_> = floors.iter().filter(|floor| !rooms.contains(floor.as_str())).collect();
    assert!(missing.is_empty(), "src/lib.rs lists rooms that nothing imports from or into: {missing:?}");
}

#[test]
fn imports_run_from_higher_to_lower_floors() {
    let floors = floors();
    let upward: Vec<String> = imports()
        .iter()
        .filter(|(from, to)| match (floor_of(&floors, from), floor_of(&floors, to)) {
            (Some(from), Some(to)) => to > from,
            (Some(_), None) => true,
            _ => false,
        })
        .map(|(from, to)| format!("src/{from} imports src/{to}"))
        .collect();
    assert!(upward.is_empty(), "imports that run upward:\n{}", upward.join("\n"));
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let imports = imports();
    let graph = DiGraphMap::<&str, ()>::from_edges(imports.iter().map(|(from, to)| (from.as_str(), to.as_str())));
    let circles = tarjan_scc(&graph).into_iter().filter(|files| files.len() > 1);
    let inside = |files: Vec<&str>| {
        let imports =
            imports.iter().filter(|(from, to)| files.contains(&from.as_str()) && files.contains(&to.as_str()));
        imports.map(|(from, to)| format!("  src/{from} imports src/{to}\n")).collect::<String>()
    };
    let circle: Vec<String> = circles.map(inside).collect();
    assert!(circle.is_empty(), "files that import each other in a circle:\n{}", circle.join("\n"));
}
