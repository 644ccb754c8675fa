//! The tables of dependencies in `.github/SECURITY.md` are those of the lock files.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const PAGE: &str = ".github/SECURITY.md";

/// The packages of npm that the built page contains; the others build and test it.
const BUNDLED: [&str; 10] =
    ["@lit/task", "comlink", "fflate", "lit", "markdown-it", "ml-pca", "umap-js", "uplot", "valibot", "yaml"];

fn toml(path: &str) -> toml::Table {
    toml::from_str(&fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The direct dependencies that the program contains.
fn direct() -> BTreeSet<String> {
    let manifest = toml("Cargo.toml");
    let targets = manifest["target"].as_table().unwrap().values();
    let tables = targets.filter_map(|target| target.get("dependencies")).chain(manifest.get("dependencies"));
    let names = tables.flat_map(|table| table.as_table().unwrap().keys().cloned());
    names.chain(BUNDLED.map(String::from)).collect()
}

/// The versions of these dependencies in the lock files; several where there are several.
fn locked(names: &BTreeSet<String>) -> BTreeMap<String, String> {
    let cargo = toml("Cargo.lock");
    let npm: serde_json::Value = serde_json::from_str(&fs::read_to_string("package-lock.json").unwrap()).unwrap();
    let own = cargo["package"].as_array().unwrap().iter().find(|package| package["name"].as_str() == Some("convlab"));
    let own: Vec<&str> =
        own.unwrap()["dependencies"].as_array().unwrap().iter().filter_map(toml::Value::as_str).collect();
    let version = |name: &String| {
        let package = &npm["packages"][format!("node_modules/{name}")];
        if let Some(version) = package["version"].as_str().filter(|_| BUNDLED.contains(&name.as_str())) {
            return version.to_string();
        }
        let packages = cargo["package"].as_array().unwrap().iter();
        // Of several versions, the list of this package's own dependencies names the one: `name version`.
        let ours = own.iter().find_map(|own| own.strip_prefix(&format!("{name} ")));
        let versions = packages.filter(|package| package["name"].as_str() == Some(name));
        let versions: Vec<&str> = versions.filter_map(|package| package["version"].as_str()).collect();
        ours.map_or_else(|| versions.join(", "), String::from)
    };
    names.iter().map(|name| (name.clone(), version(name))).collect()
}

/// The page's lines; of those of the tables, the name of a dependency and its version.
fn rows(page: &str) -> Vec<(&str, Option<(&str, &str)>)> {
    let row = |line| {
        let mut cells = str::split(line, '|').map(str::trim).skip(1);
        let name = cells.next()?.strip_prefix('`')?.strip_suffix('`')?;
        Some((name, cells.next()?))
    };
    page.lines().map(|line| (line, row(line))).collect()
}

#[test]
fn the_tables_are_those_of_the_lock_files() {
    let page = fs::read_to_string(PAGE).unwrap();
    let rows: Vec<(&str, &str)> = rows(&page).into_iter().filter_map(|(_, row)| row).collect();
    let names: BTreeSet<String> = rows.iter().map(|(name, _)| name.to_string()).collect();
    assert_eq!(names.len(), rows.len(), "a dependency stands in {PAGE} twice");
    let direct = direct();
    let missing: Vec<&String> = direct.difference(&names).collect();
    assert!(missing.is_empty(), "{PAGE} must say what these do with foreign input: {missing:?}");
    let gone: Vec<&String> = names.difference(&direct).collect();
    assert!(gone.is_empty(), "{PAGE} names what is no direct dependency: {gone:?}");
    let locked = locked(&direct);
    for (name, version) in rows {
        assert_eq!(
            version, locked[name],
            "{name} in {PAGE}; read its changes, then write the versions with: cargo test --test security -- --ignored"
        );
    }
}

#[test]
#[ignore = "writes the versions into the page"]
fn write() {
    let page = fs::read_to_string(PAGE).unwrap();
    let locked = locked(&direct());
    let line = |(line, row): (&str, Option<(&str, &str)>)| match row {
        Some((name, _)) => {
            let rest = line.splitn(4, '|').nth(3).unwrap_or_default();
            format!("| `{name}` | {} |{rest}\n", locked.get(name).map_or("", String::as_str))
        }
        None => format!("{line}\n"),
    };
    fs::write(PAGE, rows(&page).into_iter().map(line).collect::<String>()).unwrap();
}
