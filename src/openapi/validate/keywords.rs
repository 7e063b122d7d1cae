//! The keywords of JSON Schema 2020-12 (validation and applicator vocabularies) and of the dialect of OpenAPI 3.0.

use super::{Run, Seen, Side, Violation, canonical, format, show};
use crate::openapi::Version;
use crate::openapi::node::{Map, Node, Number, Value};
use std::cmp::Ordering;
use std::collections::HashMap;

/// Exactly where the digits allow it, else as floating-point numbers.
pub(super) fn compare(a: &Number, b: &Number) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    if let (Some((a, x)), Some((b, y))) = (a.decimal(), b.decimal()) {
        let shift = |mantissa: i128, by: i32| {
            let power = u32::try_from(by).ok().and_then(|by| 10i128.checked_pow(by))?;
            mantissa.checked_mul(power)
        };
        let low = x.min(y);
        if let (Some(a), Some(b)) = (shift(a, x - low), shift(b, y - low)) {
            return a.cmp(&b);
        }
    }
    a.as_f64().total_cmp(&b.as_f64())
}

/// Whether `a` is a whole multiple of `b`; none if the digits do not fit.
fn is_multiple(a: &Number, b: &Number) -> Option<bool> {
    let ((a, x), (b, y)) = (a.decimal()?, b.decimal()?);
    if b == 0 {
        return None;
    }
    let low = x.min(y);
    let shift = |mantissa: i128, by: i32| mantissa.checked_mul(10i128.checked_pow(u32::try_from(by).ok()?)?);
    Some(shift(a, x - low)? % shift(b, y - low)? == 0)
}

/// Whether a value is of a type, by the words of JSON Schema.
pub fn has_type(value: &Node, name: &str) -> bool {
    match (&value.value, name) {
        (Value::Null, "null")
        | (Value::Bool(_), "boolean")
        | (Value::Number(_), "number")
        | (Value::Text(_), "string")
        | (Value::List(_), "array")
        | (Value::Map(_), "object") => true,
        (Value::Number(number), "integer") => number.is_whole(),
        _ => false,
    }
}

/// The words of `type`: one text or a list of them.
fn types(schema: &Node) -> Vec<&str> {
    match schema.get("type") {
        Some(Node { value: Value::Text(name), .. }) => vec![name],
        Some(node) => node.list().iter().filter_map(Node::text).collect(),
        None => Vec::new(),
    }
}

fn count(schema: &Node, key: &str) -> Option<usize> {
    let number = schema.get(key)?.number()?;
    let (mantissa, exponent) = number.decimal()?;
    let scale = 10i128.checked_pow(u32::try_from(exponent).ok()?)?;
    usize::try_from(mantissa.checked_mul(scale)?).ok()
}

