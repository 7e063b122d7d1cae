//! Lists, sets, maps, arrays, slices and smart pointers.
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, LinkedList, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(ToSchema, Clone)]
struct Part {
    id: i32,
}

#[derive(ToSchema)]
struct All<'a> {
    vec: Vec<Part>,
    vec_of_vec: Vec<Vec<Part>>,
    vec_primitive: Vec<u64>,
    set: HashSet<String>,
    tree_set: BTreeSet<i32>,
    list: LinkedList<Part>,
    map: HashMap<String, Part>,
    tree: BTreeMap<String, Vec<Part>>,
    number_keys: BTreeMap<i64, String>,
    map_of_map: HashMap<String, HashMap<String, i32>>,
    boxed: Box<Part>,
    boxed_text: Box<str>,
    boxed_slice: Box<[Part]>,
    cow: Cow<'a, str>,
    cow_part: Cow<'a, Part>,
    ref_cell: RefCell<Part>,
    array: [i32; 4],
    array_of_parts: [Part; 2],
    slice: &'a [String],
    reference: &'a Part,
    bytes: Vec<u8>,
    byte_slice: &'a [u8],
    nested: Option<Box<Vec<Option<Part>>>>,
}

#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(All)))]
struct Doc;

pub fn openapi() -> utoipa::openapi::OpenApi {
    <Doc as utoipa::OpenApi>::openapi()
}
