//! Statements to elements: the `workspace` and `model` blocks.

use super::archetype::Archetype;
use super::model::{Environment, Group, Property, Workspace};
use super::text::{DslReader, Statement, Token};
use crate::base::{RelPath, Steps};
use crate::diag::{Place, Problem, code, nearest};
use crate::world::World;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Elements and relationships of one workspace, those implied and copied included. Implied relationships grow with
/// the square of the depth and copies with the square of the instances, so a short text can ask for many.
pub(super) const MOST_ITEMS: usize = 100_000;

/// How much all statements of a workspace together may look at and make, in elements, relationships, tags and eighths of
/// their text: 0.5 s.
const MOST_WORK: u64 = 20_000_000;
/// What an element in a view counts: its text is copied.
pub(super) const SHOWN: usize = 50;

/// What an identifier names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Element(usize),
    Relation(usize),
    Group(usize),
    Environment(usize),
    DeploymentGroup(String),
}

/// Where a statement stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Here {
    pub element: Option<usize>,
    pub environment: Option<usize>,
    pub group: Option<usize>,
}

/// Makes a workspace of statements.
#[expect(clippy::struct_excessive_bools, reason = "four independent settings of a reading, not a state")]
pub(super) struct Builder<'w> {
    pub world: &'w dyn World,
    pub reader: DslReader<'w>,
    pub workspace: Workspace,
    pub names: BTreeMap<String, Named>,
    pub hierarchical: bool,
    pub implied: bool,
    pub archetypes: BTreeMap<(String, String), Arc<Archetype>>,
    /// Relationships that leave an element, by element.
    pub outgoing: Vec<Vec<usize>>,
    /// Relationships that reach an element, by element.
    pub incoming: Vec<Vec<usize>>,
    /// Parts of an element, by element.
    pub children: Vec<Vec<usize>>,
    /// Instances by what they are of and by environment.
    pub deployed: BTreeMap<(usize, usize), Vec<usize>>,
    groups: BTreeMap<(Option<usize>, String), usize>,
    /// Environments by name.
    environments: BTreeMap<String, usize>,
    /// How often the text gave no key to a view of a type.
    pub keys: BTreeMap<&'static str, usize>,
    /// Views by key.
    pub view_keys: BTreeMap<String, usize>,
    /// What statements have looked at and made.
    work: Steps,
    gave_up: bool,
    /// A part was refused or missing, so that a name which means nothing may be defined there.
    pub incomplete: bool,
    full: bool,
}

impl<'w> Builder<'w> {
    pub fn new(world: &'w dyn World) -> Self {
        Self {
            world,
            reader: DslReader::new(world),
            workspace: Workspace::default(),
            names: BTreeMap::new(),
            hierarchical: false,
            implied: true,
            archetypes: BTreeMap::new(),
            outgoing: Vec::new(),
            incoming: Vec::new(),
            children: Vec::new(),
            deployed: BTreeMap::new(),
            groups: BTreeMap::new(),
            environments: BTreeMap::new(),
            keys: BTreeMap::new(),
            view_keys: BTreeMap::new(),
            work: Steps::new(MOST_WORK),
            gave_up: false,
            incomplete: false,
            full: false,
        }
    }

    pub fn problem(
        &mut self,
        code: &'static str,
        place: &Place,
        subject: &str,
        message: impl Into<String>,
        help: &str,
    ) {
        let message = message.into();
        self.count(SHOWN + (subject.len() + message.len() + help.len()) / 8);
        self.workspace.problems.push(Problem::new(code, place, subject, message).help(help));
    }

    pub fn syntax(&mut self, place: &Place, subject: &str, message: impl Into<String>, help: &str) {
        self.problem(code::DIAGRAM_SYNTAX, place, subject, message, help);
    }

    /// Whether there is room for one more element or relationship of so many bytes; says so once when there is not.
    pub fn room(&mut self, bytes: usize, place: &Place) -> bool {
        self.count(bytes / 8);
        if !self.go_on(place) {
            return false;
        }
        if self.workspace.elements.len() + self.workspace.relations.len() < MOST_ITEMS {
            return true;
        }
        if !self.full {
            self.full = true;
            let message = format!("the model has more than {MOST_ITEMS} elements and relationships");
            self.problem(
                code::DIAGRAM_REFUSED,
                place,
                "model",
                message,
                "split it, or switch implied relationships off with `!impliedRelationships false`",
            );
        }
        false
    }

