//! The items of one file by their names, for whoever asks for many of them.

use super::items::{Item, items};
use super::members::{Member, members};
use crate::base::Span;
use std::collections::HashMap;
use std::sync::OnceLock;

/// The items of a file, found once.
#[derive(Debug, Default)]
pub struct Items {
    list: Vec<Item>,
    /// The first item of each path.
    by_path: HashMap<String, usize>,
    /// The first item whose path is that, or ends with it.
    by_end: HashMap<String, usize>,
    /// The members of each item; found when one is asked for.
    members: Vec<OnceLock<Members>>,
}

/// The members of a type, in order, and by name.
#[derive(Debug, Default)]
struct Members {
    list: Vec<Member>,
    by_name: HashMap<String, usize>,
}

impl Items {
    /// Of a file's text.
    pub fn of(source: &str) -> Self {
        let list = items(source);
        let (mut by_path, mut by_end) = (HashMap::new(), HashMap::new());
        for (at, item) in list.iter().enumerate() {
            by_path.entry(item.path.clone()).or_insert(at);
            let mut rest = item.path.as_str();
            by_end.entry(rest.to_owned()).or_insert(at);
            while let Some((_, end)) = rest.split_once("::") {
                rest = end;
                by_end.entry(rest.to_owned()).or_insert(at);
            }
        }
        let members = list.iter().map(|_| OnceLock::new()).collect();
        Self { list, by_path, by_end, members }
    }

    /// All of them, in order.
    pub fn list(&self) -> &[Item] {
        &self.list
    }

    /// The item of that path; where there is none, the first whose path ends with it.
    pub fn named(&self, name: &str) -> Option<&Item> {
        self.list.get(self.position(name)?)
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.by_path.get(name).or_else(|| self.by_end.get(name)).copied()
    }

    /// An item, or a member of one of the file's types: `Limits`, `Limits::new`, `Limits::max` (a field). `source` is the
    /// text that this was made of.
    pub fn find(&self, source: &str, name: &str) -> Option<Span> {
        let name = name.replace('.', "::");
        if let Some(item) = self.named(&name) {
            return Some(item.span);
        }
        let (owner, member) = name.rsplit_once("::")?;
        let at = self.position(owner)?;
        let span = self.list.get(at)?.span;
        let inside = self.members(source, at).and_then(|all| all.list.get(*all.by_name.get(member)?))?.span;
        Some(Span { start: span.start + inside.start, end: span.start + inside.end })
    }

    /// The members of the type that an item declares; their spans count from its beginning. None if there is no such item.
    pub fn members_of(&self, source: &str, owner: &str) -> Option<(&Item, &[Member])> {
        let at = self.position(&owner.replace('.', "::"))?;
        Some((self.list.get(at)?, &self.members(source, at)?.list))
    }

    /// The member of that name of the type that an item declares, and the item.
    pub fn member(&self, source: &str, owner: &str, name: &str) -> Option<(&Item, &Member)> {
        let at = self.position(&owner.replace('.', "::"))?;
        let all = self.members(source, at)?;
        Some((self.list.get(at)?, all.list.get(*all.by_name.get(name)?)?))
    }

    fn members(&self, source: &str, at: usize) -> Option<&Members> {
        let span = self.list.get(at)?.span;
        Some(self.members.get(at)?.get_or_init(|| {
            let list = members(source.get(span.range()).unwrap_or(""));
            let mut by_name = HashMap::new();
            for (at, member) in list.iter().enumerate() {
                by_name.entry(member.name.clone()).or_insert(at);
            }
            Members { list, by_name }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_named_by_their_paths_and_by_what_paths_end_with() {
        let source =
            "mod a { pub struct L { pub max: u8 } impl L { fn new() {} } }\nstruct new;\nmod b { struct L; }";
        let items = Items::of(source);
        let text = |name: &str| items.find(source, name).map(|span| &source[span.range()]);
        assert_eq!(text("new"), Some("struct new;"));
        assert_eq!(text("L::new"), Some("fn new() {}"));
        assert_eq!(text("a::L.max"), Some("pub max: u8"));
        assert_eq!(text("b::L"), Some("struct L;"));
        assert_eq!(text("L::min"), None);
        assert_eq!(text("Missing"), None);
        assert_eq!(items.list().len(), 6);
    }
}
