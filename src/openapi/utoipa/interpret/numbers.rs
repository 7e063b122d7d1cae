//! Numbers: expressions of them as [`crate::rust::number`] computes them, and what declared types say of theirs.

use super::eval::{Machine, Stop};
use super::value::Val;
use crate::openapi::utoipa::session::Session;
use crate::openapi::utoipa::types::{Scope, Ty};
use crate::rust::number::{self, Fault, Int, Number, Primitive, Scalar, Wanted, assigned};
use crate::rust::tree::ItemId;
use syn::spanned::Spanned as _;
use syn::{BinOp, Data, Expr, Fields, Type, UnOp};

impl number::Evaluator for Machine<'_, '_> {
    type Value = Val;
    type Stop = Stop;

    fn step(&mut self, expression: &Expr) -> Result<(), Stop> {
        if self.session.step() {
            return Ok(());
        }
        let message = "gave up here: the evaluation does not end, or makes too much";
        Err(Stop::new("endless", Some(expression.span()), message))
    }

    fn other(&mut self, expression: &Expr, wanted: Wanted) -> Result<Val, Stop> {
        self.other_than_numbers(expression, wanted)
    }

    fn scalar(&mut self, value: &Val) -> Option<Scalar> {
        match value {
            Val::Ref(place) => self.get(place).scalar(),
            value => value.scalar(),
        }
    }

    fn value(&mut self, scalar: Scalar) -> Val {
        scalar.into()
    }

    fn unknown(&mut self, fault: Fault) -> Result<Val, Stop> {
        Ok(Val::opaque(fault.words()))
    }

    fn unary(&mut self, _: &UnOp, _: Val) -> Result<Val, Stop> {
        Ok(Val::opaque("an operation"))
    }

    fn binary(&mut self, operator: &BinOp, a: Val, b: Val) -> Result<Val, Stop> {
        let (a, b) = (self.read(a), self.read(b));
        Ok(match (operator, a, b) {
            (BinOp::Add(_), Val::Text(a), b) => match b.text() {
                Some(b) if self.session.charge(a.len() + b.len()) => Val::Text(a + &b),
                _ => Val::opaque("a sum"),
            },
            (BinOp::Eq(_), a, b) => {
                super::eval::compare(&a, &b).map_or_else(|| Val::opaque("a comparison"), Val::Bool)
            }
            (BinOp::Ne(_), a, b) => super::eval::compare(&a, &b)
                .map_or_else(|| Val::opaque("a comparison"), |same| Val::Bool(!same)),
            _ => Val::opaque("an operation"),
        })
    }

    fn cast(&mut self, value: Val, ty: &Type) -> Result<Val, Stop> {
        let to = self.primitive(ty);
        Ok(match (self.read(value.clone()), to) {
            (Val::Variant(id, name, fields), Some(to)) if fields.is_empty() => {
                let made =
                    self.discriminant(id, &name)?.map(|number| number::cast(Scalar::Number(number), to));
                match made {
                    Some(Ok(scalar)) => scalar.into(),
                    _ => Val::opaque("the number of a variant"),
                }
            }
            (read, _) if read.scalar().is_some() => Val::opaque("a conversion to a type that is not known"),
            (Val::Variant(..), _) => Val::opaque("the number of a variant"),
            // A function, or something behind a pointer.
            _ => value,
        })
    }

    fn primitive(&mut self, ty: &Type) -> Option<Primitive> {
        primitive(&self.session.resolve_type(&self.scope, ty))
    }
}

/// The primitive that a type is.
fn primitive(ty: &Ty) -> Option<Primitive> {
    match ty {
        Ty::Foreign(path, _) => match path.as_slice() {
            [krate, name] if matches!(krate.as_str(), "std" | "core") => Primitive::of(name),
            _ => None,
        },
        _ => None,
    }
}

/// What a type says of the numbers in a value.
pub(super) fn wanted_by(ty: &Ty) -> Wanted {
    let held = match ty {
        Ty::Slice(inner) => Some(inner.as_ref()),
        Ty::Foreign(path, arguments) => path
            .last()
            .filter(|name| {
                matches!(name.as_str(), "Option" | "Vec" | "Box" | "Arc" | "Rc" | "Cow" | "Result")
            })
            .and_then(|_| arguments.first()),
        _ => None,
    };
    match held {
        Some(held) => wanted_by(held),
        None => primitive(ty).map_or(Wanted::Open, Wanted::Type),
    }
}

