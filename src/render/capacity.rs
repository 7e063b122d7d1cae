//! What the page of a capacity plan shows: how long each resource will do, what is forecast of each series and how that was found, and
//! why nothing is where there is no ground for it.

use super::plot::{self, Along, Plot, Shape, Unit};
use crate::base::count;
use crate::capacity::{
    Accepted, Ahead, Carried, Grain, HORIZONS, Month, Outlook, Plan, Resource, Series, held, known, month,
    month_told, recorded_month,
};
use crate::evidence::capacity::Capacity;
use crate::forecast::Interval;
use crate::markdown::escaped_text as text;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Rows of what was that are listed, the newest.
const LISTED: usize = 60;

/// Months before the forecast that a plot shows.
const BEFORE: usize = 24;

/// A table, with its cells as HTML.
fn table(head: &[&str], rows: &[Vec<String>], out: &mut String) {
    out.push_str("<div class=\"table-wrapper\" tabindex=\"0\"><table><thead><tr>");
    for cell in head {
        let _ = write!(out, "<th>{}</th>", text(cell));
    }
    out.push_str("</tr></thead><tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            let _ = write!(out, "<td>{cell}</td>");
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
}

/// The section at the head of the page.
pub(super) fn section(capacity: &Capacity) -> String {
    let mut out = String::from("<section class=\"runs\" aria-label=\"Capacity\">\n");
    let Some(plan) = &capacity.plan else { return String::new() };
    let _ = writeln!(out, "{}", worst(capacity, plan));
    if plan.series.iter().any(|series| series.synthetic) {
        out.push_str("<p>Its series are made up, to show how this is done: no service was measured.</p>\n");
    }
    resources(capacity, plan, &mut out);
    forecasts(capacity, &mut out);
    for (number, (series, outlook)) in capacity.all().enumerate() {
        let _ = writeln!(
            out,
            "<p><strong>{}</strong> <small>{}, {}</small></p>",
            text(&series.name),
            text(&series.metric),
            text(&series.unit)
        );
        match outlook {
            Ok(outlook) => one(number, series, outlook, &mut out),
            Err(why) => {
                let _ =
                    writeln!(out, "<p class=\"bad\">There is no ground for a forecast: {}.</p>", text(why));
            }
        }
    }
    looking_back(capacity, plan, &mut out);
    budget(capacity, &mut out);
    out.push_str("</section>\n");
    out
}

/// One sentence on all of it.
fn worst(capacity: &Capacity, plan: &Plan) -> String {
    let all = || plan.resources.iter().zip(&capacity.carried);
    let short =
        all().filter(|(_, carried)| carried.as_ref().is_some_and(|carried| carried.short().is_some()));
    let (accepted, short): (Vec<_>, Vec<_>) = short.partition(|(resource, _)| resource.accepted.is_some());
    let blind =
        all().filter(|(_, carried)| carried.as_ref().is_none_or(|carried| carried.needs.is_empty())).count();
    let of = |list: &[(&Resource, &Option<Carried>)]| {
        let names: Vec<String> =
            list.iter().map(|(one, _)| format!("<code>{}</code>", text(&one.name))).collect();
        names.join(", ")
    };
    let carries = plan.carries;
    if !short.is_empty() {
        return format!(
            "<p class=\"bad\">What is planned does not carry the upper end of the {carries} % interval: {}.</p>",
            of(&short)
        );
    }
    if blind > 0 {
        return format!(
            "<p class=\"bad\">{} grow with something that cannot be forecast.</p>",
            count(blind, "resource")
        );
    }
    if plan.resources.is_empty() {
        return "<p>No resources are planned.</p>".into();
    }
    let rest = if accepted.is_empty() {
        String::new()
    } else {
        format!(", but for an accepted risk: {}", of(&accepted))
    };
    format!(
        "<p class=\"good\">What is planned carries the upper end of the {carries} % interval for {}{rest}.</p>",
        count(plan.resources.len(), "resource")
    )
}

const OF_RESOURCES: &[&str] = &[
    "Resource",
    "Needs now",
    "May use",
    "In use",
    "Needs at the end",
    "May use then",
    "Will do until",
    "Order by",
];

/// A row for each resource.
fn resource_rows(capacity: &Capacity, plan: &Plan) -> Vec<Vec<String>> {
    let all = plan.resources.iter().zip(&capacity.carried);
    all.filter_map(|(resource, carried)| Some(row(resource, carried.as_ref()?))).collect()
}

fn resources(capacity: &Capacity, plan: &Plan, out: &mut String) {
    let rows = resource_rows(capacity, plan);
    if rows.is_empty() {
        return;
    }
    table(OF_RESOURCES, &rows, out);
    out.push_str("<details><summary>What that follows from</summary>\n<ul>\n");
    out.extend(plan.resources.iter().map(ground));
    out.push_str("</ul>\n</details>\n");
    let strategies: Vec<Vec<String>> = plan.resources.iter().filter_map(strategy).collect();
    if !strategies.is_empty() {
        out.push_str("<details><summary>How it is scaled</summary>\n");
        table(&["Resource", "At", "Takes", "How"], &strategies, out);
        out.push_str("</details>\n");
    }
}

fn row(resource: &Resource, carried: &Carried) -> Vec<String> {
    let unit = text(&resource.unit);
    let last = carried.needs.last();
    let needs = last.map_or_else(String::new, |need| {
        format!("{} {unit} (at most {})", need.grain.told(need.middle), need.grain.told(need.upper))
    });
    let until = match (last, carried.exhausted, carried.earliest) {
        (None, ..) => "nobody can say".into(),
        (Some(_), Some(day), _) => format!("<span class=\"bad\">{day}</span>"),
        (Some(_), None, Some(day)) => format!("<span class=\"bad\">{day} at the earliest</span>"),
        (Some(_), None, None) => "<span class=\"good\">longer than is forecast</span>".into(),
    };
    let until = match &resource.accepted {
        Some(Accepted { reason, until: end, .. }) if carried.earliest.is_some() => {
            format!("{until}; accepted until {end}: {}", text(reason))
        }
        _ => until,
    };
    vec![
        format!("<code>{}</code>", text(&resource.name)),
        format!("{} {unit}", known(carried.now)),
        format!("{} {unit}", known(carried.usable)),
        carried.utilization().map_or_else(String::new, |share| format!("{share:.0} %")),
        needs,
        last.map_or_else(String::new, |need| format!("{} {unit}", known(need.usable))),
        until,
        carried.order_by.map_or_else(String::new, |day| day.to_string()),
    ]
}

/// So many nodes, as they are read.
fn nodes(count: f64) -> String {
    format!("{} {}", known(count), if count > 1.0 { "nodes" } else { "node" })
}

/// What a resource's need follows from.
fn ground(resource: &Resource) -> String {
    let mut out = format!("<li><code>{}</code>: ", text(&resource.name));
    if resource.base > 0.0 {
        let _ = write!(out, "{} {} in any case, and ", known(resource.base), text(&resource.unit));
    }
    let _ = write!(
        out,
        "{} {} for each unit of <code>{}</code>",
        known(resource.demand),
        text(&resource.unit),
        text(&resource.driver)
    );
    if resource.peak > 1.0 {
        let _ = write!(out, ", whose peak lies {} times above its mean", known(resource.peak));
    }
    let _ = write!(
        out,
        " ({}). A node has {} {}",
        text(&resource.source),
        known(resource.each),
        text(&resource.unit)
    );
    if resource.lost > 0.0 {
        let _ = write!(out, "; {} may be lost", nodes(resource.lost));
    }
    if resource.headroom > 0.0 {
        let _ = write!(out, "; {} % stays free", known(resource.headroom));
    }
    for one in &resource.planned {
        let _ = write!(out, "; {} from {}", nodes(one.nodes), one.from);
    }
    if let Some(quota) = resource.quota {
        let _ = write!(out, "; the provider gives {} at most", known(quota));
    }
    out.push('.');
    for event in &resource.events {
        let _ = write!(
            out,
            " From {}: {}, {} more of <code>{}</code> ({}).",
            event.from,
            text(&event.what),
            known(event.adds),
            text(&resource.driver),
            text(&event.source)
        );
    }
    out.push_str("</li>\n");
    out
}

fn strategy(resource: &Resource) -> Option<Vec<String>> {
    let how = resource.scaling.as_ref()?;
    Some(vec![
        format!("<code>{}</code>", text(&resource.name)),
        resource.trigger.map_or_else(String::new, |share| format!("{share} %")),
        count(usize::try_from(resource.lead_days).unwrap_or(0), "day"),
        text(how),
    ])
}

/// An interval as it is read.
fn spread(interval: Interval, grain: Grain) -> String {
    format!("{} to {}", grain.told(interval.low), grain.told(interval.high))
}

const OF_FORECASTS: &[&str] =
    &["Series", "Now", "In 3 months", "In 6 months", "In 12 months", "Growth by month"];

/// What is forecast at all horizons, a row for each series.
fn forecast_rows(capacity: &Capacity) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (series, outlook) in capacity.all() {
        let Ok(outlook) = outlook else { continue };
        let mut row = vec![
            format!("<code>{}</code>, {}", text(&series.name), text(&series.unit)),
            series.values.last().map_or_else(String::new, |value| known(*value)),
        ];
        for months in HORIZONS {
            row.push(outlook.at(series, months).map_or_else(
                || "no ground".into(),
                |ahead| {
                    let spread = spread(ahead.in_95, ahead.grain);
                    format!("{} <small>({spread})</small>", ahead.grain.told(ahead.value))
                },
            ));
        }
        row.push(outlook.growth(series).map_or_else(String::new, |[low, middle, high]| {
            format!("{middle:.1} % <small>({low:.1} to {high:.1})</small>")
        }));
        rows.push(row);
    }
    rows
}

