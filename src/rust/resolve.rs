//! Paths to what they name: modules, imports, globs, re-exports and crates.

use super::manifest::Unread;
use super::outline::ItemKind;
use super::tree::{Code, CrateId, Entry, ItemId, ModuleId};
use crate::base::Steps;
use std::collections::HashMap;
use std::rc::Rc;

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

/// Names that one search may lead to, each behind the last: the search recurses, and a thread's stack ends. A name takes
/// some 5 kB of it in a debug build; people's re-exports go three or four deep.
const DEEPEST: usize = 1_000;

/// Names that may be looked for in a package with all it depends on, with every glob that is looked through. The largest
/// service that was met takes 60,000; the whole budget is a second.
const MOST_STEPS: u64 = 5_000_000;

/// A module with more globs than this has an index of the names behind them.
const INDEXED: usize = 16;

/// Where a name is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Way {
    /// As a member of the module.
    Inside,
    /// As the first part of a path in the module: what is around it, crates and the prelude count, too.
    First,
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// A name.
    Name(ModuleId, String, Space, Way),
    /// What the globs of a module lead to.
    Globs(ModuleId),
}

#[derive(Clone, Debug)]
enum Answer {
    Name(Target),
    Globs(Rc<Globs>),
}

/// What the globs of a module lead to, without those that lead nowhere.
#[derive(Debug, Default)]
struct Globs {
    list: Vec<Target>,
    /// Of many globs.
    index: Option<Index>,
}

#[derive(Debug, Default)]
struct Index {
    /// Globs to modules without globs of their own, by the names that these declare.
    by_name: HashMap<String, Vec<usize>>,
    /// All other globs.
    others: Vec<usize>,
}

impl Globs {
    /// Those behind which a name can stand, in order.
    fn behind(&self, name: &str) -> Vec<&Target> {
        let Some(Index { by_name, others }) = &self.index else { return self.list.iter().collect() };
        let mut found = by_name.get(name).cloned().unwrap_or_default();
        found.extend(others);
        found.sort_unstable();
        found.into_iter().filter_map(|at| self.list.get(at)).collect()
    }
}

/// What is known of names. Imports run in circles (`use super::*` against `pub use child::*`), and a name that is being
/// looked for counts as unknown where the search meets it again. An answer that leans on this is only assumed, until the
/// outermost of those names has its own: if that is unknown, too, the assumption was right, else the answer is forgotten.
/// So no name is searched twice for the same reason: without it two globs that lead nowhere took 2^48 steps. The globs of
/// a module are worked out in the same way; while they are, they are those that were found so far.
#[derive(Debug)]
pub(super) struct Search {
    known: HashMap<Key, Answer>,
    /// With the place in `frames` of the outermost key that the answer leans on.
    assumed: HashMap<Key, (Answer, usize)>,
    /// The keys of `assumed`, oldest first.
    order: Vec<Key>,
    /// What is being looked for: its place in `frames`, and what it counts as.
    open: HashMap<Key, (usize, Answer)>,
    frames: Vec<Frame>,
    steps: Steps,
    gave_up: Option<(ModuleId, String)>,
}

/// Something that is being looked for.
#[derive(Debug)]
struct Frame {
    /// The outermost frame that its answer leans on; itself if on none further out.
    outermost: usize,
    /// How many answers were assumed before.
    assumed: usize,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            known: HashMap::new(),
            assumed: HashMap::new(),
            order: Vec::new(),
            open: HashMap::new(),
            frames: Vec::new(),
            steps: Steps::new(MOST_STEPS),
            gave_up: None,
        }
    }
}

impl Search {
    /// The answer, if there is one already, or if the search may not go on; else the key is open and counts as `meanwhile`.
    fn begin(&mut self, module: ModuleId, key: &Key, meanwhile: Answer) -> Option<Answer> {
        if let Some(known) = self.known.get(key) {
            return Some(known.clone());
        }
        if let Some((answer, outermost)) = self.assumed.get(key).cloned() {
            self.lean(outermost);
            return Some(answer);
        }
        if let Some((at, answer)) = self.open.get(key).cloned() {
            self.lean(at);
            return Some(answer);
        }
        if !self.spend(module, 1) {
            return Some(meanwhile);
        }
        let at = self.frames.len();
        if at >= DEEPEST {
            self.give_up(module, format!("{DEEPEST} imports, each behind the last"));
            return Some(meanwhile);
        }
        self.open.insert(key.clone(), (at, meanwhile));
        self.frames.push(Frame { outermost: at, assumed: self.order.len() });
        None
    }