/// The value of something that is declared with a type, or without one that is known.
pub(super) fn declared(value: Val, wanted: Wanted) -> Val {
    let all = |list: Vec<Val>| list.into_iter().map(|one| declared(one, wanted)).collect();
    match (value, wanted) {
        (Val::Number(number), Wanted::Type(ty)) => {
            number.typed(ty).map_or_else(|fault| Val::opaque(fault.words()), Val::Number)
        }
        (Val::Number(number), _) => Val::Number(number.hidden()),
        (Val::Opt(Some(inner)), _) => Val::Opt(Some(Box::new(declared(*inner, wanted)))),
        (Val::Res(Ok(inner)), _) => Val::Res(Ok(Box::new(declared(*inner, wanted)))),
        (Val::List(list), _) => Val::List(all(list)),
        (other, _) => other,
    }
}

/// The types of the arguments of a function, of the fields of a tuple struct or of a variant; fewer where not all are
/// known.
type Parameters = Vec<Wanted>;

impl Session<'_> {
    /// What a type in a scope says of the numbers in a value.
    pub(super) fn wanted(&self, scope: &Scope, ty: &Type) -> Wanted {
        // Cheap first: most types are named as what they are.
        if let Type::Path(path) = ty
            && let Some(name) = path.path.get_ident().map(ToString::to_string)
        {
            match Primitive::of(&name) {
                Some(found) => return Wanted::Type(found),
                None if name == "String" => return Wanted::Open,
                None => {}
            }
        }
        wanted_by(&self.resolve_type(scope, ty))
    }

    /// What the fields of a struct, or of a variant, say of the numbers in them.
    pub(super) fn wanted_of_fields(&self, ty: &Ty, variant: Option<&str>) -> Vec<(String, Wanted)> {
        let Ty::Item(id, arguments) = ty else { return Vec::new() };
        let Some(parsed) = self.derive_input(*id) else { return Vec::new() };
        let fields = match (&parsed.input.data, variant) {
            (Data::Struct(data), None) => &data.fields,
            (Data::Enum(data), Some(variant)) => {
                match data.variants.iter().find(|one| one.ident == variant) {
                    Some(found) => &found.fields,
                    None => return Vec::new(),
                }
            }
            _ => return Vec::new(),
        };
        let scope = self.bind(*id, &parsed.input.generics, arguments);
        let name = |at: usize, field: &syn::Field| {
            field.ident.as_ref().map_or_else(|| at.to_string(), ToString::to_string)
        };
        let wanted = |(at, field): (usize, &syn::Field)| (name(at, field), self.wanted(&scope, &field.ty));
        fields.iter().enumerate().map(wanted).collect()
    }

    /// What `fn name(…) -> T` says of the numbers in what it returns.
    pub(super) fn wanted_of_result(&self, scope: &Scope, signature: &syn::Signature) -> Wanted {
        match &signature.output {
            syn::ReturnType::Type(_, ty) => self.wanted(scope, ty),
            syn::ReturnType::Default => Wanted::Open,
        }
    }
}

impl Machine<'_, '_> {
    /// A value as one of its declared type.
    pub(super) fn declared_as(&self, value: Val, ty: &Type) -> Val {
        match value {
            Val::Number(_) | Val::Opt(Some(_)) | Val::Res(Ok(_)) | Val::List(_) => {
                declared(value, self.session.wanted(&self.scope, ty))
            }
            other => other,
        }
    }