impl<'d> Run<'_, 'd> {
    pub(super) fn type_and_values(&mut self, schema: &'d Node, value: &Node, out: &mut Vec<Violation>) {
        let types = types(schema);
        if !types.is_empty() && !types.iter().any(|name| has_type(value, name)) {
            let wanted = types.join(" or ");
            let message = format!("expected {wanted}, found {}", show(value));
            self.violation(out, schema, "type", value, message);
        }
        if let Some(list) = schema.get("enum").map(Node::list) {
            self.steps.take(list.len() as u64 / 16);
            if !list.iter().any(|allowed| allowed.same(value)) {
                let mut names: Vec<String> = list.iter().take(8).map(show).collect();
                if list.len() > 8 {
                    names.push("…".into());
                }
                let message = format!("{} is none of the allowed values: {}", show(value), names.join(", "));
                self.violation(out, schema, "enum", value, message);
            }
        }
        if self.is_old() {
            return;
        }
        if let Some(wanted) = schema.get("const").filter(|wanted| !wanted.same(value)) {
            let message = format!("expected {}, found {}", show(wanted), show(value));
            self.violation(out, schema, "const", value, message);
        }
    }

    fn is_old(&self) -> bool {
        self.validator.document.version == Version::V3_0
    }

    pub(super) fn number(
        &mut self,
        schema: &'d Node,
        number: &Number,
        value: &Node,
        out: &mut Vec<Violation>,
    ) {
        let limit = |key: &str| schema.get(key).and_then(Node::number);
        // 3.0: `exclusiveMinimum: true` sharpens `minimum`.
        let sharp = |key: &str| schema.get(key).and_then(Node::bool) == Some(true);
        for (keyword, exclusive, wrong, words) in [
            ("minimum", "exclusiveMinimum", Ordering::Less, ("at least", "more than")),
            ("maximum", "exclusiveMaximum", Ordering::Greater, ("at most", "less than")),
        ] {
            if let Some(limit) = limit(keyword) {
                let order = compare(number, limit);
                let sharp = sharp(exclusive);
                if order == wrong || sharp && order == Ordering::Equal {
                    let words = if sharp { words.1 } else { words.0 };
                    let message = format!("{} must be {words} {}", show(value), limit.as_str());
                    self.violation(out, schema, keyword, value, message);
                }
            }
            if let Some(limit) = limit(exclusive) {
                let order = compare(number, limit);
                if order == wrong || order == Ordering::Equal {
                    let message = format!("{} must be {} {}", show(value), words.1, limit.as_str());
                    self.violation(out, schema, exclusive, value, message);
                }
            }
        }
        if let Some(step) = limit("multipleOf") {
            match is_multiple(number, step) {
                Some(true) => {}
                Some(false) => {
                    let message = format!("{} must be a multiple of {}", show(value), step.as_str());
                    self.violation(out, schema, "multipleOf", value, message);
                }
                None => self.give_up("a number has too many digits"),
            }
        }
        if let Some(name) = schema.get_text("format")
            && !format::number_fits(name, number)
        {
            self.violation(out, schema, "format", value, format!("{} is no {name}", show(value)));
        }
    }

    pub(super) fn text(&mut self, schema: &'d Node, text: &str, value: &Node, out: &mut Vec<Violation>) {
        let least = count(schema, "minLength");
        let most = count(schema, "maxLength");
        if least.is_some() || most.is_some() {
            let length = text.chars().count();
            if let Some(least) = least.filter(|least| length < *least) {
                let message = format!("{} has {length} characters, at least {least} are needed", show(value));
                self.violation(out, schema, "minLength", value, message);
            }
            if let Some(most) = most.filter(|most| length > *most) {
                let message = format!("{} has {length} characters, at most {most} are allowed", show(value));
                self.violation(out, schema, "maxLength", value, message);
            }
        }
        if let Some(pattern) = schema.get_text("pattern") {
            self.steps.take((text.len().saturating_mul(pattern.len()) / 256) as u64);
            match self.validator.matches(pattern, text) {
                Some(true) => {}
                Some(false) => {
                    let message = format!("{} does not match `{pattern}`", show(value));
                    self.violation(out, schema, "pattern", value, message);
                }
                None => self.give_up(format!("the pattern `{pattern}` is not understood")),
            }
        }
        if let Some(name) = schema.get_text("format")
            && !format::text_fits(name, text)
        {
            self.violation(out, schema, "format", value, format!("{} is no {name}", show(value)));
        }
    }

    pub(super) fn list<'i>(
        &mut self,
        schema: &'d Node,
        items: &'i [Node],
        value: &'i Node,
        out: &mut Vec<Violation>,
        seen: &mut Seen<'i>,
    ) {
        if let Some(least) = count(schema, "minItems").filter(|least| items.len() < *least) {
            let message = format!("{} items, at least {least} are needed", items.len());
            self.violation(out, schema, "minItems", value, message);
        }
        if let Some(most) = count(schema, "maxItems").filter(|most| items.len() > *most) {
            let message = format!("{} items, at most {most} are allowed", items.len());
            self.violation(out, schema, "maxItems", value, message);
        }
        if schema.get("uniqueItems").and_then(Node::bool) == Some(true) {
            self.unique(schema, items, value, out);
        }
        let prefix: &'d [Node] =
            if self.is_old() { &[] } else { schema.get("prefixItems").map(Node::list).unwrap_or_default() };
        for (at, (part, item)) in prefix.iter().zip(items).enumerate() {
            self.apply_to_part(part, item, &at.to_string(), out);
            seen.items.insert(at);
        }
        if let Some(rest) = schema.get("items") {
            for (at, item) in items.iter().enumerate().skip(prefix.len()) {
                self.apply_to_part(rest, item, &at.to_string(), out);
                if self.validator.tracks {
                    seen.items.insert(at);
                }
            }
        }
        if let Some(wanted) = schema.get("contains").filter(|_| !self.is_old()) {
            self.contains(schema, wanted, items, value, out, seen);
        }
    }

    fn unique(&mut self, schema: &'d Node, items: &[Node], value: &Node, out: &mut Vec<Violation>) {
        let mut known: HashMap<String, usize> = HashMap::new();
        for (at, item) in items.iter().enumerate() {
            let mut text = String::new();
            canonical(item, &mut text);
            self.steps.take(text.len() as u64 / 256);
            if let Some(first) = known.insert(text, at) {
                let message = format!("items {first} and {at} are equal, and all must differ");
                return self.violation(out, schema, "uniqueItems", value, message);
            }
        }
    }

    fn contains<'i>(
        &mut self,
        schema: &'d Node,
        wanted: &'d Node,
        items: &'i [Node],
        value: &Node,
        out: &mut Vec<Violation>,
        seen: &mut Seen<'i>,
    ) {
        let mut found = 0;
        let before = self.not_judged.clone();
        for (at, item) in items.iter().enumerate() {
            if self.try_schema(wanted, item).0.is_empty() {
                found += 1;
                seen.items.insert(at);
            }
        }
        let least = count(schema, "minContains").unwrap_or(1);
        if found < least {
            let message = format!("{found} items fit `contains`, at least {least} must");
            self.violation(out, schema, "contains", value, message);
        }
        if let Some(most) =
            count(schema, "maxContains").filter(|most| found > *most && self.not_judged == before)
        {
            let message = format!("{found} items fit `contains`, at most {most} may");
            self.violation(out, schema, "maxContains", value, message);
        }
    }

    /// Whether a field that is required may be missing, because the other side sends it.
    fn other_side(&self, schema: &'d Node, key: &str) -> bool {
        let Some(mut field) = schema.get("properties").and_then(|fields| fields.get(key)) else {
            return false;
        };
        if let Some(Ok(target)) = field.get_text("$ref").map(|to| self.validator.reference(to)) {
            field = target;
        }
        let is = |word: &str| field.get(word).and_then(Node::bool) == Some(true);
        match self.side {
            Side::Request => is("readOnly"),
            Side::Response => is("writeOnly"),
            Side::Either => is("readOnly") || is("writeOnly"),
        }
    }

    pub(super) fn object<'i>(
        &mut self,
        schema: &'d Node,
        value: &'i Node,
        out: &mut Vec<Violation>,
        seen: &mut Seen<'i>,
    ) {
        let Some(map) = value.map() else { return };
        let required = schema.get("required").map(Node::list).unwrap_or_default();
        self.steps.take(required.len() as u64 / 16);
        for key in required.iter().filter_map(Node::text) {
            if map.get(key).is_none() && !self.other_side(schema, key) {
                let message = format!("the required field `{key}` is missing");
                self.violation(out, schema, "required", value, message);
            }
        }
        if let Some(least) = count(schema, "minProperties").filter(|least| map.len() < *least) {
            let message = format!("{} fields, at least {least} are needed", map.len());
            self.violation(out, schema, "minProperties", value, message);
        }
        if let Some(most) = count(schema, "maxProperties").filter(|most| map.len() > *most) {
            let message = format!("{} fields, at most {most} are allowed", map.len());
            self.violation(out, schema, "maxProperties", value, message);
        }
        self.fields(schema, map, out, seen);
        if self.is_old() {
            return;
        }
        if let Some(names) = schema.get("propertyNames") {
            for entry in map {
                let name = Node::of_text(&entry.key, entry.place.clone());
                self.apply_to_part(names, &name, &entry.key, out);
            }
        }
        for dependent in schema.get("dependentRequired").iter().flat_map(|node| node.entries()) {
            if map.get(&dependent.key).is_none() {
                continue;
            }
            for key in
                dependent.node.list().iter().filter_map(Node::text).filter(|key| map.get(key).is_none())
            {
                let message = format!("with `{}`, the field `{key}` is required", dependent.key);
                self.violation(out, schema, "dependentRequired", value, message);
            }
        }
        for dependent in schema.get("dependentSchemas").iter().flat_map(|node| node.entries()) {
            if map.get(&dependent.key).is_some() {
                seen.add(self.apply(&dependent.node, value, out));
            }
        }
    }

    /// `properties`, `patternProperties`, `additionalProperties`.
    fn fields<'i>(&mut self, schema: &'d Node, map: &'i Map, out: &mut Vec<Violation>, seen: &mut Seen<'i>) {
        let fields = schema.get("properties").and_then(Node::map);
        let patterns: Vec<_> = match schema.get("patternProperties") {
            Some(patterns) if !self.is_old() => patterns.entries().collect(),
            _ => Vec::new(),
        };
        let more = schema.get("additionalProperties");
        for entry in map {
            let mut known = false;
            if let Some(field) = fields.and_then(|fields| fields.get(&entry.key)) {
                known = true;
                self.apply_to_part(field, &entry.node, &entry.key, out);
            }
            self.steps.take(patterns.len() as u64);
            for pattern in &patterns {
                match self.validator.matches(&pattern.key, &entry.key) {
                    Some(true) => {
                        known = true;
                        self.apply_to_part(&pattern.node, &entry.node, &entry.key, out);
                    }
                    Some(false) => {}
                    None => {
                        known = true;
                        self.give_up(format!("the pattern `{}` is not understood", pattern.key));
                    }
                }
            }
            if known {
                seen.keys.insert(&entry.key);
                continue;
            }
            match more.map(|more| (more, more.bool())) {
                Some((_, Some(false))) => {
                    let message = format!("the field `{}` is not allowed", entry.key);
                    self.violation(out, schema, "additionalProperties", &entry.node, message);
                    if let Some(found) = out.last_mut() {
                        found.place = entry.place.clone();
                        crate::openapi::node::push_token(&mut found.pointer, &entry.key);
                    }
                }
                Some((more, None)) => self.apply_to_part(more, &entry.node, &entry.key, out),
                _ => {}
            }
            if more.is_some() {
                seen.keys.insert(&entry.key);
            }
        }
    }

    /// `allOf`, `anyOf`, `oneOf`, `not`, `if`.
    pub(super) fn combine<'i>(
        &mut self,
        schema: &'d Node,
        value: &'i Node,
        out: &mut Vec<Violation>,
        seen: &mut Seen<'i>,
    ) {
        for part in schema.get("allOf").map(Node::list).unwrap_or_default() {
            seen.add(self.apply(part, value, out));
        }
        for keyword in ["anyOf", "oneOf"] {
            let parts = schema.get(keyword).map(Node::list).unwrap_or_default();
            if !parts.is_empty() {
                self.one_of(schema, keyword, parts, value, out, seen);
            }
        }
        if let Some(other) = schema.get("not") {
            let before = self.not_judged.clone();
            let fits = self.try_schema(other, value).0.is_empty();
            // What could not be judged may not fit, which is what is wanted here.
            if fits && self.not_judged == before {
                self.violation(out, schema, "not", value, format!("{} fits what must not fit", show(value)));
            }
        }
        if self.is_old() {
            return;
        }
        if let Some(condition) = schema.get("if") {
            let before = self.not_judged.clone();
            let (wrong, looked) = self.try_schema(condition, value);
            if self.not_judged != before {
                return;
            }
            let holds = wrong.is_empty();
            if holds {
                seen.add(looked);
            }
            if let Some(branch) = schema.get(if holds { "then" } else { "else" }) {
                seen.add(self.apply(branch, value, out));
            }
        }
    }

    /// The alternative that the discriminator names.
    fn discriminated(&self, schema: &'d Node, parts: &'d [Node], value: &Node) -> Option<&'d Node> {
        let discriminator = schema.get("discriminator")?;
        let name = value.get_text(discriminator.get_text("propertyName")?)?;
        let mapped = discriminator.get("mapping").and_then(|mapping| mapping.get_text(name));
        let mapped = mapped.map_or_else(
            || format!("#/components/schemas/{name}"),
            |to| {
                if to.contains(['#', '/']) { to.to_owned() } else { format!("#/components/schemas/{to}") }
            },
        );
        parts.iter().find(|part| part.get_text("$ref") == Some(&mapped))
    }

    fn one_of<'i>(
        &mut self,
        schema: &'d Node,
        keyword: &'static str,
        parts: &'d [Node],
        value: &'i Node,
        out: &mut Vec<Violation>,
        seen: &mut Seen<'i>,
    ) {
        if let Some(part) = self.discriminated(schema, parts, value) {
            seen.add(self.apply(part, value, out));
            return;
        }
        let before = self.not_judged.clone();
        let mut fitting = Vec::new();
        let mut nearest: Option<Vec<Violation>> = None;
        for (at, part) in parts.iter().enumerate() {
            let (wrong, looked) = self.try_schema(part, value);
            if wrong.is_empty() {
                fitting.push(at);
                seen.add(looked);
            } else if nearest.as_ref().is_none_or(|best| distance(&wrong) < distance(best)) {
                nearest = Some(wrong);
            }
        }
        let unsure = self.not_judged != before;
        match (fitting.as_slice(), keyword) {
            ([], _) => {
                let why = nearest.and_then(|wrong| wrong.into_iter().next());
                let why = why.map_or_else(String::new, |first| {
                    let inside = first.pointer.get(self.path.len()..).unwrap_or("");
                    let inside = if inside.is_empty() { String::new() } else { format!("at `{inside}` ") };
                    format!("; nearest: {inside}{}", first.message)
                });
                let message = format!("{} fits none of the {} alternatives{why}", show(value), parts.len());
                self.violation(out, schema, keyword, value, message);
            }
            ([first, second, ..], "oneOf") if !unsure => {
                let message = format!(
                    "{} fits alternatives {} and {}, and only one may fit",
                    show(value),
                    first + 1,
                    second + 1
                );
                self.violation(out, schema, keyword, value, message);
            }
            _ => {}
        }
    }

    pub(super) fn unevaluated<'i>(
        &mut self,
        schema: &'d Node,
        value: &'i Node,
        out: &mut Vec<Violation>,
        seen: &mut Seen<'i>,
    ) {
        if !self.validator.tracks {
            return;
        }
        if let (Some(rest), Value::List(items)) = (schema.get("unevaluatedItems"), &value.value) {
            for (at, item) in items.iter().enumerate() {
                if seen.items.insert(at) {
                    self.apply_to_part(rest, item, &at.to_string(), out);
                }
            }
        }
        if let (Some(rest), Value::Map(map)) = (schema.get("unevaluatedProperties"), &value.value) {
            for entry in map {
                if seen.keys.insert(&entry.key) {
                    self.apply_to_part(rest, &entry.node, &entry.key, out);
                }
            }
        }
    }
}

/// How far a value is from an alternative: a wrong type of the whole is further than many wrong fields.
fn distance(wrong: &[Violation]) -> usize {
    let whole = wrong.iter().any(|found| found.keyword == "type" && found.pointer.is_empty());
    wrong.len() + if whole { 1_000 } else { 0 }
}