fn forecasts(capacity: &Capacity, out: &mut String) {
    let rows = forecast_rows(capacity);
    if !rows.is_empty() {
        table(OF_FORECASTS, &rows, out);
        out.push_str("<p>In brackets is where it lies in 95 of 100 cases, as forecasts of the same kind from earlier ends of the series did.</p>\n");
    }
}

/// The section as Markdown: resources and forecasts; plots and how methods were chosen stand on the page.
pub(super) fn markdown(capacity: &Capacity) -> String {
    let Some(plan) = &capacity.plan else { return String::new() };
    let mut out = format!("{}\n", plain(&worst(capacity, plan)));
    for (head, rows) in
        [(OF_RESOURCES, resource_rows(capacity, plan)), (OF_FORECASTS, forecast_rows(capacity))]
    {
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(out, "\n| {} |\n|{}", head.join(" | "), "---|".repeat(head.len()));
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| plain(cell).replace('|', "\\|")).collect();
            let _ = writeln!(out, "| {} |", cells.join(" | "));
        }
    }
    for (series, outlook) in capacity.all() {
        if let Err(why) = outlook {
            let _ = writeln!(out, "\nThere is no ground for a forecast of `{}`: {why}.", series.name);
        }
    }
    out
}

/// The words of a cell; code stays code.
fn plain(html: &str) -> String {
    let html = html.replace("<code>", "`").replace("</code>", "`");
    let mut parts = html.split('<');
    let mut out = parts.next().unwrap_or("").to_owned();
    out.extend(parts.filter_map(|part| Some(part.split_once('>')?.1)));
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// One series.
fn one(number: usize, series: &Series, outlook: &Outlook, out: &mut String) {
    out.push_str(&fan(number, series, outlook).html());
    out.push_str("<details><summary>By month, with intervals</summary>\n");
    let rows: Vec<Vec<String>> = by_month(series, outlook)
        .into_iter()
        .map(|(at, ahead)| {
            vec![
                month_told(at),
                ahead.grain.told(ahead.value),
                spread(ahead.in_80, ahead.grain),
                spread(ahead.in_95, ahead.grain),
            ]
        })
        .collect();
    table(&["Month", "Forecast", "80 %", "95 %"], &rows, out);
    out.push_str("</details>\n");
    chosen(series, outlook, out);
}

/// How the method was chosen.
fn chosen(series: &Series, outlook: &Outlook, out: &mut String) {
    let ends = outlook.backtest.origins;
    let _ = writeln!(
        out,
        "<details><summary>Forecast by {}: it did best from {} of the series</summary>",
        text(outlook.method.name()),
        count(ends, "earlier end")
    );
    let mut rows = Vec::new();
    let size = series.values.iter().fold(0.0_f64, |most, value| most.max(*value));
    for score in &outlook.backtest.scores {
        let is_chosen = score.method == outlook.method;
        let name = text(score.method.name());
        let mut row = vec![
            if is_chosen { format!("<strong>{name}</strong>") } else { name },
            if score.mase.is_finite() { format!("{:.3}", score.mase) } else { String::new() },
        ];
        for months in HORIZONS {
            let at = series.period.in_months(months).checked_sub(1);
            let errors = at.and_then(|at| score.errors.get(at)).filter(|errors| !errors.is_empty());
            row.push(errors.map_or_else(String::new, |errors| {
                let ends = f64::from(u32::try_from(errors.len()).unwrap_or(u32::MAX));
                let mean = errors.iter().map(|error| error.abs()).sum::<f64>() / ends;
                // Three digits of the largest value: more would say nothing.
                Grain::known(size * 10.0).told(mean)
            }));
        }
        rows.push(row);
    }
    let head = ["Method", "MASE", "Error at 3 months", "At 6", "At 12"];
    table(&head, &rows, out);
    let _ = writeln!(
        out,
        "<p>MASE is the mean error over that of “as one season before” one step ahead (Hyndman, Koehler 2006), the errors are absolute, in {}. What the method missed there makes the intervals.</p>\n</details>",
        text(&series.unit)
    );
}

/// What was forecast before, against what came.
fn looking_back(capacity: &Capacity, plan: &Plan, out: &mut String) {
    let (mut rows, mut all, mut in_80, mut in_95) = (Vec::new(), 0_usize, 0_usize, 0_usize);
    for series in &plan.series {
        for one in held(&capacity.records, series) {
            all += 1;
            in_80 += usize::from(one.is_in(one.foretold.in_80));
            let is_in = one.is_in(one.foretold.in_95);
            in_95 += usize::from(is_in);
            let interval = one.foretold.in_95;
            rows.push(vec![
                format!("<code>{}</code>", text(&series.name)),
                recorded_month(one.foretold),
                text(&one.record.name),
                known(one.foretold.value),
                known(one.actual),
                one.error().map_or_else(String::new, |error| format!("{error:+.1} %")),
                format!(
                    "<span class=\"{}\">{} to {}</span>",
                    if is_in { "good" } else { "bad" },
                    known(interval.low),
                    known(interval.high)
                ),
            ]);
        }
    }
    if capacity.records.is_empty() {
        return;
    }
    let since = if all == 0 {
        "nothing that they forecast has come yet".into()
    } else {
        format!(
            "of {all} values that came since, {in_80} lie in their 80 % interval, and {in_95} in that of 95 %"
        )
    };
    let _ = writeln!(
        out,
        "<details><summary>Looking back: {}; {since}</summary>",
        count(capacity.records.len(), "recorded forecast")
    );
    // The newest say the most.
    let first = rows.len().saturating_sub(LISTED);
    table(
        &["Series", "Month", "Forecast in", "Forecast", "Came", "Off by", "95 %"],
        rows.get(first..).unwrap_or_default(),
        out,
    );
    out.push_str("</details>\n");
}

/// What the months to come cost, and what those before did.
fn budget(capacity: &Capacity, out: &mut String) {
    let Some(prices) = &capacity.prices else { return };
    let currency = text(&prices.currency);
    let names: Vec<&str> = capacity
        .budget
        .first()
        .into_iter()
        .flat_map(|month| &month.items)
        .map(|(name, _)| name.as_str())
        .collect();
    let total = capacity
        .budget
        .iter()
        .map(Month::total)
        .fold((0.0, 0.0, 0.0), |sum, one| (sum.0 + one.low, sum.1 + one.middle, sum.2 + one.high));
    let _ = writeln!(
        out,
        "<details><summary>Budget of {}: {:.0} {currency} ({:.0} to {:.0})</summary>",
        count(capacity.budget.len(), "month"),
        total.1,
        total.0,
        total.2
    );
    let rows: Vec<Vec<String>> = capacity
        .budget
        .iter()
        .map(|month| {
            let total = month.total();
            let mut row = vec![month_told(month.number)];
            for value in [total.low, total.middle, total.high] {
                row.push(format!("{value:.0}"));
            }
            row.extend(month.items.iter().map(|(_, cost)| format!("{:.0}", cost.middle)));
            row
        })
        .collect();
    let mut head = vec!["Month", "Low", "Forecast", "High"];
    head.extend(names);
    table(&head, &rows, out);
    out.push_str("<p>Low and high are the ends of the 80 % interval. Each resource is told by the forecast; nodes that are planned are paid.</p>\n<ul>\n");
    for price in prices.list.iter().chain(&prices.costs) {
        let unit = price.unit.as_deref().map_or_else(|| "month".into(), |unit| format!("{unit} and month"));
        let _ = writeln!(
            out,
            "<li><code>{}</code>: {} {currency} by {}, {} ({}).</li>",
            text(&price.name),
            known(price.amount),
            text(&unit),
            text(&price.source),
            price.as_of
        );
    }
    for (what, source) in &prices.assumptions {
        let _ = writeln!(out, "<li>{} ({}).</li>", text(what), text(source));
    }
    out.push_str("</ul>\n</details>\n");
    spent(capacity, &currency, out);
}

fn spent(capacity: &Capacity, currency: &str, out: &mut String) {
    if capacity.actuals.is_empty() {
        return;
    }
    let _ = writeln!(out, "<details><summary>Spent, against the budget, in {currency}</summary>");
    let first = capacity.actuals.len().saturating_sub(LISTED);
    let rows: Vec<Vec<String>> = capacity
        .actuals
        .get(first..)
        .unwrap_or_default()
        .iter()
        .map(|one| {
            vec![
                month_told(one.number),
                format!("<code>{}</code>", text(&one.item)),
                format!("{:.0}", one.budget),
                format!("{:.0}", one.amount),
                format!("{:+.0}", one.by_price),
                format!("{:+.0}", one.by_quantity),
            ]
        })
        .collect();
    table(&["Month", "What", "Budget", "Spent", "By price", "By quantity"], &rows, out);
    out.push_str("</details>\n");
}

/// The last period of each month that is forecast.
fn by_month<'o>(series: &Series, outlook: &'o Outlook) -> BTreeMap<i64, &'o Ahead> {
    outlook.ahead.iter().map(|ahead| (month(series.period.first(ahead.number)), ahead)).collect()
}