    /// Evaluates arguments, each as what it is for.
    pub(super) fn arguments_for<'e>(
        &mut self,
        function: &Val,
        wanted: Wanted,
        list: impl Iterator<Item = &'e Expr>,
    ) -> Result<Vec<Val>, Stop> {
        let list: Vec<&Expr> = list.collect();
        let may_be_number = |one: &&Expr| {
            !matches!(
                one,
                Expr::Path(_) | Expr::Reference(_) | Expr::Closure(_) | Expr::Struct(_) | Expr::Field(_)
            )
        };
        let known =
            if list.iter().any(may_be_number) { self.parameters(function, wanted) } else { Vec::new() };
        let of = |at: usize| known.get(at).copied().unwrap_or(Wanted::Open);
        self.list_for(list.into_iter(), &of)
    }

    fn parameters(&self, function: &Val, wanted: Wanted) -> Parameters {
        match function {
            Val::Function(id, own) => self.parameters_of(*id, own.as_ref()),
            Val::Type(ty) => {
                self.session.wanted_of_fields(ty, None).into_iter().map(|(_, one)| one).collect()
            }
            Val::Variant(id, name, _) => {
                let ty = Ty::Item(*id, Vec::new());
                self.session.wanted_of_fields(&ty, Some(name)).into_iter().map(|(_, one)| one).collect()
            }
            Val::Foreign(path) => {
                let names: Vec<&str> = path.iter().map(String::as_str).collect();
                match names.as_slice() {
                    ["std" | "core", owner, "from"] if Primitive::of(owner).is_some() => {
                        vec![Wanted::Fallback]
                    }
                    ["std" | "core", owner, _] if Primitive::of(owner).is_some() => {
                        vec![Primitive::of(owner).map_or(Wanted::Open, Wanted::Type); 2]
                    }
                    [.., "Some" | "Ok"] => vec![wanted],
                    [.., "String" | "Cow" | "Box" | "Arc" | "Rc", "from" | "new" | "Borrowed" | "Owned"] => {
                        vec![wanted]
                    }
                    _ => Vec::new(),
                }
            }
            _ => Vec::new(),
        }
    }

    /// The types of a function's parameters, `self` among them.
    fn parameters_of(&self, id: ItemId, own: Option<&Ty>) -> Parameters {
        let Some(function) = self.session.function(id, true) else { return Vec::new() };
        let mut scope = self.session.scope_of_function(id);
        scope.own = own.cloned();
        let of = |input: &syn::FnArg| match input {
            syn::FnArg::Receiver(_) => Wanted::Open,
            syn::FnArg::Typed(typed) => self.session.wanted(&scope, &typed.ty),
        };
        function.signature.inputs.iter().map(of).collect()
    }

    /// Evaluates the arguments of a method.
    pub(super) fn method_arguments(
        &mut self,
        call: &syn::ExprMethodCall,
        receiver: &Val,
    ) -> Result<Vec<Val>, Stop> {
        let name = call.method.to_string();
        let scalar = number::Evaluator::scalar(self, receiver);
        let wanted = match (scalar, name.as_str()) {
            (Some(scalar), name) => number::argument(scalar, name),
            // utoipa's own, on every builder the same.
            (
                None,
                "max_length" | "min_length" | "max_items" | "min_items" | "max_properties" | "min_properties",
            ) => Wanted::Type(Primitive::Int(Int::Usize)),
            _ => Wanted::Open,
        };
        let arguments = self.list_for(call.args.iter(), &|_| wanted)?;
        if !arguments.iter().any(|one| matches!(one, Val::Number(Number::Untyped))) {
            return Ok(arguments);
        }
        // The method's own parameters may say of what type they are.
        let value = self.read(receiver.clone());
        match self.own_method(&value, &name) {
            Some((method, ty)) => {
                let known = self.parameters_of(method, Some(&ty));
                let of = |at: usize| known.get(at + 1).copied().unwrap_or(Wanted::Open);
                self.list_for(call.args.iter(), &of)
            }
            None => Ok(arguments),
        }
    }

    /// `target += value` and its like.
    pub(super) fn assign_operator(&mut self, written: &syn::ExprBinary) -> Result<Val, Stop> {
        let Some(op) = assigned(&written.op) else { return Ok(Val::opaque("an operation")) };
        let value = syn::ExprBinary { op, ..written.clone() };
        let value = self.eval(&Expr::Binary(value))?;
        self.assign(&written.left, declared(value, Wanted::Open))?;
        Ok(Val::Unit)
    }

    /// The type of the discriminants of an enum: what `repr` says, else `isize`.
    fn repr(&self, id: ItemId) -> Primitive {
        let parsed = self.session.derive_input(id);
        let attributes = parsed.iter().flat_map(|parsed| &parsed.input.attrs);
        let mut found = Primitive::Int(Int::Isize);
        for attribute in attributes.filter(|one| one.path().is_ident("repr")) {
            let parser = syn::punctuated::Punctuated::<syn::Ident, syn::Token![,]>::parse_terminated;
            let mut words = attribute.parse_args_with(parser).into_iter().flatten();
            found = words.find_map(|word| Primitive::of(&word.to_string())).unwrap_or(found);
        }
        found
    }

    /// The value of an expression that is a discriminant of an enum.
    pub(super) fn discriminant_of(&mut self, id: ItemId, expression: &Expr) -> Result<Option<Number>, Stop> {
        let wanted = Wanted::Type(self.repr(id));
        let scope = self.session.scope_of(id);
        let value = self.inside(id, scope, |machine| machine.eval_as(expression, wanted))?;
        Ok(match declared(self.read(value), wanted) {
            Val::Number(number) => Some(number),
            _ => None,
        })
    }

    /// The number of a variant of an enum that has none with fields.
    fn discriminant(&mut self, id: ItemId, name: &str) -> Result<Option<Number>, Stop> {
        let Some(parsed) = self.session.derive_input(id) else { return Ok(None) };
        let Data::Enum(data) = &parsed.input.data else { return Ok(None) };
        let ty = self.repr(id);
        let mut next = Number::whole(0).typed(ty).ok();
        for variant in &data.variants {
            if !matches!(variant.fields, Fields::Unit) {
                return Ok(None);
            }
            if let Some((_, expression)) = &variant.discriminant {
                next = self.discriminant_of(id, expression)?;
            }
            if variant.ident == name {
                return Ok(next);
            }
            next = next.and_then(Number::int).and_then(|n| Number::whole(n + 1).typed(ty).ok());
        }
        Ok(None)
    }
}