    /// Counts what was looked at or made; [`Self::go_on`] says when it is too much.
    pub fn count(&self, steps: usize) {
        self.work.take(steps as u64);
    }

    /// Counts elements and relationships that are shown: their text is copied, `times` over.
    pub fn count_shown(&self, elements: &[usize], relations: &[usize], times: usize) {
        let elements = elements.iter().filter_map(|at| Some(self.workspace.elements.get(*at)?.bytes()));
        let relations = relations.iter().filter_map(|at| Some(self.workspace.relations.get(*at)?.bytes()));
        self.count(elements.chain(relations).map(|bytes| SHOWN + bytes / 8 * times).sum());
    }

    /// The relationships that leave an element, then those that reach it.
    pub fn touching(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let lists = [&self.outgoing, &self.incoming].into_iter().filter_map(move |lists| lists.get(at));
        self.count(lists.clone().map(Vec::len).sum());
        lists.flatten().copied()
    }

    /// Whether one more statement may be read; says so once when not.
    pub fn go_on(&mut self, place: &Place) -> bool {
        let more = self.work.take(1);
        if !more && !std::mem::replace(&mut self.gave_up, true) {
            self.incomplete = true;
            self.problem(
                code::DIAGRAM_REFUSED,
                place,
                "workspace",
                "gave up here: what the workspace's statements find and make is too much together",
                "name elements instead of looking for them, or split the workspace",
            );
        }
        more
    }

    /// Whether an expression may look at all elements and relationships once more.
    pub fn look_at_all(&mut self, place: &Place) -> bool {
        self.count(self.workspace.elements.len() + self.workspace.relations.len());
        self.go_on(place)
    }

    /// The statements of a file, at the outermost level.
    pub fn top(&mut self, file: &RelPath, statements: &[Statement], depth: usize) {
        self.incomplete |= self.reader.incomplete;
        let mut seen = false;
        for statement in statements {
            if !statement.starts("workspace") {
                self.unexpected(statement, &["workspace"]);
            } else if seen {
                self.syntax(
                    &statement.place,
                    "workspace",
                    "a file holds one workspace",
                    "move the second into a file of its own",
                );
            } else {
                seen = true;
                self.workspace_block(file, statement, depth);
            }
        }
        if !seen && depth == 0 {
            let place = Place::whole(file.clone());
            self.syntax(&place, "workspace", "the file holds no workspace", "begin with `workspace {`");
        }
    }

    fn workspace_block(&mut self, file: &RelPath, statement: &Statement, depth: usize) {
        match statement.tokens.as_slice() {
            [_, extends, source] if extends.is("extends") => self.extend(file, source, depth),
            tokens => {
                self.workspace.name = tokens.get(1).map(|token| token.text.clone()).unwrap_or_default();
                self.workspace.description =
                    tokens.get(2).map(|token| token.text.clone()).unwrap_or_default();
            }
        }
        let (mut model, mut views) = (false, false);
        for inner in statement.body() {
            let Some(first) = inner.tokens.first() else {
                self.unexpected(inner, WORKSPACE);
                continue;
            };
            let value = inner.tokens.get(1).map(|token| token.text.clone()).unwrap_or_default();
            match first.text.to_ascii_lowercase().as_str() {
                "model" => {
                    self.once(&mut model, inner);
                    self.model(inner.body(), Here::default());
                }
                "views" => {
                    self.once(&mut views, inner);
                    self.views(inner.body());
                }
                "name" => self.workspace.name = value,
                "description" => self.workspace.description = value,
                "configuration" => self.configuration(inner),
                "properties" => {
                    self.properties(inner);
                }
                _ if self.general(inner, Here::default()) => {}
                _ => self.unexpected(inner, WORKSPACE),
            }
        }
    }

    fn once(&mut self, seen: &mut bool, statement: &Statement) {
        if std::mem::replace(seen, true) {
            let word = statement.tokens.first().map(|token| token.text.clone()).unwrap_or_default();
            self.syntax(
                &statement.place,
                &word,
                format!("a workspace has one `{word}`"),
                "move this block's content into the first",
            );
        }
    }

