//! Arguments of utoipa's functions, taken one after the other as what they have to be.

use super::eval::{Machine, Stop};
use super::nodes::Node;
use super::value::Val;
use proc_macro2::Span;
use serde_json::Value;
use std::collections::VecDeque;
use utoipa::Number;
use utoipa::openapi::{RefOr, Schema};

/// What is left of a call's arguments.
pub(super) struct Arguments {
    list: VecDeque<Val>,
    span: Span,
}

/// A value or why there is none.
pub(super) type Taken<T> = Result<T, Stop>;

impl Arguments {
    pub fn new(list: Vec<Val>, span: Span) -> Self {
        Self { list: list.into(), span }
    }

    /// Whether no argument is left.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Where the call is.
    pub fn span(&self) -> Span {
        self.span
    }

    fn wrong(&self, what: &str, found: &Val) -> Stop {
        let found = match found {
            Val::Opaque(text) => format!("it depends on {text}"),
            _ => format!("{what} was expected"),
        };
        Stop::new(
            "value",
            Some(self.span),
            &format!("the value could not be worked out without compiling: {found}"),
        )
    }

    /// The next argument, whatever it is.
    pub fn next(&mut self, machine: &mut Machine<'_, '_>) -> Taken<Val> {
        let next = self.list.pop_front();
        let next = next.ok_or_else(|| Stop::new("value", Some(self.span), "an argument is missing"))?;
        let value = machine.read(next);
        if machine.session.charge(value.weight()) {
            Ok(value)
        } else {
            Err(Stop::new("endless", Some(self.span), "gave up here: the evaluation makes too much"))
        }
    }

    /// A text.
    pub fn text(&mut self, machine: &mut Machine<'_, '_>) -> Taken<String> {
        let value = self.next(machine)?;
        self.as_text(machine, &value)
    }

    /// A text; one that is not known is a hole at its own place in the document, and the rest goes on.
    fn as_text(&self, machine: &Machine<'_, '_>, value: &Val) -> Taken<String> {
        match (value.text(), value) {
            (Some(text), _) => Ok(text),
            (None, Val::Opaque(what)) => Ok(self.missing(machine, what)),
            (None, other) => Err(self.wrong("a text", other)),
        }
    }

    fn missing(&self, machine: &Machine<'_, '_>, what: &str) -> String {
        let place = machine.place(Some(self.span), None);
        let message = format!("the value could not be worked out without compiling: it depends on {what}");
        machine.session.hole("value", place, message).text()
    }

    fn as_value(&self, machine: &Machine<'_, '_>, value: &Val) -> Taken<Value> {
        match (machine.as_json(value), value) {
            (Some(json), _) => Ok(json),
            (None, Val::Opaque(what)) => Ok(Value::String(self.missing(machine, what))),
            (None, other) => Err(self.wrong("a value for JSON", other)),
        }
    }

    /// An option, or a value that stands for one.
    pub fn option(&mut self, machine: &mut Machine<'_, '_>) -> Taken<Option<Val>> {
        match self.next(machine)? {
            Val::Opt(None) => Ok(None),
            Val::Opt(Some(inner)) => Ok(Some(machine.read(*inner))),
            other => Ok(Some(other)),
        }
    }

    /// An optional text.
    pub fn some_text(&mut self, machine: &mut Machine<'_, '_>) -> Taken<Option<String>> {
        match self.option(machine)? {
            None => Ok(None),
            Some(value) => self.as_text(machine, &value).map(Some),
        }
    }

    /// A schema of any kind.
    pub fn schema(&mut self, machine: &mut Machine<'_, '_>) -> Taken<RefOr<Schema>> {
        let value = self.next(machine)?;
        self.as_schema(value)
    }

    fn as_schema(&self, value: Val) -> Taken<RefOr<Schema>> {
        match value {
            Val::Node(node) => match *node {
                Node::Schema(schema) => Ok(schema),
                _ => Err(Stop::new("value", Some(self.span), "a schema was expected")),
            },
            Val::Opt(Some(inner)) => self.as_schema(*inner),
            other => Err(self.wrong("a schema", &other)),
        }
    }

    /// An optional schema.
    pub fn some_schema(&mut self, machine: &mut Machine<'_, '_>) -> Taken<Option<RefOr<Schema>>> {
        match self.option(machine)? {
            None => Ok(None),
            Some(value) => self.as_schema(value).map(Some),
        }
    }

    /// A value as JSON.
    pub fn json(&mut self, machine: &mut Machine<'_, '_>) -> Taken<Value> {
        let value = self.next(machine)?;
        self.as_value(machine, &value)
    }

    /// An optional value as JSON.
    pub fn some_json(&mut self, machine: &mut Machine<'_, '_>) -> Taken<Option<Value>> {
        match self.option(machine)? {
            None => Ok(None),
            Some(value) => self.as_value(machine, &value).map(Some),
        }
    }

