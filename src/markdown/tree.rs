//! A page as a tree of elements in one vector. Nodes are appended in the order of the text and linked by index;
//! every walk is a loop, so nesting costs no stack.

use crate::base::{Span, beginning};
use std::borrow::Cow;

/// Index of a node.
pub(super) type NodeId = u32;

/// No node.
pub(super) const NONE: NodeId = u32::MAX;

/// Nodes, and about as many bytes, that the text of a link or a raw heading is gathered from.
pub(super) const LONGEST_TEXT: usize = 500;

/// The root's index.
pub(super) const ROOT: NodeId = 0;

#[derive(Debug)]
pub(super) enum NodeKind<'t> {
    Root,
    Element(Element<'t>),
    Text(Cow<'t, str>),
    Comment(String),
    /// Written as it is: the inside of `<script>` and `<style>`.
    Verbatim(String),
}

#[derive(Debug)]
pub(super) struct Element<'t> {
    pub name: Cow<'t, str>,
    pub attributes: Vec<(Cow<'t, str>, Cow<'t, str>)>,
    /// Written as HTML in the page.
    pub raw: bool,
    /// Ends with `/>`.
    pub closed: bool,
    /// Index into the facts' links.
    pub link: Option<u32>,
    /// Index into the facts' headings.
    pub heading: Option<u32>,
    /// The whole info string, of the `code` of a block.
    pub info: Option<Cow<'t, str>>,
}

impl<'t> Element<'t> {
    pub fn new(name: impl Into<Cow<'t, str>>) -> Self {
        Self {
            name: name.into(),
            attributes: Vec::new(),
            raw: false,
            closed: false,
            link: None,
            heading: None,
            info: None,
        }
    }

    pub fn with(mut self, name: impl Into<Cow<'t, str>>, value: impl Into<Cow<'t, str>>) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| &**value)
    }

    pub fn set(&mut self, name: &'static str, value: impl Into<Cow<'t, str>>) {
        match self.attributes.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => *old = value.into(),
            None => self.attributes.push((name.into(), value.into())),
        }
    }
}

#[derive(Debug)]
pub(super) struct Node<'t> {
    pub kind: NodeKind<'t>,
    pub parent: NodeId,
    pub first: NodeId,
    pub last: NodeId,
    pub next: NodeId,
    /// In the expanded text.
    pub span: Span,
}

#[derive(Debug)]
pub(super) struct Tree<'t> {
    pub nodes: Vec<Node<'t>>,
}

impl<'t> Tree<'t> {
    pub fn new(capacity: usize) -> Self {
        let mut nodes = Vec::with_capacity(capacity);
        nodes.push(Node {
            kind: NodeKind::Root,
            parent: NONE,
            first: NONE,
            last: NONE,
            next: NONE,
            span: Span::default(),
        });
        Self { nodes }
    }

    pub fn node(&self, id: NodeId) -> &Node<'t> {
        &self.nodes[id as usize]
    }

    pub fn node_mut(&mut self, id: NodeId) -> &mut Node<'t> {
        &mut self.nodes[id as usize]
    }

    pub fn element(&self, id: NodeId) -> Option<&Element<'t>> {
        match &self.nodes.get(id as usize)?.kind {
            NodeKind::Element(element) => Some(element),
            _ => None,
        }
    }

    pub fn element_mut(&mut self, id: NodeId) -> Option<&mut Element<'t>> {
        match &mut self.nodes.get_mut(id as usize)?.kind {
            NodeKind::Element(element) => Some(element),
            _ => None,
        }
    }

    /// A new last child.
    pub fn append(&mut self, parent: NodeId, kind: NodeKind<'t>, span: Span) -> NodeId {
        let id = self.detached(kind, span);
        self.attach(parent, id);
        id
    }

    /// A new node without a parent.
    pub fn detached(&mut self, kind: NodeKind<'t>, span: Span) -> NodeId {
        let id = u32::try_from(self.nodes.len()).unwrap_or(NONE - 1);
        self.nodes.push(Node { kind, parent: NONE, first: NONE, last: NONE, next: NONE, span });
        id
    }

    /// Makes a detached node the last child.
    pub fn attach(&mut self, parent: NodeId, id: NodeId) {
        let last = self.node(parent).last;
        if last == NONE {
            self.node_mut(parent).first = id;
        } else {
            self.node_mut(last).next = id;
        }
        self.node_mut(parent).last = id;
        let node = self.node_mut(id);
        node.parent = parent;
        node.next = NONE;
    }

    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let mut at = self.node(id).first;
        std::iter::from_fn(move || {
            let now = at;
            (now != NONE).then(|| {
                at = self.node(now).next;
                now
            })
        })
    }

    /// The text of all text nodes below.
    pub fn text(&self, id: NodeId) -> String {
        let mut out = String::new();
        self.walk(id, |node| {
            if let NodeKind::Text(text) = &node.kind {
                out.push_str(text);
            }
        });
        out
    }

    /// The text of the first nodes below: raw elements nest in each other by mistake, and the text of each would be that of
    /// all the others. Whether it is all of it is said, too.
    pub fn beginning(&self, id: NodeId) -> (String, bool) {
        let mut out = String::new();
        let whole = self.walk_some(id, LONGEST_TEXT, |node| {
            if let NodeKind::Text(text) = &node.kind
                && out.len() < LONGEST_TEXT
            {
                out.push_str(beginning(text, LONGEST_TEXT));
            }
        });
        (out, whole)
    }

    /// Visits all nodes below, in the order of the text.
    pub fn walk(&self, id: NodeId, visit: impl FnMut(&Node<'t>)) {
        self.walk_some(id, usize::MAX, visit);
    }

    /// Visits at most so many nodes below; whether those are all.
    fn walk_some(&self, id: NodeId, most: usize, mut visit: impl FnMut(&Node<'t>)) -> bool {
        let mut at = self.node(id).first;
        let mut left = most;
        while at != NONE && left > 0 {
            left -= 1;
            let node = self.node(at);
            visit(node);
            if node.first != NONE {
                at = node.first;
                continue;
            }
            let mut up = at;
            at = loop {
                let node = self.node(up);
                if node.next != NONE {
                    break node.next;
                }
                up = node.parent;
                if up == id || up == NONE {
                    break NONE;
                }
            };
        }
        at == NONE
    }
}
