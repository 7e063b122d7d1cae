//! Prices: `prices.yaml`, with a place for whatever is wrong with it, and the budget that follows from it.

use super::period::month;
use super::{Carried, Plan, Resource, Series};
use crate::base::{Date, RelPath};
use crate::diag::{Place, Problem, code};
use crate::openapi::node::Node;
use crate::openapi::notes::Notes;
use crate::openapi::{Format, read};
use std::collections::BTreeMap;

/// What something costs.
#[derive(Clone, Debug)]
pub struct Price {
    /// As in `vm-large`, or `on-call`.
    pub name: String,
    /// Where it is declared.
    pub place: Place,
    /// What one costs in a month.
    pub amount: f64,
    /// Of what: `node`, or the unit of a resource; none where it is a cost of operating.
    pub unit: Option<String>,
    /// How many, of a cost of operating.
    pub quantity: f64,
    /// Who says so.
    pub source: String,
    /// When it was looked up.
    pub as_of: Date,
}

/// All prices.
#[derive(Clone, Debug)]
pub struct Prices {
    /// As in `EUR` (ISO 4217).
    pub currency: String,
    /// What resources cost.
    pub list: Vec<Price>,
    /// What operating costs besides: people, licences.
    pub costs: Vec<Price>,
    /// What is assumed, each with its source.
    pub assumptions: Vec<(String, String)>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// What one thing costs in one month: by the lower end of the 80 % interval, by the forecast, by the upper end.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    /// How many, by the forecast.
    pub quantity: f64,
    /// By the lower end.
    pub low: f64,
    /// By the forecast.
    pub middle: f64,
    /// By the upper end.
    pub high: f64,
}

/// What a month costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Month {
    /// Its number.
    pub number: i64,
    /// By the name of what is paid for.
    pub items: Vec<(String, Cost)>,
}

impl Month {
    /// All of it together.
    pub fn total(&self) -> Cost {
        self.items.iter().fold(Cost::default(), |sum, (_, one)| Cost {
            quantity: 0.0,
            low: sum.low + one.low,
            middle: sum.middle + one.middle,
            high: sum.high + one.high,
        })
    }
}

/// Months of a budget.
const MONTHS: i64 = 12;

const MOST: usize = 500;
const KEYS: &[&str] = &["currency", "prices", "costs", "assumptions"];
const OF_PRICES: &[&str] = &["amount", "unit", "currency", "source", "as-of"];
const OF_COSTS: &[&str] = &["amount", "quantity", "currency", "source", "as-of"];
const LARGE: f64 = 9.0e15;

impl Prices {
    /// Reads the file. What is wrong is left out and said.
    pub fn read(file: &RelPath, text: &str) -> Self {
        let tree = read(file, text, 0, Format::Yaml);
        let mut notes = Notes::of(code::CAPACITY_PRICE);
        let root = &tree.root;
        let mut out = Self {
            currency: String::new(),
            list: Vec::new(),
            costs: Vec::new(),
            assumptions: Vec::new(),
            problems: Vec::new(),
        };
        if let Some(problem) = tree.problems.first() {
            let message = format!("prices cannot be read: {}", problem.message);
            notes.say(&problem.place, "yaml", message, "");
        } else if root.map().is_none() {
            let message = format!("prices are {}, not a mapping", root.type_name());
            notes.say(&root.place, "prices", message, "write `currency:` and `prices:`");
        } else {
            notes.keys(root, "prices", KEYS);
            let currency = notes.needed(root, "the file of prices", "currency", "write it as `EUR`");
            out.currency = currency.unwrap_or_default();
            out.list = prices(&mut notes, root, &out.currency, ("prices", OF_PRICES));
            out.costs = prices(&mut notes, root, &out.currency, ("costs", OF_COSTS));
            for one in root.get("assumptions").map(Node::list).unwrap_or_default().iter().take(MOST) {
                notes.keys(one, "an assumption", &["what", "source"]);
                let what = notes.needed(one, "an assumption", "what", "say what is assumed");
                let source = notes.needed(one, "an assumption", "source", "say who says so");
                out.assumptions.extend(what.zip(source));
            }
        }
        out.problems = notes.problems;
        out
    }

    /// The price of a resource.
    pub fn of(&self, resource: &Resource) -> Option<&Price> {
        let (name, _) = resource.price.as_ref()?;
        self.list.iter().find(|price| price.name == *name)
    }