    /// A truth value.
    pub fn truth(&mut self, machine: &mut Machine<'_, '_>) -> Taken<bool> {
        match self.next(machine)? {
            Val::Bool(value) => Ok(value),
            other => Err(self.wrong("a truth value", &other)),
        }
    }

    /// An optional truth value.
    pub fn some_truth(&mut self, machine: &mut Machine<'_, '_>) -> Taken<Option<bool>> {
        match self.option(machine)? {
            None => Ok(None),
            Some(Val::Bool(value)) => Ok(Some(value)),
            Some(other) => Err(self.wrong("a truth value", &other)),
        }
    }

    /// An optional size.
    pub fn some_size(&mut self, machine: &mut Machine<'_, '_>) -> Taken<Option<usize>> {
        match self.option(machine)? {
            None => Ok(None),
            Some(other) => {
                let number = if let Val::Number(number) = &other { number.int() } else { None };
                let size = number.and_then(|number| usize::try_from(number).ok());
                size.map(Some).ok_or_else(|| self.wrong("a number", &other))
            }
        }
    }

    /// An optional number.
    pub fn some_number(&mut self, machine: &mut Machine<'_, '_>) -> Taken<Option<Number>> {
        match self.option(machine)? {
            None => Ok(None),
            Some(other) => {
                let Val::Number(number) = &other else { return Err(self.wrong("a number", &other)) };
                let whole = |number: i128| {
                    isize::try_from(number)
                        .map(Number::Int)
                        .or_else(|_| usize::try_from(number).map(Number::UInt))
                };
                let made = match number.int() {
                    Some(number) => whole(number).ok(),
                    None => number.float().map(Number::Float),
                };
                made.map(Some).ok_or_else(|| self.wrong("a number", &other))
            }
        }
    }

    /// A value of utoipa.
    pub fn node(&mut self, machine: &mut Machine<'_, '_>) -> Taken<Node> {
        match self.option(machine)? {
            Some(Val::Node(node)) => Ok(*node),
            Some(other) => Err(self.wrong("a value of utoipa", &other)),
            None => Err(Stop::new("value", Some(self.span), "a value of utoipa was expected")),
        }
    }

    /// An optional value of utoipa.
    pub fn some_node(&mut self, machine: &mut Machine<'_, '_>) -> Taken<Option<Node>> {
        match self.option(machine)? {
            None => Ok(None),
            Some(Val::Node(node)) => Ok(Some(*node)),
            Some(other) => Err(self.wrong("a value of utoipa", &other)),
        }
    }

    /// The entries of a list.
    pub fn list(&mut self, machine: &mut Machine<'_, '_>) -> Taken<Vec<Val>> {
        let value = self.next(machine)?;
        self.as_list(machine, &value)
    }

    fn as_list(&self, machine: &mut Machine<'_, '_>, value: &Val) -> Taken<Vec<Val>> {
        match machine.items_of(value) {
            Some(list) => Ok(list.into_iter().map(|one| machine.read(one)).collect()),
            None => Err(self.wrong("a list", value)),
        }
    }

    /// The entries of an optional list.
    pub fn some_list(&mut self, machine: &mut Machine<'_, '_>) -> Taken<Option<Vec<Val>>> {
        match self.option(machine)? {
            None => Ok(None),
            Some(value) => self.as_list(machine, &value).map(Some),
        }
    }

    /// A list of texts.
    pub fn texts(&mut self, machine: &mut Machine<'_, '_>) -> Taken<Vec<String>> {
        let list = self.list(machine)?;
        self.as_texts(&list)
    }

    /// Values as texts.
    pub fn as_texts(&self, list: &[Val]) -> Taken<Vec<String>> {
        list.iter().map(|one| one.text().ok_or_else(|| self.wrong("a text", one))).collect()
    }

    /// Values of utoipa of one kind.
    pub fn nodes<T>(&self, list: Vec<Val>, pick: impl Fn(Node) -> Option<T>) -> Taken<Vec<T>> {
        list.into_iter()
            .map(|one| match one {
                Val::Node(node) => pick(*node).ok_or_else(|| {
                    Stop::new("value", Some(self.span), "a value of another kind was expected")
                }),
                other => Err(self.wrong("a value of utoipa", &other)),
            })
            .collect()
    }

    /// Pairs of a text and a value.
    pub fn pairs(&mut self, machine: &mut Machine<'_, '_>) -> Taken<Vec<(String, Val)>> {
        let list = self.list(machine)?;
        list.into_iter()
            .map(|one| match one {
                Val::Tuple(pair) => match <[Val; 2]>::try_from(pair) {
                    Ok([name, value]) => {
                        let name = machine.read(name);
                        let text = name.text().ok_or_else(|| self.wrong("a text", &name))?;
                        Ok((text, machine.read(value)))
                    }
                    Err(_) => Err(Stop::new("value", Some(self.span), "pairs were expected")),
                },
                other => Err(self.wrong("a pair", &other)),
            })
            .collect()
    }
}