    fn extend(&mut self, file: &RelPath, source: &Token, depth: usize) {
        self.incomplete = true;
        if super::text::is_remote(&source.text) {
            self.problem(
                code::DIAGRAM_REFUSED,
                &source.place,
                &source.text,
                "a remote workspace is not extended: no command reaches the network",
                "keep a copy of it in the repository and extend that",
            );
            return;
        }
        let path = file.parent().join(&source.text);
        let text = path.as_ref().ok().map(|path| self.world.text(path));
        let (Ok(path), Some(Ok(text))) = (path, text) else {
            let message = format!("the workspace `{}` cannot be read", source.text);
            self.problem(
                code::DIAGRAM_SYNTAX,
                &source.place,
                &source.text,
                message,
                "correct the path: it is relative to this file",
            );
            return;
        };
        if depth >= 8 {
            self.syntax(
                &source.place,
                &source.text,
                "workspaces extend each other too deeply",
                "look for one that extends itself",
            );
        } else if path.extension() == Some("json") {
            self.reader.files.push(path.clone());
            self.json(&path, &text, &source.place);
            self.incomplete = false;
        } else {
            let statements = self.reader.read(&path, &text);
            self.incomplete = self.reader.incomplete;
            self.top(&path, &statements, depth + 1);
        }
    }

    /// Users, visibility and scope say who may see a workspace on a server: none of it is drawn.
    fn configuration(&mut self, statement: &Statement) {
        const KNOWN: &[&str] = &["visibility", "scope", "users", "properties"];
        for inner in statement.body() {
            if !KNOWN.iter().any(|word| inner.starts(word)) {
                self.unexpected(inner, KNOWN);
            }
        }
    }

