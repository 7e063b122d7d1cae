//! Paths to what they name: modules, imports, globs, re-exports and crates.

use super::outline::ItemKind;
use super::tree::{Code, CrateId, Entry, ItemId, ModuleId};

/// Types and values have names of their own, macros too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Space {
    /// Modules, structs, enums, traits, aliases.
    Type,
    /// Functions, constants, statics.
    Value,
    /// `macro_rules!`.
    Macro,
}

/// What a path names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A module.
    Module(ModuleId),
    /// An item.
    Item(ItemId),
    /// Something of a crate from outside the repository, crate first; `std` for what the prelude holds.
    Foreign(Vec<String>),
    /// Nothing that was found.
    Unknown,
}

/// Names that are there without an import.
const PRELUDE: &[&str] = &[
    "Option",
    "Some",
    "None",
    "Result",
    "Ok",
    "Err",
    "Vec",
    "String",
    "Box",
    "ToString",
    "Default",
    "From",
    "Into",
    "Clone",
    "Copy",
    "Send",
    "Sync",
    "Sized",
    "Drop",
    "Fn",
    "FnMut",
    "FnOnce",
    "AsRef",
    "AsMut",
    "Iterator",
    "IntoIterator",
    "ToOwned",
    "Eq",
    "PartialEq",
    "Ord",
    "PartialOrd",
    "TryFrom",
    "TryInto",
    "FromIterator",
    "str",
    "bool",
    "char",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "f32",
    "f64",
];

/// Crates that every edition since 2018 can name.
const ALWAYS: &[&str] = &["std", "core", "alloc"];

/// How far imports are followed.
const DEEPEST: usize = 48;

impl Code {
    /// What a path means in a module. A path goes on inside the last target where it names a type: the number of parts
    /// that were used is returned with it.
    pub fn resolve(&self, module: ModuleId, path: &[String], space: Space) -> (Target, usize) {
        self.walk(module, path, space, 0)
    }

    /// What a whole path means; unknown if a part of it is left over.
    pub fn resolve_all(&self, module: ModuleId, path: &[String], space: Space) -> Target {
        match self.resolve(module, path, space) {
            (Target::Foreign(found), used) => {
                Target::Foreign(found.into_iter().chain(path[used..].iter().cloned()).collect())
            }
            (target, used) if used == path.len() => target,
            _ => Target::Unknown,
        }
    }

    fn walk(&self, module: ModuleId, path: &[String], space: Space, depth: usize) -> (Target, usize) {
        let Some(first) = path.first() else { return (Target::Unknown, 0) };
        if depth > DEEPEST {
            return (Target::Unknown, 0);
        }
        let last = path.len() == 1;
        let want = if last { space } else { Space::Type };
        let mut target = match first.as_str() {
            "" => return self.walk_extern(module, &path[1..], space, depth),
            "crate" => Target::Module(self.krate(module).root),
            "self" => Target::Module(self.named_module(module)),
            "super" => match self.module(self.named_module(module)).parent {
                Some(parent) => Target::Module(parent),
                None => return (Target::Unknown, 0),
            },
            name => match name.strip_prefix("__crate_").and_then(|n| n.parse::<usize>().ok()) {
                Some(id) => self.crates.get(id).map_or(Target::Unknown, |krate| Target::Module(krate.root)),
                None => self.first(module, name, want, depth),
            },
        };
        let mut used = 1;
        while used < path.len() {
            let want = if used + 1 == path.len() { space } else { Space::Type };
            target = match target {
                Target::Module(inside) if path[used] == "super" => match self.module(inside).parent {
                    Some(parent) => Target::Module(parent),
                    None => return (Target::Unknown, used),
                },
                Target::Module(inside) => self.member(inside, &path[used], want, depth + 1),
                Target::Foreign(mut found) => {
                    found.push(path[used].clone());
                    Target::Foreign(found)
                }
                other => return (other, used),
            };
            used += 1;
        }
        (target, used)
    }

    /// The module around a function's body.
    fn named_module(&self, mut module: ModuleId) -> ModuleId {
        while self.module(module).block {
            match self.module(module).parent {
                Some(parent) => module = parent,
                None => break,
            }
        }
        module
    }

    fn walk_extern(&self, module: ModuleId, path: &[String], space: Space, depth: usize) -> (Target, usize) {
        let Some(name) = path.first() else { return (Target::Unknown, 0) };
        match self.krate(module).externs.get(name) {
            Some(Some(CrateId(id))) if path.len() > 1 => {
                let mut inner = vec!["crate".to_owned()];
                inner.extend(path[1..].iter().cloned());
                let (target, used) = self.walk(self.crates[*id as usize].root, &inner, space, depth + 1);
                (target, used + 1)
            }
            Some(Some(CrateId(id))) => (Target::Module(self.crates[*id as usize].root), 2),
            _ => (Target::Foreign(path.to_vec()), path.len() + 1),
        }
    }

    fn first(&self, module: ModuleId, name: &str, space: Space, depth: usize) -> Target {
        let found = self.member(module, name, space, depth + 1);
        if found != Target::Unknown {
            return found;
        }
        if self.module(module).block
            && let Some(around) = self.module(module).parent
        {
            return self.first(around, name, space, depth + 1);
        }
        match self.krate(module).externs.get(name) {
            Some(Some(CrateId(id))) => return Target::Module(self.crates[*id as usize].root),
            Some(None) => return Target::Foreign(vec![name.to_owned()]),
            None => {}
        }
        if ALWAYS.contains(&name) {
            return Target::Foreign(vec!["std".to_owned()]);
        }
        if PRELUDE.contains(&name) {
            return Target::Foreign(vec!["std".to_owned(), name.to_owned()]);
        }
        // A single foreign glob is where a name can come from.
        let globs = &self.module(module).globs;
        let mut foreign =
            globs.iter().filter_map(|path| match self.walk(module, path, Space::Type, depth + 1) {
                (Target::Foreign(found), _) => Some(found),
                _ => None,
            });
        match (foreign.next(), foreign.next()) {
            (Some(mut path), None) => {
                path.push(name.to_owned());
                Target::Foreign(path)
            }
            _ => Target::Unknown,
        }
    }