/// What was measured, what is forecast, and a fan around it.
fn fan(number: usize, series: &Series, outlook: &Outlook) -> Plot {
    let measured: BTreeMap<i64, f64> = (series.first..)
        .zip(&series.values)
        .map(|(at, value)| (month(series.period.first(at)), *value))
        .collect();
    let ahead = by_month(series, outlook);
    let from = measured.keys().rev().nth(BEFORE - 1).or_else(|| measured.keys().next()).copied().unwrap_or(0);
    let to = ahead.keys().next_back().copied().unwrap_or(from);
    let place = |at: i64| at - from;
    let points = measured.range(from..).map(|(at, value)| (place(*at), Some(*value))).collect();
    let coming: Vec<(i64, Option<f64>)> =
        ahead.iter().map(|(at, one)| (place(*at), Some(one.grain.round(one.value)))).collect();
    let band = |of: fn(&Ahead) -> Interval| {
        ahead.iter().map(|(at, one)| (place(*at), of(one).low, of(one).high)).collect::<Vec<_>>()
    };
    let bands = vec![band(|one| one.in_95), band(|one| one.in_80)];
    let about = outlook.ahead.last().map_or_else(String::new, |last| {
        format!(
            "{} in {}, measured and forecast. By {} it is forecast to be {}, and lies from {} in 95 of 100 cases. All values stand in the tables below.",
            series.name,
            series.unit,
            month_told(to),
            last.grain.told(last.value),
            spread(last.in_95, last.grain)
        )
    });
    Plot {
        id: format!("capacity-{number}"),
        title: format!("{}, in {}", series.name, series.unit),
        about,
        shape: Shape::Lines,
        along: Along::Names((from..=to).map(month_told).collect()),
        unit: Unit::Number,
        series: vec![
            plot::Series { name: "measured".into(), points, bands: Vec::new() },
            plot::Series { name: "forecast".into(), points: coming, bands },
        ],
        limits: Vec::new(),
    }
}