    /// A statement that this block does not have.
    pub fn unexpected(&mut self, statement: &Statement, known: &[&str]) {
        let (_, rest) = statement.assigned();
        let Some(first) = rest.first() else {
            self.syntax(
                &statement.place,
                "{",
                "a block begins here without a keyword",
                "say what it is, for example `model {`",
            );
            return;
        };
        let help = match nearest(&first.text, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "here stand: {}",
                known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
            ),
        };
        let (place, text) = (first.place.clone(), first.text.clone());
        self.syntax(&place, &text, format!("`{text}` is not understood here"), &help);
    }

    /// Statements that stand in several blocks; whether this is one of them.
    pub fn general(&mut self, statement: &Statement, here: Here) -> bool {
        let Some(first) = statement.tokens.first() else { return false };
        let place = statement.place.clone();
        let value = statement.tokens.get(1).map(|token| token.text.to_ascii_lowercase()).unwrap_or_default();
        let keyword = first.text.to_ascii_lowercase();
        match keyword.as_str() {
            "!identifiers" if value == "flat" || value == "hierarchical" => {
                self.hierarchical = value == "hierarchical"
            }
            "!identifiers" => self.syntax(
                &place,
                "!identifiers",
                "identifiers are `flat` or `hierarchical`",
                "write `!identifiers hierarchical`",
            ),
            "!impliedrelationships" | "impliedrelationships" => self.implied = value != "false",
            "!docs" | "!adrs" | "!decisions" => {
                let help = "it is read by Structurizr's own site; here, link to a page with `url`";
                self.problem(
                    code::DIAGRAM_NOT_DRAWN,
                    &place,
                    &keyword,
                    format!("`{keyword}` is not shown"),
                    help,
                );
            }
            "!script" | "!plugin" => {
                let message = format!("`{keyword}` is refused: nothing from a repository is run");
                self.problem(
                    code::DIAGRAM_REFUSED,
                    &place,
                    &keyword,
                    message,
                    "write out what it would have made",
                );
            }
            "!components" => {
                let help =
                    "it reads compiled Java classes; write the components, and bind them with `\"item\"`";
                self.problem(code::DIAGRAM_REFUSED, &place, "!components", "`!components` is refused", help);
            }
            "!include" | "!const" | "!constant" | "!var" => {
                self.syntax(&place, &keyword, format!("`{keyword}` takes no block"), "remove the `{`");
            }
            "!element" | "!ref" | "!extend" => self.find_element(statement, here),
            "!relationship" => self.find_relation(statement, here),
            "!elements" => self.find_elements(statement, here),
            "!relationships" => self.find_relations(statement, here),
            _ => return false,
        }
        true
    }

    /// The statements of the model, or of a group in it.
    pub fn model(&mut self, statements: &[Statement], here: Here) {
        for statement in statements {
            if !self.go_on(&statement.place) {
                return;
            }
            let (name, rest) = statement.assigned();
            let keyword = rest.first().map(|token| token.text.to_ascii_lowercase()).unwrap_or_default();
            match keyword.as_str() {
                _ if self.relationship(statement, here) => {}
                "archetypes" => self.archetypes_block(statement.body()),
                "deploymentenvironment" => self.environment(name, rest, statement),
                "properties" if here.group.is_none() => {
                    let properties = self.properties(statement);
                    self.separator(&properties);
                }
                "properties" | "url" | "tags" | "tag" | "description" if here.group.is_some() => {}
                "enterprise" => {
                    self.syntax(
                        &statement.place,
                        "enterprise",
                        "`enterprise` was removed from the language",
                        "use `group` instead",
                    );
                    self.model(statement.body(), here);
                }
                _ if self.element_statement(statement, here) => {}
                _ if self.general(statement, here) => {}
                _ => self.unexpected(statement, MODEL),
            }
        }
    }

    fn separator(&mut self, properties: &[Property]) {
        for property in properties {
            if property.name == "structurizr.groupSeparator" {
                self.workspace.terminology.insert("/separator".into(), property.value.clone());
            }
        }
    }

    /// A group: what is in it is part of what it is in.
    pub fn group(&mut self, name: Option<&Token>, rest: &[Token], statement: &Statement, here: Here) -> Here {
        let Some(title) = rest.get(1) else {
            self.syntax(&statement.place, "group", "a group has a name", "write `group \"Name\" {`");
            return here;
        };
        let parent = here.group.map(|at| self.workspace.groups[at].path.clone());
        let separator = self.workspace.terminology.get("/separator").cloned();
        if parent.is_some() && separator.is_none() {
            let help = "add `properties { \"structurizr.groupSeparator\" \"/\" }` to the model, each on a line of its own";
            self.syntax(&statement.place, &title.text, "a group in a group needs a separator", help);
        }
        let path = match parent {
            Some(parent) => format!("{parent}{}{}", separator.as_deref().unwrap_or("/"), title.text),
            None => title.text.clone(),
        };
        self.count(path.len() / 8);
        let at = self.group_of(Group {
            name: title.text.clone(),
            parent: here.group,
            path,
            place: statement.place.clone(),
        });
        if let Some(name) = name {
            self.register(name, &name.text.clone(), Named::Group(at));
        }
        Here { group: Some(at), ..here }
    }

    /// The group of that path, which may be written in several places.
    pub fn group_of(&mut self, group: Group) -> usize {
        let next = self.workspace.groups.len();
        let at = *self.groups.entry((group.parent, group.path.clone())).or_insert(next);
        if at == next {
            self.workspace.groups.push(group);
        }
        at
    }

    fn environment(&mut self, name: Option<&Token>, rest: &[Token], statement: &Statement) {
        let Some(title) = rest.get(1) else {
            self.syntax(
                &statement.place,
                "deploymentEnvironment",
                "an environment has a name",
                "write `deploymentEnvironment \"Live\" {`",
            );
            return;
        };
        let found = self.environments.get(&title.text).copied();
        let at = found.unwrap_or_else(|| {
            let identifier = name
                .map_or_else(|| format!("#e{}", self.workspace.environments.len()), |name| name.text.clone());
            self.environments.insert(title.text.clone(), self.workspace.environments.len());
            self.workspace.environments.push(Environment {
                name: title.text.clone(),
                identifier,
                place: statement.place.clone(),
            });
            self.workspace.environments.len() - 1
        });
        if let (Some(name), None) = (name, found) {
            self.register(name, &name.text.clone(), Named::Environment(at));
        }
        self.deployment(statement.body(), Here { environment: Some(at), ..Here::default() });
    }

    /// The statements of an environment, or of a group in it.
    pub fn deployment(&mut self, statements: &[Statement], here: Here) {
        for statement in statements {
            if !self.go_on(&statement.place) {
                return;
            }
            if self.relationship(statement, here)
                || self.element_statement(statement, here)
                || self.general(statement, here)
            {
                continue;
            }
            self.unexpected(statement, DEPLOYMENT);
        }
    }
}

const WORKSPACE: &[&str] = &[
    "name",
    "description",
    "properties",
    "model",
    "views",
    "configuration",
    "!include",
    "!identifiers",
    "!docs",
    "!adrs",
    "!const",
    "!var",
];
const MODEL: &[&str] = &[
    "person",
    "softwareSystem",
    "element",
    "group",
    "deploymentEnvironment",
    "archetypes",
    "properties",
    "!include",
    "!identifiers",
    "!impliedRelationships",
    "!element",
    "!elements",
    "!relationship",
    "!relationships",
    "!const",
    "!var",
];
const DEPLOYMENT: &[&str] = &["deploymentNode", "infrastructureNode", "group", "deploymentGroup", "!include"];
