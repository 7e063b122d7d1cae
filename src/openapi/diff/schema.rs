//! One pair of schemas: its own keywords, then its properties, items and variants.

use super::engine::{At, Engine, Thing};
use super::rules::{Side, Spot};
use crate::openapi::node::Node;
use crate::openapi::view::{Properties, Property, View};

impl<'d> Engine<'d> {
    /// Compares two schemas without wrappers.
    pub(super) fn schema(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>) {
        if self.wrapped(base, head, at) || !self.types(base, head, at) {
            return;
        }
        self.keywords(base, head, at);
        self.variants(base, head, at);
        self.parts(base, head, at);
        self.properties(base, head, at);
        self.additional(base, head, at);
        self.items(base, head, at);
    }

    fn properties(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>) {
        let (before, after) = (Properties::of(self.base, base), Properties::of(self.head, head));
        for old in before.iter() {
            match after.get(old.name) {
                Some(new) => self.property((&before, old), (&after, new), at),
                None => self.property_removed(&before, old, at),
            }
        }
        for new in after.iter().filter(|new| before.get(new.name).is_none()) {
            self.property_added(&after, new, at);
        }
    }

    fn place_of_property(&mut self, owner: Option<&str>, name: &str, at: &At<'d>) -> At<'d> {
        self.owned(at, owner).step(&format!(".{name}"))
    }

    fn property(
        &mut self,
        (before, old): (&Properties<'d>, Property<'d>),
        (after, new): (&Properties<'d>, Property<'d>),
        at: &At<'d>,
    ) {
        let mut at = self.place_of_property(new.owner, new.name, at);
        at.base = &old.node.place;
        at.head = &new.node.place;
        let (was, is) = (View::of(self.base, old.node), View::of(self.head, new.node));
        let things = (Thing::Is(old.node), Thing::Is(new.node));
        let (required, now) = (before.requires(old.name), after.requires(new.name));
        self.access(&was, &is, now, things, &at);
        let unseen = if at.spot.side() == Side::Request { "readOnly" } else { "writeOnly" };
        if is.flag(unseen) {
            return;
        }
        let aspect = match (required, now) {
            (false, true) if at.spot.side() == Side::Request && is.annotation("default").is_some() => {
                Some("became-required-with-default")
            }
            (false, true) => Some("became-required"),
            (true, false) => Some("became-optional"),
            _ => None,
        };
        if let Some(aspect) = aspect {
            self.aspect(&at, aspect, things.0, things.1, &[]);
        }
        self.property_lifecycle(&was, &is, things, &at);
        self.schemas(Some(old.node), Some(new.node), &at);
    }

    /// `readOnly` and `writeOnly`.
    fn access(
        &mut self,
        was: &View<'d>,
        is: &View<'d>,
        required: bool,
        things: (Thing<'d>, Thing<'d>),
        at: &At<'d>,
    ) {
        if !matches!(at.spot, Spot::RequestProperty | Spot::ResponseProperty) {
            return;
        }
        let required = if required { "required" } else { "optional" };
        for (keyword, name) in [("readOnly", "read-only"), ("writeOnly", "write-only")] {
            let not = match (was.flag(keyword), is.flag(keyword)) {
                (false, true) => "",
                (true, false) => "not-",
                _ => continue,
            };
            let id = format!("{}-{required}-property-became-{not}{name}", at.spot.side().name());
            self.found(at, &id, things.0, things.1, &[]);
        }
    }

    fn property_removed(&mut self, before: &Properties<'d>, old: Property<'d>, at: &At<'d>) {
        let at = self.place_of_property(old.owner, old.name, at);
        let view = View::of(self.base, old.node);
        let id = match at.spot {
            Spot::ParameterProperty => "request-parameter-property-removed",
            Spot::HeaderProperty => "request-header-property-removed",
            _ if at.spot.side() == Side::Request && view.flag("readOnly") => return,
            _ if at.spot.side() == Side::Request => "request-property-removed",
            _ if view.flag("writeOnly") => return,
            _ if before.requires(old.name) => "response-required-property-removed",
            _ => "response-optional-property-removed",
        };
        self.found(&at, id, Thing::Is(old.node), Thing::Absent, &[]);
    }

    fn property_added(&mut self, after: &Properties<'d>, new: Property<'d>, at: &At<'d>) {
        let at = self.place_of_property(new.owner, new.name, at);
        let view = View::of(self.head, new.node);
        let (request, required) = (at.spot.side() == Side::Request, after.requires(new.name));
        if view.flag(if request { "readOnly" } else { "writeOnly" }) {
            return;
        }
        let kind = match at.spot {
            Spot::ParameterProperty => "request-parameter-property",
            Spot::HeaderProperty => "request-header-property",
            _ => "request-property",
        };
        let with_default = kind == "request-property" && view.annotation("default").is_some();
        let id = match (request, required) {
            (true, true) if with_default => "new-required-request-property-with-default".to_owned(),
            (true, true) => format!("new-required-{kind}"),
            (true, false) => format!("new-optional-{kind}"),
            (false, true) => "response-required-property-added".into(),
            (false, false) => "response-optional-property-added".into(),
        };
        self.found(&at, &id, Thing::Absent, Thing::Is(new.node), &[]);
    }

    /// Properties beyond the named ones: any, none, or those of a schema.
    fn additional(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>) {
        let said = |node: &'d Node| node.get("additionalProperties");
        let closed = |node: Option<&Node>| node.and_then(Node::bool) == Some(false);
        let (before, after) = (said(base), said(head));
        match (closed(before), closed(after)) {
            (true, true) => {}
            (false, true) => {
                let things = (Thing::of(before), Thing::of(after));
                self.aspect(at, "additional-properties-closed", things.0, things.1, &[]);
            }
            (true, false) => {
                let things = (Thing::of(before), Thing::of(after));
                self.aspect(at, "additional-properties-opened", things.0, things.1, &[]);
            }
            (false, false) => {
                let schema = |node: Option<&'d Node>| node.filter(|node| node.map().is_some());
                let (before, after) = (schema(before), schema(after));
                // A map's values are its contract; beside named properties a schema for the rest changes little.
                if before.is_some() && after.is_some() || base.get("properties").is_none() {
                    self.schemas(before, after, &at.step(".*"));
                }
            }
        }
    }

    fn items(&mut self, base: &'d Node, head: &'d Node, at: &At<'d>) {
        let schema = |node: &'d Node| node.get("items").filter(|items| items.map().is_some());
        self.schemas(schema(base), schema(head), &at.step("[]"));
        let tuple = |node: &'d Node| node.get("prefixItems").map(Node::list).unwrap_or_default();
        let (before, after) = (tuple(base), tuple(head));
        for (number, (old, new)) in before.iter().zip(after).enumerate() {
            self.schemas(Some(old), Some(new), &at.step(&format!("[{number}]")));
        }
        for (number, old) in before.iter().enumerate().skip(after.len()) {
            self.aspect(at, "prefix-items-removed", Thing::Is(old), Thing::Absent, &[number.to_string()]);
        }
        for (number, new) in after.iter().enumerate().skip(before.len()) {
            self.aspect(at, "prefix-items-added", Thing::Absent, Thing::Is(new), &[number.to_string()]);
        }
    }
}
