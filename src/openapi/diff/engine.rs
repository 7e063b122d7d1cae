//! What has been compared, what is still to be, and what was found.

use super::rules::{Spot, rule};
use super::{Change, Options};
use crate::diag::Place;
use crate::openapi::node::Node;
use crate::openapi::view::View;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// Levels of nesting within one schema that are compared; a reference begins anew.
const DEEPEST: usize = 120;

/// A pair of schemas that references lead to, and where it leads on.
struct Pair<'d> {
    base: &'d Node,
    head: &'d Node,
    at: At<'d>,
    leads_to: Vec<usize>,
}

/// Where the comparison stands.
#[derive(Clone)]
pub(super) struct At<'d> {
    /// Which rules apply.
    pub spot: Spot,
    /// The component, or what is sent.
    root: Rc<str>,
    /// Whether `root` is a component's name.
    named: bool,
    /// Below the root: `.a[].b`.
    path: String,
    /// The pair of schemas this belongs to.
    pair: usize,
    /// Levels below the pair's root.
    depth: usize,
    /// What stands around, for things that are missing on one side.
    pub base: &'d Place,
    /// As `base`, after the change.
    pub head: &'d Place,
}

impl At<'_> {
    /// The thing in words.
    pub fn subject(&self) -> String {
        match (self.named, self.path.is_empty()) {
            (true, _) => format!("`{}{}`", self.root, self.path),
            (false, true) => self.root.to_string(),
            (false, false) => format!("`{}` in {}", self.path.trim_start_matches('.'), self.root),
        }
    }

    /// Whether there may be more below.
    pub fn within_reach(&self) -> bool {
        self.depth <= DEEPEST
    }

    /// One level down.
    pub fn step(&self, step: &str) -> Self {
        let mut down = self.clone();
        down.path.push_str(step);
        down.spot = self.spot.inner();
        down.depth += 1;
        down
    }

    /// Another schema of the same thing: a variant or a part.
    pub fn variant(&self, name: &str) -> Self {
        let mut down = self.clone();
        if !name.is_empty() {
            down.path.push_str(&format!("<{name}>"));
        }
        down.depth += 1;
        down
    }
}

/// What makes two findings one: the rule without its spot, its side, and what changed from what to what.
type Key = (String, super::Side, Option<usize>, Option<usize>, String);

struct Found {
    change: Change,
    pairs: BTreeSet<usize>,
}

/// One comparison of two documents.
pub(super) struct Engine<'d> {
    /// The document before.
    pub base: &'d Node,
    /// The document after.
    pub head: &'d Node,
    /// Stands for a schema that is not there.
    pub nothing: &'d Node,
    /// What the caller wants.
    pub options: Options,
    pairs: Vec<Pair<'d>>,
    by_nodes: HashMap<(usize, usize, Spot), usize>,
    queue: Vec<usize>,
    found: Vec<Found>,
    by_key: HashMap<Key, usize>,
    /// Operations by the pair that stands for each.
    operations: Vec<(usize, String)>,
}

/// What tells nodes apart.
fn id(node: &Node) -> usize {
    std::ptr::from_ref(node).addr()
}

impl<'d> Engine<'d> {
    pub fn new(base: &'d Node, head: &'d Node, nothing: &'d Node, options: Options) -> Self {
        Self {
            base,
            head,
            nothing,
            options,
            pairs: Vec::new(),
            by_nodes: HashMap::new(),
            queue: Vec::new(),
            found: Vec::new(),
            by_key: HashMap::new(),
            operations: Vec::new(),
        }
    }