    /// Resources without a price, and prices of another unit.
    pub fn fit(&self, plan: &Plan) -> Vec<Problem> {
        let mut out = Vec::new();
        for resource in &plan.resources {
            let Some((name, place)) = &resource.price else {
                let message = format!("`{}` has no price, so that no budget holds it", resource.name);
                let found =
                    Problem::new(code::CAPACITY_PRICE, &resource.place, resource.name.clone(), message);
                out.push(found.help("name one of `prices:` by `price`"));
                continue;
            };
            let Some(price) = self.of(resource) else {
                let message = format!("no price is called `{name}`");
                let near = crate::diag::nearest(name, self.list.iter().map(|one| one.name.as_str()));
                let found = Problem::new(code::CAPACITY_PRICE, place, resource.name.clone(), message);
                out.push(match near {
                    Some(near) => found.help(format!("did you mean `{near}`?")),
                    None => found.help("add it to `prices:`"),
                });
                continue;
            };
            let unit = price.unit.as_deref().unwrap_or("node");
            if unit != "node" && unit != resource.unit {
                let message = format!(
                    "`{name}` is a price by {unit}, and `{}` is planned in {}",
                    resource.name, resource.unit
                );
                let found = Problem::new(code::CAPACITY_PRICE, place, resource.name.clone(), message);
                out.push(
                    found
                        .related(&price.place, "the price")
                        .help("a price is one by `node` or by the resource's unit"),
                );
            }
        }
        out
    }
}

fn prices(notes: &mut Notes, root: &Node, currency: &str, (part, keys): (&str, &[&str])) -> Vec<Price> {
    let mut out = Vec::new();
    for entry in root.get(part).map(Node::entries).into_iter().flatten().take(MOST) {
        let (node, name) = (&entry.node, entry.key.to_string());
        let what = format!("the price `{name}`");
        notes.keys(node, "a price", keys);
        let amount = notes.number(node, "amount", 0.0..=LARGE);
        if node.get("amount").is_none() {
            notes.say(
                &entry.place,
                &name,
                format!("{what} has no `amount`"),
                "write what one costs in a month",
            );
        }
        let source = notes.needed(node, &what, "source", "say who says so: a price list, an offer, a bill");
        let as_of = notes.needed(node, &what, "as-of", "write the day on which it was looked up");
        let as_of = as_of.and_then(|text| match text.parse::<Date>() {
            Ok(day) => Some(day),
            Err(why) => {
                notes.say(node.place_of("as-of"), &name, why, "");
                None
            }
        });
        let unit = if part == "prices" {
            notes.needed(node, &what, "unit", "write `node`, or the resource's unit")
        } else {
            None
        };
        if let Some(other) = notes.text(node, "currency").filter(|other| other != currency) {
            let message = format!("{what} is in {other}, and the budget in {currency}");
            notes.say(
                node.place_of("currency"),
                &name,
                message,
                "convert it, and name the rate in its source",
            );
            continue;
        }
        let quantity = notes.number(node, "quantity", 0.0..=LARGE).unwrap_or(1.0);
        if let (Some(amount), Some(source), Some(as_of)) = (amount, source, as_of) {
            out.push(Price { name, place: entry.place.clone(), amount, unit, quantity, source, as_of });
        }
    }
    out
}

/// The budget of the months that are forecast, twelve at most.
pub fn budget<'p>(
    prices: &Prices,
    resources: impl Iterator<Item = (&'p Resource, &'p Series, &'p Carried)>,
) -> Vec<Month> {
    let mut months: BTreeMap<i64, BTreeMap<String, Cost>> = BTreeMap::new();
    for (resource, series, carried) in resources {
        let Some(price) = prices.of(resource) else { continue };
        let by_node = price.unit.as_deref() == Some("node");
        for need in &carried.needs {
            // What is bought is there: nobody gives nodes back that are planned.
            let quantity = |of: f64| if by_node { resource.asked(of).max(need.nodes) } else { of };
            let one = Cost {
                quantity: quantity(need.middle),
                low: quantity(need.low) * price.amount,
                middle: quantity(need.middle) * price.amount,
                high: quantity(need.high) * price.amount,
            };
            let month = months.entry(month(series.period.first(need.number))).or_default();
            let known = month.entry(resource.name.clone()).or_default();
            // A month costs what its fullest day or week asks for.
            *known = Cost {
                quantity: known.quantity.max(one.quantity),
                low: known.low.max(one.low),
                middle: known.middle.max(one.middle),
                high: known.high.max(one.high),
            };
        }
    }
    let first = months.keys().next().copied().unwrap_or(0);
    let mut out = Vec::new();
    for (number, items) in months.range(first..first + MONTHS) {
        let mut items: Vec<(String, Cost)> = items.iter().map(|(name, cost)| (name.clone(), *cost)).collect();
        for cost in &prices.costs {
            let amount = cost.amount * cost.quantity;
            items.push((
                cost.name.clone(),
                Cost { quantity: cost.quantity, low: amount, middle: amount, high: amount },
            ));
        }
        out.push(Month { number: *number, items });
    }
    out
}