    fn spend(&mut self, module: ModuleId, steps: usize) -> bool {
        let more = self.steps.take(steps as u64);
        if !more {
            let most = self.steps.most();
            self.give_up(module, format!("{most} steps"));
        }
        more
    }

    fn give_up(&mut self, module: ModuleId, after: String) {
        self.gave_up.get_or_insert((module, after));
    }

    /// What is innermost leans on something open.
    fn lean(&mut self, on: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.outermost = frame.outermost.min(on);
        }
    }

    /// What the innermost open key counts as from now on; answers that leaned on less are forgotten.
    fn learn(&mut self, key: &Key, meanwhile: Answer) {
        let from = self.frames.last().map_or(0, |frame| frame.assumed);
        for inner in self.order.drain(from..) {
            self.assumed.remove(&inner);
        }
        if let Some(open) = self.open.get_mut(key) {
            open.1 = meanwhile;
        }
    }

    /// Closes the innermost open key; `held` says whether it is what it counted as.
    fn end(&mut self, key: Key, found: Answer, held: bool) {
        if !held {
            self.learn(&key, found.clone());
        }
        self.open.remove(&key);
        let Some(frame) = self.frames.pop() else { return };
        if frame.outermost >= self.frames.len() {
            // Nothing further out is leaned on, so whatever was assumed is so.
            for inner in self.order.drain(frame.assumed..) {
                if let Some((answer, _)) = self.assumed.remove(&inner) {
                    self.known.insert(inner, answer);
                }
            }
            self.known.insert(key, found);
        } else {
            self.lean(frame.outermost);
            self.order.push(key.clone());
            self.assumed.insert(key, (found, frame.outermost));
        }
    }
}