    /// Begins an operation; what is found from here belongs to it.
    pub fn operation(&mut self, name: &str, base: &'d Node, head: &'d Node) -> At<'d> {
        let pair = self.pairs.len();
        let at = At {
            spot: Spot::RequestBody,
            root: name.into(),
            named: true,
            path: String::new(),
            pair,
            depth: 0,
            base: &base.place,
            head: &head.place,
        };
        self.pairs.push(Pair { base, head, at: at.clone(), leads_to: Vec::new() });
        self.operations.push((pair, name.to_owned()));
        at
    }

    /// What belongs to no operation.
    pub fn document(&mut self) -> At<'d> {
        let (base, head) = (self.base, self.head);
        let at = self.operation("", base, head);
        self.operations.pop();
        at
    }

    /// A part of an operation: `the request body`.
    pub fn part(&self, at: &At<'d>, root: &str, spot: Spot, base: &'d Node, head: &'d Node) -> At<'d> {
        let mut part = at.clone();
        part.root = root.into();
        part.named = false;
        part.spot = spot;
        if id(base) != id(self.nothing) {
            part.base = &base.place;
        }
        if id(head) != id(self.nothing) {
            part.head = &head.place;
        }
        part
    }

    /// Compares two schemas, now or, behind a reference, later and once.
    pub fn schemas(&mut self, base: Option<&'d Node>, head: Option<&'d Node>, at: &At<'d>) {
        if base.is_none() && head.is_none() || !at.within_reach() {
            return;
        }
        let before = View::of(self.base, base.unwrap_or(self.nothing));
        let after = View::of(self.head, head.unwrap_or(self.nothing));
        let mut at = at.clone();
        if let Some(node) = base {
            at.base = &node.place;
        }
        if let Some(node) = head {
            at.head = &node.place;
        }
        self.nullability(&before, &after, &at);
        self.defaults(&before, &after, &at);
        let (base, head) = (before.node, after.node);
        match after.component.or(before.component) {
            Some(name) if id(base) != id(self.nothing) && id(head) != id(self.nothing) => {
                let to = self.pair(base, head, name, &at);
                self.pairs[at.pair].leads_to.push(to);
            }
            _ => self.schema(base, head, &at),
        }
    }

    fn pair(&mut self, base: &'d Node, head: &'d Node, name: &str, at: &At<'d>) -> usize {
        let key = (id(base), id(head), at.spot);
        if let Some(known) = self.by_nodes.get(&key) {
            return *known;
        }
        let pair = self.pairs.len();
        self.by_nodes.insert(key, pair);
        let at = At {
            spot: at.spot,
            root: name.into(),
            named: true,
            path: String::new(),
            pair,
            depth: 0,
            base: &base.place,
            head: &head.place,
        };
        self.pairs.push(Pair { base, head, at, leads_to: Vec::new() });
        self.queue.push(pair);
        pair
    }

    /// The same place as a property of the component that declares it.
    pub fn owned(&mut self, at: &At<'d>, owner: Option<&str>) -> At<'d> {
        match owner {
            Some(owner) => At { root: owner.into(), named: true, path: String::new(), ..at.clone() },
            None => at.clone(),
        }
    }

    /// Compares everything that references led to.
    pub fn drain(&mut self) {
        while let Some(pair) = self.queue.pop() {
            let Pair { base, head, at, .. } = &self.pairs[pair];
            let (base, head, at) = (*base, *head, at.clone());
            self.schema(base, head, &at);
        }
    }

    /// Adds a finding about a schema: the spot's rule of that aspect.
    pub fn aspect(&mut self, at: &At<'d>, aspect: &str, base: Thing<'d>, head: Thing<'d>, values: &[String]) {
        let id = format!("{}-{aspect}", at.spot.name());
        self.add(at, aspect, &id, (base, head), values);
    }

    /// Adds a finding by the rule's id.
    pub fn found(&mut self, at: &At<'d>, id: &str, base: Thing<'d>, head: Thing<'d>, values: &[String]) {
        self.add(at, id, id, (base, head), values);
    }

    fn add(&mut self, at: &At<'d>, name: &str, id: &str, things: (Thing<'d>, Thing<'d>), values: &[String]) {
        let Some(rule) = rule(id) else {
            debug_assert!(false, "there is no rule {id}");
            return;
        };
        let (base, head) = things;
        let key = (name.to_owned(), rule.side, base.id(), head.id(), values.join("\u{1f}"));
        if let Some(known) = self.by_key.get(&key) {
            let known = &mut self.found[*known];
            known.pairs.insert(at.pair);
            if rule.class > known.change.rule.class {
                known.change.rule = rule;
            }
            return;
        }
        let subject = at.subject();
        let change = Change {
            rule,
            message: fill(rule.text, &subject, values),
            subject,
            base: base.place(at.base),
            head: head.place(at.head),
            operations: Arc::default(),
        };
        self.by_key.insert(key, self.found.len());
        self.found.push(Found { change, pairs: BTreeSet::from([at.pair]) });
    }

    /// The findings with the operations they reach, the worst first.
    pub fn finish(self) -> Vec<Change> {
        let leads: Vec<&[usize]> = self.pairs.iter().map(|pair| pair.leads_to.as_slice()).collect();
        let starts: Vec<usize> = self.operations.iter().map(|(start, _)| *start).collect();
        let reached = reach(&leads, &starts);
        // Changes of one shared schema reach the same operations.
        let mut lists: HashMap<Vec<u64>, Arc<[String]>> = HashMap::new();
        let mut changes = Vec::new();
        for Found { mut change, pairs } in self.found {
            let mut all = vec![0; self.operations.len().div_ceil(64)];
            for pair in pairs {
                unite(&mut all, reached.get(pair).map_or(&[], Rc::as_ref));
            }
            let list = lists.entry(all).or_insert_with_key(|all| {
                let of_word = |(at, word): (usize, &u64)| {
                    let word = *word;
                    (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit)
                };
                let numbers = all.iter().enumerate().filter(|(_, word)| **word != 0).flat_map(of_word);
                let names = numbers.filter_map(|number| self.operations.get(number));
                let names: BTreeSet<&str> = names.map(|(_, name)| name.as_str()).collect();
                names.into_iter().map(str::to_owned).collect()
            });
            change.operations = Arc::clone(list);
            changes.push(change);
        }
        changes.sort_by(|a, b| {
            let key = |change: &Change| std::cmp::Reverse(change.rule.class);
            (key(a), &a.head, &a.base, &a.rule.id, &a.message).cmp(&(
                key(b),
                &b.head,
                &b.base,
                &b.rule.id,
                &b.message,
            ))
        });
        changes
    }
}

fn unite(all: &mut [u64], more: &[u64]) {
    all.iter_mut().zip(more).for_each(|(all, more)| *all |= more);
}

/// For each node of a graph the starts that lead to it, as bits. Nodes that lead to each other share them (strongly
/// connected components, R. Tarjan 1972, without recursion), so each edge is passed once.
fn reach(leads: &[&[usize]], starts: &[usize]) -> Vec<Rc<[u64]>> {
    let components = components(leads);
    let of = |node: usize| components.get(node).copied().unwrap_or(NONE);
    let mut bits =
        vec![vec![0_u64; starts.len().div_ceil(64)]; components.iter().max().map_or(0, |last| last + 1)];
    for (number, start) in starts.iter().enumerate() {
        if let Some(word) = bits.get_mut(of(*start)).and_then(|bits| bits.get_mut(number / 64)) {
            *word |= 1 << (number % 64);
        }
    }
    // A component has a higher number than those that it leads to.
    let mut order: Vec<(usize, &[usize])> =
        leads.iter().enumerate().map(|(node, leads)| (of(node), *leads)).collect();
    order.sort_unstable_by_key(|(own, _)| std::cmp::Reverse(*own));
    for (own, leads) in order {
        let Some(from) = bits.get_mut(own).map(std::mem::take) else { continue };
        for to in leads.iter().map(|to| of(*to)).filter(|to| *to != own) {
            unite(bits.get_mut(to).map_or(&mut [], Vec::as_mut_slice), &from);
        }
        if let Some(bits) = bits.get_mut(own) {
            *bits = from;
        }
    }
    let bits: Vec<Rc<[u64]>> = bits.into_iter().map(Rc::from).collect();
    components.into_iter().map(|component| bits.get(component).cloned().unwrap_or_default()).collect()
}

/// A number that is not known.
const NONE: usize = usize::MAX;

/// What is known of a node while components are looked for.
#[derive(Clone, Copy)]
struct Seen {
    /// When it was seen first.
    index: usize,
    /// The earliest node that it leads to.
    low: usize,
    component: usize,
}

/// The component of each node, numbered so that edges lead to lower numbers or stay inside.
fn components(leads: &[&[usize]]) -> Vec<usize> {
    const UNSEEN: Seen = Seen { index: NONE, low: NONE, component: NONE };
    let mut nodes = vec![UNSEEN; leads.len()];
    let seen = |nodes: &[Seen], node: usize| nodes.get(node).copied().unwrap_or(UNSEEN);
    let (mut next, mut count) = (0, 0);
    let mut stack = Vec::new();
    for root in 0..leads.len() {
        let mut open = if seen(&nodes, root).index == NONE { vec![(root, 0)] } else { Vec::new() };
        while let Some((node, edge)) = open.last_mut() {
            let node = *node;
            if let (0, Some(own)) = (*edge, nodes.get_mut(node).filter(|own| own.index == NONE)) {
                (own.index, own.low) = (next, next);
                next += 1;
                stack.push(node);
            }
            if let Some(to) = leads.get(node).and_then(|leads| leads.get(*edge)).copied() {
                *edge += 1;
                let other = seen(&nodes, to);
                if other.index == NONE {
                    open.push((to, 0));
                } else if let (NONE, Some(own)) = (other.component, nodes.get_mut(node)) {
                    own.low = own.low.min(other.index);
                }
                continue;
            }
            open.pop();
            let own = seen(&nodes, node);
            if let Some(above) = open.last().and_then(|(above, _)| nodes.get_mut(*above)) {
                above.low = above.low.min(own.low);
            }
            if own.low != own.index {
                continue;
            }
            while let Some(member) = stack.pop() {
                if let Some(member) = nodes.get_mut(member) {
                    member.component = count;
                }
                if member == node {
                    break;
                }
            }
            count += 1;
        }
    }
    nodes.into_iter().map(|node| node.component).collect()
}

/// One side of a change: what is there, or what holds its absence.
#[derive(Clone, Copy)]
pub(super) enum Thing<'d> {
    /// The value.
    Is(&'d Node),
    /// A key of an object, which is where the reader should look.
    Key(&'d Node, &'static str),
    /// It is not there; what is around it stands for it.
    Absent,
}

impl<'d> Thing<'d> {
    /// The value, if there is one.
    pub fn of(node: Option<&'d Node>) -> Self {
        node.map_or(Self::Absent, Self::Is)
    }

    fn id(self) -> Option<usize> {
        match self {
            Self::Is(node) | Self::Key(node, _) => Some(id(node)),
            Self::Absent => None,
        }
    }

    fn place(self, around: &Place) -> Place {
        match self {
            Self::Is(node) => node.place.clone(),
            Self::Key(node, key) => node.place_of(key).clone(),
            Self::Absent => around.clone(),
        }
    }
}

/// Fills a rule's text.
fn fill(text: &str, subject: &str, values: &[String]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        match name.parse::<usize>() {
            Ok(at) => out.push_str(values.get(at).map_or("", String::as_str)),
            Err(_) => out.push_str(subject),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{components, reach};

    #[test]
    fn what_leads_where_is_found_through_circles() {
        // 0 and 5 are starts; 1, 2 and 3 lead to each other.
        let leads: [&[usize]; 7] = [&[1, 1], &[2], &[3, 4], &[1], &[], &[4, 6], &[6]];
        let parts = components(&leads);
        assert!(parts[1] == parts[2] && parts[2] == parts[3] && parts[0] > parts[1] && parts[1] > parts[4]);
        let reached = reach(&leads, &[0, 5]);
        let bits: Vec<u64> = reached.iter().map(|bits| bits[0]).collect();
        assert_eq!(bits, [1, 1, 1, 1, 3, 2, 2]);
        assert!(reach(&[], &[]).is_empty());
    }
}
