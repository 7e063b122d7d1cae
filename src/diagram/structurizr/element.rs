//! Elements: what makes them, what names mean, what stands within them.

use super::archetype::tag_bytes;
use super::build::{Builder, Here, Named};
use super::model::{Element, ElementKind, Group, Property};
use super::text::{Statement, Token};
use crate::diag::{code, nearest};

impl Builder<'_> {
    /// A statement that makes an element or a group within `here`; whether it was one.
    pub fn element_statement(&mut self, statement: &Statement, here: Here) -> bool {
        let (name, rest) = statement.assigned();
        let Some(first) = rest.first().filter(|token| !token.quoted) else { return false };
        let inside = here.element.map(|at| self.workspace.elements[at].kind);
        if self.is_group(first)
            && inside != Some(ElementKind::Component)
            && (statement.body.is_some() || rest.len() == 2)
        {
            let inner = self.group(name, rest, statement, here);
            match (inside, here.environment) {
                (Some(_), _) => self.element_body(statement.body(), inner),
                (None, Some(_)) => self.deployment(statement.body(), inner),
                (None, None) => self.model(statement.body(), inner),
            }
            return true;
        }
        if first.is("deploymentGroup") && here.environment.is_some() {
            self.deployment_group(name, rest, here);
            return true;
        }
        let permitted: &[ElementKind] = match (inside, here.environment) {
            (None, None) => &[ElementKind::Person, ElementKind::SoftwareSystem, ElementKind::Custom],
            (None, Some(_)) => &[ElementKind::DeploymentNode, ElementKind::InfrastructureNode],
            (Some(ElementKind::SoftwareSystem), _) => &[ElementKind::Container],
            (Some(ElementKind::Container), _) => &[ElementKind::Component],
            (Some(ElementKind::DeploymentNode), _) => &[
                ElementKind::DeploymentNode,
                ElementKind::InfrastructureNode,
                ElementKind::SystemInstance,
                ElementKind::ContainerInstance,
            ],
            _ => &[],
        };
        let kind = permitted.iter().copied().find(|kind| self.archetype_of(*kind, first).is_some());
        let kind = kind.or_else(|| {
            (inside == Some(ElementKind::DeploymentNode) && first.is("instanceOf"))
                .then_some(ElementKind::ContainerInstance)
        });
        let Some(kind) = kind else { return false };
        if kind.instance() {
            self.instance(kind, name, rest, statement, here);
        } else {
            self.element(kind, name, rest, statement, here);
        }
        true
    }

    /// `group` or an archetype of it.
    fn is_group(&self, token: &Token) -> bool {
        token.is("group") || self.archetypes.contains_key(&("group".into(), token.text.to_ascii_lowercase()))
    }

    fn deployment_group(&mut self, name: Option<&Token>, rest: &[Token], here: Here) {
        let Some(title) = rest.get(1) else { return };
        if let Some(at) = here.element {
            let groups = self.deployment_groups(&title.clone(), here);
            self.workspace.elements[at].deployment_groups = groups;
        } else if let Some(name) = name {
            let full = match here.environment.filter(|_| self.hierarchical) {
                Some(at) => format!("{}.{}", self.workspace.environments[at].identifier, name.text),
                None => name.text.clone(),
            };
            let number = self.names.len();
            self.register(name, &full, Named::DeploymentGroup(format!("{}#{number}", title.text)));
        }
    }

    /// The names of a comma-separated list of deployment groups.
    fn deployment_groups(&mut self, token: &Token, here: Here) -> Vec<String> {
        let mut groups = Vec::new();
        for part in token.text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            if let Some(Named::DeploymentGroup(name)) = self.lookup(part, here) {
                groups.push(name);
            } else {
                // Structurizr ignores what is no group here, so that workspaces from before there were groups stay valid.
                self.problem(
                    code::DIAGRAM_NOT_DRAWN,
                    &token.place,
                    part,
                    format!("there is no deployment group `{part}`, so the instance is in none"),
                    "define it in this environment (`name = deploymentGroup \"Name\"`); tags are the word after it",
                );
            }
        }
        groups
    }

    fn element(
        &mut self,
        kind: ElementKind,
        name: Option<&Token>,
        rest: &[Token],
        statement: &Statement,
        here: Here,
    ) {
        let archetype = self.archetype_of(kind, &rest[0]).unwrap_or_default();
        let Some(title) = rest.get(1) else {
            let message = format!("a {} has a name", kind.name().to_lowercase());
            self.syntax(
                &statement.place,
                &rest[0].text,
                message,
                &format!("write `{} \"Name\"`", rest[0].text),
            );
            return;
        };
        // The words after the name, in the order each kind has them.
        let order: &[&str] = match kind {
            ElementKind::Person | ElementKind::SoftwareSystem => &["description", "tags"],
            ElementKind::Custom => &["technology", "description", "tags"],
            ElementKind::DeploymentNode => &["description", "technology", "tags", "instances"],
            _ => &["description", "technology", "tags"],
        };
        if let Some(extra) = rest.get(2 + order.len()) {
            let (place, text) = (extra.place.clone(), extra.text.clone());
            let message = format!("`{text}` is one word too many");
            self.syntax(
                &place,
                &text,
                message,
                &format!("after the name stand: {}; quote what has spaces", order.join(", ")),
            );
        }
        let word = |what: &str| {
            order
                .iter()
                .position(|word| *word == what)
                .and_then(|at| rest.get(2 + at))
                .map(|token| token.text.clone())
        };
        let mut tags = archetype.tags.clone();
        tags.extend(split_tags(&word("tags").unwrap_or_default()));
        let element = Element {
            kind,
            identifier: String::new(),
            name: title.text.clone(),
            description: word("description").unwrap_or_else(|| archetype.description.clone()),
            technology: word("technology").unwrap_or_else(|| archetype.technology.clone()),
            tags,
            url: String::new(),
            properties: archetype.properties.clone(),
            parent: here.element,
            group: here.group,
            environment: here.environment,
            of: None,
            deployment_groups: here
                .element
                .map(|at| self.workspace.elements[at].deployment_groups.clone())
                .unwrap_or_default(),
            instances: word("instances").unwrap_or_default(),
            place: statement.place.clone(),
        };
        let Some(at) = self.add(element, name) else { return };
        self.element_body(statement.body(), Here { element: Some(at), group: None, ..here });
    }

    /// Adds an element and registers its identifier.
    pub fn add(&mut self, mut element: Element, name: Option<&Token>) -> Option<usize> {
        let bytes = element.bytes() + tag_bytes(&element.deployment_groups);
        if !self.room(bytes, &element.place) {
            return None;
        }
        let at = self.workspace.elements.len();
        let own = name.map_or_else(|| format!("#{at}"), |name| name.text.clone());
        let outer = match (element.parent, element.environment) {
            (Some(parent), _) => Some(self.workspace.elements[parent].identifier.clone()),
            (None, Some(environment)) => Some(self.workspace.environments[environment].identifier.clone()),
            (None, None) => None,
        };
        element.identifier = match outer.filter(|_| self.hierarchical) {
            Some(outer) => format!("{outer}.{own}"),
            None => own,
        };
        let full = element.identifier.clone();
        self.count(full.len() / 8);
        if let Some(parent) = element.parent {
            self.children[parent].push(at);
        }
        if let (Some(of), Some(environment)) = (element.of, element.environment) {
            self.deployed.entry((of, environment)).or_default().push(at);
        }
        self.workspace.elements.push(element);
        self.children.push(Vec::new());
        self.outgoing.push(Vec::new());
        self.incoming.push(Vec::new());
        if let Some(name) = name {
            self.register(name, &full, Named::Element(at));
        }
        Some(at)
    }

    pub fn register(&mut self, token: &Token, full: &str, named: Named) {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !token.text.chars().all(allowed) || token.text.starts_with('-') {
            let message = format!("`{}` is no identifier", token.text);
            self.syntax(
                &token.place,
                &token.text,
                message,
                "use letters, digits, `_` and `-`, not `-` first",
            );
        }
        if self.names.contains_key(&full.to_ascii_lowercase()) {
            let message = format!("the identifier `{full}` is used twice");
            self.syntax(
                &token.place,
                full,
                message,
                "choose another name; upper and lower case are the same",
            );
            return;
        }
        self.names.insert(full.to_ascii_lowercase(), named);
    }

    /// What a name means here.
    pub fn lookup(&self, text: &str, here: Here) -> Option<Named> {
        self.lookup_where(text, here, |_| true)
    }

    /// What a name means here, of the meanings that `fits` accepts.
    fn lookup_where(&self, text: &str, here: Here, fits: impl Fn(&Named) -> bool) -> Option<Named> {
        let wanted = text.to_ascii_lowercase();
        if wanted == "this" {
            return here.element.map(Named::Element);
        }
        if self.hierarchical {
            let elements = here.element.into_iter().flat_map(|at| self.workspace.upwards(at));
            let names = elements.map(|at| &self.workspace.elements[at].identifier);
            let environment = here.environment.map(|at| &self.workspace.environments[at].identifier);
            for outer in names.chain(environment) {
                self.count(1 + outer.len() / 64);
                let found = self.names.get(&format!("{}.{wanted}", outer.to_ascii_lowercase()));
                if let Some(found) = found.filter(|found| fits(found)) {
                    return Some(found.clone());
                }
            }
        }
        self.names.get(&wanted).filter(|found| fits(found)).cloned()
    }

    fn instance(
        &mut self,
        kind: ElementKind,
        name: Option<&Token>,
        rest: &[Token],
        statement: &Statement,
        here: Here,
    ) {
        let Some(target) = rest.get(1).cloned() else {
            self.syntax(
                &statement.place,
                &rest[0].text,
                "an instance is of something",
                &format!("write `{} identifier`", rest[0].text),
            );
            return;
        };
        let deployable = |named: &Named| match named {
            Named::Element(at) => {
                matches!(
                    self.workspace.elements[*at].kind,
                    ElementKind::SoftwareSystem | ElementKind::Container
                )
            }
            _ => false,
        };
        let found = match self.lookup_where(&target.text, here, deployable) {
            Some(Named::Element(at)) => Some(at),
            _ => None,
        };
        let kind = match found.map(|at| self.workspace.elements[at].kind) {
            Some(ElementKind::SoftwareSystem) => ElementKind::SystemInstance,
            Some(ElementKind::Container) => ElementKind::ContainerInstance,
            _ => {
                let what = if kind == ElementKind::SystemInstance { "software system" } else { "container" };
                self.unknown(&target, what);
                return;
            }
        };
        let of = found.unwrap_or_default();
        let inherited =
            here.element.map(|at| self.workspace.elements[at].deployment_groups.clone()).unwrap_or_default();
        let groups = match rest.get(2) {
            Some(token) if !token.text.is_empty() => self.deployment_groups(&token.clone(), here),
            _ => inherited,
        };
        let element = Element {
            kind,
            identifier: String::new(),
            name: self.workspace.elements[of].name.clone(),
            description: self.workspace.elements[of].description.clone(),
            technology: self.workspace.elements[of].technology.clone(),
            tags: split_tags(rest.get(3).map_or("", |token| &token.text)),
            url: String::new(),
            properties: Vec::new(),
            parent: here.element,
            group: here.group,
            environment: here.environment,
            of: Some(of),
            deployment_groups: groups,
            instances: String::new(),
            place: statement.place.clone(),
        };
        let Some(at) = self.add(element, name) else { return };
        self.replicate(at);
        self.element_body(statement.body(), Here { element: Some(at), group: None, ..here });
    }

    /// A name that means nothing here.
    pub fn unknown(&mut self, token: &Token, what: &str) {
        if self.incomplete {
            return;
        }
        // A distance to each of many names, for each of many mistakes, would take long and help nobody.
        let names = self.names.keys().take(if self.workspace.problems.len() < 50 { 5_000 } else { 0 });
        let help = match nearest(&token.text, names.map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if self.hierarchical => {
                "give the name in full (`system.container`), and define it above".into()
            }
            None => "define it above this line".into(),
        };
        let message = format!("there is no {what} `{}`", token.text);
        self.problem(code::DIAGRAM_SYNTAX, &token.place, &token.text, message, &help);
    }

    /// The statements within an element.
    pub fn element_body(&mut self, statements: &[Statement], here: Here) {
        let Some(at) = here.element else { return };
        for statement in statements {
            self.count(statement.bytes());
            if !self.go_on(&statement.place) {
                return;
            }
            if self.relationship(statement, here) || self.element_statement(statement, here) {
                continue;
            }
            if self.detail(at, statement) || self.general(statement, here) {
                continue;
            }
            let kind = self.workspace.elements[at].kind;
            self.unexpected(statement, inside(kind));
        }
    }

    /// A statement that says something about an element; whether it was one.
    pub fn detail(&mut self, at: usize, statement: &Statement) -> bool {
        let Some(first) = statement.tokens.first().filter(|token| !token.quoted) else { return false };
        let keyword = first.text.to_ascii_lowercase();
        let value = statement.tokens.get(1).map(|token| token.text.clone());
        match (keyword.as_str(), value) {
            ("properties", _) => {
                let properties = self.properties(statement);
                self.workspace.elements[at].properties.extend(properties);
            }
            ("perspectives" | "healthcheck", _) => {}
            ("metadata" | "technology", Some(value)) => self.workspace.elements[at].technology = value,
            ("description", Some(value)) => self.workspace.elements[at].description = value,
            ("url", Some(value)) => self.workspace.elements[at].url = value,
            ("instances", Some(value)) => self.workspace.elements[at].instances = value,
            ("tags" | "tag", Some(_)) => {
                let tags = statement.tokens[1..].iter().flat_map(|token| split_tags(&token.text));
                self.workspace.elements[at].tags.extend(tags);
            }
            ("group", Some(value)) => self.group_property(at, &value, statement),
            (
                word @ ("metadata" | "technology" | "description" | "url" | "instances" | "tags" | "tag"),
                None,
            ) => {
                self.syntax(
                    &statement.place,
                    word,
                    format!("`{word}` needs a value"),
                    &format!("write `{word} \"...\"`"),
                );
            }
            _ => return false,
        }
        true
    }

    /// `group "Name"` within a component.
    fn group_property(&mut self, at: usize, name: &str, statement: &Statement) {
        let parent = self.workspace.elements[at].group;
        let separator = self.workspace.terminology.get("/separator").map_or("/", String::as_str);
        let path = match parent {
            Some(parent) => format!("{}{separator}{name}", self.workspace.groups[parent].path),
            None => name.to_owned(),
        };
        self.count(path.len() / 8);
        let group =
            self.group_of(Group { name: name.to_owned(), parent, path, place: statement.place.clone() });
        self.workspace.elements[at].group = Some(group);
    }

    /// A block of names and values.
    pub fn properties(&mut self, statement: &Statement) -> Vec<Property> {
        let mut properties = Vec::new();
        if statement.body.is_none() {
            self.syntax(
                &statement.place,
                "properties",
                "properties stand in a block",
                "write `properties {`, then each on a line of its own, then `}`",
            );
        }
        for inner in statement.body() {
            match inner.tokens.as_slice() {
                [name, value] => properties.push(Property {
                    name: name.text.clone(),
                    value: value.text.clone(),
                    place: value.place.clone(),
                }),
                _ => self.syntax(
                    &inner.place,
                    "properties",
                    "a property is a name and a value",
                    "quote what has spaces, and put each property on a line of its own",
                ),
            }
        }
        properties
    }
}

