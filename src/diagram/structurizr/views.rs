//! The `views` block: what each view shows, styles and words for kinds.

use super::super::graph::Direction;
use super::build::{Builder, Here, Named, SHOWN};
use super::model::{ElementKind, Message, Scope, Step, Styles, View};
use super::text::{Statement, Token, is_remote};
use crate::diag::{Place, code};
use std::collections::{BTreeMap, BTreeSet};

impl Builder<'_> {
    /// The statements of `views`.
    pub fn views(&mut self, statements: &[Statement]) {
        for statement in statements {
            if !self.go_on(&statement.place) {
                return;
            }
            let Some(first) = statement.tokens.first() else {
                self.unexpected(statement, VIEWS);
                continue;
            };
            match first.text.to_ascii_lowercase().as_str() {
                "systemlandscape" => {
                    self.view(statement, "SystemLandscape", 1, |_, _| Some(Scope::Landscape))
                }
                "systemcontext" => self.view(statement, "SystemContext", 2, |builder, tokens| {
                    builder.scope(tokens.get(1)?, &[ElementKind::SoftwareSystem]).map(Scope::Context)
                }),
                "container" => self.view(statement, "Container", 2, |builder, tokens| {
                    builder.scope(tokens.get(1)?, &[ElementKind::SoftwareSystem]).map(Scope::Containers)
                }),
                "component" => self.view(statement, "Component", 2, |builder, tokens| {
                    builder.scope(tokens.get(1)?, &[ElementKind::Container]).map(Scope::Components)
                }),
                "dynamic" => self.view(statement, "Dynamic", 2, |builder, tokens| {
                    let scope = tokens.get(1)?;
                    if scope.text == "*" {
                        return Some(Scope::Dynamic(None));
                    }
                    builder
                        .scope(scope, &[ElementKind::SoftwareSystem, ElementKind::Container])
                        .map(|at| Scope::Dynamic(Some(at)))
                }),
                "deployment" => self.view(statement, "Deployment", 3, Self::deployment_scope),
                "custom" => self.custom(statement),
                "filtered" => self.filtered(statement),
                "image" => self.image(statement),
                "styles" => self.styles(statement.body(), ""),
                "theme" | "themes" => self.themes(statement),
                "terminology" => self.terminology(statement.body()),
                "properties" => {
                    self.properties(statement);
                }
                "branding" => {
                    let help = "the site's own colours and font are used everywhere";
                    self.problem(
                        code::DIAGRAM_NOT_DRAWN,
                        &statement.place,
                        "branding",
                        "`branding` is not drawn",
                        help,
                    );
                }
                _ if self.general(statement, Here::default()) => {}
                _ => self.unexpected(statement, VIEWS),
            }
        }
    }

    fn scope(&mut self, token: &Token, kinds: &[ElementKind]) -> Option<usize> {
        let token = token.clone();
        match self.lookup(&token.text, Here::default()) {
            Some(Named::Element(at)) if kinds.contains(&self.workspace.elements[at].kind) => Some(at),
            Some(_) => {
                let wanted: Vec<String> = kinds.iter().map(|kind| kind.name().to_lowercase()).collect();
                let message = format!("`{}` is no {}", token.text, wanted.join(" and no "));
                self.problem(
                    code::DIAGRAM_SYNTAX,
                    &token.place,
                    &token.text,
                    message,
                    "name what the view is of",
                );
                None
            }
            None => {
                self.unknown(&token, kinds[0].name().to_lowercase().as_str());
                None
            }
        }
    }

    fn deployment_scope(&mut self, tokens: &[Token]) -> Option<Scope> {
        let (of, environment) = (tokens.get(1)?.clone(), tokens.get(2)?.clone());
        let of = if of.text == "*" { None } else { Some(self.scope(&of, &[ElementKind::SoftwareSystem])?) };
        let found = match self.lookup(&environment.text, Here::default()) {
            Some(Named::Environment(at)) => Some(at),
            _ => {
                self.count(self.workspace.environments.len());
                self.workspace
                    .environments
                    .iter()
                    .position(|known| known.name.eq_ignore_ascii_case(&environment.text))
            }
        };
        if found.is_none() {
            let message = format!("there is no deployment environment `{}`", environment.text);
            let names: Vec<&str> =
                self.workspace.environments.iter().map(|known| known.name.as_str()).collect();
            let help = format!(
                "the model has: {}",
                if names.is_empty() { "none".to_owned() } else { names.join(", ") }
            );
            self.problem(code::DIAGRAM_SYNTAX, &environment.place, &environment.text, message, &help);
        }
        found.map(|environment| Scope::Deployment(of, environment))
    }

    /// A key the text gives, or the one Structurizr would make.
    fn key(&mut self, token: Option<&Token>, sort: &'static str) -> String {
        if let Some(token) = token.filter(|token| !token.text.is_empty()) {
            if self.view_keys.contains_key(&token.text) {
                let message = format!("two views have the key `{}`", token.text);
                self.syntax(&token.place, &token.text, message, "give each view a key of its own");
            }
            return token.text.clone();
        }
        let count = self.keys.entry(sort).or_insert(0);
        *count += 1;
        format!("{sort}-{count:03}")
    }

    fn view(
        &mut self,
        statement: &Statement,
        sort: &'static str,
        words: usize,
        scope: fn(&mut Self, &[Token]) -> Option<Scope>,
    ) {
        let tokens = &statement.tokens;
        if tokens.len() < words {
            self.syntax(
                &statement.place,
                sort,
                "the view does not say what it is of",
                "name the element after the keyword",
            );
            return;
        }
        let key = self.key(tokens.get(words), sort);
        let Some(scope) = scope(self, tokens) else { return };
        let description = tokens.get(words + 1).map(|token| token.text.clone()).unwrap_or_default();
        let mut view = empty_view(key, scope, statement);
        view.description = description;
        if let Scope::Context(at) = view.scope {
            self.show(&mut view, at, None);
        }
        if let Scope::Dynamic(_) = view.scope {
            view.steps = self.steps(statement.body(), &mut view);
        } else {
            self.content(&mut view, statement.body());
        }
        self.push_view(view);
    }

    fn push_view(&mut self, view: View) {
        self.view_keys.entry(view.key.clone()).or_insert(self.workspace.views.len());
        self.workspace.views.push(view);
    }

    fn custom(&mut self, statement: &Statement) {
        let word = |at: usize| statement.tokens.get(at).map(|token| token.text.clone()).unwrap_or_default();
        let key = self.key(statement.tokens.get(1), "Custom");
        let mut view =
            View { title: word(2), description: word(3), ..empty_view(key, Scope::Custom, statement) };
        self.content(&mut view, statement.body());
        self.push_view(view);
    }

    /// Statements of a view whose content is chosen.
    fn content(&mut self, view: &mut View, statements: &[Statement]) {
        for statement in statements {
            if !self.go_on(&statement.place) {
                return;
            }
            let keyword =
                statement.tokens.first().map(|token| token.text.to_ascii_lowercase()).unwrap_or_default();
            match keyword.as_str() {
                "include" | "exclude" if statement.tokens.len() < 2 => {
                    self.syntax(
                        &statement.place,
                        &keyword,
                        format!("`{keyword}` of nothing"),
                        "write `include *`, or name elements",
                    );
                }
                "include" => self.include(view, &statement.tokens[1..]),
                "exclude" => self.exclude(view, &statement.tokens[1..]),
                _ if self.view_detail(view, statement) => {}
                _ => self.unexpected(statement, VIEW),
            }
        }
    }

    /// What every sort of view may say of itself; whether this was it.
    fn view_detail(&mut self, view: &mut View, statement: &Statement) -> bool {
        let word = |at: usize| statement.tokens.get(at).map(|token| token.text.clone()).unwrap_or_default();
        match word(0).to_ascii_lowercase().as_str() {
            "title" => view.title = word(1),
            "description" => view.description = word(1),
            "default" => {}
            "properties" => {
                self.properties(statement);
            }
            "autolayout" => {
                view.direction = Some(match word(1).to_ascii_lowercase().as_str() {
                    "bt" => Direction::Up,
                    "lr" => Direction::Right,
                    "rl" => Direction::Left,
                    "" | "tb" => Direction::Down,
                    other => {
                        self.syntax(
                            &statement.place,
                            other,
                            format!("`{other}` is no direction"),
                            "use tb, bt, lr or rl",
                        );
                        Direction::Down
                    }
                });
                if word(1).is_empty() {
                    view.direction = None;
                }
            }
            "animation" | "animationstep" => {
                let help = "the picture shows all steps at once; for an order, write a dynamic view";
                self.problem(
                    code::DIAGRAM_NOT_DRAWN,
                    &statement.place,
                    "animation",
                    "`animation` is not drawn",
                    help,
                );
            }
            _ => return self.general(statement, Here::default()),
        }
        true
    }

    /// The messages of a dynamic view.
    fn steps(&mut self, statements: &[Statement], view: &mut View) -> Vec<Step> {
        let mut steps = Vec::new();
        for statement in statements {
            if !self.go_on(&statement.place) {
                break;
            }
            if statement.tokens.is_empty() {
                let inner = self.steps(statement.body(), view);
                steps.push(Step::Parallel(inner));
            } else if !self.view_detail(view, statement) {
                steps.extend(self.message(statement, view).map(Step::Message));
            }
        }
        steps
    }

    fn message(&mut self, statement: &Statement, view: &mut View) -> Option<Message> {
        let mut tokens = statement.tokens.as_slice();
        let mut order = None;
        if let Some(number) = tokens.first().and_then(|token| token.text.strip_suffix(':')) {
            order = Some(number.to_owned());
            tokens = &tokens[1..];
        }
        let word = |at: usize| tokens.get(at).map(|token| token.text.clone()).unwrap_or_default();
        let mut message = match tokens {
            [from, arrow, to, ..] if arrow.is("->") => {
                let (source, destination) = (self.party(from)?, self.party(to)?);
                self.said(source, destination, word(3), word(4), &statement.place)
            }
            [name, ..] => {
                let Some(Named::Relation(at)) = self.lookup(&name.text, Here::default()) else {
                    self.unknown(&name.clone(), "relationship");
                    return None;
                };
                let relation = self.workspace.relations[at].clone();
                let text = if word(1).is_empty() { relation.description } else { word(1) };
                self.said(relation.source, relation.destination, text, relation.technology, &statement.place)
            }
            [] => return None,
        };
        message.order = order;
        for inner in statement.body() {
            match inner.tokens.first() {
                Some(first) if first.is("url") => {
                    message.url = inner.tokens.get(1).map(|token| token.text.clone()).unwrap_or_default();
                }
                Some(first) if first.is("properties") => {
                    self.properties(inner);
                }
                _ => self.unexpected(inner, &["url", "properties"]),
            }
        }
        self.count(SHOWN + (message.text.len() + message.technology.len()) / 8);
        self.count_shown(&[message.source, message.destination], &[], 1);
        for at in [message.source, message.destination] {
            if view.shown.insert(at) {
                view.elements.push(at);
            }
        }
        Some(message)
    }

    /// A message with what the model's relationship says where the message itself is silent.
    fn said(
        &mut self,
        source: usize,
        destination: usize,
        mut text: String,
        mut technology: String,
        place: &Place,
    ) -> Message {
        let found = self.meant(source, destination, &text, &technology);
        if let Some((relation, response)) = found {
            let relation = &self.workspace.relations[relation];
            if text.is_empty() && !response {
                text.clone_from(&relation.description);
            }
            if technology.is_empty() {
                technology.clone_from(&relation.technology);
            }
        } else {
            let names = (self.workspace.path(source), self.workspace.path(destination));
            let message = format!("the model has no relationship from `{}` to `{}`", names.0, names.1);
            let subject = format!("{} -> {}", names.0, names.1);
            let help = "add it to the model, or correct this step";
            self.problem(code::DIAGRAM_SYNTAX, place, &subject, message, help);
        }
        Message {
            source,
            destination,
            text,
            technology,
            order: None,
            response: found.is_some_and(|(_, response)| response),
            url: String::new(),
            place: place.clone(),
        }
    }

    fn party(&mut self, token: &Token) -> Option<usize> {
        if let Some(Named::Element(at)) = self.lookup(&token.text, Here::default()) {
            return Some(at);
        }
        self.unknown(&token.clone(), "element");
        None
    }

    /// The relationship a message follows, and whether the message answers it.
    fn meant(
        &self,
        source: usize,
        destination: usize,
        text: &str,
        technology: &str,
    ) -> Option<(usize, bool)> {
        let pick = |from: usize, to: usize| {
            let all: Vec<usize> = self.between(from, to).collect();
            let fits = |at: &&usize| {
                technology.is_empty() || self.workspace.relations[**at].technology == technology
            };
            let exact = all.iter().filter(fits).find(|at| self.workspace.relations[**at].description == text);
            exact.or_else(|| all.iter().find(fits)).copied()
        };
        pick(source, destination)
            .map(|at| (at, false))
            .or_else(|| pick(destination, source).map(|at| (at, true)))
    }

    fn filtered(&mut self, statement: &Statement) {
        let [_, base, mode, tags, ..] = statement.tokens.as_slice() else {
            self.syntax(
                &statement.place,
                "filtered",
                "a filtered view has a base, a mode and tags",
                "write `filtered baseKey include \"Tag\"`",
            );
            return;
        };
        let include = mode.is("include");
        if !include && !mode.is("exclude") {
            self.syntax(
                &mode.place,
                &mode.text,
                format!("`{}` is no mode", mode.text),
                "use include or exclude",
            );
            return;
        }
        let Some(found) = self.view_keys.get(&base.text).map(|at| self.workspace.views[*at].clone()) else {
            let message = format!("there is no view `{}`", base.text);
            self.problem(
                code::DIAGRAM_SYNTAX,
                &base.place,
                &base.text,
                message,
                "name a view that stands above this line",
            );
            return;
        };
        let tags = super::element::split_tags(&tags.text);
        let key = self.key(statement.tokens.get(4), "Filtered");
        self.count_shown(&found.elements, &found.relations, 1 + tags.len());
        if !self.go_on(&statement.place) {
            return;
        }
        let fits = |own: Vec<&str>| own.iter().any(|tag| tags.iter().any(|wanted| wanted == tag)) == include;
        let mut view = View { key, place: statement.place.clone(), title: String::new(), ..found };
        view.relations.retain(|at| fits(self.workspace.relation_tags(*at)));
        view.elements.retain(|at| fits(self.workspace.tags(*at)));
        view.shown = view.elements.iter().copied().collect();
        let there = |at: usize| view.shown.contains(&at);
        view.relations.retain(|at| {
            there(self.workspace.relations[*at].source) && there(self.workspace.relations[*at].destination)
        });
        if let Some(description) = statement.tokens.get(5) {
            view.description = description.text.clone();
        }
        for inner in statement.body() {
            if !self.view_detail(&mut view, inner) {
                self.unexpected(inner, &["title", "description", "default", "properties"]);
            }
        }
        self.push_view(view);
    }

    /// Image views show a picture that another tool made.
    fn image(&mut self, statement: &Statement) {
        let key = self.key(statement.tokens.get(2), "Image");
        let remote =
            statement.body().iter().flat_map(|inner| &inner.tokens).any(|token| is_remote(&token.text));
        let place = statement.place.clone();
        if remote {
            let message = format!("the image view `{key}` is refused: it is read from the network");
            self.problem(
                code::DIAGRAM_REFUSED,
                &place,
                &key,
                message,
                "keep the image in the repository and show it on a page",
            );
        } else {
            let message = format!("the image view `{key}` is not drawn");
            self.problem(
                code::DIAGRAM_NOT_DRAWN,
                &place,
                &key,
                message,
                "show the image, or a Mermaid fence, on the page itself",
            );
        }
    }

    fn styles(&mut self, statements: &[Statement], scheme: &str) {
        for statement in statements {
            let Some(first) = statement.tokens.first() else {
                self.unexpected(statement, STYLES);
                continue;
            };
            let keyword = first.text.to_ascii_lowercase();
            match keyword.as_str() {
                // The site's palette has both already.
                "light" | "dark" => self.styles(statement.body(), &keyword),
                "element" | "relationship" => {
                    let Some(tag) = statement.tokens.get(1) else {
                        self.syntax(
                            &statement.place,
                            &keyword,
                            "a style has a tag",
                            "write `element \"Tag\" {`",
                        );
                        continue;
                    };
                    let settings = self.style(statement.body());
                    if scheme == "dark" {
                        continue;
                    }
                    let styles = self.styles_of(keyword == "relationship");
                    styles.entry(tag.text.clone()).or_default().extend(settings);
                }
                "theme" | "themes" => self.themes(statement),
                _ if self.general(statement, Here::default()) => {}
                _ => self.unexpected(statement, STYLES),
            }
        }
    }

    /// The workspace's styles: later ones win.
    fn styles_of(&mut self, relations: bool) -> &mut Styles {
        if relations { &mut self.workspace.relation_styles } else { &mut self.workspace.element_styles }
    }

    fn style(&mut self, statements: &[Statement]) -> BTreeMap<String, String> {
        let mut settings = BTreeMap::new();
        for statement in statements {
            let Some(first) = statement.tokens.first() else { continue };
            let name = first.text.to_ascii_lowercase();
            if name == "properties" {
                self.properties(statement);
            } else if !SETTINGS.contains(&name.as_str()) {
                self.unexpected(statement, SETTINGS);
            } else if let Some(value) = statement.tokens.get(1) {
                if name == "icon" {
                    let help = "give the element a shape instead: `shape Cylinder`";
                    self.problem(
                        code::DIAGRAM_NOT_DRAWN,
                        &statement.place,
                        "icon",
                        "icons are not drawn",
                        help,
                    );
                }
                settings.insert(name, value.text.clone());
            } else {
                self.syntax(
                    &statement.place,
                    &name,
                    format!("`{name}` needs a value"),
                    "give it one, or remove the line",
                );
            }
        }
        settings
    }

    fn themes(&mut self, statement: &Statement) {
        for token in statement.tokens[1..].iter().filter(|token| !token.is("default")) {
            if is_remote(&token.text) {
                let help =
                    "write the styles into the workspace, or keep a copy of the theme in the repository";
                let message = format!("the theme `{}` is refused: it is read from the network", token.text);
                self.problem(code::DIAGRAM_REFUSED, &token.place, &token.text, message, help);
                continue;
            }
            let path = token.place.file.parent().join(&token.text);
            match path.as_ref().ok().and_then(|path| self.world.text(path).ok()) {
                Some(text) => self.theme(&text, token),
                None => {
                    let message = format!("the theme `{}` is not drawn: there is no such file", token.text);
                    self.problem(
                        code::DIAGRAM_NOT_DRAWN,
                        &token.place,
                        &token.text,
                        message,
                        "write the styles into the workspace",
                    );
                }
            }
        }
    }

    /// A theme file: JSON with the styles of tags, which the workspace's own styles override.
    fn theme(&mut self, text: &str, token: &Token) {
        let Ok(theme) = serde_json::from_str::<serde_json::Value>(text) else {
            self.syntax(
                &token.place,
                &token.text,
                format!("the theme `{}` is no JSON", token.text),
                "correct the file",
            );
            return;
        };
        for (list, relation) in [("elements", false), ("relationships", true)] {
            let styles = theme.get(list).and_then(serde_json::Value::as_array);
            let mut made = Styles::new();
            for style in styles.into_iter().flatten().filter_map(serde_json::Value::as_object) {
                let plain = |value: &serde_json::Value| {
                    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
                };
                let settings = style.iter().map(|(name, value)| (name.to_ascii_lowercase(), plain(value)));
                let mut settings: BTreeMap<String, String> = settings.collect();
                let tag = settings.remove("tag").unwrap_or_default();
                made.entry(tag).or_default().extend(settings);
            }
            let styles = self.styles_of(relation);
            for (tag, settings) in made {
                let own = styles.entry(tag).or_default();
                for (name, value) in settings {
                    own.entry(name).or_insert(value);
                }
            }
        }
    }

    fn terminology(&mut self, statements: &[Statement]) {
        for statement in statements {
            if let [word, name, ..] = statement.tokens.as_slice() {
                self.workspace.terminology.insert(word.text.to_ascii_lowercase(), name.text.clone());
            } else {
                self.unexpected(
                    statement,
                    &[
                        "person",
                        "softwareSystem",
                        "container",
                        "component",
                        "deploymentNode",
                        "infrastructureNode",
                        "relationship",
                        "metadata",
                    ],
                );
            }
        }
    }
}

fn empty_view(key: String, scope: Scope, statement: &Statement) -> View {
    View {
        key,
        scope,
        title: String::new(),
        description: String::new(),
        elements: Vec::new(),
        shown: BTreeSet::new(),
        relations: Vec::new(),
        steps: Vec::new(),
        direction: None,
        place: statement.place.clone(),
    }
}

const VIEWS: &[&str] = &[
    "systemLandscape",
    "systemContext",
    "container",
    "component",
    "dynamic",
    "deployment",
    "filtered",
    "custom",
    "image",
    "styles",
    "theme",
    "themes",
    "terminology",
    "properties",
    "!include",
    "!const",
    "!var",
];
const VIEW: &[&str] =
    &["include", "exclude", "autolayout", "title", "description", "animation", "default", "properties"];
const STYLES: &[&str] = &["element", "relationship", "light", "dark", "theme", "themes"];
const SETTINGS: &[&str] = &[
    "shape",
    "icon",
    "iconposition",
    "width",
    "height",
    "background",
    "color",
    "colour",
    "stroke",
    "strokewidth",
    "fontsize",
    "border",
    "opacity",
    "metadata",
    "description",
    "thickness",
    "dashed",
    "style",
    "routing",
    "jump",
    "position",
];