    /// What a name means as a member of a module.
    fn member(&self, module: ModuleId, name: &str, space: Space, depth: usize) -> Target {
        let key = (module, name.to_owned(), space);
        if let Some(known) = self.resolved.borrow().get(&key) {
            return known.clone();
        }
        if depth > DEEPEST {
            return Target::Unknown;
        }
        // While it is being looked for it is unknown, which ends cycles of imports.
        self.resolved.borrow_mut().insert(key.clone(), Target::Unknown);
        let found = self.declared(module, name, space, depth).unwrap_or(Target::Unknown);
        if found == Target::Unknown {
            self.resolved.borrow_mut().remove(&key);
        } else {
            self.resolved.borrow_mut().insert(key, found.clone());
        }
        found
    }

    fn declared(&self, module: ModuleId, name: &str, space: Space, depth: usize) -> Option<Target> {
        let entries = self.module(module).names.get(name);
        let mut imports = Vec::new();
        for entry in entries.into_iter().flatten() {
            match entry {
                Entry::Module(inner) if space == Space::Type => return Some(Target::Module(*inner)),
                Entry::Item(id) if self.lives_in(*id, space) => return Some(Target::Item(*id)),
                Entry::Import { path } => imports.push(path),
                _ => {}
            }
        }
        for path in imports {
            // `use name;` of a crate would find itself again.
            let itself = path.len() == 1 && path[0] == name;
            let target = if itself {
                self.walk_extern(module, path, space, depth + 1).0
            } else {
                self.whole(module, path, space, depth + 1)
            };
            if target != Target::Unknown {
                return Some(target);
            }
        }
        self.through_globs(module, name, space, depth)
    }

    fn whole(&self, module: ModuleId, path: &[String], space: Space, depth: usize) -> Target {
        match self.walk(module, path, space, depth) {
            (target @ Target::Foreign(_), _) => target,
            (target, used) if used >= path.len() => target,
            _ => Target::Unknown,
        }
    }

    fn through_globs(&self, module: ModuleId, name: &str, space: Space, depth: usize) -> Option<Target> {
        for path in &self.module(module).globs {
            if let (Target::Module(inner), _) = self.walk(module, path, Space::Type, depth + 1)
                && inner != module
            {
                let found = self.member(inner, name, space, depth + 1);
                if found != Target::Unknown {
                    return Some(found);
                }
            }
        }
        None
    }

    /// Enums whose variant a bare name may be in a module, with the variant's own name: `use Kind::*`, `use Kind::A as B`.
    pub fn imported_variants(&self, module: ModuleId, name: &str) -> Vec<(ItemId, String)> {
        let an_enum = |path: &[String]| match self.resolve_all(module, path, Space::Type) {
            Target::Item(id) if self.item(id).outline.kind == ItemKind::Enum => Some(id),
            _ => None,
        };
        let mut found = Vec::new();
        let mut at = Some(module);
        while let Some(id) = at {
            let here = self.module(id);
            for entry in here.names.get(name).into_iter().flatten() {
                if let Entry::Import { path } = entry
                    && let Some((last, before)) = path.split_last()
                {
                    found.extend(an_enum(before).map(|id| (id, last.clone())));
                }
            }
            found.extend(here.globs.iter().filter_map(|path| an_enum(path)).map(|id| (id, name.to_owned())));
            at = here.parent.filter(|_| here.block);
        }
        found
    }

    fn lives_in(&self, id: ItemId, space: Space) -> bool {
        match self.item(id).outline.kind {
            ItemKind::Struct => space != Space::Macro,
            ItemKind::Enum | ItemKind::Union | ItemKind::Trait | ItemKind::Alias | ItemKind::Module => {
                space == Space::Type
            }
            ItemKind::Function | ItemKind::Const | ItemKind::Static => space == Space::Value,
            ItemKind::MacroRules => space == Space::Macro,
            _ => false,
        }
    }

    /// The `macro_rules!` that a call at item position means: of the module and those around it, of a crate's root where
    /// it is exported, or imported.
    pub fn find_macro(&self, module: ModuleId, path: &str) -> Option<ItemId> {
        let parts: Vec<String> =
            path.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        if let [name] = parts.as_slice() {
            let mut at = Some(module);
            while let Some(id) = at {
                let macros = &self.module(id).macros;
                if let Some((_, found)) = macros.iter().rev().find(|(known, _)| known == name) {
                    return Some(*found);
                }
                at = self.module(id).parent;
            }
        }
        match self.resolve_all(module, &parts, Space::Macro) {
            Target::Item(id) => Some(id),
            _ => self.macro_use(module, parts.last()?),
        }
    }

    /// A macro of a module that is declared with `#[macro_use]`, or of a crate's root.
    fn macro_use(&self, module: ModuleId, name: &str) -> Option<ItemId> {
        let krate = self.module(module).krate;
        let own = self.modules.iter().filter(|one| one.krate == krate);
        let mut found = own.flat_map(|one| &one.macros).filter(|(known, _)| known == name);
        match (found.next(), found.next()) {
            (Some((_, id)), None) => Some(*id),
            _ => None,
        }
    }
}