/// The tags of a comma-separated list.
pub(super) fn split_tags(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect()
}

/// What stands within an element of a kind.
fn inside(kind: ElementKind) -> &'static [&'static str] {
    match kind {
        ElementKind::SoftwareSystem => &[
            "container",
            "group",
            "description",
            "tags",
            "url",
            "properties",
            "perspectives",
            "!docs",
            "!adrs",
            "->",
        ],
        ElementKind::Container => &[
            "component",
            "group",
            "description",
            "technology",
            "tags",
            "url",
            "properties",
            "perspectives",
            "!docs",
            "!adrs",
            "->",
        ],
        ElementKind::DeploymentNode => &[
            "deploymentNode",
            "infrastructureNode",
            "instanceOf",
            "softwareSystemInstance",
            "containerInstance",
            "group",
            "instances",
            "description",
            "technology",
            "tags",
            "url",
            "properties",
            "perspectives",
            "->",
        ],
        ElementKind::SystemInstance | ElementKind::ContainerInstance => {
            &["description", "tags", "url", "properties", "perspectives", "healthCheck", "->"]
        }
        _ => &[
            "description",
            "technology",
            "group",
            "tags",
            "url",
            "properties",
            "perspectives",
            "!docs",
            "!adrs",
            "->",
        ],
    }
}
