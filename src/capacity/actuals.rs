//! What was spent: `month,item,quantity,amount,currency`, held against the budget of that month.

use super::period::{month, told as month_told};
use super::{Prices, Resource, Series};
use crate::base::{Date, RelPath, Span};
use crate::diag::{Place, Problem, code};

/// What one thing cost in one month, against what it was to cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Actual {
    /// The month.
    pub number: i64,
    /// What.
    pub item: String,
    /// What it was to cost: what was planned or needed then, at today's price.
    pub budget: f64,
    /// What it cost.
    pub amount: f64,
    /// What another price made of the difference, at the quantity that was used.
    pub by_price: f64,
    /// What another quantity made of it, at the price of the budget.
    pub by_quantity: f64,
}

/// Rows that are read.
const MOST: usize = 10_000;

/// How far spending may be from the budget without a word, in percent.
const TOLERANCE: f64 = 10.0;

/// Findings of one file.
const TOLD: usize = 20;

/// A resource by its name, with the series that drives it.
pub type Find<'f> = &'f dyn Fn(&str) -> Option<(&'f Resource, &'f Series)>;

/// Reads what was spent.
pub fn actuals(file: &RelPath, text: &str, prices: &Prices, of: Find<'_>) -> (Vec<Actual>, Vec<Problem>) {
    let (mut out, mut problems, mut start) = (Vec::new(), Vec::new(), 0);
    let mut headed = false;
    for line in text.split_inclusive('\n').take(MOST) {
        let from = start;
        start += line.len();
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let place = Place { file: file.clone(), span: Span::new(from, from + line.len()) };
        let mut say = |subject: &str, message: String, help: &str| {
            if problems.len() < TOLD {
                problems.push(Problem::new(code::CAPACITY_PRICE, &place, subject, message).help(help));
            }
        };
        if !headed {
            headed = true;
            if line != "month,item,quantity,amount,currency" {
                let message = "the first row is not `month,item,quantity,amount,currency`".to_owned();
                say("columns", message, "name the columns");
            }
            continue;
        }
        match row(line, prices, of) {
            Ok(actual) => {
                let off =
                    if actual.budget > 0.0 { (actual.amount / actual.budget - 1.0) * 100.0 } else { 0.0 };
                if off.abs() > TOLERANCE {
                    let message = format!(
                        "`{}` cost {off:+.0} % against the budget of {}: {:+.0} by price, {:+.0} by quantity",
                        actual.item,
                        month_told(actual.number),
                        actual.by_price,
                        actual.by_quantity
                    );
                    let help = "say why beside the row, as a comment that begins with `# ITEM MONTH`, or mend prices and plan";
                    let why = format!("# {} {}", actual.item, month_told(actual.number));
                    if !text.lines().any(|line| line.starts_with(&why)) {
                        say(&actual.item, message, help);
                    }
                }
                out.push(actual);
            }
            Err((message, help)) => say("row", message, help),
        }
    }
    (out, problems)
}

/// A message, and what to do.
type Wrong = (String, &'static str);

fn row(line: &str, prices: &Prices, of: Find<'_>) -> Result<Actual, Wrong> {
    let cells: Vec<&str> = line.split(',').map(str::trim).collect();
    let [time, item, quantity, amount, currency] = cells.as_slice() else {
        return Err((
            format!("this row has {} cells, and not 5", cells.len()),
            "write `month,item,quantity,amount,currency`",
        ));
    };
    let day = format!("{time}-01").parse::<Date>();
    let day = day.map_err(|_| (format!("`{time}` is no month"), "write it as 2026-11"))?;
    let number = |text: &str| {
        let read = text.parse::<f64>().ok().filter(|number| number.is_finite() && *number >= 0.0);
        read.ok_or_else(|| (format!("`{text}` is no amount"), "write a number, without the currency"))
    };
    let (quantity, amount) = (number(quantity)?, number(amount)?);
    if *currency != prices.currency {
        return Err((
            format!("this is in `{currency}`, and the budget in `{}`", prices.currency),
            "convert it, and keep one currency",
        ));
    }
    let at = month(day);
    let (planned, price) = budgeted(item, at, prices, of).ok_or_else(|| {
        (format!("no price belongs to `{item}`"), "name a resource with a price, or one of `costs:`")
    })?;
    let paid = if quantity > 0.0 { amount / quantity } else { price };
    Ok(Actual {
        number: at,
        item: (*item).to_owned(),
        budget: planned * price,
        amount,
        by_price: (paid - price) * quantity,
        by_quantity: (quantity - planned) * price,
    })
}

/// How many there were to be in a month, and the price of one.
fn budgeted(item: &str, at: i64, prices: &Prices, of: Find<'_>) -> Option<(f64, f64)> {
    if let Some(cost) = prices.costs.iter().find(|cost| cost.name == item) {
        return Some((cost.quantity, cost.amount));
    }
    let (resource, series) = of(item)?;
    let price = prices.of(resource)?;
    let last = super::first_of(at + 1);
    let planned = if price.unit.as_deref() == Some("node") {
        resource.nodes(Date::from_days(last.days() - 1))
    } else {
        let period = series.period.number(Date::from_days(last.days() - 1));
        resource.base + series.at(period)? * resource.peak * resource.demand
    };
    Some((planned, price.amount))
}