impl Code {
    /// What a path means in a module. A path goes on inside the last target where it names a type: the number of parts
    /// that were used is returned with it.
    pub fn resolve(&self, module: ModuleId, path: &[String], space: Space) -> (Target, usize) {
        let Some(first) = path.first() else { return (Target::Unknown, 0) };
        let last = path.len() == 1;
        let want = if last { space } else { Space::Type };
        let mut target = match first.as_str() {
            "" => return self.walk_extern(module, path.get(1..).unwrap_or_default(), space),
            "crate" => Target::Module(self.krate(module).root),
            "self" => Target::Module(self.named_module(module)),
            "super" => match self.module(self.named_module(module)).parent {
                Some(parent) => Target::Module(parent),
                None => return (Target::Unknown, 0),
            },
            name => match name.strip_prefix("__crate_").and_then(|n| n.parse::<usize>().ok()) {
                Some(id) => self.crates.get(id).map_or(Target::Unknown, |krate| Target::Module(krate.root)),
                None => self.look(module, name, want, Way::First),
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
                Target::Module(inside) => self.look(inside, &path[used], want, Way::Inside),
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

    /// Where the search for names stopped before its end, if it did: from then on "unknown" may mean "not looked for".
    pub fn gave_up(&self) -> Option<Unread> {
        let search = self.search.borrow();
        let (module, after) = search.gave_up.as_ref()?;
        let module = self.module(*module);
        let message = format!("gave up looking for names in the module `{}` after {after}", module.name);
        Some(Unread { place: module.place.clone(), message })
    }

    /// Steps that looking for names has taken.
    pub fn steps(&self) -> u64 {
        self.search.borrow().steps.taken()
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

    fn walk_extern(&self, module: ModuleId, path: &[String], space: Space) -> (Target, usize) {
        let Some(name) = path.first() else { return (Target::Unknown, 0) };
        match self.krate(module).externs.get(name) {
            Some(Some(CrateId(id))) if path.len() > 1 => {
                let mut inner = vec!["crate".to_owned()];
                inner.extend(path[1..].iter().cloned());
                let (target, used) = self.resolve(self.crates[*id as usize].root, &inner, space);
                (target, used + 1)
            }
            Some(Some(CrateId(id))) => (Target::Module(self.crates[*id as usize].root), 2),
            _ => (Target::Foreign(path.to_vec()), path.len() + 1),
        }
    }

    /// What a name means, remembered.
    fn look(&self, module: ModuleId, name: &str, space: Space, way: Way) -> Target {
        let key = Key::Name(module, name.to_owned(), space, way);
        let begun = self.search.borrow_mut().begin(module, &key, Answer::Name(Target::Unknown));
        if let Some(answer) = begun {
            return match answer {
                Answer::Name(target) => target,
                Answer::Globs(_) => Target::Unknown,
            };
        }
        let found = match way {
            Way::Inside => self.member(module, name, space),
            Way::First => self.first(module, name, space),
        };
        let held = found == Target::Unknown;
        self.search.borrow_mut().end(key, Answer::Name(found.clone()), held);
        found
    }

    /// What the globs of a module lead to, remembered. A glob may stand behind another (`use a::*; use b_of_a::*`), so
    /// those that lead nowhere are tried again as long as more are found.
    fn globs(&self, module: ModuleId) -> Rc<Globs> {
        let paths = &self.module(module).globs;
        if paths.is_empty() {
            return Rc::default();
        }
        let key = Key::Globs(module);
        let begun = self.search.borrow_mut().begin(module, &key, Answer::Globs(Rc::default()));
        if let Some(answer) = begun {
            return match answer {
                Answer::Globs(globs) => globs,
                Answer::Name(_) => Rc::default(),
            };
        }
        let mut found: Vec<(usize, Target)> = Vec::new();
        let mut open: Vec<usize> = (0..paths.len()).collect();
        loop {
            let before = open.len();
            open.retain(|at| {
                if !self.search.borrow_mut().spend(module, 1) {
                    return true;
                }
                let target = self.imported(module, &paths[*at], Space::Type);
                let nowhere = matches!(target, Target::Unknown) || target == Target::Module(module);
                if !nowhere {
                    found.push((*at, target));
                }
                nowhere
            });
            if open.len() == before || open.is_empty() {
                break;
            }
            let list = found.iter().map(|(_, target)| target.clone()).collect();
            let meanwhile = Answer::Globs(Rc::new(Globs { list, index: None }));
            self.search.borrow_mut().learn(&key, meanwhile);
        }
        found.sort_by_key(|(at, _)| *at);
        let globs = Rc::new(self.indexed(found.into_iter().map(|(_, target)| target).collect()));
        // If some lead nowhere, the last round found nothing new.
        let held = !open.is_empty();
        self.search.borrow_mut().end(key, Answer::Globs(Rc::clone(&globs)), held);
        globs
    }

    fn indexed(&self, list: Vec<Target>) -> Globs {
        if list.len() <= INDEXED {
            return Globs { list, index: None };
        }
        let mut index = Index::default();
        for (at, target) in list.iter().enumerate() {
            match target {
                Target::Module(inner) if self.module(*inner).globs.is_empty() => {
                    let names = self.module(*inner).names.keys();
                    names.for_each(|name| index.by_name.entry(name.clone()).or_default().push(at));
                }
                _ => index.others.push(at),
            }
        }
        Globs { list, index: Some(index) }
    }

    fn first(&self, module: ModuleId, name: &str, space: Space) -> Target {
        let found = self.look(module, name, space, Way::Inside);
        if found != Target::Unknown {
            return found;
        }
        if self.module(module).block
            && let Some(around) = self.module(module).parent
        {
            return self.look(around, name, space, Way::First);
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
        let globs = self.globs(module);
        let mut foreign = globs.behind(name).into_iter().filter_map(|target| match target {
            Target::Foreign(found) => Some(found),
            _ => None,
        });
        match (foreign.next(), foreign.next()) {
            (Some(path), None) => Target::Foreign(path.iter().cloned().chain([name.to_owned()]).collect()),
            _ => Target::Unknown,
        }
    }

    /// What a name means as a member of a module.
    fn member(&self, module: ModuleId, name: &str, space: Space) -> Target {
        let entries = self.module(module).names.get(name);
        let mut imports = Vec::new();
        for entry in entries.into_iter().flatten() {
            match entry {
                Entry::Module(inner) if space == Space::Type => return Target::Module(*inner),
                Entry::Item(id) if self.lives_in(*id, space) => return Target::Item(*id),
                Entry::Import { path } => imports.push(path),
                _ => {}
            }
        }
        for path in imports {
            // `use name;` of a crate would find itself again.
            let itself = path.len() == 1 && path[0] == name;
            let target = if itself {
                self.walk_extern(module, path, space).0
            } else {
                self.imported(module, path, space)
            };
            if target != Target::Unknown {
                return target;
            }
        }
        for target in self.globs(module).behind(name) {
            if !self.search.borrow_mut().spend(module, 1) {
                break;
            }
            if let Target::Module(inner) = target {
                let found = self.look(*inner, name, space, Way::Inside);
                if found != Target::Unknown {
                    return found;
                }
            }
        }
        Target::Unknown
    }

    fn imported(&self, module: ModuleId, path: &[String], space: Space) -> Target {
        match self.resolve(module, path, space) {
            (target @ Target::Foreign(_), _) => target,
            (target, used) if used >= path.len() => target,
            _ => Target::Unknown,
        }
    }

    /// Enums whose variant a bare name may be in a module, with the variant's own name: `use Kind::*`, `use Kind::A as B`.
    pub fn imported_variants(&self, module: ModuleId, name: &str) -> Vec<(ItemId, String)> {
        let an_enum = |target: &Target| match target {
            Target::Item(id) if self.item(*id).outline.kind == ItemKind::Enum => Some(*id),
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
                    let target = self.resolve_all(id, before, Space::Type);
                    found.extend(an_enum(&target).map(|id| (id, last.clone())));
                }
            }
            let globs = self.globs(id);
            found.extend(globs.behind(name).into_iter().filter_map(an_enum).map(|id| (id, name.to_owned())));
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
                if let Some(found) = self.module(id).macros.get(name) {
                    return Some(*found);
                }
                at = self.module(id).parent;
            }
        }
        match self.resolve_all(module, &parts, Space::Macro) {
            Target::Item(id) => Some(id),
            Target::Foreign(_) => None,
            _ => self.macro_use(module, parts.last()?),
        }
    }

    /// A macro of a module that is declared with `#[macro_use]`, or of a crate's root.
    fn macro_use(&self, module: ModuleId, name: &str) -> Option<ItemId> {
        match self.macros.get(&(self.module(module).krate, name.to_owned()))?.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Memo, RelPath};
    use crate::rust::manifest::{Packages, resolve_features};
    use crate::world::MemoryWorld;

    fn load(lib: &str) -> Code {
        let manifest = "[package]\nname = \"a\"\nversion = \"1.0.0\"\n";
        let world = MemoryWorld::new().with("Cargo.toml", manifest).with("src/lib.rs", lib);
        let packages = Packages::load(&world, &RelPath::root());
        let features = resolve_features(&packages, 0, &[], true);
        Code::load(&world, &packages, 0, &features, &Memo::default())
    }

    fn meaning(code: &Code, path: &str) -> String {
        let parts: Vec<String> = path.split("::").map(str::to_owned).collect();
        match code.resolve_all(code.crates[0].root, &parts, Space::Type) {
            Target::Module(id) => format!("mod {}", code.module(id).name),
            Target::Item(id) => code.full_name(id),
            Target::Foreign(path) => path.join("::"),
            Target::Unknown => "unknown".to_owned(),
        }
    }

    #[test]
    fn names_are_found_through_circles_of_globs_and_globs_behind_globs() {
        let code = load(
            "pub use first::*; pub use inner::*; pub use nowhere::*; pub use self::prelude::*;
             mod first { pub mod inner { pub struct Deep; pub use super::super::*; } pub use super::*; }
             mod prelude { pub use super::*; pub use crate::late::Late as Early; }
             mod late { pub struct Late; } pub struct Own;
             mod child { use super::*; pub mod grandchild { use super::super::*; } }",
        );
        for (path, meant) in [
            ("Deep", "a::first::inner::Deep"),
            ("Early", "a::late::Late"),
            ("child::Early", "a::late::Late"),
            ("child::grandchild::Deep", "a::first::inner::Deep"),
            ("first::inner::Own", "a::Own"),
            ("inner", "mod inner"),
            ("Missing", "unknown"),
            ("child::Missing", "unknown"),
            ("nowhere::Own", "unknown"),
            ("String", "std::String"),
        ] {
            assert_eq!(meaning(&code, path), meant, "{path}");
        }
        assert_eq!(code.gave_up(), None);
    }

    #[test]
    fn a_name_that_is_found_late_is_not_taken_for_unknown_by_those_that_asked_before() {
        // `b` is asked while `a` is open, leans on it, and is asked again when `a` is known.
        let code = load(
            "pub mod a { pub use super::b::X; pub use super::c::*; } pub mod b { pub use super::a::*; }
             pub mod c { pub struct X; }",
        );
        for path in ["a::X", "b::X", "a::X"] {
            assert_eq!(meaning(&code, path), "a::c::X", "{path}");
        }
    }

    /// Steps that a search takes in `count` of something.
    fn steps(lib: &str, names: impl Iterator<Item = String>) -> u64 {
        let code = load(lib);
        names.for_each(|name| drop(meaning(&code, &name)));
        assert_eq!(code.gave_up(), None);
        code.steps()
    }

    #[test]
    fn globs_that_lead_nowhere_cost_as_much_as_there_are() {
        let two = load("pub use one::*; pub use two::*; mod x { use super::*; use super::one::*; }");
        assert_eq!(meaning(&two, "B"), "unknown");
        assert!(two.steps() < 50, "{}", two.steps());
        let many = |count: usize| -> u64 {
            let globs: String = (0..count).map(|n| format!("pub use g{n}::*;\n")).collect();
            steps(&globs, (0..count).map(|n| format!("N{n}")))
        };
        assert!(many(1_000) * 5 < many(500) * 12, "{} {}", many(500), many(1_000));
        let modules = |count: usize| -> u64 {
            let one =
                |n: usize| format!("pub use m{n}::*; mod m{n} {{ pub use super::*; pub struct N{n}; }}\n");
            steps(&(0..count).map(one).collect::<String>(), (0..count).map(|n| format!("N{n}")))
        };
        // Each of these modules can bring what another has, through the root.
        assert!(modules(60) < 40_000, "{}", modules(60));
        let plain = |count: usize| -> u64 {
            let one = |n: usize| format!("pub use m{n}::*; mod m{n} {{ pub struct N{n}; }}\n");
            steps(&(0..count).map(one).collect::<String>(), (0..count).map(|n| format!("N{n}")))
        };
        assert!(plain(1_000) * 5 < plain(500) * 12, "{} {}", plain(500), plain(1_000));
    }

    #[test]
    fn a_chain_is_followed_to_its_end_or_given_up_with_its_place() {
        let chain = |count: usize| {
            let link = |n: usize| format!("pub mod m{n} {{ pub use super::m{}::X; }}\n", n + 1);
            let links: String = (0..count).map(link).collect();
            load(&format!("{links}pub mod m{count} {{ pub struct X; }}\n"))
        };
        let short = chain(120);
        assert_eq!(meaning(&short, "m0::X"), "a::m120::X");
        assert_eq!(short.gave_up(), None);
        std::thread::scope(|scope| {
            let deep = || {
                let long = chain(3_000);
                assert_eq!(meaning(&long, "m0::X"), "unknown");
                let problem = long.gave_up().unwrap();
                assert_eq!(problem.place.file.as_str(), "src/lib.rs");
                assert!(problem.message.contains("gave up looking for names"), "{}", problem.message);
            };
            std::thread::Builder::new().stack_size(256 << 20).spawn_scoped(scope, deep).unwrap();
        });
    }
}
